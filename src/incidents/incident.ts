import type { Units } from "../base/amount.ts";
import type { Asset } from "../base/assets.ts";
import type { CountryCode } from "../base/country.ts";
import type { Period } from "../base/day.ts";
import type { Decimal } from "../base/decimal.ts";
import type { Source } from "../base/source.ts";
import type { Usd } from "../base/usd.ts";
import type { Confidence } from "../tags/actor.ts";

/** One theft of cryptocurrency, as the register holds it. Every statement in it has a source. */
export type Incident = {
  readonly id: string;
  /** The file it was read from. */
  readonly file: string;
  readonly date: Period;
  /** Time of day of the theft, UTC, `HH:MM` or `HH:MM:SS`. */
  readonly time: string | undefined;
  readonly disclosed: Period | undefined;
  readonly victim: Victim;
  readonly stolen: readonly Stolen[];
  /** Whether `stolen` names everything that was taken. False where nothing is itemised. */
  readonly stolenComplete: boolean;
  /** Published values at the time of the theft; the first is the central one. Empty: unknown. */
  readonly valuesAtTheft: readonly Valuation[];
  /** Published values as first disclosed; the first is the central one. Empty: unknown. */
  readonly valuesDisclosed: readonly Valuation[];
  readonly recovered: readonly Recovery[];
  /** Undefined: nobody is on record as having attributed it. */
  readonly attribution: Attribution | undefined;
  /** Who has been suspected, where it is not attributed. Never counted. */
  readonly suspicions: readonly Suspicion[];
  readonly techniques: readonly Technique[];
  readonly chain: OnChain;
  readonly disputed: readonly Dispute[];
  /** Whether it never happened and belongs to a simulated chain. Such a theft counts in no total. */
  readonly simulated: boolean;
  readonly notes: string | undefined;
  readonly sources: ReadonlyMap<string, Source>;
};

export type Victim = {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly sector: string;
  readonly country: VictimCountry;
};

/** Where a victim belongs, by each rule. Undefined: not established. */
export type VictimCountry = {
  /** Where the legal person is registered. */
  readonly seat: CountryCode | undefined;
  /** Where the business was run from. */
  readonly operator: CountryCode | undefined;
  /** As a published study counts it, where that is known. */
  readonly published:
    | { readonly code: CountryCode; readonly by: string; readonly basis: string | undefined }
    | undefined;
  /** Other places that a source gives; never counted. */
  readonly claimed: readonly { readonly code: CountryCode; readonly basis: string; readonly source: string }[];
};

/** What was taken: an amount of a known asset, of a token known by symbol only, or several assets by value only. */
export type Stolen =
  | { readonly kind: "asset"; readonly asset: Asset; readonly units: Units }
  | { readonly kind: "token"; readonly symbol: string; readonly chain: string | undefined; readonly amount: Decimal }
  | { readonly kind: "lot"; readonly text: string; readonly usd: Usd };

/** A published value, how it came about, and the key of its source. */
export type Valuation = { readonly usd: Usd; readonly basis: string; readonly source: string };

export type Recovery = {
  readonly usd: Usd;
  /** When the dollars are valued: at the theft, or when the funds came back. */
  readonly at: "theft" | "recovery";
  /** What came back, where it is one amount of one known asset. */
  readonly returned: { readonly asset: Asset; readonly units: Units } | undefined;
  readonly date: Period | undefined;
  readonly basis: string;
  readonly source: string;
};

export type Attribution = {
  /** An id of `data/actors`. */
  readonly actor: string;
  readonly confidence: Confidence;
  readonly claims: readonly Claim[];
  readonly disputes: readonly Claim[];
};

/** Somebody's statement on who did it. */
export type Claim = {
  readonly by: string;
  readonly date: Period | undefined;
  readonly says: string | undefined;
  readonly source: string | undefined;
};

export type Suspicion = {
  readonly actor: string;
  readonly by: string;
  readonly basis: string;
  readonly source: string;
};

/** What was done; `id` is a MITRE ATT&CK technique where one fits. */
export type Technique = { readonly id: string | undefined; readonly text: string };

/** Where the theft stands on chain, each as `chain:txid` or `chain:address` in canonical form. */
export type OnChain = {
  readonly theft: readonly string[];
  readonly thief: readonly string[];
  readonly victim: readonly string[];
};

export type Dispute = { readonly what: string; readonly why: string };
