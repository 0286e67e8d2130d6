/** Lanes of a tree that is drawn from left to right: the largest child keeps its parent's lane, others go below. */

export type LaneInput = {
  readonly xs: readonly number[];
  /** Of each, its parent's place, whose x is not to the right of its own; -1 where there is none. */
  readonly parents: readonly number[];
  /** What decides between siblings. */
  readonly weights: readonly number[];
  /** Two in one lane keep this distance. */
  readonly apart: number;
};

export type Lanes = {
  readonly lanes: readonly number[];
  readonly count: number;
  /** Whether a child follows in its own lane. */
  readonly isFollowed: readonly boolean[];
};

/** Cost: n log n. The same input gives the same lanes. */
export function lanesOf({ xs, parents, weights, apart }: LaneInput): Lanes {
  const children: number[][] = xs.map(() => []);
  const roots: number[] = [];
  for (const [place, parent] of parents.entries()) (parent < 0 ? roots : (children[parent] ?? roots)).push(place);
  const bySize = (left: number, right: number): number => (weights[right] ?? 0) - (weights[left] ?? 0) || left - right;
  const lanes = xs.map(() => -1);
  const isFollowed = xs.map(() => false);
  let count = 0;
  // Depth first, the largest first; a stack, since a chain may have thousands of hops.
  const pending: { readonly place: number; readonly lane: number }[] = [];
  for (const root of roots.toSorted(bySize).toReversed()) pending.push({ place: root, lane: -1 });
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { place } = next;
    const lane = next.lane >= 0 ? next.lane : count;
    if (next.lane < 0) count += 1;
    lanes[place] = lane;
    const [largest, ...others] = (children[place] ?? []).toSorted(bySize);
    for (const other of others.toReversed()) pending.push({ place: other, lane: -1 });
    if (largest === undefined) continue;
    const isFar = (xs[largest] ?? 0) - (xs[place] ?? 0) >= apart;
    isFollowed[place] = isFar;
    pending.push({ place: largest, lane: isFar ? lane : -1 });
  }
  return { lanes, count, isFollowed };
}
