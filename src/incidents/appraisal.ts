import { unitsToDecimal } from "../base/amount.ts";
import type { Asset } from "../base/assets.ts";
import { addDecimal, multiplyDecimal, type Decimal } from "../base/decimal.ts";
import { usdFromDecimal, usdToDecimal, type Usd } from "../base/usd.ts";
import { latestPrice, pricesOn, type Price, type PriceTable } from "../prices/price-table.ts";
import type { Incident, Stolen } from "./incident.ts";

/** Amount × price of one stolen item. `price` is undefined for a lot that is given by its value. */
export type PricedItem = { readonly item: Stolen; readonly price: Price | undefined; readonly usd: Usd };

/** What the stolen amounts come to at known prices. */
export type Appraisal = {
  readonly priced: readonly PricedItem[];
  /** Items for which no price is known. They are unknown, not 0. */
  readonly unpriced: readonly Stolen[];
  /** The sum over `priced`, rounded to the cent once. */
  readonly usd: Usd;
  /** Whether the sum values everything that was taken; else it is a lower bound. */
  readonly complete: boolean;
};

/**
 * Values what was stolen at the prices of the day of the theft: the market's close where known, else another.
 *
 * A check on the published values, never a substitute for them: closes are not the price of the hour.
 */
export function appraiseAtTheft(incident: Incident, prices: PriceTable): Appraisal {
  // A theft known by its month only has no day whose price would apply.
  const day = incident.date.first === incident.date.last ? incident.date.first : undefined;
  const priceOf = (asset: Asset): Price | undefined =>
    day === undefined ? undefined : pricesOn(prices, asset.id, day)[0];
  return appraise(incident, priceOf, (lot) => lot.usd);
}

/** Values what was stolen at the newest known prices. A lot known by its value at the theft has no price of today. */
export function appraiseNow(incident: Incident, prices: PriceTable): Appraisal {
  return appraise(
    incident,
    (asset) => latestPrice(prices, asset.id),
    () => undefined,
  );
}

function appraise(
  incident: Incident,
  priceOf: (asset: Asset) => Price | undefined,
  valueOf: (lot: Extract<Stolen, { kind: "lot" }>) => Usd | undefined,
): Appraisal {
  const priced: PricedItem[] = [];
  const unpriced: Stolen[] = [];
  let sum: Decimal = { digits: 0n, scale: 0 };
  for (const item of incident.stolen) {
    const price = item.kind === "asset" ? priceOf(item.asset) : undefined;
    const value = item.kind === "lot" ? valueOf(item) : undefined;
    const worth = value === undefined ? worthOf(item, price) : usdToDecimal(value);
    if (worth === undefined) {
      unpriced.push(item);
      continue;
    }
    sum = addDecimal(sum, worth);
    priced.push({ item, price, usd: usdFromDecimal(worth) });
  }
  const complete = incident.stolenComplete && unpriced.length === 0 && priced.length > 0;
  return { priced, unpriced, usd: usdFromDecimal(sum), complete };
}

function worthOf(item: Stolen, price: Price | undefined): Decimal | undefined {
  if (item.kind !== "asset" || price === undefined || item.asset.decimals === undefined) return undefined;
  return multiplyDecimal(unitsToDecimal(item.units, item.asset.decimals), price.usd);
}
