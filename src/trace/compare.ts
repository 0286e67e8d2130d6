import { maxUsd, minUsd, zeroUsd, type Usd } from "../base/usd.ts";
import type { PriceTable } from "../prices/price-table.ts";
import { destinationKey, destinationsOf, type Destination } from "./destinations.ts";
import type { Policy } from "./policy.ts";
import type { AssetTotals, Trace } from "./trace.ts";
import { unknownTotal, worthOfTrace, type SumAt, type TraceWorth, type WorthTotal } from "./worth/sums.ts";
import { Valuer, type WorthTime } from "./worth/valuer.ts";

/** A destination under several policies. */
export type Compared = Pick<Destination, "kind" | "name" | "category" | "asset"> & {
  /** By policy; 0 where it gets nothing, undefined where it has no amount. */
  readonly amounts: ReadonlyMap<Policy, bigint | undefined>;
  /** Over all policies; undefined where one of them tells no amount: of accounts `poison`. */
  readonly min: bigint | undefined;
  readonly max: bigint | undefined;
  /** Over the policies that conserve value, so without `poison`: the error bar of the answer. */
  readonly low: bigint;
  readonly high: bigint;
  /** What it was worth by each policy by which it gets something. */
  readonly worth: ReadonlyMap<Policy, WorthTotal>;
};

/** A policy's sums, and how many services and addresses value came to by it. */
export type ComparedPolicy = {
  readonly policy: Policy;
  readonly totals: readonly AssetTotals[];
  readonly worth: TraceWorth;
  readonly exits: number;
  readonly holdings: number;
};

export type Comparison = {
  readonly policies: readonly ComparedPolicy[];
  readonly destinations: readonly Compared[];
  /** By which dollars are told; all policies have the same origins. */
  readonly valuer: Valuer;
};

/** Dollars over the policies that conserve value. */
export type WorthRange = {
  /** Undefined where it is not known by one of them. */
  readonly low: Usd | undefined;
  /** Undefined also where a part of it has no price. */
  readonly high: Usd | undefined;
};

/** The least and the most that a destination's share was worth at a time. */
export function worthRange({ amounts, worth }: Pick<Compared, "amounts" | "worth">, time: WorthTime): WorthRange {
  const sums = [...amounts].flatMap(([policy, amount]): readonly SumAt[] => {
    if (policy === "poison" || amount === undefined) return [];
    return [worth.get(policy)?.[time] ?? { usd: zeroUsd, unpriced: [] }];
  });
  const [first, ...others] = sums.flatMap(({ usd }) => usd ?? []);
  if (first === undefined || others.length + 1 < sums.length) return { low: undefined, high: undefined };
  const isWhole = sums.every(({ unpriced }) => unpriced.length === 0);
  return { low: minUsd(first, ...others), high: isWhole ? maxUsd(first, ...others) : undefined };
}

/**
 * The same origin under several policies, side by side. Cost: a trace for each; only sums by destination are kept.
 *
 * @param prices - By which dollars are told.
 */
export function compare(policies: readonly Policy[], run: (policy: Policy) => Trace, prices: PriceTable): Comparison {
  let valuer = new Valuer(prices, { origins: [] });
  const traces = policies.map((policy, index) => {
    const trace = run(policy);
    if (index === 0) valuer = new Valuer(prices, trace);
    const destinations = destinationsOf(trace);
    const { sums, of } = worthOfTrace(trace, valuer, destinations);
    const worths = destinations.map(of);
    const count = (kind: Destination["kind"]): number => destinations.filter((one) => one.kind === kind).length;
    const told = { policy, totals: trace.totals, worth: sums, exits: count("exit"), holdings: count("holding") };
    return { told, destinations, worths };
  });
  const found = new Map<string, Gathered>();
  for (const { told, destinations, worths } of traces) {
    for (const [index, one] of destinations.entries()) {
      const key = destinationKey(one);
      const known = found.get(key) ?? {
        first: one,
        amounts: new Map(policies.map((each): [Policy, bigint | undefined] => [each, 0n])),
        worth: new Map<Policy, WorthTotal>(),
      };
      known.amounts.set(told.policy, one.amount);
      known.worth.set(told.policy, worths[index] ?? unknownTotal);
      found.set(key, known);
    }
  }
  const destinations = [...found.values()].map(({ first, amounts, worth }): Compared => {
    const { kind, name, category, asset } = first;
    const all = [...amounts.values()];
    const known = all.filter((amount) => amount !== undefined);
    const isKnown = known.length === all.length;
    const conserving = [...amounts].flatMap(([policy, amount]) => (policy === "poison" ? [] : (amount ?? [])));
    return {
      kind,
      name,
      category,
      asset,
      amounts,
      min: isKnown ? least(known) : undefined,
      max: isKnown ? most(known) : undefined,
      low: least(conserving),
      high: most(conserving),
      worth,
    };
  });
  return {
    policies: traces.map(({ told }) => told),
    destinations: destinations.toSorted(byHigh),
    valuer,
  };
}

type Gathered = {
  readonly first: Destination;
  readonly amounts: Map<Policy, bigint | undefined>;
  readonly worth: Map<Policy, WorthTotal>;
};

function least(amounts: readonly bigint[]): bigint {
  return amounts.reduce((found, amount) => (amount < found ? amount : found), amounts[0] ?? 0n);
}

function most(amounts: readonly bigint[]): bigint {
  return amounts.reduce((found, amount) => (amount > found ? amount : found), 0n);
}

function byHigh(left: Compared, right: Compared): number {
  if (left.kind !== right.kind) return left.kind === "exit" ? -1 : 1;
  if (left.high !== right.high) return left.high > right.high ? -1 : 1;
  const [first, second] = [left.max ?? 0n, right.max ?? 0n];
  if (first !== second) return first > second ? -1 : 1;
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}
