import type { ChainId } from "../base/caip.ts";
import type { Usd } from "../base/usd.ts";
import type { Confidence } from "../tags/actor.ts";
import type { Tag } from "../tags/tag.ts";
import type { EvidenceKind, IndexPolicy, Role } from "./words.ts";

/** One thing that is known: a tag of a party, a tag within its cluster, or exposure to an origin. */
export type Fact = {
  readonly evidence: EvidenceKind;
  /** The party's place among the verdict's parties; undefined: it is of the transaction. */
  readonly party: number | undefined;
  /** The origin's key, or who the entity is. */
  readonly origin: string;
  readonly name: string;
  readonly actor: string | null;
  readonly category: string;
  readonly confidence: Confidence;
  readonly sources: readonly string[];
  /** The heuristics and conventions that it rests on, by name. */
  readonly methods: readonly string[];
  /** Of a theft. */
  readonly date: string | null;
  /** Undefined of tags. */
  readonly exposure: Exposure | undefined;
};

/** Value that came from an origin, by one policy, in one asset. Amounts are base units. */
export type Exposure = {
  readonly policy: IndexPolicy;
  /** CAIP-19. */
  readonly asset: string;
  /** Above 0. */
  readonly amount: bigint;
  /** Of the amount, what came directly. */
  readonly direct: bigint;
  /** What an address has not paid on; undefined of a transaction. */
  readonly held: bigint | undefined;
  readonly whole: Whole;
  /** Of one base unit of the asset on the day of the last receipt; undefined where no price is known. */
  readonly usd: ((amount: bigint) => Usd) | undefined;
  readonly receipts: number;
  readonly hops: number;
  /** Unix seconds. */
  readonly first: number;
  readonly last: number;
  /** The way of the largest receipt. Cost: a page for each step. */
  readonly path: () => Path;
};

/**
 * All that was received, or paid, of the asset. `least`: at least so much; of an address with very many receipts they are not all
 * added up.
 */
export type Whole = { readonly kind: "exact" | "least"; readonly amount: bigint };

export type Path = {
  readonly steps: readonly PathStep[];
  /** Steps between the origin and the first of these that are left out. */
  readonly skipped: number;
};

export type PathStep = {
  readonly txid: string | null;
  readonly address: string | null;
  readonly asset: string;
  readonly amount: bigint;
  /** Unix seconds. */
  readonly time: number;
};

/** An address that was looked up, as who it is to the subject. */
export type Party = {
  readonly role: Role;
  readonly address: string;
  readonly chain: ChainId;
  /** Its number in the ledger; undefined where the ledger has not seen it. */
  readonly owner: number | undefined;
  readonly entity: string | null;
  readonly category: string | null;
  readonly tags: readonly Tag[];
  /** Other EVM chains on which the same address has tags. */
  readonly elsewhere: readonly ChainId[];
  readonly cluster: { readonly id: string; readonly size: number; readonly entity: string | null } | undefined;
};
