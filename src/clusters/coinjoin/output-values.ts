import type { TransactionFacts } from "../transaction-facts.ts";

/** The amount that most outputs share, and how many do; of equally frequent ones the larger. Unknown amounts share nothing. */
export function mostFrequentOutput(facts: TransactionFacts): { readonly value: number; readonly count: number } {
  const values = new Float64Array(facts.outputs);
  for (let output = 0; output < facts.outputs; output += 1) values[output] = facts.outputValue(output);
  values.sort();
  let best = { value: Number.NaN, count: 0 };
  for (let start = 0; start < values.length;) {
    const value = values[start] as number;
    let end = start + 1;
    while (end < values.length && values[end] === value) end += 1;
    if (!Number.isNaN(value) && end - start >= best.count) best = { value, count: end - start };
    start = end;
  }
  return best;
}
