import { Type, type Static } from "typebox";
import { words } from "../base/schema.ts";
import { confidences } from "../tags/actor.ts";
import { acceptableGaps, evidenceKinds, indexPolicies, levels } from "./words.ts";

/**
 * The shape of a file of rules. Values are read as text (YAML's failsafe schema), so that no threshold passes through floating
 * point. From here come the types and, by `npm run schemas`, `data/schema/rules.schema.json`.
 */
const strict = { additionalProperties: false } as const;
const Slug = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,63}$" });
const Count = (description: string) => Type.String({ pattern: "^[0-9]{1,6}$", description });

const Reason = Type.String({ minLength: 1, maxLength: 500 });

export const Rule = Type.Object(
  {
    id: Slug,
    level: words(levels, "How grave it is."),
    reason: Type.Union([Reason, Type.Object({ en: Reason, ja: Reason }, strict)], {
      description: "What a reader is told where it holds: a text, or one in each language.",
    }),
    categories: Type.Array(Type.String({ pattern: "^[a-z_]{1,64}$" }), {
      minItems: 1,
      description:
        "Categories of docs/methods/tags.md, each with those within it; `theft` is the register's incidents.",
    }),
    evidence: Type.Optional(words(evidenceKinds, "What it looks at; left out: all three.")),
    direction: Type.Optional(words(["deposit", "withdrawal"], "Left out: both.")),
    reach: Type.Optional(
      words(["direct", "indirect"], "Which part of an exposure the thresholds are asked of; left out: all of it."),
    ),
    policy: Type.Optional(words(indexPolicies, "Left out: either.")),
    "share-min": Type.Optional(
      Type.String({
        pattern: "^(?:100(?:\\.0{1,4})?|[0-9]{1,2}(?:\\.[0-9]{1,4})?)%$",
        description: "Of all that was received of the asset, or that the transaction paid; at most four decimals.",
      }),
    ),
    "usd-min": Type.Optional(
      Type.String({
        pattern: "^[0-9]{1,15}(?:\\.[0-9]{1,2})?$",
        description: "US dollars, at the last receipt's day.",
      }),
    ),
    "hops-max": Type.Optional(Count("Transactions between the origin and this.")),
    "hops-min": Type.Optional(Count("Transactions between the origin and this.")),
    "age-max-days": Type.Optional(Count("Days from the last receipt to the ledger's last block.")),
    "confidence-min": Type.Optional(words(confidences, "Of the tag, or of the origin.")),
  },
  strict,
);
export type Rule = Static<typeof Rule>;

export const RuleSetFile = Type.Object(
  {
    name: Slug,
    version: Type.String({ pattern: "^[1-9][0-9]{0,5}$", description: "Raise it with each change of a rule." }),
    accept: Type.Optional(
      Type.Array(words(acceptableGaps, "A gap that does not keep from `clear`; each verdict names it."), {
        uniqueItems: true,
        description: "What is not known and lived with; left out: nothing.",
      }),
    ),
    rules: Type.Array(Rule, { minItems: 1, maxItems: 1_000 }),
  },
  { ...strict, description: "Screening rules; see docs/screening.md." },
);
export type RuleSetFile = Static<typeof RuleSetFile>;
