import { Type } from "typebox";
import { policies } from "../../trace/policy.ts";
import { traceLists, type TraceList } from "../traces/trace-files.ts";
import { AddressText, Amount, ChainId, ChainText, IdParams, orNull, Time, Tip, words } from "./common.ts";
import { reads, strict } from "./route.ts";

const Id = Type.String({ minLength: 1, maxLength: 100, pattern: "^[-_.a-zA-Z0-9]+$" });
export const traceStates = ["queued", "running", "done", "failed", "cancelled"] as const;

/** What a trace is asked; the options of `fundtrail trace`. */
export const TraceAsked = Type.Object(
  {
    chain: ChainText,
    origins: Type.Optional(
      Type.Array(Type.String({ minLength: 3, maxLength: 180 }), {
        minItems: 1,
        maxItems: 1_000,
        description:
          "TXID:VOUT, of accounts TXID:INDEX; TXID alone: all that it pays but fees. Either these or `incident`.",
      }),
    ),
    incident: Type.Optional(Id),
    direction: Type.Optional(words(["forward", "backward"], "To where it went (default), or whence it came.")),
    policy: Type.Optional(words(policies, "How mixed funds are attributed (default fifo).")),
    swaps: Type.Optional(words(["on", "off"], "Whether value that changes its form is followed (default on).")),
    tags: Type.Optional(words(["on", "off"], "Whether services that tags name are stops too (default on).")),
    compare: Type.Optional(words(["on", "off"], "Whether it is traced by every policy too (default off).")),
    patterns: Type.Optional(
      words(["on", "off"], "Whether patterns, and funds of other incidents that it met, are looked for (default off)."),
    ),
    stops: Type.Optional(
      Type.Array(
        Type.Object(
          {
            address: AddressText,
            entity: Type.String({ minLength: 1, maxLength: 200 }),
            category: Type.String({ minLength: 1, maxLength: 100 }),
          },
          strict,
        ),
        { maxItems: 10_000, description: "Services at which it ends." },
      ),
    ),
    until: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_294_967_295, description: "The last block." })),
    hopsMax: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    amountMin: Type.Optional(
      Type.String({ pattern: "^[0-9]{1,78}$", description: "Smaller amounts are not followed; base units." }),
    ),
    budget: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100_000_000, description: "Transactions to visit at most." }),
    ),
    hub: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000 })),
    sourcesMax: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100_000,
        description: "Backward by a policy that answers by origin: about how many entities it is asked (default 100).",
      }),
    ),
  },
  { ...strict, description: "What a trace is asked." },
);

const Job = Type.Object({
  id: Type.String(),
  state: words(traceStates, "`done`, `failed` and `cancelled` are final."),
  chain: ChainId,
  asked: TraceAsked,
  created: Time,
  ended: orNull(Time),
  progress: Type.Object({
    addresses: Type.Integer({ description: "Receipts that were looked at so far." }),
    transactions: Type.Integer({
      description: "Transactions that were visited so far, by all policies together; told now and then.",
    }),
  }),
  result: orNull(
    Type.Object(
      {
        bytes: Type.Integer(),
        sha256: Type.String({ description: "Of the result." }),
        stored: Type.Integer({ description: "Bytes of all that is kept of it." }),
        tip: Tip,
        tags: orNull(Type.String({ description: "SHA-256 of the lists of tags by which it stopped; null: not kept." })),
        counts: Type.Object(
          Object.fromEntries(traceLists.map((name) => [name, Type.Optional(Type.Integer())])) as {
            [Name in TraceList]: ReturnType<typeof Type.Optional<ReturnType<typeof Type.Integer>>>;
          },
          { description: "How many rows each list has; a trace backward has none." },
        ),
        compare: orNull(Type.Object({ bytes: Type.Integer(), sha256: Type.String() })),
        graphs: Type.Array(Type.Integer(), { description: "Sizes of graphs that were made." }),
      },
      { description: "When done." },
    ),
  ),
  problem: orNull(Type.Object({ code: Type.String(), detail: Type.String() })),
});

const traceId = {
  params: IdParams,
  group: "traces",
} as const;

export const traceRoutes = {
  startTrace: {
    ...reads({
      path: "/v1/traces",
      group: "traces",
      summary: "Starts a trace; its result is fetched when it is done.",
      answer: Job,
    }),
    method: "POST" as const,
    role: "screen" as const,
    status: 202 as const,
    isCached: false,
    body: TraceAsked,
    failures: ["IDEMPOTENCY_CONFLICT", "SERVER_BUSY"] as const,
  },
  listTraces: {
    ...reads({
      path: "/v1/traces",
      group: "traces",
      summary: "The traces that this server still knows, the newest first.",
      answer: Type.Object({ traces: Type.Array(Job) }),
    }),
    isCached: false,
  },
  getTrace: {
    ...reads({ ...traceId, path: "/v1/traces/{id}", summary: "How far a trace is.", answer: Job }),
    isCached: false,
  },
  getTraceEvents: {
    ...reads({
      ...traceId,
      path: "/v1/traces/{id}/events",
      summary:
        "A trace's progress as server-sent events: each has the trace as `getTrace` gives it; ends with the trace.",
      answer: Type.String(),
    }),
    media: "text/event-stream" as const,
    isCached: false,
  },
  getTraceResult: {
    ...reads({
      ...traceId,
      path: "/v1/traces/{id}/result",
      summary: "A trace's result, as `fundtrail trace --json` prints it.",
      answer: Type.Object({ chain: ChainId, policy: Type.String(), origin: Type.Optional(Amount) }),
      failures: ["TRACE_UNFINISHED"],
    }),
    isCached: false,
  },
  cancelTrace: {
    ...reads({ ...traceId, path: "/v1/traces/{id}", summary: "Cancels a trace that has not ended.", answer: Job }),
    method: "DELETE" as const,
    role: "screen" as const,
    isCached: false,
  },
};
