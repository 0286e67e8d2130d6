import { Failure } from "../../base/failure.ts";
import { parseTxid } from "../../chains/address.ts";
import { transactionOf, txidOf } from "../../clusters/owners.ts";
import { addressOf } from "../../clusters/owners.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import {
  accountTransactionsShape,
  blocksShape,
  inputsShape,
  transfersShape,
  unseenShape,
} from "../../ledger/shapes.ts";
import { firstNotBelow } from "../../clusters/search.ts";
import type { Contract } from "../contract/contract.ts";
import type { AnswerOf } from "../contract/route.ts";
import { chainNamed, type LedgerView } from "../ledger-view.ts";
import { momentOf, outputAt, rowsOf, spenderOf, transferAt } from "./rows.ts";

type TransactionAnswer = AnswerOf<Contract["getTransaction"]>;
type Part = { readonly from?: number; readonly limit?: number };

/**
 * What a transaction moved.
 *
 * @throws {Failure} `INVALID_VALUE` for a text that is no id on the chain, `UNKNOWN_NAME` for one that the ledger has not.
 */
export function transactionAnswer(
  view: LedgerView,
  asked: { readonly chain: string; readonly txid: string },
  { from = 0, limit = 1_000 }: Part,
): TransactionAnswer {
  const reader = chainNamed(view, asked.chain);
  const transaction = transactionNamed(reader, asked.txid);
  const head = {
    chain: reader.chain.id,
    txid: txidOf(reader, transaction),
    model: reader.model,
    ...momentOf(reader, "firstTransaction", transaction),
  };
  return reader.model === "utxo"
    ? { ...head, ...utxoParts(reader, transaction, { from, limit }) }
    : { ...head, ...accountParts(reader, transaction, { from, limit }) };
}

function transactionNamed(reader: ChainReader, text: string): number {
  const form = reader.chain.family === "evm" ? text.toLowerCase() : text;
  const found = transactionOf(reader, form);
  if (found !== undefined) return found;
  // A text that is no id at all is named as such.
  parseTxid(reader.chain, text);
  const mend = "check it, or ingest the block with this transaction";
  const where = `the ledger of ${reader.chain.alias}`;
  throw new Failure("UNKNOWN_NAME", { kind: "transaction", name: text, where, mend, reason: "transaction-absent" });
}

function utxoParts(reader: ChainReader, transaction: number, { from, limit }: Required<Part>) {
  const inputs = rowsOf(reader, transaction, "firstInput");
  const outputs = rowsOf(reader, transaction, "firstOutput");
  return {
    inputs: span(inputs, from, limit).map((row) => inputAt(reader, row)),
    outputs: span(outputs, from, limit).map((row) => {
      const { ref, address, amount } = outputAt(reader, row);
      return { ref, address, amount, spentBy: spenderOf(reader, row) };
    }),
    transfers: [],
    failed: null,
    totals: { inputs: inputs.end - inputs.first, outputs: outputs.end - outputs.first, transfers: 0 },
  };
}

function inputAt(reader: ChainReader, input: number): TransactionAnswer["inputs"][number] {
  const spent = reader.table(inputsShape).value("spent", input);
  if (spent === 0) return { ref: null, address: null, amount: null };
  if (spent % 2 === 1) {
    const { ref, address, amount } = outputAt(reader, (spent - 1) / 2);
    return { ref, address, amount };
  }
  const { id, index, known, value, owner } = reader.table(unseenShape).record((spent - 2) / 2);
  return {
    ref: `${Buffer.from(id.toReversed()).toString("hex")}:${index}`,
    address: known === 1 && owner > 0 ? addressOf(reader, owner - 1) : null,
    amount: known === 1 ? String(value) : null,
  };
}

/** The rows of a transaction need not be next to each other, but lie in its block. */
function accountParts(reader: ChainReader, transaction: number, { from, limit }: Required<Part>) {
  const transactions = reader.table(accountTransactionsShape);
  const transfers = reader.table(transfersShape);
  const blocks = reader.table(blocksShape);
  const next = firstNotBelow((one) => blocks.value("firstTransaction", one), blocks.count, transaction + 1);
  const end = next < blocks.count ? blocks.value("firstRow", next) : transfers.count;
  const rows: number[] = [];
  for (let row = transactions.value("firstTransfer", transaction); row < end; row += 1) {
    if (transfers.value("transaction", row) === transaction + 1) rows.push(row);
  }
  return {
    inputs: [],
    outputs: [],
    transfers: rows.slice(from, from + limit).map((row) => transferAt(reader, row)),
    failed: transactions.value("failed", transaction) === 1,
    totals: { inputs: 0, outputs: 0, transfers: rows.length },
  };
}

function span({ first, end }: { readonly first: number; readonly end: number }, from: number, limit: number) {
  const rows: number[] = [];
  for (let row = first + from; row < Math.min(end, first + from + limit); row += 1) rows.push(row);
  return rows;
}
