import type { View, ViewNode } from "../group/view.ts";
import { bracketOf, type Bracket } from "../layout/brackets.ts";
import type { Destination, Summary } from "./answers.ts";
import { parseUsd } from "../../../base/usd.ts";
import { theftPrices, type TheftPrice } from "../../../data/theft-prices.ts";
import type { Comparison } from "../state/use-trace.ts";

/** A destination's amount over the policies; dollars where there is a price. */
export type NodeRange = {
  readonly bracket: Bracket;
  readonly usd: readonly [low: bigint, high: bigint] | undefined;
  readonly low: bigint;
  readonly high: bigint;
  readonly asset: string;
  /** All policies that reach it give it the same. */
  readonly isSame: boolean;
  readonly reachedBy: number;
  readonly policies: number;
};

/** The ranges of a view's nodes, by their places; of one with several assets that of the largest. */
export function rangesOf(view: View, destinations: readonly Destination[]): ReadonlyMap<number, NodeRange> {
  const byName = new Map<string, Destination>();
  for (const one of destinations) {
    const key = keyOf(one.kind, one.name, one.category);
    // The largest come first.
    if (one.compare !== null && !byName.has(key)) byName.set(key, one);
  }
  const found = new Map<number, NodeRange>();
  if (byName.size === 0) return found;
  for (const [place, node] of view.nodes.entries()) {
    const destination = byName.get(keyOfNode(node));
    const range = destination === undefined ? undefined : rangeOf(destination);
    if (range !== undefined) found.set(place, range);
  }
  return found;
}

function keyOf(kind: string, name: string, category: string): string {
  return kind === "exit" ? `exit ${category} ${name}` : `holding ${name}`;
}

function keyOfNode({ kind, main }: ViewNode): string {
  if (kind !== "single" && kind !== "entity") return "";
  if (main.exit !== undefined) return keyOf("exit", main.exit.entity, main.exit.category);
  return keyOf("holding", main.label, "");
}

function rangeOf({ compare, amount, asset, usd }: Destination): NodeRange | undefined {
  // Without an amount of its own it has no place between the others.
  if (compare === null || amount === null) return undefined;
  const [low, high, own] = [BigInt(compare.low), BigInt(compare.high), BigInt(amount)];
  const { reachedBy, policies } = compare;
  const bracket = bracketOf({ low, high, amount: own, reachedBy: reachedBy.length, policies });
  if (bracket === undefined) return undefined;
  const cents = usd.atTheft === null || own === 0n ? undefined : parseUsd(usd.atTheft);
  const scaled = (value: bigint): bigint => ((cents ?? 0n) * value) / own;
  return {
    bracket,
    usd: cents === undefined ? undefined : [scaled(low), scaled(high)],
    low,
    high,
    asset,
    // Less than half a percent apart they look alike in three digits.
    isSame: low * 200n >= high * 199n,
    reachedBy: reachedBy.length,
    policies,
  };
}

/** The ranges of what reached services and of what rests, in cents; undefined where an asset has no price. */
export type TotalRanges = {
  readonly exits: readonly [low: bigint, high: bigint] | undefined;
  readonly holdings: readonly [low: bigint, high: bigint] | undefined;
  readonly policies: number;
};

/** Over the policies that conserve value: `poison` has no amounts that add up. */
export function totalRanges(summary: Summary, { policies }: Comparison): TotalRanges {
  const prices = theftPrices(summary);
  const conserving = policies.filter(({ policy }) => policy !== "poison");
  const range = (part: "exits" | "holdings"): readonly [bigint, bigint] | undefined => {
    const sums = conserving.map(({ assets }) =>
      assets.map(({ asset, [part]: amount }) => (amount === null ? undefined : worth(prices, asset, BigInt(amount)))),
    );
    if (sums.length === 0 || sums.some((list) => list.includes(undefined))) return undefined;
    const totals = sums.map((list) => list.reduce<bigint>((sum, one) => sum + (one ?? 0n), 0n));
    const pick = (isBetter: (left: bigint, right: bigint) => boolean): bigint =>
      totals.reduce((best, one) => (isBetter(one, best) ? one : best), totals[0] ?? 0n);
    return [pick((left, right) => left < right), pick((left, right) => left > right)];
  };
  return { exits: range("exits"), holdings: range("holdings"), policies: conserving.length };
}

function worth(prices: ReadonlyMap<string, TheftPrice>, asset: string, amount: bigint): bigint | undefined {
  if (amount === 0n) return 0n;
  const price = prices.get(asset);
  return price === undefined ? undefined : (amount * price.usd) / price.amount;
}
