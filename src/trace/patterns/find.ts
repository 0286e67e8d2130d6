import { dormancies } from "./dormancy.ts";
import { fanIns } from "./fan-in.ts";
import { fanOuts } from "./fan-out.ts";
import { patternNames, type Pattern, type PatternRules } from "./pattern.ts";
import { peelChains } from "./peel-chain.ts";
import { roundAmounts } from "./round-amounts.ts";
import type { TaintGraph } from "./taint-graph.ts";
import { victimReturns } from "./victim-return.ts";

/**
 * Every pattern of one trace, by kind and within it in the order of their first transactions.
 *
 * Cost: linear in the trace. Commingling, which takes two traces, is found by `commingling.ts`.
 *
 * @param isVictim - Of an address: whether it is named as the victim's.
 */
export function findPatterns(
  graph: TaintGraph,
  rules: PatternRules,
  isVictim: (address: string) => boolean,
): readonly Pattern[] {
  const found = [
    ...peelChains(graph, rules),
    ...fanOuts(graph, rules),
    ...fanIns(graph, rules),
    ...roundAmounts(graph, rules),
    ...dormancies(graph, rules),
    ...victimReturns(graph, isVictim),
  ];
  const rank = ({ pattern }: Pattern): number => patternNames.indexOf(pattern);
  const begun = ({ evidence }: Pattern): number => evidence[0]?.time ?? 0;
  return found.toSorted((left, right) => rank(left) - rank(right) || begun(left) - begun(right));
}
