import { parseUsd } from "../base/usd.ts";
import type { AnswerOf, Contract } from "./api.ts";

/** So many cents for so many of an asset's smallest units. */
export type TheftPrice = { readonly usd: bigint; readonly amount: bigint };

/** What an amount of each asset was worth on the day of the theft; an asset with any amount that has no price is left out. */
export function theftPrices({ assets, usd }: AnswerOf<Contract["getTraceSummary"]>): ReadonlyMap<string, TheftPrice> {
  const amounts = new Map(assets.map((one) => [one.asset, one]));
  const found = new Map<string, TheftPrice>();
  for (const { asset, ...parts } of usd.assets) {
    for (const part of ["origin", "holdings", "exits", "fees"] as const) {
      const amount = BigInt(amounts.get(asset)?.[part] ?? "0");
      const { atTheft, unpriced } = parts[part];
      // The largest amount tells the price best.
      if (atTheft === null || amount <= (found.get(asset)?.amount ?? 0n) || unpriced.atTheft.length > 0) continue;
      found.set(asset, { usd: parseUsd(atTheft), amount });
    }
  }
  return found;
}
