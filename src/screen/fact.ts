import type { Usd } from "../base/usd.ts";
import type { Confidence } from "../tags/actor.ts";

/** One thing that is known of what is screened: a tag of its own, its cluster's entity, or exposure to an origin. */
export type Fact = {
  readonly evidence: "tag" | "cluster" | "exposure";
  /** The origin's key, or who the entity is. */
  readonly origin: string;
  readonly name: string;
  readonly actor: string | null;
  readonly category: string;
  readonly confidence: Confidence;
  readonly sources: readonly string[];
  readonly date: string | null;
  /** The following are of exposure; null elsewhere, or where not known. */
  readonly policy: string | null;
  readonly asset: string | null;
  readonly amount: bigint | null;
  /** What was received or moved of the asset in all. */
  readonly whole: bigint | null;
  /** Cents, at the price of the last receipt's day. */
  readonly usd: Usd | null;
  /** Transactions between the origin and this; at most 1 is direct. */
  readonly hops: number;
  /** Unix seconds. */
  readonly first: number | null;
  readonly last: number | null;
  readonly path: readonly PathStep[];
};

/** A step of the path by which the largest tainted receipt came. */
export type PathStep = {
  readonly txid: string;
  readonly address: string | null;
  readonly asset: string;
  readonly amount: bigint;
};
