import { evidenceOf, taintOfEdges, type Pattern, type PatternRules } from "./pattern.ts";
import type { Payment, TaintGraph } from "./taint-graph.ts";

type Hop = { readonly peeled: Payment; readonly rest: Payment };

/**
 * Peel chains: one coin from which a small part is paid off again and again, while the rest goes on.
 *
 * Rule: at each hop exactly two payments, the smaller one at most `peelPercent` of the coin; the larger one is tainted and is
 * the only input (the only tainted receipt) of the next hop. At least `peelHops` hops. `docs/methods/peel-chain.md`.
 *
 * Cost: linear in the trace.
 */
export function peelChains(graph: TaintGraph, rules: PatternRules): readonly Pattern[] {
  const hops = Array.from({ length: graph.nodes }, (_, node) => hopAt(graph, node, rules));
  const nextOf = (node: number): number => {
    const rest = hops[node]?.rest;
    const next = rest === undefined ? -1 : graph.target(rest.edge);
    return next >= 0 && next !== node && graph.inputs(next) === 1 && hops[next] !== undefined ? next : -1;
  };
  const isInside = new Uint8Array(graph.nodes);
  for (let node = 0; node < graph.nodes; node += 1) {
    const next = nextOf(node);
    if (next >= 0) isInside[next] = 1;
  }
  const found: Pattern[] = [];
  for (let head = 0; head < graph.nodes; head += 1) {
    if (hops[head] === undefined || isInside[head] === 1) continue;
    const chain: Hop[] = [];
    for (let node = head; node >= 0; node = nextOf(node)) chain.push(hops[node] as Hop);
    if (chain.length >= rules.peelHops) found.push(chainOf(graph, head, chain));
  }
  return found;
}

function hopAt(graph: TaintGraph, node: number, { peelPercent }: PatternRules): Hop | undefined {
  if (graph.ins(node).length === 0) return undefined;
  const [first, second, ...others] = graph.payments(node);
  if (first === undefined || second === undefined || others.length > 0 || first.value === second.value)
    return undefined;
  const [peeled, rest] = first.value < second.value ? [first, second] : [second, first];
  if (rest.edge < 0 || peeled.receiver === rest.receiver) return undefined;
  const isSmall = peeled.value * 100n <= (peeled.value + rest.value) * BigInt(peelPercent);
  return isSmall ? { peeled, rest } : undefined;
}

function chainOf(graph: TaintGraph, head: number, chain: readonly Hop[]): Pattern {
  const last = chain.at(-1) as Hop;
  const peeled = chain.flatMap((hop) => (hop.peeled.edge < 0 ? [] : [hop.peeled.edge]));
  const [payer] = graph.payers(head);
  return {
    pattern: "peel-chain",
    address: payer === undefined ? null : graph.address(payer),
    asset: graph.asset(last.rest.edge),
    amount: taintOfEdges(graph, [...peeled, last.rest.edge]),
    count: chain.length,
    seconds: undefined,
    to: graph.address(last.rest.receiver),
    evidence: evidenceOf(graph, [...peeled, ...chain.map((hop) => hop.rest.edge)]),
  };
}
