import { confidenceReaches } from "../tags/actor.ts";
import { isWithin } from "../tags/category.ts";
import type { Exposure, Fact } from "./fact.ts";
import type { Rule } from "./rules.ts";
import type { Missing } from "./verdict.ts";
import type { Direction } from "./words.ts";

/** Whether a rule holds of a fact; `unknown` where that hangs on what is not known. */
export type Outcome = { readonly kind: "holds" | "fails" } | { readonly kind: "unknown"; readonly missing: Missing };

const holds: Outcome = { kind: "holds" };
const fails: Outcome = { kind: "fails" };
const daySeconds = 86_400;
const millionth = 1_000_000n;

/**
 * Asks a rule of a fact. All that the rule asks must hold: where one part fails the rule fails, whatever else is not known;
 * where none fails and one is not known it is unknown.
 *
 * @param at - `time`: unix seconds of the ledger's last block, to which ages are counted.
 */
export function applies(rule: Rule, fact: Fact, at: { readonly direction: Direction; readonly time: number }): Outcome {
  if (rule.evidence !== undefined && rule.evidence !== fact.evidence) return fails;
  if (!isAsked(rule, at.direction)) return fails;
  if (!rule.categories.some((category) => isWithin(fact.category, category))) return fails;
  if (rule.confidenceMin !== undefined && !confidenceReaches(fact.confidence, rule.confidenceMin)) return fails;
  return fact.exposure === undefined ? ofTag(rule) : ofExposure(rule, { ...fact, exposure: fact.exposure }, at.time);
}

/** Whether a rule is asked in a direction at all. Of an address alone both may be meant, and all rules are asked. */
export function isAsked(rule: Pick<Rule, "direction">, direction: Direction): boolean {
  return rule.direction === undefined || direction === "either" || rule.direction === direction;
}

/** What asks of an exposure never holds of a tag. */
function ofTag(rule: Rule): Outcome {
  const asked = [rule.policy, rule.reach, rule.shareMin, rule.usdMin, rule.hopsMin, rule.hopsMax, rule.ageMaxDays];
  return asked.every((one) => one === undefined) ? holds : fails;
}

function ofExposure(rule: Rule, fact: Fact & { readonly exposure: Exposure }, time: number): Outcome {
  const { exposure } = fact;
  const { policy, amount, direct, hops, last } = exposure;
  if (rule.policy !== undefined && rule.policy !== policy) return fails;
  if (rule.hopsMin !== undefined && hops < rule.hopsMin) return fails;
  if (rule.hopsMax !== undefined && hops > rule.hopsMax) return fails;
  if (rule.ageMaxDays !== undefined && time - last > rule.ageMaxDays * daySeconds) return fails;
  const asked = rule.reach === undefined ? amount : rule.reach === "direct" ? direct : amount - direct;
  if (asked <= 0n) return fails;
  const share = ofShare(rule, fact, asked);
  const usd = ofUsd(rule, fact, asked);
  if (share.kind === "fails" || usd.kind === "fails") return fails;
  return share.kind === "unknown" ? share : usd;
}

function ofShare(rule: Rule, fact: Fact & { readonly exposure: Exposure }, asked: bigint): Outcome {
  if (rule.shareMin === undefined) return holds;
  const { kind, amount } = fact.exposure.whole;
  // The whole is at least this, so that the share is at most this.
  if (asked * millionth < rule.shareMin * amount) return fails;
  if (kind === "exact" || rule.shareMin === 0n) return holds;
  const what = `what share came from ${fact.name} (rule ${rule.id}): the address has too many receipts to add up`;
  const data = { origin: fact.name, rule: rule.id };
  return { kind: "unknown", missing: { gap: "share", what, data, mend: null } };
}

function ofUsd(rule: Rule, fact: Fact & { readonly exposure: Exposure }, asked: bigint): Outcome {
  if (rule.usdMin === undefined || rule.usdMin === 0n) return holds;
  const { usd, asset, last } = fact.exposure;
  if (usd !== undefined) return usd(asked) >= rule.usdMin ? holds : fails;
  const day = new Date(last * 1_000).toISOString().slice(0, 10);
  const data = { asset, day, rule: rule.id };
  const what = `no price of ${asset} on ${day} (rule ${rule.id})`;
  const mend = "add the price to the register (docs/register.md)";
  return { kind: "unknown", missing: { gap: "price", what, data, mend } };
}
