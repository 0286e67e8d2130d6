import { asset } from "../../src/base/assets.ts";
import { formatDecimal } from "../../src/base/decimal.ts";

/** An asset as it is written beside an amount; one whose decimals are not known is counted in base units. */
export type AssetName = { readonly symbol: string; readonly decimals: number | undefined };

/** The ticker and decimals of a CAIP-19 id; of an unknown one the end of its id. */
export function assetName(id: string): AssetName {
  try {
    return asset(id);
  } catch {
    return { symbol: id, decimals: undefined };
  }
}

/** Base units as whole coins, exact. @example coins("1280000000000000000000", "eip155:1/slip44:60") // => "1280" */
export function coins(units: string, id: string): string {
  const { decimals } = assetName(id);
  return decimals === undefined ? units : formatDecimal({ digits: BigInt(units), scale: decimals });
}

/**
 * The same, cut to so many decimals for a column of figures; what is cut off is told by "…".
 *
 * @example coinsBrief("435922017529833869622", "eip155:1/slip44:60") // => "435.922017…"
 */
export function coinsBrief(units: string, id: string, decimals = 6): string {
  const text = coins(units, id);
  const point = text.indexOf(".");
  return point < 0 || text.length - point - 1 <= decimals ? text : `${text.slice(0, point + 1 + decimals)}…`;
}
