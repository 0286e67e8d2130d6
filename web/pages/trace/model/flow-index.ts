import type { Flow } from "./flow.ts";
import { weightsOf, type Weights } from "./weights.ts";

/** What is worked out once of a flow, by the places of its nodes. */
export type FlowIndex = {
  readonly flow: Flow;
  readonly weights: Weights;
  /** Place in the order in which taint arrived, by the first edge; last what pays nobody. */
  readonly order: Int32Array;
  /** Columns of the layout by hop: an edge from an earlier to a later node always goes to a later column. */
  readonly column: Int32Array;
  readonly outs: Lists;
  readonly ins: Lists;
  /** What ends at a node: exits and what rests. */
  readonly ends: Float64Array;
  /** What passes through a node: the larger of what came and what went. */
  readonly passes: Float64Array;
};

/** Lists of numbers, one for each node, in one array. */
export type Lists = { readonly starts: Int32Array; readonly items: Int32Array };

export function listAt({ starts, items }: Lists, place: number): Int32Array {
  return items.subarray(starts[place] ?? 0, starts[place + 1] ?? 0);
}

/** Cost: linear in the flow. */
export function indexFlow(flow: Flow): FlowIndex {
  const { nodes, edges } = flow;
  const weights = weightsOf(flow);
  const order = arrivalOrder(flow);
  const outs = listsBy(
    nodes.length,
    edges.map(({ source }) => source),
  );
  const ins = listsBy(
    nodes.length,
    edges.map(({ target }) => target),
  );
  const passes = Float64Array.from(nodes, ({ received, paid }) => Math.max(weights.sum(received), weights.sum(paid)));
  const ends = Float64Array.from(nodes, ({ exit, received, rests }) =>
    exit === undefined ? weights.sum(rests) : weights.sum(received),
  );
  return { flow, weights, order, column: columnsOf(flow, order, ins), outs, ins, ends, passes };
}

/** Groups places 0… by a key for each of them. */
export function listsBy(count: number, keys: readonly number[]): Lists {
  const starts = new Int32Array(count + 1);
  for (const key of keys) starts[key + 1] = (starts[key + 1] ?? 0) + 1;
  for (let at = 0; at < count; at += 1) starts[at + 1] = (starts[at + 1] ?? 0) + (starts[at] ?? 0);
  const filled = starts.slice();
  const items = new Int32Array(keys.length);
  for (const [place, key] of keys.entries()) {
    const at = filled[key] ?? 0;
    items[at] = place;
    filled[key] = at + 1;
  }
  return { starts, items };
}

function arrivalOrder({ nodes, edges }: Flow): Int32Array {
  const order = new Int32Array(nodes.length).fill(-1);
  let next = 0;
  const give = (place: number): void => {
    if (order[place] !== -1) return;
    order[place] = next;
    next += 1;
  };
  const pays = new Uint8Array(nodes.length);
  for (const { source } of edges) pays[source] = 1;
  for (const { source, target } of edges) {
    // A payer that has received nothing yet, such as the victim, begins a part of its own.
    give(source);
    // What nothing leaves may stand behind all that pays it.
    if (pays[target] === 1) give(target);
  }
  for (const { target } of edges) give(target);
  for (const place of nodes.keys()) give(place);
  return order;
}

function columnsOf({ nodes, edges }: Flow, order: Int32Array, ins: Lists): Int32Array {
  const column = new Int32Array(nodes.length);
  const places = Array.from({ length: nodes.length }, (_, place) => place);
  places.sort((left, right) => (order[left] ?? 0) - (order[right] ?? 0));
  for (const place of places) {
    for (const edge of listAt(ins, place)) {
      const source = edges[edge]?.source ?? place;
      if ((order[source] ?? 0) >= (order[place] ?? 0)) continue;
      column[place] = Math.max(column[place] ?? 0, (column[source] ?? 0) + 1);
    }
  }
  return column;
}
