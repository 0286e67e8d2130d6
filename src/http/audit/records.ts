/** What the audit log's records of screenings and traces say, as far as running them again needs it. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { Type, type Static, type TSchema } from "typebox";
import { orNull, words } from "../../base/schema.ts";
import { ChainId, Height } from "../contract/common.ts";
import { ScreeningAsked } from "../contract/screenings.ts";
import { TraceAsked, traceStates } from "../contract/traces.ts";

const Text = Type.String();
/** The block as of which it was answered. */
const RecordedTip = orNull(Type.Object({ height: Height, hash: orNull(Text) }));
export type RecordedTip = Static<typeof RecordedTip>;

const ScreeningRecord = Type.Object({
  event: Type.Literal("screening"),
  at: Text,
  screening: Text,
  asked: ScreeningAsked,
  chain: orNull(ChainId),
  tip: RecordedTip,
  commit: Text,
  rules: Type.Object({ name: Text, version: Text, digest: Text }),
  register: Text,
  tags: Text,
  software: Text,
  verdict: Text,
  sha256: Text,
});
const TraceAccepted = Type.Object({
  event: Type.Literal("trace accepted"),
  at: Text,
  trace: Text,
  asked: TraceAsked,
  chain: ChainId,
  register: Text,
  software: Text,
});
const TraceEnded = Type.Object({
  event: Type.Literal("trace ended"),
  at: Text,
  trace: Text,
  state: words(traceStates, "How it ended."),
  tip: RecordedTip,
  /** From format 2 on; before, which tags a trace rested on was not recorded. */
  tags: Type.Optional(orNull(Text)),
  bytes: orNull(Type.Integer()),
  sha256: orNull(Text),
  problem: orNull(Text),
});
export type ScreeningRecord = Static<typeof ScreeningRecord>;
export type TraceAccepted = Static<typeof TraceAccepted>;
export type TraceEnded = Static<typeof TraceEnded>;
export type AuditRecord = ScreeningRecord | TraceAccepted | TraceEnded;

const ajv = new Ajv2020({ validateSchema: false, allowUnionTypes: true });
const checks = {
  screening: compiled(ScreeningRecord),
  "trace accepted": compiled(TraceAccepted),
  "trace ended": compiled(TraceEnded),
};

function compiled<Schema extends TSchema>(schema: Schema): (record: unknown) => record is Static<Schema> {
  return ajv.compile(schema) as (record: unknown) => record is Static<Schema>;
}

/**
 * A record of the log.
 *
 * @returns `other` for one of another event, `invalid` for one that lacks what a record of its event has.
 */
export function readRecord(record: unknown): AuditRecord | "other" | "invalid" {
  const event = (record as { readonly event?: unknown } | null)?.event;
  if (event !== "screening" && event !== "trace accepted" && event !== "trace ended") return "other";
  return checks[event](record) ? record : "invalid";
}
