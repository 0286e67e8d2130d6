import type { ChainId } from "../base/caip.ts";
import type { Fact, Party } from "./fact.ts";
import type { GapDataOf } from "./gap-data.ts";
import type { Rule, RuleSet } from "./rules.ts";
import type { Direction, Gap, Level } from "./words.ts";

/** Something that is not known and keeps from `clear`. */
export type Missing = { readonly [One in Gap]: MissingOf<One> }[Gap];

type MissingOf<One extends Gap> = {
  readonly gap: One;
  readonly what: string;
  /** What `what` is made of. */
  readonly data: GapDataOf[One];
  /** What to do about it; null: nothing can be done. */
  readonly mend: string | null;
};

/** A rule that holds, with the facts of which it does. */
export type Match = { readonly rule: Rule; readonly facts: readonly Fact[] };

/** A list of tags that a ledger has loaded. */
export type KnownList = {
  readonly name: string;
  /** The day on which it was last imported. */
  readonly checked: string;
  /** SHA-256 of its file. */
  readonly hash: string;
  readonly tags: number;
};

/** What was followed, and what of the register was not. */
export type Checked = {
  readonly incidents: number;
  readonly origins: number;
  /** Ids of thefts that are later than all that was screened. */
  readonly later: readonly string[];
  /** Ids of thefts on this chain of which the ledger holds no transaction. */
  readonly absent: readonly string[];
  /**
   * Ids of thefts of this chain's assets, or with thieves' addresses on it, of which the register names no transaction on it, and which
   * are not followed by their thief's addresses either.
   */
  readonly unplaced: readonly string[];
};

/** What was screened. */
export type Subject = {
  readonly kind: "address" | "transaction";
  /** In the chain's canonical form. */
  readonly text: string;
  /** Of a transaction: which of its payments, as asked; null: all. */
  readonly to: string | null;
};

/**
 * What can be said of an address or a transaction.
 *
 * `flagged`: a rule holds. `clear`: none does and nothing is missing. `unknown`: none does, and something is missing.
 */
export type Verdict = {
  readonly verdict: "flagged" | "clear" | "unknown";
  readonly subject: Subject;
  /** Null: of no one chain that is known. */
  readonly chain: ChainId | null;
  /** Whether the chain was ingested as made-up data. */
  readonly simulated: boolean;
  readonly direction: Direction;
  readonly block: { readonly height: number; readonly hash: string | null; readonly time: number } | null;
  readonly rules: RuleSet;
  readonly registerDigest: string;
  readonly tagsDigest: string;
  readonly lists: readonly KnownList[];
  /** The gravest first. */
  readonly matches: readonly Match[];
  readonly facts: readonly Fact[];
  readonly parties: readonly Party[];
  /** Also of a flagged one. */
  readonly missing: readonly Missing[];
  readonly accepted: readonly Missing[];
  readonly checked: Checked;
};

/** The gravest of the rules that hold; null where none does. */
export function levelOf({ matches }: Pick<Verdict, "matches">): Level | null {
  return matches[0]?.rule.level ?? null;
}
