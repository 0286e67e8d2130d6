import type { TaintGraph } from "./taint-graph.ts";

/** The patterns that are looked for in one trace; `commingling` needs two. Each has a page in `docs/methods/`. */
export const patternNames = [
  "peel-chain",
  "fan-out",
  "fan-in",
  "round-amounts",
  "dormancy",
  "victim-return",
  "commingling",
] as const;
export type PatternName = (typeof patternNames)[number];

/** From what on something counts as a pattern. What the defaults cost in errors stands in each pattern's page. */
export type PatternRules = {
  /** Peel chain: the least number of hops, and the largest part of a coin that may be peeled off, in percent. */
  readonly peelHops: number;
  readonly peelPercent: number;
  /** Fan-out: to how many receivers; fan-in: from how many holders. */
  readonly fanOut: number;
  readonly fanIn: number;
  /** Within how many seconds an account's payments or receipts belong together. */
  readonly fanSeconds: number;
  /** Round amounts: how many digits may differ from 0, and how many zeros must follow them. */
  readonly roundDigits: number;
  readonly roundZeros: number;
  /** Dormancy: how many seconds value must rest. */
  readonly dormantSeconds: number;
};

const daySeconds = 86_400;

export const usualRules: PatternRules = {
  peelHops: 5,
  peelPercent: 50,
  fanOut: 10,
  fanIn: 5,
  fanSeconds: daySeconds,
  roundDigits: 2,
  roundZeros: 5,
  dormantSeconds: 30 * daySeconds,
};

/** A transaction that shows a pattern. */
export type Evidence = {
  readonly txid: string;
  readonly height: number;
  /** Unix seconds. */
  readonly time: number;
};

/** A pattern that was found. */
export type Pattern = {
  readonly pattern: PatternName;
  /** Whose doing it is, as far as one address can be named. */
  readonly address: string | null;
  readonly asset: string;
  /** The tainted value that is in it, in base units. */
  readonly amount: bigint;
  /** How many hops, receivers, holders or payments make it up. */
  readonly count: number;
  /** Seconds of rest; of the others undefined. */
  readonly seconds: number | undefined;
  /** What it leads to: the receiver at its end, where there is one. */
  readonly to: string | null;
  /** The transactions, in chain order, each once. */
  readonly evidence: readonly Evidence[];
};

/** The transactions of edges, in chain order, each once. */
export function evidenceOf(graph: TaintGraph, edges: Iterable<number>): readonly Evidence[] {
  const found = new Map<string, Evidence>();
  for (const edge of [...edges].toSorted((left, right) => graph.row(left) - graph.row(right))) {
    const txid = graph.txid(edge);
    if (!found.has(txid)) found.set(txid, { txid, height: graph.height(edge), time: graph.time(edge) });
  }
  return [...found.values()];
}

/** The sum of the tainted parts of edges. */
export function taintOfEdges(graph: TaintGraph, edges: Iterable<number>): bigint {
  let sum = 0n;
  for (const edge of edges) sum += graph.amount(edge);
  return sum;
}
