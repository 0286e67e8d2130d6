import { addAmount, type AssetSum, type Part } from "./amounts.ts";
import type { FlowEdge, FlowNode } from "./graph.ts";
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
  /** Of the ends of the trace, exits and what rests, by asset: all, and what lies in nodes that are shown one by one. */
  readonly ends: readonly { readonly asset: string; readonly all: AssetSum; readonly shown: AssetSum | undefined }[];
  readonly all: { readonly nodes: number; readonly edges: number };
  /** Edges that are neither shown nor gathered, and their amounts by asset. */
  readonly leftOut: { readonly edges: number; readonly amounts: readonly AssetSum[] };
};

/** Groups by services, and groups by hop: at most so many of each. */
const groupsMax = 200;

/**
 * The largest nodes and edges of a graph. Other nodes are gathered by their service and, where they have none, by their hop;
 * edges follow their ends. The same graph and limit give the same answer.
 *
 * @param moved - What an edge was worth when it moved.
 */
export function limitGraph(
  nodes: readonly FlowNode[],
  edges: Iterable<FlowEdge>,
  { limit, weigh, moved }: { readonly limit: GraphLimit; readonly weigh: Weigh; readonly moved: MovedOf },
): LimitedGraph {
  const chosen = largest(nodes, limit.nodes, weigh);
  const groups = new Groups(nodes, chosen);
  const placeOf = (id: string): string => groups.of(id) ?? id;
  const single: { readonly edge: FlowEdge; readonly weight: bigint }[] = [];
  const gatherer = new Gatherer();
  let count = 0;
  const prune = (most: number): void => {
    if (single.length <= most) return;
    single.sort((left, right) => byWeight(left.weight, right.weight) || left.edge.id - right.edge.id);
    for (const { edge } of single.splice(most)) gatherer.add(edge, edge.source, edge.target, moved(edge));
  };
  for (const edge of edges) {
    count += 1;
    const [source, target] = [placeOf(edge.source), placeOf(edge.target)];
    if (source === edge.source && target === edge.target) {
      single.push({ edge, weight: weigh(edge.asset, edge.amount) });
      if (single.length >= limit.edges * 2 + 1_000) prune(limit.edges);
    } else gatherer.add(edge, source, target, moved(edge));
  }
  prune(limit.edges);
  // What is gathered has its place within the limit too, by its weight.
  const weighed = [
    ...single,
    ...gatherer.edges().map((gathered) => ({ gathered, weight: weigh(gathered.sum.asset, gathered.sum.amount) })),
  ].toSorted((left, right) => byWeight(left.weight, right.weight));
  const out: AssetSum[] = [];
  let edgesOut = 0;
  for (const one of weighed.slice(limit.edges)) {
    const sum = "edge" in one ? { ...one.edge, moved: moved(one.edge), count: 1 } : one.gathered.sum;
    edgesOut += sum.count;
    addAmount(out, sum);
  }
  const kept = weighed.slice(0, limit.edges);
  return {
    nodes: [...nodes.filter(({ id }) => groups.of(id) === undefined), ...groups.nodes()],
    edges: kept.flatMap((one) => ("edge" in one ? [one.edge] : [])).toSorted((left, right) => left.id - right.id),
    gathered: kept.flatMap((one) => ("gathered" in one ? [one.gathered] : [])),
    ends: endsOf(nodes, groups),
    all: { nodes: nodes.length, edges: count },
    leftOut: { edges: edgesOut, amounts: out },
  };
}

/** What an edge was worth when it moved; undefined where a price is not known. */
export type MovedOf = (edge: FlowEdge) => AssetSum["moved"];

/** The ids of the largest nodes: by what came in or went out, whichever is more. */
function largest(nodes: readonly FlowNode[], most: number, weigh: Weigh): ReadonlySet<string> {
  if (nodes.length <= most) return new Set(nodes.map(({ id }) => id));
  const weighed = nodes.map((node, place) => ({ node, place, weight: weightOf(node, weigh) }));
  weighed.sort(
    (left, right) =>
      // An origin is what all begins with, however small it is.
      (left.node.isOrigin === right.node.isOrigin ? 0 : left.node.isOrigin ? -1 : 1) ||
      byWeight(left.weight, right.weight) ||
      left.place - right.place,
  );
  return new Set(weighed.slice(0, most).map(({ node }) => node.id));
}

function weightOf({ received, paid }: FlowNode, weigh: Weigh): bigint {
  const sum = (sums: readonly AssetSum[]): bigint =>
    sums.reduce((before, { asset, amount }) => before + weigh(asset, amount), 0n);
  const [into, out] = [sum(received), sum(paid)];
  return into > out ? into : out;
}

/** The nodes that are not shown one by one, gathered. */
class Groups {
  readonly #groupOf = new Map<string, string>();
  readonly #groups = new Map<string, FlowNode>();

  constructor(nodes: readonly FlowNode[], chosen: ReadonlySet<string>) {
    const rest = nodes.filter(({ id }) => !chosen.has(id));
    const hopMost = rest.reduce((most, { hop }) => (hop > most ? hop : most), 0);
    let width = 1;
    while (width * groupsMax <= hopMost) width += 1;
    const services = new Set<string>();
    for (const node of rest) {
      const id = groupId(node, width, services);
      this.#groupOf.set(node.id, id);
      this.#groups.set(id, joined(this.#groups.get(id), node, id));
    }
  }

  of(id: string): string | undefined {
    return this.#groupOf.get(id);
  }

  nodes(): readonly FlowNode[] {
    return [...this.#groups.values()];
  }
}

function groupId({ exit, hop, id }: FlowNode, width: number, services: Set<string>): string {
  // What is a group already stays one.
  if (id.startsWith("group:")) return id;
  if (exit !== undefined) {
    const own = `group:service:${exit.entity}`;
    if (services.has(own) || services.size < groupsMax) {
      services.add(own);
      return own;
    }
    return "group:services";
  }
  const from = hop - (hop % width);
  return width === 1 ? `group:hop:${hop}` : `group:hop:${from}-${from + width - 1}`;
}

function joined(before: FlowNode | undefined, node: FlowNode, id: string): FlowNode {
  const isService = id.startsWith("group:service:");
  const group: FlowNode = before ?? {
    id,
    kind: "group",
    label: id.slice("group:".length),
    exit: isService ? node.exit : undefined,
    tagged: undefined,
    isOrigin: false,
    first: node.first,
    last: node.last,
    hop: node.hop,
    received: [],
    paid: [],
    rests: [],
    resting: 0,
    members: 0,
  };
  for (const side of ["received", "paid", "rests"] as const) for (const sum of node[side]) addAmount(group[side], sum);
  return {
    ...group,
    isOrigin: group.isOrigin || node.isOrigin,
    first: node.first < group.first ? node.first : group.first,
    last: node.last > group.last ? node.last : group.last,
    hop: node.hop < group.hop ? node.hop : group.hop,
    resting: group.resting + node.resting,
    members: group.members + node.members,
  };
}

/** Edges that are put together by their ends and their asset. */
class Gatherer {
  readonly #edges = new Map<string, GatheredEdge & { readonly sums: AssetSum[] }>();

  add({ asset, amount, value, time, hop }: FlowEdge, source: string, target: string, moved: Part["moved"]): void {
    const key = JSON.stringify([source, target, asset]);
    const known = this.#edges.get(key);
    const sums: AssetSum[] = known?.sums ?? [];
    addAmount(sums, { asset, amount, value, moved });
    const [sum] = sums as [AssetSum];
    this.#edges.set(key, {
      source,
      target,
      sums,
      sum,
      first: known === undefined || time < known.first ? time : known.first,
      last: known === undefined || time > known.last ? time : known.last,
      hop: known === undefined || hop < known.hop ? hop : known.hop,
    });
  }

  edges(): readonly GatheredEdge[] {
    return [...this.#edges.values()].map(({ source, target, sum, first, last, hop }) => ({
      source,
      target,
      sum,
      first,
      last,
      hop,
    }));
  }
}

function endsOf(nodes: readonly FlowNode[], groups: Groups): LimitedGraph["ends"] {
  const [all, shown]: [AssetSum[], AssetSum[]] = [[], []];
  for (const node of nodes) {
    for (const sum of node.exit === undefined ? node.rests : [...node.received, ...node.rests]) {
      const { asset, amount, moved } = sum;
      const part = { asset, amount, moved, value: undefined, count: sum.count };
      addAmount(all, part);
      if (groups.of(node.id) === undefined) addAmount(shown, part);
    }
  }
  return all.map((one) => ({ asset: one.asset, all: one, shown: shown.find(({ asset }) => asset === one.asset) }));
}

function byWeight(left: bigint, right: bigint): number {
  return left === right ? 0 : left > right ? -1 : 1;
}
