import type { TransactionFacts } from "../transaction-facts.ts";

/** Base units: six digits, 0.01 BTC. */
const roundUnit = 1_000_000;

/**
 * Change is no round amount: people pay round sums, and what is left over is not round.
 *
 * Source: H. Kalodner et al., "BlockSci", USENIX Security 2020 (`power_of_ten_value`). Method:
 * docs/methods/change-power-of-ten.md
 */
export function changeByPowerOfTen(facts: TransactionFacts, marks: Uint8Array): void {
  for (let output = 0; output < facts.outputs; output += 1) {
    const value = facts.outputValue(output);
    if (facts.outputOwner(output) > 0 && !Number.isNaN(value) && value % roundUnit !== 0) marks[output] = 1;
  }
}
