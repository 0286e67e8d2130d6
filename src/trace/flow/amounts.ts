import { addDecimal, type Decimal } from "../../base/decimal.ts";
import type { ExactWorth, Valuer } from "../worth/valuer.ts";

/** A sum of tainted amounts of one asset, and what they were worth when each of them moved. */
export type AssetSum = {
  readonly asset: string;
  /** Tainted base units. */
  readonly amount: bigint;
  /** Of all that moved with them, tainted or not; undefined where that is not known. */
  readonly value: bigint | undefined;
  /** Undefined where a price is not known. */
  readonly moved: Decimal | undefined;
  /** How many amounts. */
  readonly count: number;
};

/** What is added to a sum. */
export type Part = Omit<AssetSum, "count"> & { readonly count?: number };

/** Adds to the sum of an asset within a list; assets come in the order in which they were first added. */
export function addAmount(sums: AssetSum[], { asset, amount, value, moved, count = 1 }: Part): void {
  const at = sums.findIndex((one) => one.asset === asset);
  const before = sums[at];
  if (before === undefined) {
    sums.push({ asset, amount, value, moved, count });
    return;
  }
  sums[at] = {
    asset,
    amount: before.amount + amount,
    value: before.value === undefined || value === undefined ? undefined : before.value + value,
    moved: before.moved === undefined || moved === undefined ? undefined : addDecimal(before.moved, moved),
    count: before.count + count,
  };
}

/** What a sum was worth: then by its parts, at the theft and now by one price each. */
export function worthOfSum({ asset, amount, moved }: AssetSum, valuer: Valuer): ExactWorth {
  return { ...valuer.worth(asset, amount, undefined), moved };
}

/**
 * The tainted share of a sum, in millionths, rounded down; undefined where it has no meaning: several assets, or a value that
 * is not known or nothing.
 */
export function taintedShare(sums: readonly AssetSum[]): bigint | undefined {
  const [only, ...others] = sums;
  if (only?.value === undefined || only.value === 0n || others.length > 0) return undefined;
  return (only.amount * 1_000_000n) / only.value;
}
