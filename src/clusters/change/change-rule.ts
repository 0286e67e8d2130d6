import type { TransactionFacts } from "../transaction-facts.ts";

/**
 * A change rule marks the outputs that it cannot rule out as the payer's change: 1 at the output's place, else 0. Only
 * outputs with an owner may be marked. The marks are as many as the outputs, all 0 before.
 */
export type ChangeRule = (facts: TransactionFacts, marks: Uint8Array) => void;

/** Marks what any of the rules marks. */
export function unionOf(rules: readonly ChangeRule[]): ChangeRule {
  if (rules.length === 1 && rules[0] !== undefined) return rules[0];
  return (facts, marks) => {
    for (const rule of rules) {
      const own = new Uint8Array(marks.length);
      rule(facts, own);
      for (let output = 0; output < own.length; output += 1) if (own[output] === 1) marks[output] = 1;
    }
  };
}

/** Marks what all of the rules mark. */
export function intersectionOf(rules: readonly ChangeRule[]): ChangeRule {
  if (rules.length === 1 && rules[0] !== undefined) return rules[0];
  return (facts, marks) => {
    for (const [index, rule] of rules.entries()) {
      const own = new Uint8Array(marks.length);
      rule(facts, own);
      for (let output = 0; output < own.length; output += 1) {
        marks[output] = own[output] === 1 && (index === 0 || marks[output] === 1) ? 1 : 0;
      }
    }
  };
}

/**
 * The one output that a rule leaves as change; -1 where it leaves none or several, or where there is nothing to tell
 * apart: a coinbase, or fewer than two outputs with an owner.
 */
export function uniqueChange(rule: ChangeRule, facts: TransactionFacts): number {
  if (facts.distinctInputOwners === 0) return -1;
  let owned = 0;
  for (let output = 0; output < facts.outputs; output += 1) if (facts.outputOwner(output) > 0) owned += 1;
  if (owned < 2) return -1;
  const marks = new Uint8Array(facts.outputs);
  rule(facts, marks);
  const first = marks.indexOf(1);
  return first === -1 || marks.indexOf(1, first + 1) !== -1 ? -1 : first;
}
