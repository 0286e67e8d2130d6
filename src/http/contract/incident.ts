import { Type } from "typebox";
import { Confidence, orNull, Usd, words } from "./common.ts";

const Text = Type.String();
const Key = Type.String({ description: "A key of `sources`." });
const Country = orNull(Type.String({ description: "ISO 3166-1; null: not established." }));
const Period = Type.String({ description: "A day, a month or a year, as the source gives it." });
const Decimal = Type.String({ description: "A decimal of whole units." });

/** What something rests on, by key. */
export const Sources = Type.Record(
  Text,
  Type.Object({ name: Text, url: Type.Optional(Text), date: Type.Optional(Text) }),
  { description: "What it rests on, by key." },
);

const Stolen = Type.Union(
  [
    Type.Object({
      asset: Type.String({ description: "CAIP-19." }),
      symbol: Text,
      units: Type.String({ description: "Base units, a decimal integer." }),
      amount: Decimal,
    }),
    Type.Object({ token: Type.String({ description: "Its symbol." }), chain: orNull(Text), amount: Decimal }),
    Type.Object({ lot: Type.String({ description: "Several assets in words." }), usd: Usd }),
  ],
  { description: "An amount of a known asset, of a token known by its symbol only, or a lot known by its value only." },
);
const Valuation = Type.Object({ usd: Usd, basis: Text, source: Key });
const Claim = Type.Object({ by: Text, date: orNull(Period), says: orNull(Text), source: orNull(Key) });
const Appraisal = Type.Object({
  usd: orNull(Usd),
  complete: Type.Boolean({ description: "Whether all that was taken is valued; else the sum is a least." }),
  priced: Type.Array(
    Type.Object({
      item: Stolen,
      usd: Usd,
      price: orNull(Type.Object({ usd: Decimal, at: Text, day: Text, kind: Text, source: Text })),
    }),
  ),
  unpriced: Type.Array(Stolen, { description: "Without a known price: unknown, and not 0." }),
});

/** A theft of the register. */
export const Incident = Type.Object({
  id: Text,
  file: Type.String({ description: "The register's file." }),
  date: Period,
  time: Type.Optional(Type.String({ description: "UTC." })),
  disclosed: orNull(Period),
  victim: Type.Object({
    id: Text,
    name: Text,
    kind: Text,
    sector: Text,
    country: Type.Object({
      seat: Country,
      operator: Country,
      published: orNull(Type.Object({ code: Text, by: Text, basis: Type.Optional(Text) })),
      claimed: Type.Array(Type.Object({ code: Text, basis: Text, source: Key }), {
        description: "Other places that a source gives; never counted.",
      }),
    }),
  }),
  stolen: Type.Array(Stolen),
  stolenComplete: Type.Boolean({ description: "Whether `stolen` names all that was taken." }),
  valuesAtTheft: Type.Array(Valuation, { description: "The first is the central one; none: unknown." }),
  valuesDisclosed: Type.Array(Valuation),
  atPricesOfTheDay: Appraisal,
  now: Appraisal,
  recovered: Type.Array(
    Type.Object({
      usd: Usd,
      at: words(["theft", "recovery"], "When the dollars are valued."),
      basis: Text,
      source: Key,
      date: orNull(Period),
      returned: orNull(Stolen),
    }),
  ),
  attribution: orNull(
    Type.Object(
      { actor: Text, confidence: Confidence, claims: Type.Array(Claim), disputes: Type.Array(Claim) },
      { description: "Null: nobody is on record as having attributed it." },
    ),
  ),
  suspicions: Type.Array(Type.Object({ actor: Text, by: Text, basis: Text, source: Key }), {
    description: "Who has been suspected; never counted.",
  }),
  techniques: Type.Array(Type.Object({ id: Type.Optional(Type.String({ description: "MITRE ATT&CK." })), text: Text })),
  chain: Type.Object(
    { theft: Type.Array(Text), thief: Type.Array(Text), victim: Type.Array(Text) },
    { description: "Transactions and addresses, each as `chain:id`." },
  ),
  disputed: Type.Array(Type.Object({ what: Text, why: Text })),
  simulated: Type.Boolean({ description: "It never happened, and counts in no total." }),
  notes: Type.Optional(Text),
  sources: Sources,
});
