import { listsBy, type FlowIndex, type Lists } from "../model/flow-index.ts";

/** A flow whose nodes are gathered: every node is in exactly one gathering. Only order and weights; no money. */
export type Quotient = {
  readonly count: number;
  /** The gathering of each node of the flow. */
  readonly placeOf: Int32Array;
  readonly members: Lists;
  /** Least of the members'. */
  readonly order: Float64Array;
  /** Edges between different gatherings, joined; in the order of their first part. */
  readonly sources: readonly number[];
  readonly targets: readonly number[];
  readonly weights: readonly number[];
  readonly outs: Lists;
  readonly ins: Lists;
  /** The gathering from which most came earlier; -1 where there is none. */
  readonly parent: Int32Array;
  readonly children: Lists;
  /** In the order of arrival. */
  readonly sorted: readonly number[];
};

/** @param placeOf - 0 to count - 1, each of which is taken. Cost: linear in the flow. */
export function gather(index: FlowIndex, placeOf: Int32Array, count: number): Quotient {
  const order = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  for (const [node, place] of placeOf.entries()) {
    order[place] = Math.min(order[place] ?? 0, index.order[node] ?? 0);
  }
  const { sources, targets, weights } = joinEdges(index, placeOf, count);
  const parent = parentsOf(order, { sources, targets, weights });
  const sorted = Array.from({ length: count }, (_, place) => place);
  sorted.sort((left, right) => (order[left] ?? 0) - (order[right] ?? 0));
  return {
    count,
    placeOf,
    members: listsBy(count, [...placeOf]),
    order,
    sources,
    targets,
    weights,
    outs: listsBy(count, sources),
    ins: listsBy(count, targets),
    parent,
    children: childrenOf(parent, sorted),
    sorted,
  };
}

type JoinedEdges = Pick<Quotient, "sources" | "targets" | "weights">;

function joinEdges({ flow, weights: { of } }: FlowIndex, placeOf: Int32Array, count: number): JoinedEdges {
  const places = new Map<number, number>();
  const sources: number[] = [];
  const targets: number[] = [];
  const weights: number[] = [];
  for (const edge of flow.edges) {
    const source = placeOf[edge.source] ?? 0;
    const target = placeOf[edge.target] ?? 0;
    if (source === target) continue;
    const key = source * count + target;
    const at = places.get(key);
    if (at === undefined) {
      places.set(key, sources.length);
      sources.push(source);
      targets.push(target);
      weights.push(of(edge));
    } else weights[at] = (weights[at] ?? 0) + of(edge);
  }
  return { sources, targets, weights };
}

function parentsOf(order: Float64Array, { sources, targets, weights }: JoinedEdges): Int32Array {
  const parent = new Int32Array(order.length).fill(-1);
  const most = new Float64Array(order.length).fill(-1);
  for (const [edge, source] of sources.entries()) {
    const target = targets[edge] ?? 0;
    if ((order[source] ?? 0) >= (order[target] ?? 0)) continue;
    const weight = weights[edge] ?? 0;
    const before = parent[target] ?? -1;
    const isEarlier = before >= 0 && (order[source] ?? 0) < (order[before] ?? 0);
    if (weight > (most[target] ?? 0) || (weight === most[target] && isEarlier)) {
      most[target] = weight;
      parent[target] = source;
    }
  }
  return parent;
}

function childrenOf(parent: Int32Array, sorted: readonly number[]): Lists {
  const withParent = sorted.filter((place) => (parent[place] ?? -1) >= 0);
  const lists = listsBy(
    parent.length,
    withParent.map((place) => parent[place] ?? 0),
  );
  return { starts: lists.starts, items: lists.items.map((at) => withParent[at] ?? 0) };
}

/** Numbers gatherings anew where several became one: `root` names for each the one that stands for it. */
export function renumber(
  { placeOf }: Quotient,
  root: ArrayLike<number>,
): { placeOf: Int32Array; count: number; of: Int32Array } {
  const of = new Int32Array(root.length).fill(-1);
  let count = 0;
  const next = new Int32Array(placeOf.length);
  for (const [node, place] of placeOf.entries()) {
    const stands = root[place] ?? place;
    if (of[stands] === -1) {
      of[stands] = count;
      count += 1;
    }
    next[node] = of[stands] ?? 0;
  }
  for (let place = 0; place < root.length; place += 1) of[place] = of[root[place] ?? place] ?? -1;
  return { placeOf: next, count, of };
}
