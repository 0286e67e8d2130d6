import type { TransactionFacts } from "../transaction-facts.ts";

/**
 * In a peeling chain, one input and two outputs again and again, the larger output is the rest that is passed on. A
 * transaction is in one where the transaction before it has that form too.
 *
 * Source: S. Meiklejohn et al., IMC 2013; BlockSci's `peeling_chain`, which also looks at the next transaction: evidence
 * here never depends on what comes later. G. Kappos et al., "How to peel a million", USENIX Security 2022, show how often
 * the larger output is the wrong one. Method: docs/methods/change-peeling-chain.md
 */
export function changeByPeelingChain(facts: TransactionFacts, marks: Uint8Array): void {
  if (facts.inputs !== 1 || facts.outputs !== 2) return;
  const before = facts.shapeBefore(0);
  if (before === undefined || before.inputs !== 1 || before.outputs !== 2) return;
  const [first, second] = [facts.outputValue(0), facts.outputValue(1)];
  const larger = first > second ? 0 : second > first ? 1 : -1;
  if (larger !== -1 && facts.outputOwner(larger) > 0) marks[larger] = 1;
}
