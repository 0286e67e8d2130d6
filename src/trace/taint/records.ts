import { assert } from "../../base/assert.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { AccountTrace } from "../account/account-trace.ts";
import { runTrace, type TraceRequest } from "../run.ts";
import { UtxoTrace } from "../utxo/utxo-trace.ts";

/** A tainted receipt: an output, or a transfer's part. Owners, assets and transactions are numbers; -1 is nobody, or none. */
export type TaintRecord = {
  readonly row: number;
  readonly transaction: number;
  readonly owner: number;
  /** 0 on a chain of outputs. */
  readonly asset: number;
  /** Base units. */
  readonly amount: bigint;
  readonly hops: number;
  /** The record that its first tainted part came from; -1 for an origin. */
  readonly parent: number;
};

/** A trace as records, in the order in which they came about, and what it rests on. */
export type TraceRecords = { readonly assumptions: readonly string[]; records(): Iterable<TaintRecord> };

/** Runs a trace and gives every tainted receipt of it. Cost: the trace's. */
export function traceRecords(reader: ChainReader, request: TraceRequest): TraceRecords {
  const trace = runTrace(reader, request);
  if (trace instanceof UtxoTrace) return { assumptions: trace.assumptions, records: () => ofOutputs(trace) };
  assert(trace instanceof AccountTrace, "taint: a trace of no known kind");
  return { assumptions: trace.assumptions, records: () => ofTransfers(trace) };
}

function* ofOutputs({ parts: { trail, attribution, view } }: UtxoTrace): Generator<TaintRecord> {
  for (let record = 0; record < trail.records; record += 1) {
    const row = trail.outputs[record] as number;
    yield {
      row,
      transaction: trail.transactions[trail.madeBy[record] as number] as number,
      owner: view.owner(row) - 1,
      asset: 0,
      amount: attribution.amountOf(record),
      hops: trail.hops[record] as number,
      parent: trail.parents[record] as number,
    };
  }
}

function* ofTransfers({ parts: { walk, view } }: AccountTrace): Generator<TaintRecord> {
  for (const { row, to, asset, amount, hops, parent } of walk.records) {
    yield { row, transaction: view.transaction(row), owner: to, asset, amount, hops, parent };
  }
}
