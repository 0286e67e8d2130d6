import { formatDecimal } from "../../base/decimal.ts";
import { formatUsd, type Usd } from "../../base/usd.ts";
import type { SumAt, TraceWorth, WorthTotal, WorthTotals } from "../worth/sums.ts";
import { worthTimes, type Valuer, type Worth, type WorthTime } from "../worth/valuer.ts";

const timeNames = { moved: "then", atTheft: "atTheft", now: "now" } as const satisfies Readonly<
  Record<WorthTime, string>
>;

/** Dollars as decimal text with cents, null where a price is not known. */
export type WorthJson = Readonly<Record<(typeof timeNames)[WorthTime], string | null>>;

export function worthJson(worth: Worth): WorthJson {
  return byTime((time) => usdText(worth[time])) as WorthJson;
}

/** The sums of a trace in dollars, over all assets and by asset, each with the amounts that have no price. */
export function worthTotalsJson(sums: TraceWorth, { theftDay, newest }: Valuer): object {
  return {
    theftDay: theftDay ?? null,
    now: newest ?? null,
    ...partsJson(sums.total()),
    assets: [...sums.byAsset()].map(([asset, totals]) => ({ asset, ...partsJson(totals) })),
  };
}

/** The prices that an answer rests on, each with its source. */
export function pricesJson(valuer: Valuer): readonly object[] {
  return valuer.used().map(({ asset, price: { day, usd, kind, source } }) => ({
    asset,
    day,
    usd: formatDecimal(usd),
    kind,
    source,
  }));
}

export function usdText(usd: Usd | undefined): string | null {
  return usd === undefined ? null : formatUsd(usd);
}

function partsJson({ origin, holdings, exits, fees }: WorthTotals): object {
  return {
    origin: totalJson(origin),
    holdings: totalJson(holdings),
    exits: totalJson(exits),
    fees: totalJson(fees),
  };
}

/** A sum at each time, with the amounts that have no price. */
export function totalJson(total: WorthTotal): object {
  const unpriced = ({ unpriced: list }: SumAt): readonly object[] =>
    list.map(({ asset, amount }) => ({ asset, amount: String(amount) }));
  return { ...byTime((time) => usdText(total[time].usd)), unpriced: byTime((time) => unpriced(total[time])) };
}

/** An object with a value for each time. */
function byTime(value: (time: WorthTime) => unknown): object {
  return Object.fromEntries(worthTimes.map((time) => [timeNames[time], value(time)]));
}
