import { addDecimal, type Decimal } from "../../base/decimal.ts";
import { usdFromDecimal, type Usd } from "../../base/usd.ts";
import { destinationKey, type Destination } from "../destinations.ts";
import type { Arrival, Holding, LimitName, Trace } from "../trace.ts";
import { worthOfNone, worthTimes, type ExactWorth, type Valuer, type WorthTime } from "./valuer.ts";

/** An amount of an asset without a price. */
export type Unpriced = { readonly asset: string; readonly amount: bigint };

/** The worth of many amounts at one time. */
export type SumAt = {
  /** Of the amounts that have a price, rounded once; undefined where there are amounts and none has one. */
  readonly usd: Usd | undefined;
  /** By asset, what of the amounts has no price, so that `usd` is a lower bound; empty: all has one. */
  readonly unpriced: readonly Unpriced[];
};
export type WorthTotal = Readonly<Record<WorthTime, SumAt>>;

/** The worth of what has no amount. */
export const unknownTotal: WorthTotal = {
  moved: { usd: undefined, unpriced: [] },
  atTheft: { usd: undefined, unpriced: [] },
  now: { usd: undefined, unpriced: [] },
};

type Running = { sum: Decimal; priced: number; readonly unpriced: Map<string, bigint> };

/** Adds up exact worths, and beside them what has no price. */
export class WorthSum {
  readonly #at: Readonly<Record<WorthTime, Running>> = { moved: running(), atTheft: running(), now: running() };
  #isUnknown = false;

  /** @param amount - Undefined: there is one and it is not known; then neither is the sum. */
  add(asset: string, amount: bigint | undefined, worth: ExactWorth): void {
    if (amount === undefined) {
      this.#isUnknown = true;
      return;
    }
    for (const time of worthTimes) {
      const at = this.#at[time];
      const value = worth[time];
      if (value !== undefined) {
        at.sum = addDecimal(at.sum, value);
        at.priced += 1;
      } else if (amount > 0n) at.unpriced.set(asset, (at.unpriced.get(asset) ?? 0n) + amount);
    }
  }

  total(): WorthTotal {
    if (this.#isUnknown) return unknownTotal;
    const told = ({ sum, priced, unpriced }: Running): SumAt => ({
      usd: priced === 0 && unpriced.size > 0 ? undefined : usdFromDecimal(sum),
      unpriced: [...unpriced].map(([asset, amount]) => ({ asset, amount })),
    });
    return { moved: told(this.#at.moved), atTheft: told(this.#at.atTheft), now: told(this.#at.now) };
  }
}

function running(): Running {
  return { sum: { digits: 0n, scale: 0 }, priced: 0, unpriced: new Map() };
}

/** What is added up of a trace. */
export const worthParts = ["origin", "holdings", "exits", "fees", "convertedInto", "convertedOut"] as const;
export type WorthPart = (typeof worthParts)[number];
export type WorthTotals = Readonly<Record<WorthPart, WorthTotal>>;

type Sums = Readonly<Record<WorthPart, WorthSum>>;
const newSums = (): Sums => ({
  origin: new WorthSum(),
  holdings: new WorthSum(),
  exits: new WorthSum(),
  fees: new WorthSum(),
  convertedInto: new WorthSum(),
  convertedOut: new WorthSum(),
});

type Parted = { readonly asset: string; readonly amount: bigint; readonly parts: readonly Arrival[] | undefined };

/** The sums of a trace by its parts, for each asset and over all of them. Holdings and exits are added as they are printed. */
export class TraceWorth {
  readonly #all = newSums();
  readonly #byAsset = new Map<string, Sums>();
  readonly #byLimit = new Map<string, { readonly limit: LimitName; readonly asset: string; readonly sum: WorthSum }>();

  /** @param amount - Undefined: it is not known, and so the part's sums are not. */
  add(part: WorthPart, asset: string, amount: bigint | undefined, worth: ExactWorth): void {
    let own = this.#byAsset.get(asset);
    if (own === undefined) this.#byAsset.set(asset, (own = newSums()));
    own[part].add(asset, amount, worth);
    this.#all[part].add(asset, amount, worth);
  }

  /** Adds a holding; what a limit was met with is also added up by that limit. */
  addHolding({ asset, amount, limit }: Holding, worth: ExactWorth): void {
    this.add("holdings", asset, amount, worth);
    if (limit === undefined) return;
    const key = `${limit} ${asset}`;
    let own = this.#byLimit.get(key);
    if (own === undefined) this.#byLimit.set(key, (own = { limit, asset, sum: new WorthSum() }));
    own.sum.add(asset, amount, worth);
  }

  /** Adds what a trace began with, paid in fees, and changed into other assets. */
  addEnds(trace: Trace, valuer: Valuer): void {
    for (const { asset, origin, fees, convertedInto, convertedOut } of trace.totals) {
      const own = trace.origins.filter((one) => one.asset === asset);
      const listed = own.reduce((sum, { amount }) => sum + amount, 0n);
      // Where an origin lies behind another one its taint counts once, and when the rest of it moved is not told.
      this.#addParts("origin", { asset, amount: origin, parts: listed === origin ? own : undefined }, valuer);
      this.#addParts("fees", { asset, amount: fees, parts: trace.feePayments(asset) }, valuer);
      const { into, out } = trace.conversions(asset);
      this.#addParts("convertedInto", { asset, amount: convertedInto, parts: into }, valuer);
      this.#addParts("convertedOut", { asset, amount: convertedOut, parts: out }, valuer);
    }
  }

  #addParts(part: WorthPart, { asset, amount, parts }: Parted, valuer: Valuer): void {
    if (parts === undefined) this.add(part, asset, amount, valuer.worth(asset, amount, undefined));
    for (const one of parts ?? []) this.add(part, asset, one.amount, valuer.worth(asset, one.amount, one.time));
  }

  total(): WorthTotals {
    return totalsOf(this.#all);
  }

  /** The holdings that a limit kept from being followed, by limit and asset, in the order in which they were met. */
  byLimit(): readonly { readonly limit: LimitName; readonly asset: string; readonly worth: WorthTotal }[] {
    return [...this.#byLimit.values()].map(({ limit, asset, sum }) => ({ limit, asset, worth: sum.total() }));
  }

  byAsset(): ReadonlyMap<string, WorthTotals> {
    return new Map([...this.#byAsset].map(([asset, sums]) => [asset, totalsOf(sums)]));
  }
}

function totalsOf(sums: Sums): WorthTotals {
  return Object.fromEntries(worthParts.map((part) => [part, sums[part].total()])) as WorthTotals;
}

/** A trace's sums, and what came to each of the destinations that are asked for. Cost: once over holdings and exits. */
export function worthOfTrace(
  trace: Trace,
  valuer: Valuer,
  wanted: readonly Destination[],
): { readonly sums: TraceWorth; readonly of: (destination: Destination) => WorthTotal } {
  const sums = new TraceWorth();
  sums.addEnds(trace, valuer);
  const byKey = new Map(wanted.map((one) => [destinationKey(one), new WorthSum()]));
  for (const { entity: name, category, asset, amount, time } of trace.exits()) {
    const worth = valuer.worth(asset, amount, time);
    sums.add("exits", asset, amount, worth);
    byKey.get(destinationKey({ kind: "exit", name, category, asset }))?.add(asset, amount, worth);
  }
  for (const holding of trace.holdings()) {
    const { address, ref, asset, amount } = holding;
    const worth = worthOfHolding(trace, valuer, holding);
    sums.addHolding(holding, worth);
    const name = address ?? ref ?? "";
    byKey.get(destinationKey({ kind: "holding", name, category: "", asset }))?.add(asset, amount, worth);
  }
  return { sums, of: (destination) => (byKey.get(destinationKey(destination)) ?? new WorthSum()).total() };
}

/** The worth of a holding, by when what it is made of came. */
export function worthOfHolding(trace: Trace, valuer: Valuer, holding: Holding): ExactWorth {
  const { asset, amount } = holding;
  if (amount === undefined) return worthOfNone();
  return valuer.worthOfParts(asset, amount, trace.arrivalsOf(holding));
}
