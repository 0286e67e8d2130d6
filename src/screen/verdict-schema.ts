import { Type, type Static } from "typebox";
import { orNull, words } from "../base/schema.ts";
import { confidences } from "../tags/actor.ts";
import { directions, evidenceKinds, gaps, indexPolicies, levels, roles } from "./words.ts";

/**
 * A verdict as a document, in one place: the type, what the API validates, and by `npm run schemas`
 * `data/schema/verdict.schema.json`. Fields stand in this order, so that equal verdicts are equal bytes.
 */
const strict = { additionalProperties: false } as const;
const Amount = Type.String({ pattern: "^[0-9]{1,80}$", description: "Base units." });
const Dollars = Type.String({ pattern: "^[0-9]+\\.[0-9]{2}$", description: "US dollars." });
const Time = Type.String({ description: "ISO 8601, UTC." });
const Digest = Type.String({ description: "SHA-256, hexadecimal." });
const Confidence = words(confidences, "How sure it is.");
const Text = Type.String();
export const GapDocument = {
  gap: words(gaps, "See docs/screening.md."),
  what: Type.String({ description: "What is not known, as an English sentence." }),
  data: Type.Record(Type.String(), Type.Union([Type.String(), Type.Integer(), Type.Array(Type.String())]), {
    description: "What `what` is made of, to say it in another language.",
  }),
};

const Step = Type.Object(
  {
    txid: orNull(Text),
    address: orNull(Type.String({ description: "Who received it; null: nobody with a name." })),
    asset: Text,
    amount: Amount,
    time: Time,
  },
  strict,
);
const Tag = Type.Object(
  {
    id: Text,
    label: Text,
    category: orNull(Text),
    abuse: orNull(Text),
    concepts: Type.Array(Text),
    confidence: Confidence,
    source: Text,
    url: orNull(Text),
    set: Text,
    checked: Text,
    stands: Type.Boolean({ description: "False: withdrawn or disputed; nothing is decided by it." }),
  },
  strict,
);
const Party = Type.Object(
  {
    role: words(roles, "Who it is to the subject."),
    address: Text,
    chain: Type.String({ description: "CAIP-2." }),
    seen: Type.Boolean({ description: "Whether the ledger has it." }),
    entity: orNull(Text),
    category: orNull(Text),
    tags: Type.Array(Tag),
    elsewhere: Type.Array(Type.String({ description: "CAIP-2." }), {
      description: "Other EVM chains on which the same address has tags; they count as tags by the rule same-key.",
    }),
    cluster: orNull(
      Type.Object(
        { id: Type.String({ description: "Its oldest address." }), size: Type.Integer(), entity: orNull(Text) },
        strict,
      ),
    ),
  },
  strict,
);
export const FactDocument = Type.Object(
  {
    evidence: words(evidenceKinds, "A tag of a party, of its cluster, or value that came from an origin."),
    party: orNull(Type.Integer({ description: "The place of its party in `parties`; null: of the transaction." })),
    origin: Type.String({ description: "The origin's key, or who the entity is." }),
    name: Text,
    actor: orNull(Text),
    category: Text,
    confidence: Confidence,
    sources: Type.Array(Type.String({ description: "Who says so." })),
    methods: Type.Array(Type.String({ description: "The heuristics it rests on, by name; see `methods`." })),
    date: orNull(Type.String({ description: "Of a theft." })),
    policy: orNull(words(indexPolicies, "How mixed value is told apart.")),
    asset: orNull(Type.String({ description: "CAIP-19." })),
    amount: orNull(Amount),
    of: orNull(Type.String({ description: "All that was received or paid of the asset; null: too many receipts." })),
    share: orNull(Type.String({ pattern: "^[01]\\.[0-9]{6}$", description: "amount / of, rounded half to even." })),
    usd: orNull(Dollars),
    direct: orNull(Type.String({ description: "Of the amount, what came directly; base units." })),
    held: orNull(Type.String({ description: "Of the amount, what an address has not paid on; base units." })),
    reach: orNull(words(["direct", "indirect"], "Whether any of it came directly.")),
    receipts: orNull(Type.Integer()),
    hops: orNull(Type.Integer({ description: "The least number of transactions between the origin and this." })),
    first: orNull(Time),
    last: orNull(Time),
    path: Type.Array(Step, { description: "The way of the largest receipt, from the origin." }),
    skipped: Type.Integer({ description: "Steps of the path before its first that are left out." }),
  },
  strict,
);

export const VerdictDocument = Type.Object(
  {
    format: Type.Literal(1),
    verdict: words(["flagged", "clear", "unknown"], "Never a bare score."),
    level: orNull(words(levels, "The gravest of the rules that hold.")),
    subject: Type.Object(
      {
        kind: words(["address", "transaction"], "What is screened."),
        text: Type.String({ description: "In the chain's canonical form." }),
        to: orNull(Type.String({ description: "Of a transaction: which of its payments; null: all." })),
      },
      strict,
    ),
    chain: orNull(Type.String({ description: "CAIP-2; null: of no one chain that is known." })),
    simulated: Type.Boolean({ description: "Whether the chain was ingested as made-up data." }),
    direction: words(directions, "Where value comes from, who it goes to, or both."),
    block: orNull(
      Type.Object(
        { height: Type.Integer(), hash: orNull(Text), time: Time },
        { ...strict, description: "The ledger's last block: what the verdict is as of." },
      ),
    ),
    rules: Type.Object({ name: Text, version: Text, digest: Digest }, strict),
    register: Type.Object({ digest: Digest }, strict),
    tags: Type.Object(
      {
        digest: Digest,
        lists: Type.Array(Type.Object({ name: Text, checked: Text, hash: Text, tags: Type.Integer() }, strict)),
      },
      { ...strict, description: "The lists that are loaded." },
    ),
    matches: Type.Array(
      Type.Object(
        {
          rule: Text,
          level: words(levels, "How grave."),
          reason: Type.String({ description: "In English, or as the rules have it." }),
          reasonJa: orNull(Type.String({ description: "In Japanese; null: the rules have none." })),
          facts: Type.Array(Type.Integer({ description: "Places in `facts`." })),
        },
        strict,
      ),
      { description: "The rules that hold, the gravest first." },
    ),
    facts: Type.Array(FactDocument),
    parties: Type.Array(Party, { description: "Who was looked up." }),
    missing: Type.Array(
      Type.Object(
        {
          ...GapDocument,
          mend: orNull(Type.String({ description: "What to do about it; null: nothing can be done." })),
        },
        strict,
      ),
      { description: "What keeps from `clear`. A flagged verdict has it too." },
    ),
    accepted: Type.Array(Type.Object(GapDocument, strict), {
      description: "What is not known and the rules accept.",
    }),
    methods: Type.Array(
      Type.Object({ name: Text, page: Text, error: Type.String({ description: "Its error rate." }) }, strict),
      { description: "The heuristics and conventions that facts rest on." },
    ),
    checked: Type.Object(
      {
        incidents: Type.Integer({ description: "Thefts that were followed." }),
        origins: Type.Integer({ description: "Thefts and tagged entities that were followed." }),
        later: Type.Array(Type.String({ description: "Thefts that are later than all that was screened." })),
        absent: Type.Array(
          Type.String({ description: "Thefts on this chain of which the ledger holds no transaction." }),
        ),
        unplaced: Type.Array(
          Type.String({
            description:
              "Thefts that concern this chain, of which the register names no transaction on it, and which are not followed by the thief's addresses.",
          }),
        ),
      },
      strict,
    ),
  },
  { ...strict, description: "A verdict; see docs/screening.md." },
);
export type VerdictDocument = Static<typeof VerdictDocument>;
export type FactDocument = Static<typeof FactDocument>;
