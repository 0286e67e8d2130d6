import { Failure } from "../../base/failure.ts";
import { nearest } from "../../base/nearest.ts";
import { changeByAddressType } from "./address-type.ts";
import { intersectionOf, unionOf, type ChangeRule } from "./change-rule.ts";
import { changeByAddressReuse, changeByFresh, changeByOneTime } from "./fresh.ts";
import { changeByOptimalChange } from "./optimal-change.ts";
import { changeByPeelingChain } from "./peeling-chain.ts";
import { changeByPowerOfTen } from "./power-of-ten.ts";

/** The single change rules, by name. */
export const changeRules = {
  "address-type": changeByAddressType,
  "optimal-change": changeByOptimalChange,
  fresh: changeByFresh,
  "one-time": changeByOneTime,
  "address-reuse": changeByAddressReuse,
  "power-of-ten": changeByPowerOfTen,
  "peeling-chain": changeByPeelingChain,
} as const satisfies Readonly<Record<string, ChangeRule>>;
export type ChangeName = keyof typeof changeRules;
export const changeNames = Object.keys(changeRules) as readonly ChangeName[];

/** A combination of change rules: a union of intersections, each of names. */
export type ChangeExpression = readonly (readonly ChangeName[])[];

/**
 * Reads a combination: names joined by `&` (all must agree), such groups by `|` (any may say so).
 *
 * @throws {Failure} `UNKNOWN_NAME` for a name that is no change rule.
 * @example parseChange("fresh&optimal-change|address-type")
 */
export function parseChange(text: string): ChangeExpression {
  return text.split("|").map((group) => group.split("&").map((name) => changeNamed(name.trim())));
}

/** The one way in which a combination is written: equal ones have equal texts. */
export function changeText(expression: ChangeExpression): string {
  const groups = expression.map((group) => [...new Set(group)].toSorted().join("&"));
  return [...new Set(groups)].toSorted().join("|");
}

/** The rule of a combination. */
export function changeRuleOf(expression: ChangeExpression): ChangeRule {
  return unionOf(expression.map((group) => intersectionOf(group.map((name) => changeRules[name]))));
}

function changeNamed(name: string): ChangeName {
  const found = changeNames.find((known) => known === name);
  if (found !== undefined) return found;
  const mend = nearest(name, changeNames, `use of ${changeNames.join(", ")}, joined by & and |`);
  throw new Failure("UNKNOWN_NAME", { kind: "change rule", name, where: "--rules", mend });
}
