import { addAmount, type AssetSum } from "./amounts.ts";
import type { EdgeRecord } from "./edge-columns.ts";
import type { FlowEdge, FlowGraph, FlowNode } from "./graph.ts";
import { Groups } from "./groups.ts";
import type { Weigh } from "./weights.ts";

/** How much of a graph is shown one by one. */
export type GraphLimit = { readonly nodes: number; readonly edges: number };

/** An edge between two shown nodes that stands for several: at least one of them is a group, or there were too many. */
export type GatheredEdge = {
  readonly source: string;
  readonly target: string;
  readonly sum: AssetSum;
  readonly first: number;
  readonly last: number;
  readonly hop: number;
};

/** A graph within a limit, and what it leaves out. */
export type LimitedGraph = {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  readonly gathered: readonly GatheredEdge[];
  /**
   * Of the ends of the trace, exits and what rests, by asset: all, and what lies in nodes that are shown one by one. None where
   * what rests somewhere has no amount, as of accounts under `poison`: exits alone would pass for the whole.
   */
  readonly ends: readonly { readonly asset: string; readonly all: AssetSum; readonly shown: AssetSum | undefined }[];
  readonly all: { readonly nodes: number; readonly edges: number };
  /** Edges that are neither shown nor gathered, and their amounts by asset. */
  readonly leftOut: { readonly edges: number; readonly amounts: readonly AssetSum[] };
};

/** What an edge was worth when it moved; undefined where a price is not known. */
export type MovedOf = (asset: string, amount: bigint, time: number) => AssetSum["moved"];

export type LimitOptions = { readonly weigh: Weigh; readonly moved: MovedOf };

/**
 * The largest nodes and edges of a graph, by any limit. Other nodes are gathered by their service and, where they have none, by their
 * hop; edges follow their ends. The same graph and limit give the same answer. Cost: nodes are put in order once for all limits,
 * and each limit goes once over nodes and edges.
 */
export class GraphLimiter {
  readonly #graph: FlowGraph;
  readonly #options: LimitOptions;
  /** All that ends, by asset; undefined: something of it has no amount. */
  readonly #ends: readonly AssetSum[] | undefined;
  #largest: Int32Array | undefined;

  constructor(graph: FlowGraph, options: LimitOptions) {
    this.#graph = graph;
    this.#options = options;
    const { nodes } = graph;
    const hasAmounts = nodes.every(
      ({ rests, resting }) => rests.reduce((sum, { count }) => sum + count, 0) === resting,
    );
    this.#ends = hasAmounts ? endsOf(nodes) : undefined;
  }

  limited(limit: GraphLimit): LimitedGraph {
    const { weigh, moved } = this.#options;
    const { nodes, edges } = this.#graph;
    const isShown = this.#shown(limit.nodes);
    const groups = new Groups(nodes, (place) => isShown[place] === 1);
    const { single, gatherer } = this.#split(isShown, groups, limit);
    const gathered = gatherer.edges().map((of) => ({ of, weight: weigh(of.sum.asset, of.sum.amount) }));
    // What is gathered has its place within the limit too, by its weight.
    const weighed: Weighed<number | Gathering>[] = [...single, ...gathered].toSorted(heavier);
    const leftOut = leftOutOf(this.#graph, weighed.slice(limit.edges), moved);
    const kept = weighed.slice(0, limit.edges).map(({ of }) => of);
    const idOf = (place: number): string => (nodes[place] ?? groups.nodes[place - nodes.length])?.id ?? "";
    const shown = nodes.filter((_, place) => isShown[place] === 1);
    const shownEnds = this.#ends === undefined ? [] : endsOf(shown);
    return {
      nodes: [...shown, ...groups.nodes],
      edges: kept
        .filter((of) => typeof of === "number")
        .toSorted((left, right) => left - right)
        .map((id) => this.#graph.edge(id)),
      gathered: kept
        .filter((of) => typeof of !== "number")
        .map(({ source, target, ...of }) => ({ source: idOf(source), target: idOf(target), ...of })),
      ends: (this.#ends ?? []).map((all) => ({
        asset: all.asset,
        all,
        shown: shownEnds.find(({ asset }) => asset === all.asset),
      })),
      all: { nodes: nodes.length, edges: edges.count },
      leftOut,
    };
  }

  /** Edges that may be shown one by one, as many as there may be, the largest first; all others are gathered. */
  #split(
    isShown: Uint8Array,
    groups: Groups,
    limit: GraphLimit,
  ): { readonly single: readonly Weighed<number>[]; readonly gatherer: Gatherer } {
    const { weigh, moved } = this.#options;
    const { edges } = this.#graph;
    const gatherer = new Gatherer(moved);
    const single: Weighed<number>[] = [];
    const add = (id: number): void => {
      const edge = edges.at(id);
      gatherer.add(edge, groups.places[edge.source] as number, groups.places[edge.target] as number);
    };
    const [sources, targets, assets] = [edges.column("source"), edges.column("target"), edges.column("asset")];
    for (let id = 0; id < edges.count; id += 1) {
      const isSingle = isShown[sources[id] as number] === 1 && isShown[targets[id] as number] === 1;
      if (!isSingle) add(id);
      else {
        const asset = edges.assets[assets[id] as number] as string;
        single.push({ of: id, weight: weigh(asset, edges.amounts[id] as bigint) });
      }
    }
    single.sort((left, right) => heavier(left, right) || left.of - right.of);
    // What is too much, gathered.
    for (const { of } of single.splice(limit.edges)) add(of);
    return { single, gatherer };
  }

  /** By place, 1 for the largest nodes. */
  #shown(most: number): Uint8Array {
    const { nodes } = this.#graph;
    const isShown = new Uint8Array(nodes.length);
    if (nodes.length <= most) return isShown.fill(1);
    this.#largest ??= largestFirst(nodes, this.#options.weigh);
    for (const place of this.#largest.subarray(0, most)) isShown[place] = 1;
    return isShown;
  }
}

type Weighed<Of> = { readonly of: Of; readonly weight: bigint };

function heavier(left: Weighed<unknown>, right: Weighed<unknown>): number {
  return left.weight === right.weight ? 0 : left.weight > right.weight ? -1 : 1;
}

function leftOutOf(
  { edges }: FlowGraph,
  weighed: readonly Weighed<number | Gathering>[],
  moved: MovedOf,
): LimitedGraph["leftOut"] {
  const amounts: AssetSum[] = [];
  let count = 0;
  for (const { of } of weighed) {
    const sum = typeof of === "number" ? sumOf(edges.at(of), moved) : of.sum;
    count += sum.count;
    addAmount(amounts, sum);
  }
  return { edges: count, amounts };
}

function sumOf({ asset, amount, value, time }: EdgeRecord, moved: MovedOf): AssetSum {
  return { asset, amount, value, moved: moved(asset, amount, time), count: 1 };
}

/** Nodes by their places, the largest first: by what came in or went out, whichever is more. */
function largestFirst(nodes: readonly FlowNode[], weigh: Weigh): Int32Array {
  const weighed = nodes.map((node, of) => ({ of, weight: weightOf(node, weigh), isOrigin: node.isOrigin }));
  weighed.sort(
    (left, right) =>
      // An origin is what all begins with, however small it is.
      (left.isOrigin === right.isOrigin ? 0 : left.isOrigin ? -1 : 1) || heavier(left, right) || left.of - right.of,
  );
  return Int32Array.from(weighed, ({ of }) => of);
}

function weightOf({ received, paid }: FlowNode, weigh: Weigh): bigint {
  const sum = (sums: readonly AssetSum[]): bigint =>
    sums.reduce((before, { asset, amount }) => before + weigh(asset, amount), 0n);
  const [into, out] = [sum(received), sum(paid)];
  return into > out ? into : out;
}

type Gathering = Omit<GatheredEdge, "source" | "target" | "sum"> & {
  readonly source: number;
  readonly target: number;
  readonly sum: AssetSum;
};

/** Edges that are put together by their ends and their asset. */
class Gatherer {
  readonly #moved: MovedOf;
  /** By source and target; of each, by asset. */
  readonly #pairs = new Map<number, { source: number; target: number; sums: AssetSum[]; spans: Span[] }>();

  constructor(moved: MovedOf) {
    this.#moved = moved;
  }

  add(edge: EdgeRecord, source: number, target: number): void {
    // Places are below 2^25: more nodes need more memory than a trace may take.
    const key = source * 0x200_0000 + target;
    let pair = this.#pairs.get(key);
    if (pair === undefined) this.#pairs.set(key, (pair = { source, target, sums: [], spans: [] }));
    addAmount(pair.sums, sumOf(edge, this.#moved));
    const { time, hop } = edge;
    const at = pair.sums.findIndex(({ asset }) => asset === edge.asset);
    const span = pair.spans[at];
    pair.spans[at] =
      span === undefined
        ? { first: time, last: time, hop }
        : {
            first: time < span.first ? time : span.first,
            last: time > span.last ? time : span.last,
            hop: hop < span.hop ? hop : span.hop,
          };
  }

  edges(): readonly Gathering[] {
    return [...this.#pairs.values()].flatMap(({ source, target, sums, spans }) =>
      sums.map((sum, at) => ({ source, target, sum, ...(spans[at] as Span) })),
    );
  }
}

type Span = { readonly first: number; readonly last: number; readonly hop: number };

/** What ends at some nodes, by asset: exits, and what rests. */
function endsOf(nodes: readonly FlowNode[]): readonly AssetSum[] {
  const ends: AssetSum[] = [];
  for (const { exit, received, rests } of nodes) {
    for (const { asset, amount, moved, count } of exit === undefined ? rests : [...received, ...rests]) {
      addAmount(ends, { asset, amount, moved, value: undefined, count });
    }
  }
  return ends;
}
