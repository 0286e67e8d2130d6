import { percent } from "../base/numbers.ts";
import type { AnswerOf, Contract } from "./api.ts";

/** A verdict as the API gives it, and its parts. */
export type Verdict = AnswerOf<Contract["screen"]>["verdict"];
export type Fact = Verdict["facts"][number];
export type Party = Verdict["parties"][number];
export type Gap = Verdict["missing"][number];

/**
 * The fact that a verdict is first of all about: of its gravest rule that by first in, first out, where there is one, with the
 * largest share. Undefined: no rule holds.
 */
export function leadingFact({ matches, facts }: Verdict): Fact | undefined {
  const own = (matches[0]?.facts ?? []).flatMap((place) => facts[place] ?? []);
  const rank = ({ policy, share }: Fact): number => (policy === "fifo" ? 2 : 0) + Number(share ?? 0);
  return own.toSorted((left, right) => rank(right) - rank(left))[0];
}

/** A share as percent; a trace of one is never shown as none. */
export function shareText({ share }: Pick<Fact, "share">): string | undefined {
  if (share === null) return undefined;
  const part = Number(share);
  return part > 0 && part < 0.0005 ? "<0.1%" : percent(part);
}
