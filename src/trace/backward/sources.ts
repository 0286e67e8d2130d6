import type { Policy } from "../policy.ts";

/** How a way back ends. */
export const sourceKinds = {
  /** A service paid it out. */
  service: "service",
  /** It was created by the chain: a coinbase, a mint, a reward. */
  created: "created",
  /** It is from before the ledger begins. */
  before: "before-ledger",
  /** It came out of a change of form, behind which another asset lies. */
  swap: "swap",
  /** It was mixed with an amount that is not known. */
  unknown: "unknown-value",
  /** A limit kept the trace from going further back. */
  limit: "limit",
} as const;
export type SourceKind = (typeof sourceKinds)[keyof typeof sourceKinds];

/** A part of what is asked about, and where it came from. */
export type Source = {
  readonly kind: SourceKind;
  /** Of a service; else the kind. */
  readonly entity: string;
  readonly category: string;
  /** The output or transfer at which the way back ends. */
  readonly ref: string;
  readonly address: string | null;
  readonly asset: string;
  readonly amount: bigint;
  /** How many transactions lie between: 1 is direct. */
  readonly hops: number;
};

/** Sources of one entity together. */
export type SourceOfFunds = {
  readonly kind: SourceKind;
  readonly entity: string;
  readonly category: string;
  readonly asset: string;
  readonly amount: bigint;
  /** What came in one transaction, and what by others in between. */
  readonly direct: bigint;
  readonly indirect: bigint;
  readonly hopsLeast: number;
  readonly hopsMost: number;
  readonly count: number;
};

/** The answer of a trace back: `amount = Σ sources`, by asset, always. */
export type Backward = {
  readonly policy: Policy;
  readonly deposits: readonly { readonly ref: string; readonly asset: string; readonly amount: bigint }[];
  readonly sources: readonly Source[];
  readonly cost: { readonly transactions: number };
};

/** Source of funds by entity and category, the largest first. */
export function sourceOfFunds(sources: readonly Source[]): readonly SourceOfFunds[] {
  const groups = Map.groupBy(sources, ({ kind, entity, category, asset }) =>
    JSON.stringify([kind, entity, category, asset]),
  );
  const rows = [...groups.values()].map((group): SourceOfFunds => {
    const [first] = group as [Source];
    const sum = (list: readonly Source[]): bigint => list.reduce((all, { amount }) => all + amount, 0n);
    const hops = group.map((one) => one.hops);
    return {
      kind: first.kind,
      entity: first.entity,
      category: first.category,
      asset: first.asset,
      amount: sum(group),
      direct: sum(group.filter((one) => one.hops <= 1)),
      indirect: sum(group.filter((one) => one.hops > 1)),
      hopsLeast: hops.reduce((least, hop) => (hop < least ? hop : least)),
      hopsMost: hops.reduce((most, hop) => (hop > most ? hop : most)),
      count: group.length,
    };
  });
  return rows.toSorted((left, right) =>
    left.amount === right.amount ? (left.entity < right.entity ? -1 : 1) : left.amount > right.amount ? -1 : 1,
  );
}

/** Numbers, the largest first, each once: what is to be looked at next on a way back. */
export class FallingQueue {
  readonly #heap: number[] = [];
  readonly #known = new Set<number>();

  add(number: number): void {
    if (this.#known.has(number)) return;
    this.#known.add(number);
    const heap = this.#heap;
    let at = heap.length;
    heap.push(number);
    for (; at > 0; at = (at - 1) >>> 1) {
      const above = heap[(at - 1) >>> 1] as number;
      if (above >= number) break;
      heap[at] = above;
    }
    heap[at] = number;
  }

  /** Takes the largest; undefined where there is none. */
  take(): number | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return undefined;
    this.#known.delete(first);
    const size = heap.length;
    if (size === 0) return first;
    let at = 0;
    for (let child = 1; child < size; child = at * 2 + 1) {
      if (child + 1 < size && (heap[child + 1] as number) > (heap[child] as number)) child += 1;
      if ((heap[child] as number) <= last) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}
