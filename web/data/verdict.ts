import { percent } from "../base/numbers.ts";
import type { AnswerOf, Contract } from "./api.ts";

/** A verdict as the API gives it, and its parts. */
export type Verdict = AnswerOf<Contract["screen"]>["verdict"];
export type Fact = Verdict["facts"][number];
export type Party = Verdict["parties"][number];
export type Gap = Verdict["missing"][number];

/** The fact that a verdict is first of all about: of its gravest rule, that with the most value. Undefined: no rule holds. */
export function leadingFact({ matches, facts }: Verdict): Fact | undefined {
  const own = (matches[0]?.facts ?? []).flatMap((place) => facts[place] ?? []);
  return own.toSorted((left, right) => Number(right.share ?? 0) - Number(left.share ?? 0))[0];
}

/** A share as percent; a trace of one is never shown as none. */
export function shareText({ share }: Pick<Fact, "share">): string | undefined {
  if (share === null) return undefined;
  const part = Number(share);
  return part > 0 && part < 0.0005 ? "<0.1%" : percent(part);
}
