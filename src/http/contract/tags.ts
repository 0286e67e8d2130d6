/** What tags and clusters say of who is behind an address. */
import { Type } from "typebox";
import { AddressText, ChainId, Confidence, Height, orNull, words } from "./common.ts";

const Text = Type.String();
const OptionalText = Type.Optional(Text);
const Day = Type.String({ description: "A day, UTC." });
const kinds = ["pooled", "protocol", "service", "illicit", "descriptive"] as const;
const EntityKind = words(kinds, "`pooled`: a trace ends there; `illicit`: said to be a perpetrator's, sanctioned, …");
const conflictKind = words(["actor", "category"], "In what they contradict each other.");

/** An actor that a tag's words were found to mean. */
const TagActor = Type.Object({
  id: Text,
  name: Text,
  from: words(["register", "pack"], "Where it is described."),
  rule: words(["id", "name", "alias"], "By which rule the words lead to it; see docs/methods/tags.md."),
  certainty: Confidence,
  within: Type.Array(Type.String({ description: "Groups that it is within, from the nearest." })),
});
const fields = {
  label: Text,
  category: OptionalText,
  abuse: OptionalText,
  actor: OptionalText,
  confidence: Confidence,
};
const Subject = Type.Union([
  Type.Object({ kind: Type.Literal("address"), chain: ChainId, address: Text }),
  Type.Object({ kind: Type.Literal("transaction"), chain: ChainId, txid: Text }),
  Type.Object({ kind: Type.Literal("incident"), incident: Text }),
]);
const Remark = Type.Object({
  kind: words(
    ["dispute", "correction", "support"],
    "By a dispute nothing is decided; a correction's fields are right.",
  ),
  by: Text,
  why: Text,
  day: Day,
  changes: Type.Partial(Type.Object(fields)),
});
const Tag = Type.Object(
  {
    id: Text,
    subject: Subject,
    ...fields,
    concepts: Type.Array(Text),
    grade: OptionalText,
    source: Type.Object({
      name: Type.String({ description: "Who says so." }),
      url: OptionalText,
      date: OptionalText,
      licence: OptionalText,
      set: Type.String({ description: "What it was imported with." }),
      hash: Type.String({ description: "SHA-256 of the file in which it stood last." }),
    }),
    from: OptionalText,
    to: OptionalText,
    checked: Day,
    clusterDefiner: words(["yes", "no", "unknown"], "Whether its source says that it holds for the whole cluster."),
    details: Type.Array(Type.Array(Text, { minItems: 2, maxItems: 2 }), {
      description: "What else the source tells: names and texts.",
    }),
    withdrawn: Type.Optional(Day),
    remarks: Type.Array(Remark),
    given: Type.Optional(
      Type.Object(fields, { description: "As the source has it, where a correction changed some." }),
    ),
    stands: Type.Boolean({ description: "False: withdrawn or disputed; nothing is decided by it." }),
    resolved: orNull(TagActor),
  },
  { description: "What is not there is not said by its source." },
);

/** All tags of a subject. */
export const Tags = Type.Object({
  subject: Subject,
  known: Type.Boolean({ description: "False: no tag is known, which is not to say clean." }),
  entity: orNull(
    Type.Object({
      entity: Text,
      actor: Type.Optional(TagActor),
      category: OptionalText,
      kind: EntityKind,
      confidence: Confidence,
      tags: Type.Array(Type.String({ description: "Their ids." })),
    }),
  ),
  conflicts: Type.Array(Type.Object({ kind: conflictKind, values: Type.Array(Text), tags: Type.Array(Text) })),
  tags: Type.Array(Tag, { description: "The strongest first." }),
  elsewhere: Type.Array(Type.String(), { description: "Chains on which the same address has tags." }),
});

/** Who an address is, in short. */
export const Entity = Type.Object({
  entity: Text,
  kind: EntityKind,
  category: orNull(Text),
  actor: orNull(Text),
  confidence: Confidence,
  conflicts: Type.Array(Type.Object({ kind: conflictKind, values: Type.Array(Text) })),
});

const Evidence = Type.Object({
  rule: Type.String({ description: "Each has a page in docs/methods." }),
  transaction: Text,
  block: Height,
  addresses: Type.Array(AddressText, { minItems: 2, maxItems: 2 }),
  struckOut: Type.Boolean(),
});

/** What is told of a cluster. */
export const clusterFields = {
  cluster: Type.Object({ id: Type.String({ description: "Its oldest address." }), size: Type.Integer() }),
  rules: Type.Array(Text, { description: "The rules by which it was built." }),
  rowsBehind: Type.Integer({ description: "Rows of the ledger that it was not built from yet." }),
  entity: orNull(
    Type.Object({
      entity: Text,
      actor: orNull(Text),
      category: orNull(Text),
      confidence: Confidence,
      tags: Type.Array(
        Type.Object({
          label: Text,
          category: orNull(Text),
          confidence: Confidence,
          source: Text,
          address: orNull(AddressText),
        }),
      ),
      conflicts: Type.Array(Type.Object({ kind: conflictKind, values: Type.Array(Text) })),
    }),
  ),
  members: Type.Array(
    Type.Object({
      address: AddressText,
      evidence: orNull({ ...Evidence, description: "The first that stands; null: of the one who was there first." }),
    }),
  ),
  held: Type.Array(Type.Object({ clusters: Type.Array(AddressText), services: Type.Array(Text), evidence: Evidence }), {
    description: "Evidence that would have put two services together, and was held back.",
  }),
  sameKey: Type.Array(Type.Object({ chain: ChainId, address: AddressText, by: Text })),
};
