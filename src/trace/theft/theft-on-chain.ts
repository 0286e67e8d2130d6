import type { ChainReader } from "../../ledger/reader.ts";
import { AccountThefts } from "./account-theft.ts";
import type { TheftOnChain, TheftParties } from "./theft-transaction.ts";
import { UtxoThefts } from "./utxo-theft.ts";

/**
 * What the transactions of a theft took, in chain order. The rules stand in `docs/methods/verify.md`.
 *
 * Cost: the rows of the transactions.
 *
 * @param txids - In the chain's canonical form.
 * @throws {Failure} `INVALID_VALUE` for a party's address that is none on the chain.
 */
export function theftOnChain(reader: ChainReader, txids: readonly string[], parties: TheftParties): TheftOnChain {
  const thefts = reader.model === "utxo" ? new UtxoThefts(reader, parties) : new AccountThefts(reader, parties);
  const missing: string[] = [];
  const numbers = new Set<number>();
  for (const txid of txids) {
    const known = thefts.find(txid);
    if (known.length === 0) missing.push(txid);
    for (const number of known) numbers.add(number);
  }
  const found = [...numbers].toSorted((left, right) => left - right).map((number) => thefts.at(number));
  return { found, missing };
}
