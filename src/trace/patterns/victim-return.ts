import { evidenceOf, taintOfEdges, type Pattern } from "./pattern.ts";
import type { TaintGraph } from "./taint-graph.ts";

/**
 * Return to the victim: stolen value goes back to whom it was taken from.
 *
 * Rule: a tainted payment to an owner of what the theft's transactions spent, to an account that the theft's transfers came
 * from, or to an address that is named as the victim's. One finding for each such address and asset.
 * `docs/methods/victim-return.md`.
 *
 * Cost: linear in the trace.
 *
 * @param isVictim - Of an address: whether it is named as the victim's, beside those that the theft itself shows.
 */
export function victimReturns(graph: TaintGraph, isVictim: (address: string) => boolean): readonly Pattern[] {
  const known = new Map<number, boolean>();
  const isRobbed = (party: number): boolean => {
    if (party < 0) return false;
    if (graph.robbed.has(party)) return true;
    const before = known.get(party);
    if (before !== undefined) return before;
    const address = graph.address(party);
    const told = address !== null && isVictim(address);
    known.set(party, told);
    return told;
  };
  const edges: number[] = [];
  for (let edge = 0; edge < graph.edges; edge += 1) {
    if (graph.source(edge) < 0 || graph.isSwap(edge) || !isRobbed(graph.receiver(edge))) continue;
    // Its own change, where the victim's wallet holds some of it already, is no return.
    if (graph.payers(graph.source(edge)).every((payer) => isRobbed(payer))) continue;
    edges.push(edge);
  }
  const groups = Map.groupBy(edges, (edge) => `${graph.receiver(edge)} ${graph.asset(edge)}`);
  return [...groups.values()].map((group) => {
    const first = group[0] as number;
    const [payer] = graph.payers(graph.source(first));
    return {
      pattern: "victim-return",
      address: payer === undefined ? null : graph.address(payer),
      asset: graph.asset(first),
      amount: taintOfEdges(graph, group),
      count: group.length,
      seconds: undefined,
      to: graph.address(graph.receiver(first)),
      evidence: evidenceOf(graph, group),
    };
  });
}
