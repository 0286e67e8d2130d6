import { assert } from "../../base/assert.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { AccountTrace } from "../account/account-trace.ts";
import { graphOf } from "../patterns/graph-of.ts";
import type { EdgeFate, TaintGraph } from "../patterns/taint-graph.ts";
import type { PathStep, Trace } from "../trace.ts";
import { UtxoTrace } from "../utxo/utxo-trace.ts";

/** A tainted amount on its way: an output, a transfer, a change of form. */
export type TraceStep = PathStep & {
  /** Its number within the trace; the `id` of a holding or an exit is that of the step that led there. */
  readonly id: number;
  /** The step that its first tainted part came by; -1 for an origin. */
  readonly parent: number;
  /** Transactions between it and an origin, by the shortest way. */
  readonly hops: number;
  readonly fate: EdgeFate;
  /** The whole output or transfer, of which `amount` is tainted. */
  readonly value: bigint;
};

/** The steps of a trace by their numbers, in chain order. Cost: as `graphOf`; each step is made when it is asked for. */
export class TraceSteps {
  readonly count: number;
  readonly #graph: TaintGraph;
  readonly #parents: (step: number) => number;
  readonly #hops: (step: number) => number;

  /** @param reader - Of the chain that was traced, at the state that was traced. */
  constructor(reader: ChainReader, trace: Trace) {
    this.#graph = graphOf(reader, trace);
    this.count = this.#graph.edges;
    if (trace instanceof UtxoTrace) {
      const { trail } = trace.parts;
      this.#parents = (step) => trail.parents[step] as number;
      this.#hops = (step) => trail.hops[step] as number;
      return;
    }
    assert(trace instanceof AccountTrace, "steps: a trace of neither kind of chain");
    const { records } = trace.parts.walk;
    this.#parents = (step) => records[step]?.parent ?? -1;
    this.#hops = (step) => records[step]?.hops ?? 0;
  }

  parent(step: number): number {
    return this.#parents(step);
  }

  hops(step: number): number {
    return this.#hops(step);
  }

  fate(step: number): EdgeFate {
    return this.#graph.fate(step);
  }

  /** The whole output or transfer. */
  value(step: number): bigint {
    return this.#graph.value(step);
  }

  what(step: number): PathStep["what"] {
    if (this.parent(step) < 0) return "origin";
    return this.#graph.isSwap(step) ? "swap" : "payment";
  }

  /** The output's or transfer's reference and the transaction that made it. */
  names(step: number): { readonly ref: string; readonly txid: string } {
    return { ref: this.#graph.ref(step), txid: this.#graph.txid(step) };
  }

  at(id: number): TraceStep {
    const graph = this.#graph;
    const parent = this.parent(id);
    // Of outputs who pays is the owner of the output before, of transfers the account.
    const payer = graph.model === "account" ? graph.holder(id) : parent < 0 ? -1 : graph.receiver(parent);
    return {
      id,
      parent,
      hops: this.hops(id),
      fate: this.fate(id),
      what: this.what(id),
      ref: graph.ref(id),
      from: payer < 0 ? null : graph.address(payer),
      to: graph.address(graph.receiver(id)),
      asset: graph.asset(id),
      amount: graph.amount(id),
      value: graph.value(id),
      txid: graph.txid(id),
      height: graph.height(id),
      time: graph.time(id),
    };
  }
}
