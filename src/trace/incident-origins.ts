import { Failure } from "../base/failure.ts";
import { parseChainAddress, parseChainTxid } from "../chains/address.ts";
import type { Incident } from "../incidents/incident.ts";
import type { ChainReader } from "../ledger/reader.ts";
import { AccountView } from "./account/account-view.ts";
import { findTransactions } from "./origin.ts";
import { OwnerNames } from "./utxo/owner-names.ts";
import { UtxoView } from "./utxo/utxo-view.ts";

/** What a theft of the register is on a chain, and what that rests on. */
export type IncidentOrigins = { readonly origins: readonly number[]; readonly notes: readonly string[] };

/**
 * The stolen outputs or transfers of a theft, by the transactions and addresses that the register names: in each of its theft
 * transactions what goes to an address of the thief; where none does, what leaves the victim (on a chain of outputs all but
 * what goes back to an address that paid). Which of the two it was is among the notes.
 *
 * @throws {Failure} `USAGE` where the register names no theft transaction on this chain, or none of them is in the ledger.
 */
export function incidentOrigins(reader: ChainReader, incident: Incident): IncidentOrigins {
  const { chain } = reader;
  const own = incident.chain.theft.map(parseChainTxid).filter((one) => one.chain.id === chain.id);
  const found = own.map(({ txid }) => findTransactions(reader, txid));
  const transactions = found.flat();
  if (transactions.length === 0) {
    const what =
      own.length === 0
        ? `the register names no theft transaction of ${incident.id} on ${chain.name}`
        : `none of the ${own.length} theft transactions of ${incident.id} is in the ledger`;
    throw new Failure("USAGE", { what, mend: "give --origin TXID:VOUT (of accounts TXID:INDEX)" });
  }
  const addressesOf = (texts: readonly string[]): ReadonlySet<string> =>
    new Set(
      texts
        .map(parseChainAddress)
        .filter((one) => one.chain.id === chain.id)
        .map(({ address }) => (chain.family === "evm" ? address.toLowerCase() : address)),
    );
  const [thief, victim] = [addressesOf(incident.chain.thief), addressesOf(incident.chain.victim)];
  const rows = reader.model === "utxo" ? outputsOf(reader, transactions) : transfersOf(reader, transactions);
  const toThief = rows.filter(({ to }) => to !== null && thief.has(to));
  const away = rows.filter(({ to, payers }) => to === null || !(payers.has(to) || victim.has(to)));
  const origins = toThief.length > 0 ? toThief : away;
  const rule =
    toThief.length > 0
      ? "Origins: what the theft transactions of the register pay to the thief's addresses."
      : "Origins: all that leaves the payers in the theft transactions, since none of it goes to an address listed as the thief's.";
  const missing = found.filter((list) => list.length === 0).length;
  const gap = `${missing} of ${own.length} theft transactions of the register are not in the ledger.`;
  return { origins: origins.map(({ row }) => row), notes: missing === 0 ? [rule] : [rule, gap] };
}

type Paid = { readonly row: number; readonly to: string | null; readonly payers: ReadonlySet<string> };

function outputsOf(reader: ChainReader, transactions: readonly number[]): readonly Paid[] {
  const view = new UtxoView(reader);
  const names = new OwnerNames(reader, undefined);
  return transactions.flatMap((transaction) => {
    const payers = new Set<string>();
    for (let input = view.firstInput(transaction); input < view.firstInput(transaction + 1); input += 1) {
      const owner = view.ownerOfSpent(view.spent(input));
      const text = names.text(owner);
      if (text !== null) payers.add(text);
    }
    const paid: Paid[] = [];
    for (let row = view.firstOutput(transaction); row < view.firstOutput(transaction + 1); row += 1) {
      paid.push({ row, to: names.text(view.owner(row)), payers });
    }
    return paid;
  });
}

function transfersOf(reader: ChainReader, transactions: readonly number[]): readonly Paid[] {
  const view = new AccountView(reader);
  return transactions.flatMap((transaction) =>
    view
      .rowsOfTransaction(transaction)
      .filter((row) => !view.isFee(row) && view.amount(row) > 0n)
      .map((row): Paid => {
        const payer = view.address(view.from(row));
        return { row, to: view.address(view.to(row)), payers: new Set(payer === null ? [] : [payer]) };
      }),
  );
}
