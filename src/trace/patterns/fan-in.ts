import { burstsOf } from "./bursts.ts";
import { evidenceOf, taintOfEdges, type Pattern, type PatternRules } from "./pattern.ts";
import type { TaintGraph } from "./taint-graph.ts";

/** A transaction that pays more than a receiver and its own change is no consolidation but a payment, or a mix. */
const outputsMax = 2;

/**
 * Fan-in, or consolidation: tainted value that lay with many holders is brought together.
 *
 * Rule: a transaction with at most two outputs spends tainted outputs of at least `fanIn` different owners; an account
 * receives tainted value from at least so many others within `fanSeconds`. `docs/methods/fan-in.md`.
 *
 * Cost: linear in the trace.
 */
export function fanIns(graph: TaintGraph, rules: PatternRules): readonly Pattern[] {
  const least = rules.fanIn;
  const found: Pattern[] = [];
  for (let node = 0; node < graph.nodes; node += 1) {
    const ins = Array.from(graph.ins(node)).filter((edge) => graph.holder(edge) >= 0 && !graph.isSwap(edge));
    if (ins.length < least) continue;
    const isUtxo = graph.model === "utxo";
    const payments = isUtxo ? graph.payments(node) : [];
    if (payments.length > outputsMax) continue;
    const of = { owner: (edge: number) => graph.holder(edge), time: (edge: number) => graph.time(edge) };
    for (const burst of burstsOf(ins, of, { least, seconds: isUtxo ? Infinity : rules.fanSeconds })) {
      const largest = payments.reduce((most, one) => (one.value > most.value ? one : most), {
        receiver: isUtxo ? -1 : graph.receiver(burst[0] as number),
        value: -1n,
        edge: -1,
      });
      found.push({
        pattern: "fan-in",
        address: graph.address(largest.receiver),
        asset: graph.asset(burst[0] as number),
        amount: taintOfEdges(graph, burst),
        count: new Set(burst.map(of.owner)).size,
        seconds: undefined,
        to: graph.address(largest.receiver),
        // On a chain of outputs the transaction that joins them; of an account each that brings some.
        evidence: evidenceOf(graph, isUtxo ? Array.from(graph.outs(node)).slice(0, 1) : burst),
      });
    }
  }
  return found;
}
