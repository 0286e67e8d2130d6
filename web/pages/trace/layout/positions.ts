import type { FlowIndex } from "../model/flow-index.ts";
import { listAt } from "../model/flow-index.ts";
import { timeAxis, usualAxis, type Axis } from "./axis.ts";

/** How far right each node of a flow stands, whatever is gathered: opening a group moves nothing sideways. */
export type Positions = {
  readonly xs: Float64Array;
  /** By time only. */
  readonly axis: Axis | undefined;
  /** From one column to the next, or from who pays to who is paid. */
  readonly step: number;
};

export const columnWidth = 128;
/** On chains of outputs addresses and transactions take turns. */
export const narrowColumn = 84;
/** By time, who is paid stands this far right of who paid, where the chain of payments leaves room for it. */
const apart = 44;
/** A picture is not made wider than this for that. */
const widthMost = 24_000;

export function hopPositions({ flow, column }: FlowIndex): Positions {
  const step = flow.nodes.some(({ kind }) => kind === "transaction") ? narrowColumn : columnWidth;
  return { xs: Float64Array.from(column, (one) => one * step), axis: undefined, step };
}

/**
 * By block time: the axis is stretched where money moved on so quickly that marks would stand on each other. What moved on
 * within one block stands beside each other.
 */
export function timePositions(index: FlowIndex): Positions {
  const { flow, order, ins, column } = index;
  const { nodes, edges } = flow;
  const longest = column.reduce((most, one) => Math.max(most, one), 1);
  const step = Math.min(apart, widthMost / longest);
  const pays = new Uint8Array(nodes.length);
  for (const { source } of edges) pays[source] = 1;
  // What nothing leaves stands where it was last paid, so that all that pays it is to its left.
  const timeOf = Float64Array.from(nodes, ({ first, last }, place) => (pays[place] === 1 ? first : last));
  const sorted = Array.from({ length: nodes.length }, (_, place) => place).toSorted(
    (left, right) => (timeOf[left] ?? 0) - (timeOf[right] ?? 0) || (order[left] ?? 0) - (order[right] ?? 0),
  );
  const byTime = Map.groupBy(sorted, (place) => timeOf[place] ?? 0);
  const times = [...byTime.keys()];
  const xs = new Float64Array(nodes.length);
  const depths = new Int32Array(nodes.length);
  const earlier = (node: number): readonly number[] =>
    [...listAt(ins, node)]
      .map((edge) => edges[edge]?.source ?? node)
      .filter((source) => (order[source] ?? 0) < (order[node] ?? 0));
  const settle = (at: number, place: number): void => {
    for (const node of byTime.get(times[at] ?? 0) ?? []) {
      const within = earlier(node).filter((source) => timeOf[source] === timeOf[node]);
      depths[node] = within.reduce((most, source) => Math.max(most, (depths[source] ?? 0) + 1), 0);
      xs[node] = place + (depths[node] ?? 0) * step;
    }
  };
  const axis = timeAxis(times, usualAxis, (at, places) => {
    if (at > 0) settle(at - 1, places[at - 1] ?? 0);
    let least = 0;
    for (const node of byTime.get(times[at] ?? 0) ?? []) {
      for (const source of earlier(node)) {
        if (timeOf[source] !== timeOf[node]) least = Math.max(least, (xs[source] ?? 0) + step);
      }
    }
    return least;
  });
  settle(times.length - 1, axis.places.at(-1) ?? 0);
  return { xs, axis, step };
}
