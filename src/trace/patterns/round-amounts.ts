import { evidenceOf, taintOfEdges, type Pattern, type PatternRules } from "./pattern.ts";
import type { TaintGraph } from "./taint-graph.ts";

/**
 * Payments of round amounts: people pay round sums, change is what is left. They tell the payment from the change.
 *
 * Rule: a payment has at most `roundDigits` digits before at least `roundZeros` zeros, in base units; in a transaction some
 * other output is not round. One finding for a transaction, or for an account with all its round payments of an asset.
 * `docs/methods/round-amounts.md`.
 *
 * Cost: linear in the trace.
 */
export function roundAmounts(graph: TaintGraph, rules: PatternRules): readonly Pattern[] {
  const found: Pattern[] = [];
  for (let node = 0; node < graph.nodes; node += 1) {
    if (graph.ins(node).length === 0) continue;
    const payments = graph.payments(node);
    const round = payments.filter(({ value }) => isRound(value, rules));
    // Where all is round nothing tells payment and change apart.
    if (graph.model === "utxo" && round.length === payments.length) continue;
    const edges = round.flatMap(({ edge }) => (edge < 0 ? [] : [edge]));
    const [first] = edges;
    if (first === undefined) continue;
    const [payer] = graph.payers(node);
    found.push({
      pattern: "round-amounts",
      address: payer === undefined ? null : graph.address(payer),
      asset: graph.asset(first),
      amount: taintOfEdges(graph, edges),
      count: edges.length,
      seconds: undefined,
      to: edges.length === 1 ? graph.address(graph.receiver(first)) : null,
      evidence: evidenceOf(graph, edges),
    });
  }
  return found;
}

/** Whether a value of base units has few digits before many zeros. */
export function isRound(value: bigint, { roundDigits, roundZeros }: PatternRules): boolean {
  if (value <= 0n) return false;
  const text = String(value);
  const digits = text.replace(/0+$/u, "");
  return digits.length <= roundDigits && text.length - digits.length >= roundZeros;
}
