/** What a finished trace is read by: its summary, its flow graph, its lists page by page, the ways to an end. */
import { Type } from "typebox";
import { graphForms } from "../../trace/output/graph.ts";
import { policies } from "../../trace/policy.ts";
import { graphSizes } from "../traces/trace-files.ts";
import {
  Amount,
  AssetId,
  ChainId,
  Cursor,
  Height,
  IdParams,
  limitOf,
  Next,
  orNull,
  Time,
  Tip,
  Usd,
  words,
} from "./common.ts";
import { reads, strict } from "./route.ts";
import {
  AssetTotals,
  Destination,
  Edge,
  Exit,
  Gathered,
  Holding,
  Limit,
  Link,
  Node,
  Pattern,
  Share,
  StepRow,
  Sum,
  Text,
  Worth,
  WorthTotal,
  parts,
} from "./trace-rows.ts";

const Price = Type.Object({
  asset: AssetId,
  day: Type.String(),
  usd: Type.String(),
  kind: Type.String(),
  source: Type.String(),
});
const listParts = {
  group: "traces",
  params: IdParams,
  query: Type.Object({ limit: limitOf(1_000, 100), cursor: Type.Optional(Cursor) }, strict),
  failures: ["TRACE_UNFINISHED"] as const,
};
const listEnd = { total: Type.Integer(), next: Next };

export const traceAnswerRoutes = {
  getTraceSummary: {
    ...reads({
      path: "/v1/traces/{id}/summary",
      group: "traces",
      summary: "A trace's result without its lists: totals, dollars, limits met, what it rests on.",
      params: IdParams,
      answer: Type.Object({
        chain: ChainId,
        model: words(["utxo", "account"], "Outputs and spends, or transfers between accounts."),
        policy: words(policies, "How mixed funds were attributed."),
        origin: Amount,
        fees: Amount,
        assets: Type.Array(AssetTotals),
        origins: Type.Array(
          Type.Object({
            ref: Type.String(),
            address: Text,
            asset: AssetId,
            amount: Amount,
            height: Height,
            transaction: Type.String(),
            time: Time,
            usd: Worth,
          }),
        ),
        limits: Type.Array(
          Type.Object({ limit: Limit, asset: AssetId, amount: orNull(Amount), count: Type.Integer() }),
        ),
        assumptions: Type.Array(Type.String()),
        cost: Type.Object({ transactions: Type.Integer(), rows: Type.Integer(), pages: Type.Integer() }),
        usd: Type.Object({
          theftDay: Text,
          now: Text,
          ...parts,
          assets: Type.Array(Type.Object({ asset: AssetId, ...parts })),
          limits: Type.Array(Type.Object({ limit: Limit, asset: AssetId, ...WorthTotal.properties })),
        }),
        prices: Type.Array(Price),
      }),
      failures: ["TRACE_UNFINISHED"],
    }),
    isCached: false,
  },
  getTraceGraph: {
    ...reads({
      path: "/v1/traces/{id}/graph",
      group: "traces",
      summary:
        "A trace's flow graph. As JSON its largest nodes and edges, the rest gathered by service and hop, or, with " +
        "whole=on, all of it; in the other formats all of it.",
      params: IdParams,
      query: Type.Object(
        {
          format: Type.Optional(words(["json", ...graphForms], "The form (default json); all others are downloads.")),
          size: Type.Unsafe<(typeof graphSizes)[number]>({
            type: "integer",
            enum: [...graphSizes],
            default: 1_000,
            description: "How many nodes are shown one by one at most, and twice as many edges.",
          }),
          whole: Type.Optional(
            words(["on", "off"], "As JSON, all nodes and edges, and nothing gathered (default off)."),
          ),
        },
        strict,
      ),
      answer: Type.Object({
        chain: ChainId,
        model: words(["utxo", "account"], "Outputs and spends, or transfers between accounts."),
        policy: words(policies, "How mixed funds were attributed."),
        result: Type.Object({ sha256: Type.String({ description: "Of the trace's result." }), tip: Tip }),
        shown: orNull(
          Type.Object(
            {
              nodes: Type.Integer(),
              ofNodes: Type.Integer(),
              ofEdges: Type.Integer(),
              share: Share,
              ends: Type.Array(Type.Object({ asset: AssetId, amount: Amount, shown: Amount })),
              usd: orNull(Usd),
              usdShown: orNull(Usd),
              leftOut: Type.Object({ edges: Type.Integer(), amounts: Type.Array(Sum) }),
            },
            {
              description:
                "Which part of the exits and of what rests lies in nodes that are shown one by one; dollars at the theft. Not " +
                "known, and `ends` empty, where what rests has no amount (poison on accounts).",
            },
          ),
        ),
        nodes: Type.Array(Node),
        edges: Type.Array(Edge),
        gathered: Type.Array(Gathered, { description: "Edges that stand for several." }),
      }),
      failures: ["TRACE_UNFINISHED"],
    }),
    otherMedia: ["application/graphml+xml", "application/gexf+xml", "text/vnd.graphviz", "text/csv"],
    isCached: false,
  },
  listTraceDestinations: {
    ...reads({
      ...listParts,
      path: "/v1/traces/{id}/destinations",
      summary: "Where value came to: sums by service and by address.",
      answer: Type.Object({ destinations: Type.Array(Destination), ...listEnd }),
    }),
    isCached: false,
  },
  listTraceExits: {
    ...reads({
      ...listParts,
      path: "/v1/traces/{id}/exits",
      summary: "A trace's exits, the largest first.",
      answer: Type.Object({ exits: Type.Array(Exit), ...listEnd }),
    }),
    isCached: false,
  },
  listTraceHoldings: {
    ...reads({
      ...listParts,
      path: "/v1/traces/{id}/holdings",
      summary: "A trace's holdings, the largest first.",
      answer: Type.Object({ holdings: Type.Array(Holding), ...listEnd }),
    }),
    isCached: false,
  },
  listTraceSteps: {
    ...reads({
      ...listParts,
      path: "/v1/traces/{id}/steps",
      summary: "All that is tainted and moved, in chain order.",
      answer: Type.Object({ steps: Type.Array(StepRow), ...listEnd }),
    }),
    isCached: false,
  },
  listTracePatterns: {
    ...reads({
      ...listParts,
      path: "/v1/traces/{id}/patterns",
      summary: "Patterns that were found, where they were asked for.",
      answer: Type.Object({ patterns: Type.Array(Pattern), ...listEnd }),
    }),
    isCached: false,
  },
  listTraceCommingling: {
    ...reads({
      ...listParts,
      path: "/v1/traces/{id}/commingling",
      summary: "Where it met the funds of other incidents, where asked for.",
      answer: Type.Object({ commingling: Type.Array(Link), ...listEnd }),
    }),
    isCached: false,
  },
  getTracePath: {
    ...reads({
      path: "/v1/traces/{id}/path",
      group: "traces",
      summary: "The ways from an origin to exits and holdings: the largest first, exits before holdings.",
      params: IdParams,
      query: Type.Object(
        {
          to: Type.Optional(
            Type.String({ minLength: 1, maxLength: 200, description: "A reference, an address or a service." }),
          ),
          step: Type.Optional(
            Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: "A step's number, instead of `to`." }),
          ),
          limit: limitOf(100, 10),
          cursor: Type.Optional(Cursor),
          hops: Type.Integer({
            minimum: 2,
            maximum: 10_000,
            default: 1_000,
            description: "How many steps of each way; of a longer one its last.",
          }),
        },
        strict,
      ),
      answer: Type.Object({
        paths: Type.Array(
          Type.Object({
            kind: orNull(words(["exit", "holding"], "Null where a step was asked for.")),
            end: orNull(Type.Union([Exit, Holding])),
            steps: Type.Array(StepRow),
            leftOut: Type.Integer({ description: "Steps before the first one given." }),
          }),
        ),
        total: Type.Integer({ description: "Exits and holdings of that name." }),
        next: Next,
      }),
      failures: ["TRACE_UNFINISHED"],
    }),
    isCached: false,
  },
  getTraceComparison: {
    ...reads({
      path: "/v1/traces/{id}/compare",
      group: "traces",
      summary:
        "The same origin by every policy, where that was asked for; with whole=on all of it, as " +
        "`fundtrail trace --compare --json` prints it.",
      params: IdParams,
      query: Type.Object(
        {
          limit: limitOf(1_000, 100),
          cursor: Type.Optional(Cursor),
          whole: Type.Optional(words(["on", "off"], "All destinations at once, without total and next (default off).")),
        },
        strict,
      ),
      answer: Type.Object({
        chain: ChainId,
        policies: Type.Array(
          Type.Object({
            policy: words(policies, "A policy."),
            origin: Amount,
            holdings: orNull(Amount),
            exits: Amount,
            fees: Amount,
            assets: Type.Array(AssetTotals),
            usd: Type.Object(parts),
          }),
        ),
        destinations: Type.Array(
          Type.Object({
            kind: Destination.properties.kind,
            name: Type.String(),
            category: Type.String(),
            asset: AssetId,
            amounts: Type.Record(Type.String(), orNull(Amount)),
            min: orNull(Amount),
            max: orNull(Amount),
            low: Amount,
            high: Amount,
            usd: Type.Object({ amounts: Type.Record(Type.String(), Worth), low: Worth, high: Worth }),
          }),
          { description: "Exits before holdings, the largest first." },
        ),
        usd: Type.Optional(
          Type.Object({ theftDay: Text, now: Text }, { description: "With whole=on: the days of the prices." }),
        ),
        prices: Type.Optional(Type.Array(Price, { description: "With whole=on." })),
        total: Type.Optional(Type.Integer()),
        next: Type.Optional(Next),
      }),
      failures: ["TRACE_UNFINISHED"],
    }),
    isCached: false,
  },
};
