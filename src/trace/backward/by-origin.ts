import type { Policy } from "../policy.ts";
import type { Limits } from "../trace.ts";
import { byEntity, headOf, largestFirst, type Source, type SourceOfFunds } from "./sources.ts";

/** A place at which the way back ends, under the key by which it is made an origin. */
export type Origin = { readonly key: number; readonly source: Source; readonly hasValue: boolean };

/** What of the deposits is tainted where some of the places are origins. */
export type Arrived = { readonly amount: bigint; readonly isLeast: boolean };

/** What ways back by origin begin with, and how far they may go. */
export type AncestryRequest = {
  readonly deposits: readonly number[];
  readonly limits: Limits;
  readonly onProgress: (transactions: number) => void;
};

/** How far a way back by origin goes where nothing else is said: transactions, and entities. */
export const usualBudget = 100_000;
export const usualSourcesMax = 100;

/**
 * The share of each entity: all its places are taken as the origin of a trace forward, and what is tainted of the deposits is
 * its share. Each entity is asked about for itself, so that shares may make up more than the whole, or less.
 *
 * Cost: for each entity the ancestry once, twice where it is both direct and by others.
 *
 * @param forward - The trace forward from places.
 * @param sourcesMax - How many entities are asked about: the nearest, and of equally near ones those in most places.
 */
export function sharesByOrigin(
  origins: readonly Origin[],
  forward: (keys: ReadonlySet<number>) => Arrived | undefined,
  sourcesMax: number,
): {
  readonly funds: readonly SourceOfFunds[];
  readonly leftOut: { entities: number; sources: number; limit: number } | undefined;
} {
  const places = origins.map((origin) => ({ ...origin.source, origin }));
  const groups = byEntity(places).toSorted((left, right) => {
    const [one, other] = [headOf(left), headOf(right)];
    return one.hopsLeast - other.hopsLeast || other.count - one.count;
  });
  const funds = groups.slice(0, sourcesMax).map((group): SourceOfFunds => {
    const keysOf = (list: readonly { readonly origin: Origin }[]): ReadonlySet<number> =>
      new Set(list.filter(({ origin }) => origin.hasValue).map(({ origin }) => origin.key));
    const all = keysOf(group);
    const direct = keysOf(group.filter(({ hops }) => hops <= 1));
    const arrived = all.size === 0 ? undefined : forward(all);
    if (arrived === undefined) {
      return { ...headOf(group), amount: undefined, direct: undefined, indirect: undefined, isLeast: false };
    }
    const near = direct.size === 0 ? 0n : direct.size === all.size ? arrived.amount : (forward(direct)?.amount ?? 0n);
    const isLeast = arrived.isLeast || all.size < group.length;
    return { ...headOf(group), amount: arrived.amount, direct: near, indirect: arrived.amount - near, isLeast };
  });
  const rest = groups.slice(sourcesMax);
  const sources = rest.reduce((sum, group) => sum + group.length, 0);
  return {
    funds: largestFirst(funds),
    leftOut: rest.length === 0 ? undefined : { entities: rest.length, sources, limit: sourcesMax },
  };
}

/** The rules by which what a payment is made of depends on what is called tainted. */
export type OriginPolicy = Exclude<Policy, "fifo" | "lifo" | "haircut">;

export function isByOrigin(policy: Policy): policy is OriginPolicy {
  return policy !== "fifo" && policy !== "lifo" && policy !== "haircut";
}
