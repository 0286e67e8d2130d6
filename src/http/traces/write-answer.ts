import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { RowFileWriter, writeAll, type ByteMeter } from "../../io/row-file.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import type { TaggedEntity } from "../../tags/entity.ts";
import { compare, type Comparison } from "../../trace/compare.ts";
import { destinationKey, destinationsOf } from "../../trace/destinations.ts";
import { FlowGraph, type FlowOptions } from "../../trace/flow/graph.ts";
import { GraphLimiter, type MovedOf } from "../../trace/flow/limited.ts";
import { TraceSteps } from "../../trace/flow/steps.ts";
import { weighing, type Weigh } from "../../trace/flow/weights.ts";
import { edgeJson, gatheredJson, nodeJson, shownJson, stepJson } from "../../trace/output/flow-json.ts";
import { amountJson, exitJson, holdingJson, isoTime, traceHeadJson, traceTailJson } from "../../trace/output/json.ts";
import { comparisonJson } from "../../trace/output/comparison-json.ts";
import { totalJson } from "../../trace/output/worth-json.ts";
import { policiesOf, runTrace, type TraceRequest } from "../../trace/run.ts";
import type { Policy } from "../../trace/policy.ts";
import type { Trace } from "../../trace/trace.ts";
import { worthOfHolding, worthOfTrace } from "../../trace/worth/sums.ts";
import type { Valuer } from "../../trace/worth/valuer.ts";
import { answerOf } from "./answer-text.ts";
import { NameIndexWriter } from "./name-index.ts";
import type { RegisterPart, TraceAsked } from "./question.ts";
import {
  graphSizes,
  traceFiles,
  type Digested,
  type GraphSize,
  type TraceCounts,
  type TraceResult,
  type TraceTip,
} from "./trace-files.ts";

/** What a trace is answered from. */
export type AnswerParts = {
  readonly chain: ChainReader;
  readonly asked: TraceAsked;
  readonly request: TraceRequest;
  readonly part: RegisterPart;
  readonly entityAt: ((address: string) => TaggedEntity | undefined) | undefined;
  /** Where everything is written; is made. */
  readonly folder: string;
  readonly tip: TraceTip;
  /** The digest of the ledger's lists of tags. */
  readonly tags: string;
  /** Told of all that is written, and what it throws ends the trace. */
  readonly meter: ByteMeter;
};

/**
 * Runs a trace and writes its answer: the result as the command line prints it, and what pages read of it without reading
 * it whole.
 */
export function writeAnswer(parts: AnswerParts): Omit<TraceResult, "stored"> {
  const { chain, asked, request, part, folder, tip, tags, meter } = parts;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { pieces, forward } = answerOf(chain, { asked, request, part });
  const result = writeText(traceFiles.result(folder), pieces, meter);
  if (forward === undefined) return { ...result, tip, tags, counts: {}, compare: null, graphs: [] };
  const { trace, valuer, lists } = forward;
  const comparison = asked.compare === "on" ? comparisonOf(parts, trace) : undefined;
  const weigh = weighing(trace, valuer);
  const own = { trace, valuer, weigh, folder, meter };
  const compared = comparison === undefined ? undefined : writeComparison(own, comparison);
  const counts: TraceCounts = {
    ...compared?.counts,
    ...writeDestinations(own, comparison),
    ...writeEnds(own),
    ...Object.fromEntries(
      Object.entries(lists).map(([name, rows]) => [name, writeRows(own, name as "patterns", rows)]),
    ),
  };
  const { graphs, ...graphCounts } = writeGraphs(own, parts, result.sha256);
  return { ...result, tip, tags, counts: { ...counts, ...graphCounts }, compare: compared?.file ?? null, graphs };
}

type Written = {
  readonly trace: Trace;
  readonly valuer: Valuer;
  readonly weigh: Weigh;
  readonly folder: string;
  readonly meter: ByteMeter;
};

/** By every policy of the chain; the one that was traced already is not traced again. */
function comparisonOf({ chain, request, part }: AnswerParts, traced: Trace): Comparison {
  const run = (policy: Policy): Trace => (policy === traced.policy ? traced : runTrace(chain, { ...request, policy }));
  return compare(policiesOf(chain), run, part.prices);
}

/** Whole, as the command line prints it, and its destinations page by page. */
function writeComparison(
  own: Written,
  comparison: Comparison,
): { readonly file: Digested; readonly counts: TraceCounts } {
  const { trace, folder, meter } = own;
  const json = comparisonJson(comparison);
  const { policies, destinations } = json;
  const whole = { chain: trace.chain.id, ...json };
  const file = writeText(traceFiles.compare(folder), [`${JSON.stringify(whole, null, 2)}\n`], meter);
  writeText(traceFiles.policies(folder), [JSON.stringify(policies)], meter);
  return { file, counts: { compared: writeRows(own, "compared", destinations) } };
}

/** What came to each destination, the largest first, and the summary, whose sums are added up on the way. */
function writeDestinations(own: Written, comparison: Comparison | undefined): TraceCounts {
  const { trace, valuer, weigh, folder, meter } = own;
  const known = destinationsOf(trace);
  const worths = worthOfTrace(trace, valuer, known);
  const ranges = new Map(comparison?.destinations.map((one) => [destinationKey(one), one]));
  const weighed = known.map((one) => ({ one, weight: weigh(one.asset, one.amount ?? 0n) }));
  weighed.sort((left, right) => descending(left.weight, right.weight));
  const rows = weighed.map(({ one: { first, last, amount, ...one } }) => {
    const range = ranges.get(destinationKey(one));
    return {
      ...one,
      amount: amountJson(amount),
      first: first === undefined ? null : isoTime(first),
      last: last === undefined ? null : isoTime(last),
      usd: totalJson(worths.of({ ...one, amount, first, last })),
      compare:
        range === undefined
          ? null
          : {
              min: amountJson(range.min),
              max: amountJson(range.max),
              low: String(range.low),
              high: String(range.high),
              reachedBy: [...range.amounts].flatMap(([policy, by]) => (by === 0n ? [] : [policy])),
              policies: range.amounts.size,
            },
    };
  });
  const destinations = writeRows(own, "destinations", rows);
  const summary = { ...traceHeadJson(trace, valuer), ...traceTailJson(worths.sums, valuer) };
  writeText(traceFiles.summary(folder), [`${JSON.stringify(summary)}\n`], meter);
  return { destinations };
}

/** Exits and holdings, the largest first, and where each name stands in them. */
function writeEnds(own: Written): TraceCounts {
  const { trace, valuer, weigh, folder, meter } = own;
  const names = new NameIndexWriter();
  const exits = [...trace.exits()].map((exit) => ({ exit, weight: weigh(exit.asset, exit.amount) }));
  exits.sort((left, right) => descending(left.weight, right.weight));
  const exitRows = exits.map(({ exit }, row) => {
    names.add(namesOf([exit.ref, exit.address, exit.entity]), { list: "exits", row });
    return { step: exit.id, ...exitJson(exit, valuer.worth(exit.asset, exit.amount, exit.time)) };
  });
  const holdings = [...trace.holdings()].map((one) => ({ one, weight: weigh(one.asset, one.amount ?? 0n) }));
  holdings.sort((left, right) => descending(left.weight, right.weight));
  const holdingRows = holdings.map(({ one }, row) => {
    names.add(namesOf([one.ref, one.address]), { list: "holdings", row });
    return { step: one.id, ...holdingJson(one, worthOfHolding(trace, valuer, one)) };
  });
  const counts = { exits: writeRows(own, "exits", exitRows), holdings: writeRows(own, "holdings", holdingRows) };
  names.write(traceFiles.names(folder), meter);
  return counts;
}

/** Steps, nodes and edges whole, and the graphs that show the largest of them. */
function writeGraphs(
  own: Written,
  { chain, entityAt, tip }: AnswerParts,
  sha256: string,
): TraceCounts & { readonly graphs: readonly GraphSize[] } {
  const { trace, valuer, weigh, folder, meter } = own;
  const steps = new TraceSteps(chain, trace);
  const edges = new RowFileWriter(traceFiles.list(folder, "edges"), meter);
  const onEdge: FlowOptions["onEdge"] = (edge, worth) => edges.add(JSON.stringify(edgeJson(edge, worth)), edge.step);
  let graph: FlowGraph;
  try {
    graph = new FlowGraph(steps, trace, { valuer, entityAt, onEdge });
  } finally {
    edges.end();
  }
  const counts = {
    steps: writeSteps(own, steps),
    nodes: writeRows(
      own,
      "nodes",
      mapped(graph.nodes, (node) => nodeJson(node, valuer)),
    ),
    edges: edges.count,
  };
  const moved: MovedOf = (asset, amount, time) => valuer.worth(asset, amount, time).moved;
  const limiter = new GraphLimiter(graph, { weigh, moved });
  const graphs: GraphSize[] = [];
  for (const size of graphSizes) {
    const limited = limiter.limited({ nodes: size, edges: size * 2 });
    const json = {
      chain: trace.chain.id,
      model: trace.model,
      policy: trace.policy,
      result: { sha256, tip },
      shown: shownJson(limited, valuer),
      nodes: limited.nodes.map((node) => nodeJson(node, valuer)),
      edges: limited.edges.map((edge) => edgeJson(edge, valuer.worth(edge.asset, edge.amount, edge.time))),
      gathered: limited.gathered.map((edge) => gatheredJson(edge, valuer)),
    };
    writeText(traceFiles.graph(folder, size), [`${JSON.stringify(json)}\n`], meter);
    graphs.push(size);
    // A larger one would be the same.
    if (counts.nodes <= size && counts.edges <= size * 2) break;
  }
  return { ...counts, graphs };
}

/** Each step has its parent as its number, so that ways are found without reading rows. */
function writeSteps({ folder, meter, valuer }: Written, steps: TraceSteps): number {
  const file = new RowFileWriter(traceFiles.list(folder, "steps"), meter);
  try {
    for (let step = 0; step < steps.count; step += 1) {
      file.add(JSON.stringify(stepJson(steps.at(step), valuer)), steps.parent(step));
    }
  } finally {
    file.end();
  }
  return file.count;
}

function writeRows(
  { folder, meter }: Written,
  list: Parameters<typeof traceFiles.list>[1],
  rows: Iterable<object>,
): number {
  const file = new RowFileWriter(traceFiles.list(folder, list), meter);
  try {
    for (const row of rows) file.add(JSON.stringify(row), 0);
  } finally {
    file.end();
  }
  return file.count;
}

function writeText(file: string, pieces: Iterable<string>, meter: ByteMeter): Digested {
  const hash = createHash("sha256");
  const fd = openSync(file, "wx", 0o600);
  let bytes = 0;
  try {
    for (const piece of pieces) {
      const text = Buffer.from(piece, "utf8");
      hash.update(text);
      writeAll(fd, text, meter);
      bytes += text.length;
    }
  } finally {
    closeSync(fd);
  }
  return { bytes, sha256: hash.digest("hex") };
}

function* mapped<From, To>(from: Iterable<From>, to: (one: From) => To): Iterable<To> {
  for (const one of from) yield to(one);
}

function namesOf(names: readonly (string | null | undefined)[]): ReadonlySet<string> {
  return new Set(names.flatMap((name) => (name === null || name === undefined || name === "" ? [] : [name])));
}

function descending(left: bigint, right: bigint): number {
  return left === right ? 0 : left > right ? -1 : 1;
}
