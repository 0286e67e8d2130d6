import type { TransactionFacts } from "../transaction-facts.ts";

/**
 * Change has the inputs' address type, where all inputs have one.
 *
 * Source: H. Kalodner et al., "BlockSci", USENIX Security 2020; E. Androulaki et al., FC 2013 for the idea of shadow
 * addresses. Method: docs/methods/change-address-type.md
 */
export function changeByAddressType(facts: TransactionFacts, marks: Uint8Array): void {
  const kind = facts.kindOf(facts.inputOwner(0));
  if (kind === 0) return;
  for (let input = 1; input < facts.inputs; input += 1) if (facts.kindOf(facts.inputOwner(input)) !== kind) return;
  for (let output = 0; output < facts.outputs; output += 1) {
    if (facts.kindOf(facts.outputOwner(output)) === kind) marks[output] = 1;
  }
}
