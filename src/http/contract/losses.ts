import { Type } from "typebox";
import { groupings } from "../../losses/grouping.ts";
import { countryRules, valueKinds } from "../../losses/selection.ts";
import { Sources } from "./incident.ts";
import { Confidence, orNull, Usd, words } from "./common.ts";

const Text = Type.String();
const Count = Type.Integer({ minimum: 0 });
const Ids = Type.Array(Text);

const Selection = Type.Object({
  actor: Type.String({ description: "An actor's id, or all." }),
  from: Text,
  to: Text,
  value: words(valueKinds, "Valued when."),
  confidence: orNull(Confidence),
  countryRule: words(countryRules, "Whose country."),
  technique: orNull(Text),
});
const figure = {
  usd: Usd,
  low: Usd,
  high: Usd,
  count: Count,
  recovered: Usd,
  net: Usd,
  unknownValues: Type.Integer({
    minimum: 0,
    description: "Counted thefts without a value: else 0, the sum is a least.",
  }),
  unknownInRange: Count,
  incidents: Type.Array(Text, { description: "Those counted." }),
  rangeOnly: Type.Array(Text, { description: "Those that only the high end counts." }),
};
const Figure = Type.Object(figure);
const years = { years: Type.Optional(Type.Record(Text, Figure, { description: "With `detail=thefts`." })) };
const Row = Type.Object({
  key: Text,
  label: Text,
  ...figure,
  share: orNull(Type.Number({ description: "Of the total; a ratio." })),
  remarks: Type.Array(Type.Object({ incident: Text, kind: Text, counted: Type.Boolean(), text: Text })),
  ...years,
});
const contribution = {
  id: Text,
  date: Text,
  victim: Text,
  countries: Type.Object({ published: orNull(Text), operator: orNull(Text), seat: orNull(Text) }),
  counted: Type.Boolean({ description: "False: in the range only." }),
  usd: orNull(Usd),
  low: Usd,
  high: Usd,
  recovered: Usd,
  actor: orNull(Text),
  confidence: orNull(Confidence),
};
const head = {
  selection: Selection,
  by: words(groupings, "What rows are."),
  register: Type.Object({ sha256: Text }),
};

/** All rows, or with `open` one of them with its thefts. */
export const Losses = Type.Union([
  Type.Object({
    ...head,
    method: Text,
    rows: Type.Array(Row),
    total: Type.Object({ ...figure, ...years }),
    thefts: Type.Optional(
      Type.Array(
        Type.Object({ ...contribution, key: Text, year: Text, hasValue: Type.Boolean(), disputed: Type.Boolean() }),
        { description: "With `detail=thefts`." },
      ),
    ),
  }),
  Type.Object({
    ...head,
    row: Row,
    incidents: Type.Array(
      Type.Object({
        ...contribution,
        disputed: Type.Array(Type.Object({ what: Text, why: Text })),
        sources: Type.Array(Type.Object({ name: Text, url: orNull(Text) })),
      }),
    ),
  }),
]);

/** A published set of figures beside the register's. */
export const Reconciliation = Type.Object({
  id: Text,
  publisher: Text,
  title: Text,
  published: Text,
  selection: Selection,
  scope: Type.String({ description: "What the publisher says it counts." }),
  notes: orNull(Text),
  method: Text,
  figures: Type.Array(
    Type.Object({
      group: words(["world", "country", "year", "month"], "What the figure is of."),
      key: Text,
      published: Type.Object({ usd: Usd, qualifier: orNull(Text), share: orNull(Text) }),
      from: orNull(Text),
      to: Text,
      note: orNull(Text),
      sources: Ids,
      ours: Figure,
      difference: Usd,
      agreement: words(["equal", "in-range", "apart"], "How ours stands to it."),
      candidates: Type.Array(
        Type.Object({ incident: Text, kind: Text, onRecord: Type.Boolean(), effect: Usd, why: Text }),
        { description: "Thefts that would change ours if they were counted otherwise; none is applied." },
      ),
      unexplained: Usd,
      combinationsThatFit: orNull(Text),
      elsewhere: Type.Array(Type.Object({ id: Text, publisher: Text, published: Text, usd: Usd })),
    }),
  ),
  selfChecks: Type.Array(
    Type.Object({ outcome: words(["agrees", "contradicts", "incomplete"], "As printed."), text: Text }),
    { description: "Whether the published figures agree among themselves." },
  ),
  sources: Sources,
});
