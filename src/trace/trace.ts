import type { KnownChain } from "../base/chains.ts";
import { Failure } from "../base/failure.ts";
import type { Policy } from "./policy.ts";

/** What keeps a trace from following a tainted amount. */
export const limitNames = ["until", "hops-max", "amount-min", "budget", "unknown-value"] as const;
export type LimitName = (typeof limitNames)[number];

/** Where a trace ends although the money went on; undefined: no such limit. */
export type Limits = {
  /** The height of the last block that is looked at. */
  readonly until: number | undefined;
  /** An amount that is this many transactions away from its origin is not followed further. */
  readonly hopsMax: number | undefined;
  /** A tainted amount below this, in base units, is not followed further. */
  readonly amountMin: bigint;
  /** How many transactions may be visited. */
  readonly budget: number | undefined;
};

export const noLimits: Limits = { until: undefined, hopsMax: undefined, amountMin: 0n, budget: undefined };

/** A limit that a trace has met, and the tainted value of which it cannot say where it went. */
export type LimitMet = {
  readonly limit: LimitName;
  readonly asset: string;
  /** Undefined where the holdings have no amount: of accounts under `poison`. */
  readonly amount: bigint | undefined;
  /** Holdings that the amount lies in. */
  readonly count: number;
};

/** A point in the ledger. */
export type Moment = {
  readonly txid: string;
  readonly height: number;
  /** Unix seconds. */
  readonly time: number;
};

/** An output or a transfer that the trace begins with. */
export type OriginRow = Moment & {
  readonly ref: string;
  readonly address: string | null;
  readonly asset: string;
  readonly amount: bigint;
};

/** A tainted amount that has not moved on. */
export type Holding = {
  /** For {@link Trace.path}. */
  readonly id: number;
  /** The unspent output; undefined on a chain of accounts. */
  readonly ref: string | undefined;
  /** Null where the output has no owner. */
  readonly address: string | null;
  readonly asset: string;
  /** Base units; undefined for an account under `poison`, which has no amount. */
  readonly amount: bigint | undefined;
  readonly hops: number;
  /** Why it is not followed, where it has moved on all the same. */
  readonly limit: LimitName | undefined;
};

/** A tainted amount that reached a stop. */
export type Exit = Moment & {
  readonly id: number;
  readonly ref: string;
  readonly address: string | null;
  readonly entity: string;
  readonly category: string;
  readonly asset: string;
  readonly amount: bigint;
  readonly hops: number;
};

/** What conservation adds up, by asset: `origin + convertedInto = holdings + exits + fees + convertedOut` but for poison. */
export type AssetTotals = {
  readonly asset: string;
  readonly origin: bigint;
  /** Undefined where a holding has no amount: of accounts under `poison`. */
  readonly holdings: bigint | undefined;
  readonly exits: bigint;
  readonly fees: bigint;
  readonly convertedInto: bigint;
  readonly convertedOut: bigint;
};

/** One hop of a path: an output or a transfer that carries some of the value. */
export type PathStep = Moment & {
  readonly ref: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly asset: string;
  readonly amount: bigint;
  readonly what: "origin" | "payment" | "swap";
};

/** An edge of the flow graph. Ends are named `tx:ID` (outputs only) or `address:TEXT`, `ref:TEXT` where there is none. */
export type Flow = Moment & {
  readonly source: string;
  readonly target: string;
  readonly ref: string;
  readonly asset: string;
  readonly amount: bigint;
};

/** A part of an amount, and when it came or was paid. */
export type Arrival = {
  /** Unix seconds. */
  readonly time: number;
  /** Base units. */
  readonly amount: bigint;
};

/** The answer of a trace. Lists come in ledger order; a large one is made when it is asked for and not kept. */
export type Trace = {
  readonly chain: KnownChain;
  readonly model: "utxo" | "account";
  readonly policy: Policy;
  readonly totals: readonly AssetTotals[];
  readonly limits: readonly LimitMet[];
  /** What the answer rests on beside the ledger, a sentence each. */
  readonly assumptions: readonly string[];
  readonly cost: { readonly transactions: number; readonly rows: number; readonly pages: number };
  readonly origins: readonly OriginRow[];
  holdings(): Iterable<Holding>;
  exits(): Iterable<Exit>;
  /**
   * When what a holding is made of came to where it rests; undefined where the policy does not tell which of several tainted
   * amounts is left, and they came on different days.
   */
  arrivalsOf(holding: Holding): readonly Arrival[] | undefined;
  /** When an asset's fees were paid, by block; undefined where the parts do not make up the sum of the fees. */
  feePayments(asset: string): readonly Arrival[] | undefined;
  /** When value of an asset was gained for tainted value of others, and given for others, by block. */
  conversions(asset: string): { readonly into: readonly Arrival[]; readonly out: readonly Arrival[] };
  /** The way by which value came from an origin, beginning there. */
  path(id: number): readonly PathStep[];
  flows(): Iterable<Flow>;
};

/** A sum; undefined where one of its parts is not known. */
export function sumOfKnown(amounts: Iterable<bigint | undefined>): bigint | undefined {
  let sum = 0n;
  for (const amount of amounts) {
    if (amount === undefined) return undefined;
    sum += amount;
  }
  return sum;
}

/** An origin that `until` leaves out. */
export function originTooLate(height: number, { until }: Limits): Failure {
  const what = `an origin is in block ${height}, after block ${until} (--until)`;
  return new Failure("USAGE", { what, mend: `give a block from ${height} on, or leave the origin out` });
}

/** What stands between two equal sides: asserted of every trace but poison. */
export function isConserved({ origin, holdings, exits, fees, convertedInto, convertedOut }: AssetTotals): boolean {
  return holdings !== undefined && origin + convertedInto === holdings + exits + fees + convertedOut;
}
