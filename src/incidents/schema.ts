/**
 * The shape of the register's files, in one place.
 *
 * From here come the static types of what a YAML file may hold and, by `npm run schemas`, the published JSON Schemas
 * (draft 2020-12) in `data/schema/`, which validate at run time and serve editors. A test keeps the two equal. Values
 * are read as text (YAML's failsafe schema), so that no amount or date ever passes through floating point or a
 * guessing parser; the schemas also admit a bare integer where an editor would see one.
 */
import { Type, type Static, type TSchema } from "typebox";

const strict = { additionalProperties: false } as const;
const text = (description: string): ReturnType<typeof Type.String> => Type.String({ description, minLength: 1 });
const pattern = (form: string, description: string): ReturnType<typeof Type.String> =>
  Type.String({ pattern: form, description });

const Day = pattern(
  "^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$",
  "A day (YYYY-MM-DD), or a month (YYYY-MM) where no better is known; UTC.",
);
const LooseDay = pattern("^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$", "A day, a month or a year; UTC.");
const Country = pattern("^[A-Z]{2}$", "ISO 3166-1 alpha-2.");
const Slug = pattern("^[a-z0-9]+(-[a-z0-9]+)*$", "Lower-case words joined by hyphens.");
const Usd = Type.Union(
  [
    Type.String({ pattern: "^[0-9]{1,15}(\\.[0-9]{1,2})?$" }),
    Type.Integer({ minimum: 0, maximum: 999_999_999_999_999 }),
  ],
  { description: "US dollars; with cents only as quoted text." },
);
const Quantity = Type.Union(
  [Type.String({ pattern: "^[0-9]{1,80}(\\.[0-9]{1,40})?$" }), Type.Integer({ minimum: 0 })],
  { description: "An exact decimal in whole coins or tokens; with a fraction only as quoted text." },
);
const Confidence = Type.Union(
  [Type.Literal("low"), Type.Literal("medium"), Type.Literal("high"), Type.Literal("confirmed")],
  { description: "How sure it is; see docs/methods/confidence.md." },
);
const SourceKey = Type.String({ pattern: "^[a-z0-9]+(-[a-z0-9]+)*$", description: "A key of this file's `sources`." });
const Source = Type.Object(
  {
    name: text("Who published it and what it is."),
    url: Type.Optional(pattern('^https?://[^\\s<>"]+$', "Where it can be read.")),
    date: Type.Optional(LooseDay),
  },
  { ...strict, description: "Something published that a statement in this file rests on." },
);
const Sources = Type.Record(Type.String({ pattern: "^[a-z0-9]+(-[a-z0-9]+)*$" }), Source, {
  ...strict,
  minProperties: 1,
  description: "The sources, by a short key that the statements refer to.",
});

const Stolen = Type.Union(
  [
    Type.Object(
      {
        asset: text("An asset's alias (BTC) or CAIP-19 id."),
        amount: Quantity,
        source: Type.Optional(SourceKey),
      },
      { ...strict, title: "an asset that Fundtrail knows" },
    ),
    Type.Object(
      {
        token: pattern("^[A-Za-z0-9.+-]{1,24}$", "The symbol of a token whose contract is not established."),
        on: Type.Optional(text("The chain, where known.")),
        amount: Quantity,
        source: Type.Optional(SourceKey),
      },
      { ...strict, title: "a token known by symbol only" },
    ),
    Type.Object(
      { lot: text("What was taken, where only its value is known."), usd: Usd, source: Type.Optional(SourceKey) },
      { ...strict, title: "several assets known by value only" },
    ),
  ],
  { description: "Something that was taken." },
);

const Value = Type.Object(
  {
    at: Type.Union([Type.Literal("theft"), Type.Literal("disclosed")], {
      description: "Valued at the time of the theft, or as first disclosed.",
    }),
    usd: Usd,
    basis: text("How the figure came about: who valued what, at which price."),
    source: SourceKey,
  },
  strict,
);

const Recovery = Type.Object(
  {
    usd: Usd,
    at: Type.Union([Type.Literal("theft"), Type.Literal("recovery")], {
      description: "Whether the figure values what came back at the time of the theft or of the recovery.",
    }),
    asset: Type.Optional(text("The asset that came back, where one amount is known.")),
    amount: Type.Optional(Quantity),
    date: Type.Optional(LooseDay),
    basis: text("What came back, and how."),
    source: SourceKey,
  },
  strict,
);

const Claim = Type.Object(
  {
    by: text("Who says so."),
    date: Type.Optional(LooseDay),
    says: Type.Optional(text("What exactly, where it is less or other than the plain attribution.")),
    source: Type.Optional(SourceKey),
  },
  strict,
);

/** One theft: `data/incidents/<id>.yaml`. */
export const IncidentSchema = Type.Object(
  {
    id: pattern(
      "^[0-9]{4}-[0-9]{2}-[0-9]{2}-[a-z0-9]+(-[a-z0-9]+)*$",
      "The day of the theft and a short name; equals the file's name.",
    ),
    date: Day,
    time: Type.Optional(pattern("^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$", "Time of the theft on that day, UTC.")),
    disclosed: Type.Optional(LooseDay),
    victim: Type.Object(
      {
        id: Slug,
        name: text("The victim's name; for an unnamed one, what is known of it."),
        kind: Type.Union(
          ["exchange", "bridge", "defi", "wallet", "payment", "game", "individuals", "ransomware", "other"].map(
            (kind) => Type.Literal(kind),
          ),
        ),
        sector: Type.Union(
          [
            "NFT platform",
            "bridge",
            "centralised exchange",
            "decentralised exchange",
            "gambling",
            "game",
            "health care",
            "lending",
            "mining",
            "payments",
            "private holder",
            "stablecoin",
            "token issuer",
            "trading and investment",
            "wallet",
            "yield",
            "various",
            "unknown",
          ].map((sector) => Type.Literal(sector)),
          { description: "Line of business; `various` where victims of many kinds were hit." },
        ),
        country: Type.Object(
          {
            seat: Type.Optional(Country),
            operator: Type.Optional(Country),
            published: Type.Optional(
              Type.Object(
                {
                  code: Country,
                  by: text("The published study or set that counts it so."),
                  basis: Type.Optional(text("How that is known.")),
                },
                strict,
              ),
            ),
            claimed: Type.Optional(
              Type.Array(
                Type.Object({ code: Country, basis: text("Who places the victim there."), source: SourceKey }, strict),
                {
                  minItems: 1,
                  description: "Other places that a source gives; never used in totals, only named as candidates.",
                },
              ),
            ),
          },
          { ...strict, description: "By legal seat, by where it was operated, and as published studies count it." },
        ),
      },
      strict,
    ),
    stolen: Type.Optional(Type.Array(Stolen, { minItems: 1 })),
    stolen_complete: Type.Optional(
      Type.Union([Type.Literal("yes"), Type.Literal("no")], {
        description: "Whether `stolen` lists everything that was taken; yes unless stated.",
      }),
    ),
    values: Type.Array(Value, {
      description: "Published values. The first of a kind is the central one; the others span the range.",
    }),
    recovered: Type.Optional(Type.Array(Recovery, { minItems: 1 })),
    attribution: Type.Optional(
      Type.Object(
        {
          actor: Slug,
          confidence: Confidence,
          claims: Type.Array(Claim, { minItems: 1 }),
          disputes: Type.Optional(Type.Array(Claim, { minItems: 1 })),
        },
        strict,
      ),
    ),
    suspicions: Type.Optional(
      Type.Array(
        Type.Object(
          { actor: Slug, by: text("Who suspects it."), basis: text("Why, in a few words."), source: SourceKey },
          strict,
        ),
        {
          minItems: 1,
          description: "For a theft that is not attributed: who has been suspected. Never counted.",
        },
      ),
    ),
    techniques: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: Type.Optional(pattern("^T[0-9]{4}(\\.[0-9]{3})?$", "MITRE ATT&CK technique.")),
            text: text("What was done."),
          },
          strict,
        ),
        { minItems: 1, description: "The first is the way in." },
      ),
    ),
    chain: Type.Optional(
      Type.Object(
        {
          theft: Type.Optional(Type.Array(text("CHAIN:TXID"), { minItems: 1 })),
          thief: Type.Optional(Type.Array(text("CHAIN:ADDRESS that received the loot first."), { minItems: 1 })),
          victim: Type.Optional(Type.Array(text("CHAIN:ADDRESS that was robbed."), { minItems: 1 })),
        },
        { ...strict, description: "On-chain origin." },
      ),
    ),
    disputed: Type.Optional(
      Type.Array(
        Type.Object(
          {
            what: Type.Union(["attribution", "value", "country", "date", "identity"].map((what) => Type.Literal(what))),
            why: text("One sentence, shown wherever the figure counts."),
          },
          strict,
        ),
        { minItems: 1 },
      ),
    ),
    simulated: Type.Optional(
      Type.Literal("yes", {
        description:
          "It never happened: it belongs to a simulated chain, is marked wherever it is shown, and counts nowhere.",
      }),
    ),
    notes: Type.Optional(text("What else a reader must know.")),
    sources: Sources,
  },
  { ...strict, title: "Fundtrail incident", description: "One theft of cryptocurrency, with its sources." },
);
export type IncidentFile = Static<typeof IncidentSchema>;

/** Who stole: `data/actors/<id>.yaml`. */
export const ActorSchema = Type.Object(
  {
    id: Slug,
    name: text("The name in most use."),
    parent: Type.Optional(Slug),
    kind: Type.Union(["state", "group", "campaign", "person"].map((kind) => Type.Literal(kind))),
    attack: Type.Optional(pattern("^[GC][0-9]{4}$", "MITRE ATT&CK group or campaign id.")),
    aliases: Type.Optional(Type.Array(text("Another name."), { minItems: 1 })),
    country: Type.Optional(Country),
    notes: Type.Optional(text("How it relates to the others, and who says so.")),
    sources: Sources,
  },
  { ...strict, title: "Fundtrail actor", description: "A person or group to whom thefts are attributed." },
);
export type ActorFile = Static<typeof ActorSchema>;

const Figure = Type.Object(
  {
    key: text("What it is for: a country code, a year, a month (YYYY-MM), or `world`."),
    group: Type.Union(["world", "country", "year", "month"].map((group) => Type.Literal(group))),
    usd: Usd,
    qualifier: Type.Optional(
      Type.Union(
        ["about", "over", "nearly", "up-to"].map((qualifier) => Type.Literal(qualifier)),
        { description: "How the publisher hedged the figure; exact as printed unless stated." },
      ),
    ),
    share: Type.Optional(pattern("^0\\.[0-9]{1,6}$", "The printed share of the whole, as a fraction.")),
    incidents: Type.Optional(
      Type.Union([pattern("^[0-9]+$", ""), Type.Integer({ minimum: 0 })], {
        description: "How many thefts it counts, as printed.",
      }),
    ),
    from: Type.Optional(Day),
    to: Type.Optional(Day),
    note: Type.Optional(text("What a reader must know of this figure.")),
    sources: Type.Array(SourceKey, { minItems: 1 }),
  },
  strict,
);

/** What others published: `data/published/<id>.yaml`. */
export const PublishedSchema = Type.Object(
  {
    id: Slug,
    publisher: text("Who published it."),
    title: text("What it is."),
    published: LooseDay,
    actor: Slug,
    from: Type.Optional(Day),
    to: Day,
    scope: text("What is counted."),
    value: Type.Optional(Type.Union([Type.Literal("theft"), Type.Literal("disclosed")])),
    years_stated: Type.Optional(
      Type.Union([pattern("^[0-9]+$", ""), Type.Integer({ minimum: 1 })], {
        description: "The length of the period in the publisher's words, in years.",
      }),
    ),
    figures: Type.Array(Figure, { minItems: 1 }),
    notes: Type.Optional(text("What a reader must know of the set.")),
    sources: Sources,
  },
  {
    ...strict,
    title: "Fundtrail published figures",
    description: "Totals that somebody published, to be held against the register.",
  },
);
export type PublishedFile = Static<typeof PublishedSchema>;

/** Every published schema by the name of its file in `data/schema/`. */
export const schemas: Readonly<Record<string, TSchema>> = {
  actor: ActorSchema,
  incident: IncidentSchema,
  published: PublishedSchema,
};
