/** The rows of a finished trace. */
import { Type } from "typebox";
import { limitNames } from "../../trace/trace.ts";
import { nodeKinds } from "../../trace/flow/graph.ts";
import { patternNames } from "../../trace/patterns/pattern.ts";
import { policies } from "../../trace/policy.ts";
import { Amount, AssetId, Confidence, Height, orNull, Time, Usd, words } from "./common.ts";

/** A schema for each time at which amounts are valued. */
function byTime<const Schema extends Parameters<typeof Type.Array>[0]>(schema: Schema) {
  const times = ["then", "atTheft", "now"] as const;
  return Object.fromEntries(times.map((time) => [time, schema])) as Record<(typeof times)[number], Schema>;
}

export const Worth = Type.Object(byTime(orNull(Usd)), {
  description: "On the day on which it moved, on the day of the theft, by the newest price. Null: no price is known.",
});
export const Share = orNull(
  Type.String({ pattern: "^[0-9]{1,20}$", description: "Millionths; null where it is not defined." }),
);
const Step = Type.Integer({ minimum: 0, description: "A step's number within the trace." });
const Hop = Type.Integer({ minimum: 0, description: "Transactions between it and an origin, by the shortest way." });
export const Text = orNull(Type.String());
export const AssetTotals = Type.Object({
  asset: AssetId,
  origin: Amount,
  holdings: orNull(Amount),
  exits: Amount,
  fees: Amount,
  convertedInto: Amount,
  convertedOut: Amount,
});
const Unpriced = Type.Array(Type.Object({ asset: AssetId, amount: Amount }));
export const WorthTotal = Type.Object(
  { ...byTime(orNull(Usd)), unpriced: Type.Object(byTime(Unpriced)) },
  {
    description:
      "Of the amounts that have a price; `unpriced` are those that have none, so that a sum is a lower bound.",
  },
);
export const parts = {
  origin: WorthTotal,
  holdings: WorthTotal,
  exits: WorthTotal,
  fees: WorthTotal,
  convertedInto: WorthTotal,
  convertedOut: WorthTotal,
};
const Moved = { transaction: Type.String(), block: Height, time: Time };
export const Limit = words(limitNames, "What kept the trace from following it.");

export const Holding = Type.Object({
  step: Step,
  ref: Type.Optional(Type.String({ description: "The unspent output." })),
  address: Text,
  asset: AssetId,
  amount: orNull(Amount),
  hops: Hop,
  limit: Type.Optional(Limit),
  usd: Worth,
});
export const Exit = Type.Object({
  step: Step,
  ref: Type.String(),
  address: Text,
  entity: Type.String(),
  category: Type.String(),
  asset: AssetId,
  amount: Amount,
  hops: Hop,
  ...Moved,
  usd: Worth,
});
const Range = Type.Object(
  {
    min: orNull(Amount),
    max: orNull(Amount),
    low: Amount,
    high: Amount,
    reachedBy: Type.Array(words(policies, "A policy.")),
    policies: Type.Integer({ description: "By how many policies it was traced." }),
  },
  {
    description:
      "Least and most over all policies, null where poison tells no amount (of what rests on accounts); `low` and `high` over " +
      "those that conserve value, so without poison.",
  },
);
export const Destination = Type.Object({
  kind: words(["exit", "holding"], "A service, or where value rests."),
  name: Type.String({ description: "The entity, the address, or the output's reference." }),
  category: Type.String(),
  asset: AssetId,
  amount: orNull(Amount),
  count: Type.Integer(),
  first: orNull(Time),
  last: orNull(Time),
  usd: WorthTotal,
  compare: orNull(Range),
});
const stepFields = {
  step: Step,
  parent: orNull(Step),
  hop: Hop,
  what: words(["origin", "payment", "swap"], "A change of form is a swap."),
  fate: words(["moved", "rests", "exit", "fee", "beyond-limit"], "What became of it."),
  ref: Type.String(),
  from: Text,
  to: Text,
  asset: AssetId,
  amount: Type.String({ description: "The tainted part, base units." }),
  value: Amount,
  share: Share,
  usd: Worth,
  ...Moved,
};
export const StepRow = Type.Object(stepFields);
export const Sum = Type.Object({
  asset: AssetId,
  amount: Amount,
  value: orNull(Amount),
  count: Type.Integer(),
  usd: Worth,
});
export const Node = Type.Object({
  id: Type.String({ description: "`tx:ID`, `address:TEXT`, `ref:TXID:VOUT`, `nobody:mint`, `nobody:fee`, `group:…`." }),
  kind: words(nodeKinds, "`output`: one whose owner has no address. `group`: nodes that the limit gathers."),
  address: Text,
  transaction: Text,
  label: Type.String(),
  entity: Text,
  category: Text,
  isExit: Type.Boolean({ description: "Whether the trace ends there." }),
  isOrigin: Type.Boolean(),
  tag: orNull(
    Type.Object(
      {
        entity: Type.String(),
        kind: words(["pooled", "protocol", "service", "illicit", "descriptive"], "What it is to a trace."),
        category: Text,
        actor: Text,
        confidence: Confidence,
        isDisputed: Type.Boolean({ description: "Whether its tags contradict each other." }),
      },
      { description: "Who is there by the ledger's tags; null: unknown, never clean." },
    ),
  ),
  hop: Hop,
  first: Time,
  last: Time,
  received: Type.Array(Sum),
  paid: Type.Array(Sum),
  rests: Type.Array(Sum, { description: "What has not moved on." }),
  holdings: Type.Integer({ description: "How many amounts rest there, also those that have none (poison)." }),
  share: Share,
  members: Type.Integer({ description: "How many nodes it stands for." }),
});
export const Edge = Type.Object({
  id: Type.Integer({ minimum: 0 }),
  from: Type.String(),
  to: Type.String(),
  what: stepFields.what,
  step: Step,
  hop: Hop,
  asset: AssetId,
  amount: Amount,
  value: Amount,
  share: Share,
  usd: Worth,
  transaction: Type.String(),
  ref: Type.String(),
  block: Height,
  time: Time,
});
export const Gathered = Type.Object({
  from: Type.String(),
  to: Type.String(),
  hop: Hop,
  first: Time,
  last: Time,
  asset: AssetId,
  amount: Amount,
  value: orNull(Amount),
  count: Type.Integer(),
  usd: Worth,
});
const Evidence = Type.Object(Moved);
export const Pattern = Type.Object(
  {
    pattern: words(patternNames, "Each has a page in docs/methods."),
    address: Text,
    asset: Type.String(),
    amount: Amount,
    evidence: Type.Array(Evidence),
  },
  { additionalProperties: true },
);
export const Link = Type.Object(
  { thefts: Type.Array(Type.String()), kind: Type.String(), ...Moved },
  { additionalProperties: true },
);
