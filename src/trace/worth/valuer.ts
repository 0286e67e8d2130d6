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
  readonly #found = new Map<string, Price | undefined>();
  readonly #used = new Map<string, UsedPrice>();
  readonly #decimals = new Map<string, number | undefined>();

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

  /** An amount that came in parts: `moved` is the sum of each part's worth on its day, unknown where one of them is. */
  worthOfParts(asset: string, amount: bigint, parts: readonly Arrival[] | undefined): ExactWorth {
    let moved: Decimal | undefined = parts === undefined ? undefined : nothing;
    for (const part of parts ?? []) {
      const worth = this.#times(asset, part.amount, dayOfTime(part.time));
      moved = moved === undefined || worth === undefined ? undefined : addDecimal(moved, worth);
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
    const price = this.#price(asset, when);
    const decimals = this.#decimalsOf(asset);
    if (price === undefined || decimals === undefined) return undefined;
    this.#used.set(`${asset} ${price.day}`, { asset, price });
    return multiplyDecimal({ digits: amount, scale: decimals }, price.usd);
  }

  #price(asset: string, when: Day | "now"): Price | undefined {
    const key = `${asset} ${when}`;
    if (this.#found.has(key)) return this.#found.get(key);
    const price = when === "now" ? latestPrice(this.#prices, asset) : pricesOn(this.#prices, asset, when)[0];
    this.#found.set(key, price);
    return price;
  }

  #decimalsOf(asset: string): number | undefined {
    if (!this.#decimals.has(asset)) this.#decimals.set(asset, decimalsOf(asset));
    return this.#decimals.get(asset);
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
