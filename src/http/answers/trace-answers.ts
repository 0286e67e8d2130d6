import { readFile } from "node:fs/promises";
import { Failure } from "../../base/failure.ts";
import { RowFile } from "../../io/row-file.ts";
import { writeGraphLater, type GraphEdge, type GraphForm, type GraphNode } from "../../trace/output/graph.ts";
import type { traceAnswerRoutes } from "../contract/trace-answers.ts";
import { cursorOf, rowOf } from "../cursor.ts";
import type { Handlers, RawAnswer } from "../handling.ts";
import { fileStream, rowsStream, whileKept } from "../traces/kept-files.ts";
import { rowsNamed, type NamedRow } from "../traces/name-index.ts";
import { graphSizes, traceFiles, type GraphSize, type TraceList, type TraceResult } from "../traces/trace-files.ts";
import type { TraceJob, TraceJobs } from "../traces/trace-jobs.ts";
import { doneTrace, fileAnswer, knownJobs } from "./traces.ts";

type Done = TraceJob & { readonly result: TraceResult };
type Paging = { readonly limit: number; readonly cursor?: string };

/** With so many steps an answer is long enough: the ways that are left come with the next page. */
const stepsMax = 20_000;
const jsonHeaders = { "content-type": "application/json; charset=utf-8" };
const formMedia: Readonly<Record<GraphForm, string>> = {
  graphml: "application/graphml+xml; charset=utf-8",
  gexf: "application/gexf+xml; charset=utf-8",
  dot: "text/vnd.graphviz; charset=utf-8",
  csv: "text/csv; charset=utf-8",
};

/** What reads finished traces; never more of one than is answered. */
export function traceAnswerHandlers(jobs: TraceJobs | undefined): Handlers<keyof typeof traceAnswerRoutes> {
  const of = async (id: string, answer: (job: Done) => Promise<RawAnswer>): Promise<RawAnswer> => {
    const job = doneTrace(knownJobs(jobs).get(id));
    return whileKept(job, async () => answer(job));
  };
  const list =
    (name: TraceList) =>
    async ({ params, query }: { readonly params: { readonly id: string }; readonly query: Paging }) =>
      of(params.id, async (job) => listAnswer(job, name, query));
  return {
    getTraceSummary: async ({ params }) =>
      of(params.id, async (job) => jsonFile(traceFiles.summary(forward(job, "summary").folder))),
    getTraceGraph: async ({ params, query }) => of(params.id, async (job) => graphAnswer(job, query)),
    listTraceDestinations: list("destinations"),
    listTraceExits: list("exits"),
    listTraceHoldings: list("holdings"),
    listTraceSteps: list("steps"),
    listTracePatterns: list("patterns"),
    listTraceCommingling: list("commingling"),
    getTracePath: async ({ params, query }) => of(params.id, async (job) => pathAnswer(forward(job, "ways"), query)),
    getTraceComparison: async ({ params, query }) => of(params.id, async (job) => comparisonAnswer(job, query)),
  };
}

async function jsonFile(file: string): Promise<RawAnswer> {
  return { raw: await fileStream(file), headers: jsonHeaders };
}

type GraphAsked = { readonly format?: GraphForm | "json"; readonly size: number; readonly whole?: "on" | "off" };

async function graphAnswer(any: Done, { format = "json", size, whole = "off" }: GraphAsked): Promise<RawAnswer> {
  const job = forward(any, "flow graph");
  if (format !== "json") return formAnswer(job, format);
  return whole === "on" ? wholeGraph(job) : jsonFile(graphFile(job, size));
}

function forward(job: Done, what: string): Done {
  if (job.asked.direction !== "backward") return job;
  throw new Failure("NOT_FOUND", { what: `a trace backward has no ${what}`, mend: "read its result" });
}

function notAsked(what: string, option: string): Failure {
  return new Failure("NOT_FOUND", { what: `this trace has no ${what}`, mend: `start one with "${option}": "on"` });
}

async function listAnswer(job: Done, list: TraceList, paging: Paging): Promise<RawAnswer> {
  const total = forward(job, list).result.counts[list];
  if (total === undefined) throw notAsked(list, "patterns");
  const { rows, next } = await pageText(job, list, paging);
  return { raw: `{"${list}":[${rows}],"total":${total},"next":${next}}`, headers: jsonHeaders };
}

async function pageText(
  { folder, result }: Done,
  list: TraceList,
  { limit, cursor }: Paging,
): Promise<{ readonly rows: string; readonly next: string }> {
  const from = rowOf(cursor);
  const rows = await RowFile.use(traceFiles.list(folder, list), async (file) => file.slice(from, from + limit));
  const isLast = from + limit >= (result.counts[list] ?? 0);
  return { rows, next: isLast ? "null" : JSON.stringify(cursorOf(from + limit)) };
}

async function comparisonAnswer(
  job: Done,
  { limit, cursor, whole }: Paging & { readonly whole?: "on" | "off" },
): Promise<RawAnswer> {
  const { folder, result, chain } = job;
  const total = result.counts.compared;
  if (result.compare === null || total === undefined) throw notAsked("comparison", "compare");
  if (whole === "on") return fileAnswer(traceFiles.compare(folder), result.compare);
  const { rows, next } = await pageText(job, "compared", { limit, ...(cursor === undefined ? {} : { cursor }) });
  const policies = await readFile(traceFiles.policies(folder), "utf8");
  const head = `{"chain":${JSON.stringify(chain)},"policies":${policies}`;
  return { raw: `${head},"destinations":[${rows}],"total":${total},"next":${next}}`, headers: jsonHeaders };
}

/** The graph of a size; where fewer nodes are all of them, the smaller one. */
function graphFile({ folder, result }: Done, size: number): string {
  const made = graphSizes.filter((one): one is GraphSize => one <= size && result.graphs.includes(one));
  return traceFiles.graph(folder, made.at(-1) ?? graphSizes[0]);
}

async function wholeGraph({ folder, result, chain }: Done): Promise<RawAnswer> {
  const { model, policy } = JSON.parse(await readFile(traceFiles.summary(folder), "utf8")) as {
    readonly model: string;
    readonly policy: string;
  };
  const head = { chain, model, policy, result: { sha256: result.sha256, tip: result.tip }, shown: null };
  const raw = await rowsStream(folder, ["nodes", "edges"], async function* write(rows) {
    yield `${JSON.stringify(head).slice(0, -1)},"nodes":[`;
    yield* rows.inside(0);
    yield `],\n"edges":[`;
    yield* rows.inside(1);
    yield `],\n"gathered":[]}\n`;
  });
  return { raw, headers: jsonHeaders };
}

type NodeRow = Pick<GraphNode, "id" | "label"> & {
  readonly kind: string;
  readonly isExit: boolean;
  readonly entity: string | null;
};
type EdgeRow = Readonly<Record<"from" | "to" | "asset" | "amount" | "ref" | "time", string>> & {
  readonly block: number;
  readonly usd: Readonly<Record<"then" | "atTheft" | "now", string | null>>;
};

async function formAnswer({ id, folder }: Done, form: GraphForm): Promise<RawAnswer> {
  const raw = await rowsStream(folder, ["nodes", "edges"], (rows) =>
    writeGraphLater(
      {
        nodes: () => mapped(rows.values<NodeRow>(0), graphNode),
        edges: () => mapped(rows.values<EdgeRow>(1), graphEdge),
      },
      form,
    ),
  );
  return {
    raw,
    headers: {
      "content-type": formMedia[form],
      "content-disposition": `attachment; filename="fundtrail-${id}.${form}"`,
    },
  };
}

async function* mapped<From, To>(lists: AsyncIterable<readonly From[]>, to: (one: From) => To): AsyncIterable<To[]> {
  for await (const list of lists) yield list.map(to);
}

function graphNode({ id, kind, label, isExit, entity }: NodeRow): GraphNode {
  return { id, kind: formKinds[kind] ?? kind, label, entity: isExit ? (entity ?? "") : "" };
}

/** What the forms call what has no address, or is nobody. */
const formKinds: Readonly<Record<string, string>> = { output: "ref", mint: "nobody", fee: "nobody" };

function graphEdge({ from, to, asset, amount, ref, block, time, usd }: EdgeRow): GraphEdge {
  return {
    source: from,
    target: to,
    asset,
    amount,
    ref,
    block: String(block),
    time,
    usd: usd.then ?? "",
    usdAtTheft: usd.atTheft ?? "",
    usdNow: usd.now ?? "",
  };
}

type PathAsked = Paging & { readonly to?: string; readonly step?: number; readonly hops: number };

async function pathAnswer(job: Done, asked: PathAsked): Promise<RawAnswer> {
  const { to, step, limit, cursor, hops } = asked;
  if ((to === undefined) === (step === undefined)) {
    const what = to === undefined ? "neither to nor step is given" : "to and step are both given";
    throw new Failure("USAGE", { what, mend: "give one of them" });
  }
  if (step !== undefined) {
    if (step >= (job.result.counts.steps ?? 0)) throw noDestination(`step ${step}`);
    const { text } = await wayTo(job, step, { hops, kind: null, end: "null" });
    return pathsText([text], 1, null);
  }
  const from = rowOf(cursor);
  const { total, rows } = await rowsNamed(traceFiles.names(job.folder), to ?? "", { from, limit });
  if (total === 0) throw noDestination(to ?? "");
  const paths: string[] = [];
  let steps = 0;
  for (const { list, row } of rows) {
    const way = await wayToEnd(job, { list, row }, hops);
    paths.push(way.text);
    steps += way.steps;
    if (steps >= stepsMax) break;
  }
  const end = from + paths.length;
  return pathsText(paths, total, end < total ? cursorOf(end) : null);
}

function noDestination(name: string): Failure {
  const mend = "name an exit or a holding by its reference, address or entity, as the lists have them";
  return new Failure("UNKNOWN_NAME", { kind: "destination", name, where: "this trace", mend });
}

function pathsText(paths: readonly string[], total: number, next: string | null): RawAnswer {
  return {
    raw: `{"paths":[${paths.join(",\n")}],"total":${total},"next":${JSON.stringify(next)}}`,
    headers: jsonHeaders,
  };
}

type Way = { readonly text: string; readonly steps: number };

async function wayToEnd(job: Done, { list, row }: NamedRow, hops: number): Promise<Way> {
  const end = await RowFile.use(traceFiles.list(job.folder, list), async (file) => file.row(row));
  const { step } = JSON.parse(end) as { readonly step: number };
  return wayTo(job, step, { hops, kind: list === "exits" ? "exit" : "holding", end });
}

/** The steps that lead to one, from its end; those before the last `hops` are only counted. */
async function wayTo(
  { folder }: Done,
  end: number,
  of: { readonly hops: number; readonly kind: string | null; readonly end: string },
): Promise<Way> {
  return RowFile.use(traceFiles.list(folder, "steps"), async (file) => {
    const steps: string[] = [];
    let leftOut = 0;
    for (let step = end; step >= 0; step = await file.numberOf(step)) {
      if (steps.length < of.hops) steps.push(await file.row(step));
      else leftOut += 1;
    }
    const list = steps.toReversed().join(",\n");
    const text = `{"kind":${JSON.stringify(of.kind)},"end":${of.end},"steps":[${list}],"leftOut":${leftOut}}`;
    return { text, steps: steps.length };
  });
}
