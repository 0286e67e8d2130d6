import { formatDecimal } from "../../base/decimal.ts";
import { formatUsd, type Usd } from "../../base/usd.ts";
import { worthParts, type SumAt, type TraceWorth, type WorthTotal, type WorthTotals } from "../worth/sums.ts";
import { type Valuer, type Worth, type WorthTime } from "../worth/valuer.ts";

const timeNames = { moved: "then", atTheft: "atTheft", now: "now" } as const satisfies TimeNames;
type TimeNames = Readonly<Record<WorthTime, string>>;
/** On a way back what is asked about is a deposit. */
export const depositTimeNames: TimeNames = { ...timeNames, atTheft: "atDeposit" };

/** Dollars as decimal text with cents, null where a price is not known. */
export type WorthJson = Readonly<Record<(typeof timeNames)[WorthTime], string | null>>;

export function worthJson(worth: Worth): WorthJson {
  return byTime((time) => usdText(worth[time]), timeNames) as WorthJson;
}

/** The same of a way back. */
export function depositWorthJson(worth: Worth): object {
  return byTime((time) => usdText(worth[time]), depositTimeNames);
}

/** The sums of a trace in dollars, over all assets and by asset, each with the amounts that have no price. */
export function worthTotalsJson(sums: TraceWorth, { theftDay, newest }: Valuer): object {
  return {
    theftDay: theftDay ?? null,
    now: newest ?? null,
    ...partsJson(sums.total()),
    assets: [...sums.byAsset()].map(([asset, totals]) => ({ asset, ...partsJson(totals) })),
    limits: sums.byLimit().map(({ limit, asset, worth }) => ({ limit, asset, ...totalJson(worth) })),
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

/** The sums of a trace's parts. */
export function partsJson(totals: WorthTotals): object {
  return Object.fromEntries(worthParts.map((part) => [part, totalJson(totals[part])]));
}

/** A sum at each time, and what of it has no price. */
export function totalJson(total: WorthTotal, names: TimeNames = timeNames): object {
  const unpriced = ({ unpriced: list }: SumAt): readonly object[] =>
    list.map(({ asset, amount }) => ({ asset, amount: String(amount) }));
  return {
    ...byTime((time) => usdText(total[time].usd), names),
    unpriced: byTime((time) => unpriced(total[time]), names),
  };
}

/** An object with a value for each time. */
export function timesJson(value: (time: WorthTime) => unknown): object {
  return byTime(value, timeNames);
}

function byTime(value: (time: WorthTime) => unknown, names: TimeNames): object {
  return { [names.moved]: value("moved"), [names.atTheft]: value("atTheft"), [names.now]: value("now") };
}
