import { assert } from "../../base/assert.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { AccountTrace } from "../account/account-trace.ts";
import type { Trace } from "../trace.ts";
import { UtxoTrace } from "../utxo/utxo-trace.ts";
import { AccountGraph } from "./account-graph.ts";
import type { TaintGraph } from "./taint-graph.ts";
import { UtxoGraph } from "./utxo-graph.ts";

/** A trace, of this reader's chain, as a graph. Cost: linear in the trace. */
export function graphOf(reader: ChainReader, trace: Trace): TaintGraph {
  if (trace instanceof UtxoTrace) return new UtxoGraph(reader, trace);
  assert(trace instanceof AccountTrace, "patterns: a trace of neither kind of chain");
  return new AccountGraph(reader, trace);
}
