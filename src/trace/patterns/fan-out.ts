import { burstsOf } from "./bursts.ts";
import { evidenceOf, taintOfEdges, type Pattern, type PatternRules } from "./pattern.ts";
import type { TaintGraph } from "./taint-graph.ts";

/**
 * Fan-out: tainted value spread over many receivers at once.
 *
 * Rule: one transaction pays tainted value to at least `fanOut` different owners other than its payers; an account does so
 * within `fanSeconds`. `docs/methods/fan-out.md`.
 *
 * Cost: linear in the trace.
 */
export function fanOuts(graph: TaintGraph, rules: PatternRules): readonly Pattern[] {
  const least = rules.fanOut;
  const found: Pattern[] = [];
  for (let node = 0; node < graph.nodes; node += 1) {
    if (graph.ins(node).length === 0 || graph.outs(node).length < least) continue;
    const payers = graph.payers(node);
    const edges = graph
      .payments(node)
      .flatMap(({ edge, receiver }) => (edge < 0 || receiver < 0 || payers.includes(receiver) ? [] : [edge]));
    const of = { owner: (edge: number) => graph.receiver(edge), time: (edge: number) => graph.time(edge) };
    const seconds = graph.model === "utxo" ? Infinity : rules.fanSeconds;
    for (const burst of burstsOf(edges, of, { least, seconds })) {
      const [payer] = payers;
      found.push({
        pattern: "fan-out",
        address: payer === undefined ? null : graph.address(payer),
        asset: graph.asset(burst[0] as number),
        amount: taintOfEdges(graph, burst),
        count: new Set(burst.map(of.owner)).size,
        seconds: undefined,
        to: null,
        evidence: evidenceOf(graph, burst),
      });
    }
  }
  return found;
}
