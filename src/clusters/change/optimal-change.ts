import type { TransactionFacts } from "../transaction-facts.ts";

/**
 * Change is less than every input: else that input would not have been needed. Says nothing where an input's amount is
 * not known.
 *
 * Source: H. Kalodner et al., "BlockSci", USENIX Security 2020; J. D. Nick, "Data-driven de-anonymization in Bitcoin",
 * ETH Zürich 2015. Method: docs/methods/change-optimal.md
 */
export function changeByOptimalChange(facts: TransactionFacts, marks: Uint8Array): void {
  let least = Infinity;
  for (let input = 0; input < facts.inputs; input += 1) {
    const value = facts.inputValue(input);
    if (Number.isNaN(value)) return;
    if (value < least) least = value;
  }
  for (let output = 0; output < facts.outputs; output += 1) {
    if (facts.outputOwner(output) > 0 && facts.outputValue(output) < least) marks[output] = 1;
  }
}
