import { Failure } from "../../base/failure.ts";
import { txidOf } from "../../clusters/owners.ts";
import { displayedHash } from "../../ledger/dump.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { blocksShape, outputsShape, transfersShape } from "../../ledger/shapes.ts";
import { isoTime } from "../../trace/output/json.ts";
import type { Contract } from "../contract/contract.ts";
import type { AnswerOf } from "../contract/route.ts";
import { cursorOf, rowOf } from "../cursor.ts";
import { blockWith } from "./search.ts";

/** @throws {Failure} `UNKNOWN_NAME` for a height that the ledger has not. */
export function blockAnswer(
  reader: ChainReader,
  { height }: { readonly height: number },
  { cursor, limit }: { readonly cursor?: string; readonly limit: number },
): AnswerOf<Contract["getBlock"]> {
  const block = blockWith(reader, height);
  if (block === undefined) throw missing(reader, height);
  const blocks = reader.table(blocksShape);
  const { time, known, hash, parent, firstTransaction, firstRow } = blocks.record(block);
  const isLast = block + 1 === blocks.count;
  const transactionsEnd = isLast
    ? (reader.state.counts.transactions ?? 0)
    : blocks.value("firstTransaction", block + 1);
  const rowsShape = reader.model === "utxo" ? outputsShape : transfersShape;
  const rowsEnd = isLast ? reader.table(rowsShape).count : blocks.value("firstRow", block + 1);
  const total = transactionsEnd - firstTransaction;
  const from = rowOf(cursor);
  const end = from + limit < total ? from + limit : total;
  return {
    chain: reader.chain.id,
    block: height,
    time: isoTime(time),
    hash: known % 2 === 1 ? displayedHash(reader, hash) : null,
    parent: known % 2 === 1 ? displayedHash(reader, parent) : null,
    isTip: isLast,
    transactions: Array.from({ length: end > from ? end - from : 0 }, (_, index) =>
      txidOf(reader, firstTransaction + from + index),
    ),
    total,
    rows: rowsEnd - firstRow,
    next: end < total ? cursorOf(end) : null,
  };
}

function missing(reader: ChainReader, height: number): Failure {
  const { tip } = reader.state;
  const mend = tip === undefined ? "it holds no block yet" : `it goes to block ${tip.height}; ingest more, or check it`;
  const where = `the ledger of ${reader.chain.alias}`;
  return new Failure("UNKNOWN_NAME", { kind: "block", name: String(height), where, mend });
}
