import { destinationsOf, type Destination } from "./destinations.ts";
import type { Policy } from "./policy.ts";
import type { AssetTotals, Trace } from "./trace.ts";

/** A destination under several policies. */
export type Compared = Pick<Destination, "kind" | "name" | "category" | "asset"> & {
  /** By policy; 0 where it gets nothing, undefined where it has no amount. */
  readonly amounts: ReadonlyMap<Policy, bigint | undefined>;
  /** Over all policies that give an amount. */
  readonly min: bigint;
  readonly max: bigint;
  /** Over the policies that conserve value, so without `poison`: the error bar of the answer. */
  readonly low: bigint;
  readonly high: bigint;
};

export type Comparison = {
  readonly policies: readonly { readonly policy: Policy; readonly totals: readonly AssetTotals[] }[];
  readonly destinations: readonly Compared[];
};

/** The same origin under several policies, side by side. Cost: a trace for each; only sums by destination are kept. */
export function compare(policies: readonly Policy[], run: (policy: Policy) => Trace): Comparison {
  const traces = policies.map((policy) => {
    const trace = run(policy);
    return { policy, totals: trace.totals, destinations: destinationsOf(trace) };
  });
  const found = new Map<string, { readonly first: Destination; readonly amounts: Map<Policy, bigint | undefined> }>();
  for (const { policy, destinations } of traces) {
    for (const one of destinations) {
      const key = JSON.stringify([one.kind, one.name, one.category, one.asset]);
      const known = found.get(key) ?? {
        first: one,
        amounts: new Map(policies.map((each): [Policy, bigint | undefined] => [each, 0n])),
      };
      known.amounts.set(policy, one.amount);
      found.set(key, known);
    }
  }
  const destinations = [...found.values()].map(({ first, amounts }): Compared => {
    const { kind, name, category, asset } = first;
    const all = [...amounts].flatMap(([, amount]) => amount ?? []);
    const conserving = [...amounts].flatMap(([policy, amount]) => (policy === "poison" ? [] : (amount ?? [])));
    return {
      kind,
      name,
      category,
      asset,
      amounts,
      min: least(all),
      max: most(all),
      low: least(conserving),
      high: most(conserving),
    };
  });
  return {
    policies: traces.map(({ policy, totals }) => ({ policy, totals })),
    destinations: destinations.toSorted(byHigh),
  };
}

function least(amounts: readonly bigint[]): bigint {
  return amounts.reduce((found, amount) => (amount < found ? amount : found), amounts[0] ?? 0n);
}

function most(amounts: readonly bigint[]): bigint {
  return amounts.reduce((found, amount) => (amount > found ? amount : found), 0n);
}

function byHigh(left: Compared, right: Compared): number {
  if (left.kind !== right.kind) return left.kind === "exit" ? -1 : 1;
  if (left.high !== right.high) return left.high > right.high ? -1 : 1;
  if (left.max !== right.max) return left.max > right.max ? -1 : 1;
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}
