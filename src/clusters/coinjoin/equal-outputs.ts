import type { TransactionFacts } from "../transaction-facts.ts";
import { mostFrequentOutput } from "./output-values.ts";

const equalOutputsMin = 5;
/** Satoshi: less is a marker or dust. */
const amountMin = 10_000;

/**
 * Any other CoinJoin of equal amounts: five or more outputs of one amount to different owners, and inputs of at least as
 * many owners.
 *
 * Source: Fundtrail's own, the common part of the published definitions. Method: docs/methods/coinjoin-equal-outputs.md
 */
export function isEqualOutputs(facts: TransactionFacts): boolean {
  if (facts.outputs < equalOutputsMin || facts.distinctInputOwners < equalOutputsMin) return false;
  const { value, count } = mostFrequentOutput(facts);
  if (count < equalOutputsMin || value < amountMin || facts.distinctInputOwners < count) return false;
  const owners = new Set<number>();
  for (let output = 0; output < facts.outputs; output += 1) {
    if (facts.outputValue(output) === value) owners.add(facts.outputOwner(output));
  }
  return owners.size === count && !owners.has(0);
}
