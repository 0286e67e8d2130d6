import type { TransactionFacts } from "../transaction-facts.ts";
import { mostFrequentOutput } from "./output-values.ts";

const equalOutputsMin = 10;
/** Satoshi: 0.1 BTC, and how far a round's amount may be from it. */
const denomination = 10_000_000;
const tolerance = 2_000_000;

/**
 * A round of Wasabi Wallet 1: ten or more outputs of one amount near 0.1 BTC, and at least as many inputs.
 *
 * Source: A. Ficsór, Dumplings (`Scanner.cs`); R. Stütz et al., "Adoption and Actual Privacy of Decentralized CoinJoin
 * Implementations in Bitcoin", AFT 2022. Method: docs/methods/coinjoin-wasabi-1.md
 */
export function isWasabi1(facts: TransactionFacts): boolean {
  if (facts.outputs < equalOutputsMin || facts.inputs < equalOutputsMin) return false;
  const { value, count } = mostFrequentOutput(facts);
  return count >= equalOutputsMin && facts.inputs >= count && Math.abs(value - denomination) <= tolerance;
}
