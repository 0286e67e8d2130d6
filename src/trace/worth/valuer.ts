import type { Day } from "../../base/day.ts";
import { addDecimal, multiplyDecimal, type Decimal } from "../../base/decimal.ts";
import { usdFromDecimal, type Usd } from "../../base/usd.ts";
import { latestPrice, newestDay, pricesOn, type Price, type PriceTable } from "../../prices/price-table.ts";
import { decimalsOf } from "../price-rule.ts";
import type { Arrival, Trace } from "../trace.ts";

/** When an amount is valued: on the day on which it moved, on the day of the theft, and by the newest price. */
export const worthTimes = ["moved", "atTheft", "now"] as const;
export type WorthTime = (typeof worthTimes)[number];

/** What an amount was worth, each rounded once, half to even, to the cent; undefined where a price is not known. */
export type Worth = Readonly<Record<WorthTime, Usd | undefined>>;

/** The same before it is rounded; what sums are made of. */
export type ExactWorth = Readonly<Record<WorthTime, Decimal | undefined>>;

/** A price that an answer rests on. */
export type UsedPrice = { readonly asset: string; readonly price: Price };

/** What one whole coin was worth, and how many decimals its base unit has. */
type UnitWorth = { readonly usd: Decimal; readonly decimals: number };

/**
 * Values a trace's amounts by a table of prices; it remembers which prices it took.
 *
 * Of a day the first price known counts, closes before others. `now` is the newest market price, unless that is stale. The day
 * of the theft is the day of the earliest origin. The rules stand in `docs/methods/tracing.md`.
 */
export class Valuer {
  /** Undefined where the trace has no origin. */
  readonly theftDay: Day | undefined;
  /** What `now` means; undefined: the table has no market price. */
  readonly newest: Day | undefined;
  readonly #prices: PriceTable;
  readonly #found = new Map<string, Map<Day | "now", UnitWorth | undefined>>();
  readonly #used = new Map<string, UsedPrice>();
  /** Of blocks' times; there are as many as blocks with something tainted. */
  readonly #days = new Map<number, Day>();

  constructor(prices: PriceTable, { origins }: Pick<Trace, "origins">) {
    this.#prices = prices;
    this.newest = newestDay(prices);
    for (const { time } of origins) {
      const day = dayOfTime(time);
      if (this.theftDay === undefined || day < this.theftDay) this.theftDay = day;
    }
  }

  /** An amount in base units that moved at one time; undefined: when is not known. */
  worth(asset: string, amount: bigint, time: number | undefined): ExactWorth {
    return this.worthOfParts(asset, amount, time === undefined ? undefined : [{ time, amount }]);
  }

  /** An amount of which each unit moved at one of some times, and not told which: `moved` is known where all are of one day. */
  worthOnOneDay(asset: string, amount: bigint, times: readonly number[]): ExactWorth {
    const days = new Set(times.map((time) => this.#dayOf(time)));
    return this.worth(asset, amount, days.size === 1 ? times[0] : undefined);
  }

  /** An amount that came in parts: `moved` is the sum of each part's worth on its day, unknown where one of them is. */
  worthOfParts(asset: string, amount: bigint, parts: readonly Arrival[] | undefined): ExactWorth {
    let moved: Decimal | undefined = parts === undefined ? undefined : nothing;
    for (const part of parts ?? []) {
      const worth = this.#times(asset, part.amount, this.#dayOf(part.time));
      if (moved === nothing) moved = worth;
      else moved = moved === undefined || worth === undefined ? undefined : addDecimal(moved, worth);
    }
    const atTheft = this.theftDay === undefined ? undefined : this.#times(asset, amount, this.theftDay);
    return { moved, atTheft, now: this.#times(asset, amount, "now") };
  }

  /** The prices taken so far, by asset and day. */
  used(): readonly UsedPrice[] {
    const byKey = ([left]: readonly [string, UsedPrice], [right]: readonly [string, UsedPrice]): number =>
      left < right ? -1 : left > right ? 1 : 0;
    return [...this.#used].toSorted(byKey).map(([, one]) => one);
  }

  #times(asset: string, amount: bigint, when: Day | "now"): Decimal | undefined {
    const found = this.#priceOf(asset, when);
    return found === undefined ? undefined : multiplyDecimal({ digits: amount, scale: found.decimals }, found.usd);
  }

  /** Looked up once for an asset's day, and from then on among the prices used. */
  #priceOf(asset: string, when: Day | "now"): UnitWorth | undefined {
    let own = this.#found.get(asset);
    if (own === undefined) this.#found.set(asset, (own = new Map()));
    if (own.has(when)) return own.get(when);
    const price = when === "now" ? latestPrice(this.#prices, asset) : pricesOn(this.#prices, asset, when)[0];
    const decimals = decimalsOf(asset);
    const found = price === undefined || decimals === undefined ? undefined : { usd: price.usd, decimals };
    own.set(when, found);
    if (price !== undefined && found !== undefined) this.#used.set(`${asset} ${price.day}`, { asset, price });
    return found;
  }

  #dayOf(time: number): Day {
    let day = this.#days.get(time);
    if (day === undefined) this.#days.set(time, (day = dayOfTime(time)));
    return day;
  }
}

const nothing: Decimal = { digits: 0n, scale: 0 };
const unknownWorth: ExactWorth = { moved: undefined, atTheft: undefined, now: undefined };

/** The worth of an amount that is not there (of accounts under `poison`). */
export function worthOfNone(): ExactWorth {
  return unknownWorth;
}

/** To the cent, half to even. */
export function roundWorth({ moved, atTheft, now }: ExactWorth): Worth {
  const cents = (worth: Decimal | undefined): Usd | undefined =>
    worth === undefined ? undefined : usdFromDecimal(worth);
  return { moved: cents(moved), atTheft: cents(atTheft), now: cents(now) };
}

function dayOfTime(time: number): Day {
  return new Date(time * 1_000).toISOString().slice(0, 10) as Day;
}
