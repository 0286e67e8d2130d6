import { asset } from "../base/assets.ts";
import { isFailure } from "../base/failure.ts";
import type { Day } from "../base/day.ts";
import { pricesOn, type PriceTable } from "../prices/price-table.ts";
import type { PriceRule } from "./account/swap.ts";

/**
 * What a base unit was worth by a table of prices: the first price known of that day, closes before others. Undefined where
 * there is none, or where the asset's decimals are not known.
 */
export function priceRule(table: PriceTable): PriceRule {
  return (id, time) => {
    const day = new Date(time * 1_000).toISOString().slice(0, 10) as Day;
    const [price] = pricesOn(table, id, day);
    const decimals = decimalsOf(id);
    if (price === undefined || decimals === undefined) return undefined;
    return { numerator: price.usd.digits, denominator: 10n ** BigInt(price.usd.scale + decimals) };
  };
}

/** An asset's decimals; undefined where they are not known. */
export function decimalsOf(id: string): number | undefined {
  try {
    return asset(id).decimals;
  } catch (thrown) {
    if (isFailure(thrown)) return undefined;
    throw thrown;
  }
}
