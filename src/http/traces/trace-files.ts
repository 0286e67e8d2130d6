import path from "node:path";

/** Lists of a finished trace that are read page by page; largest first, but `steps`, `nodes` and `edges` in chain order. */
export const traceLists = [
  "holdings",
  "exits",
  "destinations",
  "steps",
  "nodes",
  "edges",
  "patterns",
  "commingling",
  "compared",
] as const;
export type TraceList = (typeof traceLists)[number];

/** Up to so many nodes a graph shows one by one, and twice as many edges. */
export const graphSizes = [100, 300, 1_000, 3_000, 10_000] as const;
export type GraphSize = (typeof graphSizes)[number];

/** Where what is kept of a trace lies within its folder. */
export const traceFiles = {
  result: (folder: string) => path.join(folder, "result.json"),
  summary: (folder: string) => path.join(folder, "summary.json"),
  compare: (folder: string) => path.join(folder, "compare.json"),
  policies: (folder: string) => path.join(folder, "policies.json"),
  names: (folder: string) => path.join(folder, "names.index"),
  graph: (folder: string, size: GraphSize) => path.join(folder, `graph-${size}.json`),
  /** Without an ending: rows and their index. */
  list: (folder: string, list: TraceList) => path.join(folder, list),
} as const;

/** How many rows each list has; lists that a trace has not are left out. */
export type TraceCounts = Readonly<Partial<Record<TraceList, number>>>;

/** A file that is told of with its digest. */
export type Digested = { readonly bytes: number; readonly sha256: string };

/** The state of the chain that a trace was read from. */
export type TraceTip = { readonly height: number; readonly hash: string | null; readonly time: string } | null;

export type TraceResult = Digested & {
  /** Bytes of all that is kept of it. */
  readonly stored: number;
  readonly tip: TraceTip;
  /** The digest of the lists of tags that it rests on; null: not kept, by a version of before. */
  readonly tags: string | null;
  readonly counts: TraceCounts;
  /** Of a trace by every policy. */
  readonly compare: Digested | null;
  /** Graphs that were made; a larger one is the same as the largest of them. */
  readonly graphs: readonly GraphSize[];
};
