import { worthRange, type Compared, type Comparison } from "../compare.ts";
import type { WorthTotal } from "../worth/sums.ts";
import { worthTimes } from "../worth/valuer.ts";
import { amountJson, assetJson, sumText } from "./json.ts";
import { partsJson, pricesJson, timesJson, usdText } from "./worth-json.ts";

/** A comparison as a value of JSON: amounts in base units, dollars as decimal text, null where a price is not known. */
export function comparisonJson({ policies, destinations, valuer }: Comparison): {
  readonly policies: readonly object[];
  readonly destinations: readonly object[];
  readonly usd: object;
  readonly prices: readonly object[];
} {
  return {
    policies: policies.map(({ policy, totals, worth }) => ({
      policy,
      origin: sumText(totals, "origin"),
      holdings: sumText(totals, "holdings"),
      exits: sumText(totals, "exits"),
      fees: sumText(totals, "fees"),
      assets: totals.map(assetJson),
      usd: partsJson(worth.total()),
    })),
    destinations: destinations.map(destinationJson),
    usd: { theftDay: valuer.theftDay ?? null, now: valuer.newest ?? null },
    prices: pricesJson(valuer),
  };
}

function destinationJson({ amounts, min, max, low, high, worth, ...one }: Compared): object {
  const ranges = new Map(worthTimes.map((time) => [time, worthRange({ amounts, worth }, time)]));
  const sums = (total: WorthTotal): object => timesJson((time) => usdText(total[time].usd));
  return {
    ...one,
    amounts: Object.fromEntries([...amounts].map(([policy, amount]) => [policy, amountJson(amount)])),
    min: amountJson(min),
    max: amountJson(max),
    low: String(low),
    high: String(high),
    usd: {
      amounts: Object.fromEntries([...worth].map(([policy, total]) => [policy, sums(total)])),
      low: timesJson((time) => usdText(ranges.get(time)?.low)),
      high: timesJson((time) => usdText(ranges.get(time)?.high)),
    },
  };
}
