import { formatDecimal, parseDecimal, type Decimal } from "./decimal.ts";
import { Failure } from "./failure.ts";

/** An integer in an asset's base unit (satoshi, wei, …). Arithmetic on amounts lives in this file only. */
export type Units = bigint & { readonly __brand: "Units" };

/**
 * Reads a decimal number of whole coins as base units, exactly.
 *
 * @param decimals - How many decimals the asset's base unit has (BTC 8, ETH 18).
 * @throws {Failure} `INVALID_VALUE` where the text is no plain decimal or is finer than the base unit.
 * @example parseUnits("0.1", 8) // => 10000000n
 */
export function parseUnits(text: string, decimals: number): Units {
  const { digits, scale } = parseDecimal(text, "an amount");
  if (scale <= decimals) return (digits * 10n ** BigInt(decimals - scale)) as Units;
  const excess = 10n ** BigInt(scale - decimals);
  if (digits % excess !== 0n) {
    throw new Failure("INVALID_VALUE", {
      kind: "an amount of this asset",
      text,
      why: `it has more than the asset's ${decimals} decimals`,
    });
  }
  return (digits / excess) as Units;
}

/** The exact decimal text of base units: `formatUnits(10000000n, 8)` is `"0.1"`. */
export function formatUnits(units: Units, decimals: number): string {
  return formatDecimal(unitsToDecimal(units, decimals));
}

/** Base units as an exact decimal number of whole coins. */
export function unitsToDecimal(units: Units, decimals: number): Decimal {
  return { digits: units, scale: decimals };
}
