import { isWithin } from "../tags/category.ts";
import { isAsked } from "./applies.ts";
import { theftCategory, type Rule, type RuleSet } from "./rules.ts";
import type { Direction } from "./words.ts";

/** What the rules of a direction look at: what nobody asks for need not be known. */
export type Wanted = {
  readonly tags: boolean;
  readonly clusters: boolean;
  readonly exposure: boolean;
  /** Exposure to thefts. */
  readonly thefts: boolean;
  /** Anything that tags alone can tell. */
  readonly tagged: boolean;
  /** Whether a rule asks for exposure to a category, by a policy. */
  readonly isOrigin: (category: string, policy: string) => boolean;
  /** The policies that rules name. */
  readonly policies: ReadonlySet<string>;
};

/** All that exposures rest on, whatever the rules look at. */
export const wantedOfExposures: Wanted = {
  tags: false,
  clusters: false,
  exposure: true,
  thefts: true,
  tagged: true,
  isOrigin: () => true,
  policies: new Set(),
};

export function wantedBy({ rules }: RuleSet, direction: Direction): Wanted {
  const asked = rules.filter((rule) => isAsked(rule, direction));
  const looksAt = (kind: Rule["evidence"]): readonly Rule[] =>
    asked.filter(({ evidence }) => evidence === undefined || evidence === kind);
  const exposure = looksAt("exposure");
  const ofTags = [...looksAt("tag"), ...looksAt("cluster")];
  return {
    tags: looksAt("tag").length > 0,
    clusters: looksAt("cluster").length > 0,
    exposure: exposure.length > 0,
    thefts: exposure.some(({ categories }) => categories.includes(theftCategory)),
    tagged: ofTags.length > 0 || exposure.some(({ categories }) => categories.some((one) => one !== theftCategory)),
    isOrigin: (category, policy) =>
      exposure.some(
        (rule) =>
          (rule.policy === undefined || rule.policy === policy) &&
          rule.categories.some((wider) => isWithin(category, wider)),
      ),
    policies: new Set(exposure.flatMap(({ policy }) => policy ?? [])),
  };
}
