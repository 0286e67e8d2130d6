import { halves } from "../base/halves.ts";
import { Failure } from "../base/failure.ts";
import { transferKindBytes } from "../ledger/account-writer.ts";
import type { ChainReader } from "../ledger/reader.ts";
import {
  accountTransactionsShape,
  assetsShape,
  inputsShape,
  outputsShape,
  transfersShape,
  unseenShape,
  utxoTransactionsShape,
} from "../ledger/shapes.ts";
import { Moments } from "../trace/moments.ts";
import type { Whole } from "./fact.ts";

/** A payment that a transaction makes: an output, or a transfer that is no fee. Owners are numbers. */
export type Payment = {
  readonly row: number;
  /** As users write it after the transaction's id: VOUT, or INDEX. */
  readonly index: number;
  /** Of a chain of accounts, -1 where it is made of nothing; on outputs the payers are the transaction's. */
  readonly from: number;
  readonly to: number;
  /** 0 on a chain of outputs. */
  readonly asset: number;
  readonly amount: bigint;
};

/** Who pays for a transaction. */
export type Payers = {
  readonly owners: readonly number[];
  /** Inputs of which it is not known whose they are. */
  readonly unknown: number;
};

/** Receipts of an owner that are added up; of one with more only a lower bound is given. */
const receiptsMax = 10_000;

/** What a screening reads of a chain's payments, through tables that stay bounded. */
export type Payments = {
  /** What transactions pay somebody, in ledger order; fees, what is burnt, mere notes of 0 and payments to oneself are left out. */
  of(transactions: readonly number[]): readonly Payment[];
  /** Who pays the given payments of transactions. */
  payers(transactions: readonly number[], payments: readonly Payment[]): Payers;
  /** All that an owner received of an asset. Cost: its receipts, up to 10,000. */
  received(owner: number, asset: number): Whole;
  /** Unix seconds of the last time that an owner was paid, or paid; undefined where it has too many rows to say. */
  lastTime(owner: number): number | undefined;
  /** Unix seconds of a transaction. */
  timeOf(transaction: number): number;
  /** Unix seconds of an output or a transfer. */
  timeOfRow(row: number): number;
  assetText(asset: number): string;
};

export function paymentsOf(reader: ChainReader): Payments {
  return reader.model === "utxo" ? utxoPayments(reader) : accountPayments(reader);
}

function utxoPayments(reader: ChainReader): Payments {
  const transactions = reader.table(utxoTransactionsShape);
  const [inputs, outputs, unseen] = [reader.table(inputsShape), reader.table(outputsShape), reader.table(unseenShape)];
  const byOwner = reader.index("outputByOwner");
  const moments = new Moments(reader);
  const first = (column: "firstInput" | "firstOutput", transaction: number): number =>
    transaction < transactions.count
      ? transactions.value(column, transaction)
      : column === "firstInput"
        ? inputs.count
        : outputs.count;
  const payerOf = (input: number): number | undefined => {
    const spent = inputs.value("spent", input);
    if (spent === 0) return undefined;
    return spent % 2 === 1 ? outputs.value("owner", (spent - 1) / 2) - 1 : unseen.value("owner", (spent - 2) / 2) - 1;
  };
  return {
    of: (numbers) =>
      numbers.flatMap((transaction) => {
        const [from, end] = [first("firstOutput", transaction), first("firstOutput", transaction + 1)];
        return Array.from({ length: end - from }, (_, index) => {
          const row = from + index;
          const [to, amount] = [outputs.value("owner", row) - 1, outputs.value("value", row)];
          return { row, index, from: -1, to, asset: 0, amount };
        }).filter(({ to, amount }) => to >= 0 && amount > 0n);
      }),
    payers: (numbers) => {
      const owners = new Set<number>();
      let unknown = 0;
      for (const transaction of numbers) {
        for (let input = first("firstInput", transaction); input < first("firstInput", transaction + 1); input += 1) {
          const owner = payerOf(input);
          if (owner === undefined) continue;
          if (owner < 0) unknown += 1;
          else owners.add(owner);
        }
      }
      return { owners: [...owners], unknown };
    },
    received: (owner) => {
      const values = byOwner.rangeOf(...halves(owner), 0, receiptsMax + 1);
      let amount = 0n;
      for (const value of values.slice(0, receiptsMax))
        if (value % 2 === 0) amount += outputs.value("value", value / 2);
      return { kind: values.length > receiptsMax ? "least" : "exact", amount };
    },
    lastTime: (owner) => {
      const values = byOwner.rangeOf(...halves(owner), 0, receiptsMax + 1);
      if (values.length > receiptsMax) return undefined;
      // Odd values are outputs from before the ledger, which count for nothing here.
      const last = values.findLast((value) => value % 2 === 0);
      return last === undefined ? undefined : moments.ofRow(last / 2).time;
    },
    timeOf: (transaction) => moments.of(transaction).time,
    timeOfRow: (row) => moments.ofRow(row).time,
    assetText: () => reader.chain.native,
  };
}

function accountPayments(reader: ChainReader): Payments {
  const transfers = reader.table(transfersShape);
  const transactions = reader.table(accountTransactionsShape);
  const assets = reader.table(assetsShape);
  const byAccount = reader.index("transferByAccount");
  const moments = new Moments(reader);
  const rowsOf = (transaction: number): readonly number[] => {
    // They need not be next to each other, but lie in one block.
    const end = moments.after(moments.of(transaction).height)?.row ?? transfers.count;
    const found: number[] = [];
    for (let row = transactions.value("firstTransfer", transaction); row < end; row += 1)
      if (transfers.value("transaction", row) - 1 === transaction) found.push(row);
    return found;
  };
  const paymentOf = (row: number): Payment => ({
    row,
    index: transfers.value("position", row),
    from: transfers.value("from", row) - 1,
    to: transfers.value("to", row) - 1,
    asset: transfers.value("asset", row),
    amount: transfers.value("amount", row),
  });
  return {
    of: (numbers) =>
      numbers
        .flatMap(rowsOf)
        .filter((row) => transfers.value("kind", row) !== transferKindBytes.fee)
        .map(paymentOf)
        .filter(({ from, to, amount }) => to >= 0 && amount > 0n && from !== to)
        .toSorted((left, right) => left.row - right.row),
    payers: (_, payments) => ({
      owners: [...new Set(payments.map(({ from }) => from).filter((from) => from >= 0))],
      unknown: 0,
    }),
    received: (owner, asset) => {
      const rows = byAccount.rangeOf(...halves(owner), 0, receiptsMax + 1);
      let amount = 0n;
      for (const row of rows.slice(0, receiptsMax)) {
        const [from, to] = [transfers.value("from", row) - 1, transfers.value("to", row) - 1];
        // What an account pays itself changes nothing.
        if (to === owner && from !== owner && transfers.value("asset", row) === asset)
          amount += transfers.value("amount", row);
      }
      return { kind: rows.length > receiptsMax ? "least" : "exact", amount };
    },
    lastTime: (owner) => {
      const rows = byAccount.rangeOf(...halves(owner), 0, receiptsMax + 1);
      const last = rows.at(-1);
      return rows.length > receiptsMax || last === undefined ? undefined : moments.ofRow(last).time;
    },
    timeOf: (transaction) => moments.of(transaction).time,
    timeOfRow: (row) => moments.ofRow(row).time,
    assetText: (asset) => assets.value("text", asset),
  };
}

/**
 * The payments that a `to` names: an address's, or the one with an index.
 *
 * @param to - `index`: the number after the transaction's id.
 * @throws {Failure} `UNKNOWN_NAME` where the transaction has none such.
 */
export function paymentsTo(
  payments: readonly Payment[],
  to: { readonly text: string; readonly owner: number | undefined; readonly index: number | undefined },
  txid: string,
): readonly Payment[] {
  const found =
    to.index === undefined
      ? payments.filter((payment) => payment.to === to.owner && to.owner !== undefined)
      : payments.filter(({ index }) => index === to.index);
  if (found.length > 0) return found;
  const indexes = payments.slice(0, 8).map(({ index }) => index);
  const mend = indexes.length === 0 ? "it pays nobody" : `its payments have the numbers ${indexes.join(", ")}`;
  throw new Failure("UNKNOWN_NAME", { kind: "payment", name: to.text, where: `the transaction ${txid}`, mend });
}
