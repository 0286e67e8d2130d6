import { ownerKinds } from "../../chains/block.ts";
import type { TransactionFacts } from "../transaction-facts.ts";

const inputsMin = 50;
/** Satoshi. */
const amountMin = 5_000;
const amountMax = 134_375_000_000;

/** The amounts that clients agree on: powers of two and of three, twice the powers of three, and 1, 2 and 5 of each power of ten. */
const denominations: ReadonlySet<number> = new Set(
  [...series(2, [1]), ...series(3, [1, 2]), ...series(10, [1, 2, 5]), amountMax].filter(
    (amount) => amount >= amountMin && amount <= amountMax,
  ),
);

/**
 * A round of Wasabi Wallet 2 (WabiSabi): fifty or more inputs, all of P2WPKH or P2TR, inputs and outputs each in falling
 * order of amount, and more than four fifths of the outputs of a standard denomination.
 *
 * Source: A. Ficsór, Dumplings; S. Gavenda et al., "Analysis of input-output mappings in coinjoin transactions with
 * arbitrary values", arXiv:2510.17284 (2025), and its port for BlockSci. Method: docs/methods/coinjoin-wasabi-2.md
 */
export function isWasabi2(facts: TransactionFacts): boolean {
  if (facts.inputs < inputsMin || facts.outputs < 2) return false;
  let standard = 0;
  let before = Infinity;
  for (let output = 0; output < facts.outputs; output += 1) {
    const value = facts.outputValue(output);
    if (!(value <= before) || !isSegwitKey(facts, facts.outputOwner(output))) return false;
    if (denominations.has(value)) standard += 1;
    before = value;
  }
  if (standard * 5 <= facts.outputs * 4) return false;
  before = Infinity;
  for (let input = 0; input < facts.inputs; input += 1) {
    const value = facts.inputValue(input);
    if (!(value <= before) || !isSegwitKey(facts, facts.inputOwner(input))) return false;
    before = value;
  }
  return true;
}

function isSegwitKey(facts: TransactionFacts, owner: number): boolean {
  const kind = facts.kindOf(owner);
  return kind === ownerKinds.witnessKey || kind === ownerKinds.taproot;
}

function series(base: number, factors: readonly number[]): readonly number[] {
  const found: number[] = [];
  for (let power = base; power <= amountMax; power *= base) found.push(...factors.map((factor) => factor * power));
  return found;
}
