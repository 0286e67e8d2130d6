import type { Trace } from "./trace.ts";

/** Where value came to: a service, or an address (or an output without one) in which it rests. */
export type Destination = {
  readonly kind: "exit" | "holding";
  /** The entity, the address, or the output's reference. */
  readonly name: string;
  /** Of an exit. */
  readonly category: string;
  readonly asset: string;
  /** Undefined: accounts under `poison` have no amount. */
  readonly amount: bigint | undefined;
  /** Exits, or holdings. */
  readonly count: number;
  /** Unix seconds of the first and last exit. */
  readonly first: number | undefined;
  readonly last: number | undefined;
};

/** Exits by entity and holdings by address, the largest first. */
export function destinationsOf(trace: Trace): readonly Destination[] {
  const found = new Map<string, Destination>();
  const add = (key: string, one: Destination): void => {
    const known = found.get(key);
    found.set(key, known === undefined ? one : joined(known, one));
  };
  for (const { entity, category, asset, amount, time } of trace.exits()) {
    const one = { kind: "exit", name: entity, category, asset, amount, count: 1, first: time, last: time } as const;
    add(destinationKey(one), one);
  }
  for (const { address, ref, asset, amount } of trace.holdings()) {
    const name = address ?? ref ?? "";
    const [first, last] = [undefined, undefined];
    const one = { kind: "holding", name, category: "", asset, amount, count: 1, first, last } as const;
    add(destinationKey(one), one);
  }
  return [...found.values()].toSorted(byAmount);
}

/** What tells destinations apart. */
export function destinationKey({
  kind,
  name,
  category,
  asset,
}: Pick<Destination, "kind" | "name" | "category" | "asset">): string {
  return JSON.stringify([kind, name, category, asset]);
}

function joined(left: Destination, right: Destination): Destination {
  return {
    ...left,
    amount: left.amount === undefined || right.amount === undefined ? undefined : left.amount + right.amount,
    count: left.count + right.count,
    first: left.first === undefined || (right.first ?? left.first) > left.first ? left.first : right.first,
    last: left.last === undefined || (right.last ?? left.last) < left.last ? left.last : right.last,
  };
}

function byAmount(left: Destination, right: Destination): number {
  const [first, second] = [left.amount ?? 0n, right.amount ?? 0n];
  if (first !== second) return first > second ? -1 : 1;
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}
