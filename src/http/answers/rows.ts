import { halves } from "../../base/halves.ts";
import { addressOf, txidOf } from "../../clusters/owners.ts";
import { firstNotBelow } from "../../clusters/search.ts";
import { transferKindBytes } from "../../ledger/account-writer.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import {
  accountTransactionsShape,
  assetsShape,
  blocksShape,
  inputsShape,
  outputsShape,
  transfersShape,
  unseenShape,
  utxoTransactionsShape,
} from "../../ledger/shapes.ts";
import { isoTime } from "../../trace/output/json.ts";

const kindNames = new Map<number, string>(Object.entries(transferKindBytes).map(([name, byte]) => [byte, name]));

/** Height and time of a block. */
export type BlockMoment = { readonly block: number; readonly time: string };

/** The block with a row of a column of the blocks' table. */
export function momentOf(reader: ChainReader, column: "firstTransaction" | "firstRow", row: number): BlockMoment {
  const blocks = reader.table(blocksShape);
  const block = firstNotBelow((one) => blocks.value(column, one), blocks.count, row + 1) - 1;
  return { block: blocks.value("height", block), time: isoTime(blocks.value("time", block)) };
}

/** The chain's last block. */
export function tipOf({ state: { tip } }: ChainReader) {
  return tip === undefined ? null : { height: tip.height, hash: tip.hash ?? null, time: isoTime(tip.time) };
}

/** The transaction with an output or an input. */
export function transactionWith(reader: ChainReader, column: "firstOutput" | "firstInput", row: number): number {
  const transactions = reader.table(utxoTransactionsShape);
  return firstNotBelow((one) => transactions.value(column, one), transactions.count, row + 1) - 1;
}

/** The id of the transaction that spends an output; null where none does. */
export function spenderOf(reader: ChainReader, output: number): string | null {
  const input = reader.index("spendByOutput").first(...halves(output));
  return input < 0 ? null : txidOf(reader, transactionWith(reader, "firstInput", input));
}

/** The rows of a transaction: where they begin and end. */
export function rowsOf(
  reader: ChainReader,
  transaction: number,
  column: "firstOutput" | "firstInput",
): { readonly first: number; readonly end: number } {
  const transactions = reader.table(utxoTransactionsShape);
  const all = column === "firstOutput" ? reader.table(outputsShape).count : reader.table(inputsShape).count;
  const end = transaction + 1 < transactions.count ? transactions.value(column, transaction + 1) : all;
  return { first: transactions.value(column, transaction), end };
}

/** Of an output: `TXID:VOUT`, its owner's address and its value. */
export function outputAt(reader: ChainReader, output: number) {
  const outputs = reader.table(outputsShape);
  const transaction = transactionWith(reader, "firstOutput", output);
  const index = output - reader.table(utxoTransactionsShape).value("firstOutput", transaction);
  const owner = outputs.value("owner", output);
  return {
    transaction,
    ref: `${txidOf(reader, transaction)}:${index}`,
    address: owner === 0 ? null : addressOf(reader, owner - 1),
    amount: String(outputs.value("value", output)),
  };
}

/** Of an output from before the ledger, which is known by being spent in it. */
export function unseenAt(reader: ChainReader, unseen: number) {
  const { id, index, known, value, spentBy } = reader.table(unseenShape).record(unseen);
  return {
    ref: `${Buffer.from(id.toReversed()).toString("hex")}:${index}`,
    amount: known === 1 ? String(value) : null,
    spentBy: txidOf(reader, transactionWith(reader, "firstInput", spentBy)),
  };
}

/** Of a transfer: what, from whom, to whom, when. */
export function transferAt(reader: ChainReader, row: number) {
  const { transaction, position, kind, asset, from, to, amount } = reader.table(transfersShape).record(row);
  const moment = momentOf(reader, "firstRow", row);
  const txid =
    transaction === 0 ? `block ${moment.block}` : reader.table(accountTransactionsShape).value("id", transaction - 1);
  return {
    ref: `${txid}:${position}`,
    kind: kindNames.get(kind) ?? "unknown",
    from: from === 0 ? null : addressOf(reader, from - 1),
    to: to === 0 ? null : addressOf(reader, to - 1),
    asset: reader.table(assetsShape).value("text", asset),
    amount: String(amount),
    ...moment,
  };
}
