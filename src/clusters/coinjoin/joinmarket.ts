import type { TransactionFacts } from "../transaction-facts.ts";
import { mostFrequentOutput } from "./output-values.ts";

/** Satoshi: amounts that colored coins and tokens put on outputs by the thousand. */
const markers: readonly number[] = [546, 2_730];

/**
 * A JoinMarket transaction, or one like it: of its outputs (three or more) half, rounded up, have one amount, a mixed
 * output and a change for each participant; and the inputs have at least as many owners as there are participants.
 *
 * Source: S. Goldfeder et al., "When the cookie meets the blockchain", PoPETs 2018, as BlockSci has it (`isCoinjoin`);
 * M. Möser, R. Böhme, "The price of anonymity", J. Cybersecurity 3 (2017). Method: docs/methods/coinjoin-joinmarket.md
 */
export function isJoinMarket(facts: TransactionFacts): boolean {
  if (facts.inputs < 2 || facts.outputs < 3) return false;
  const participants = (facts.outputs + (facts.outputs % 2)) / 2;
  if (facts.distinctInputOwners < participants) return false;
  const { value, count } = mostFrequentOutput(facts);
  return count === participants && !markers.includes(value);
}
