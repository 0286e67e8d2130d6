/**
 * `same`: the result has the digest that the log has. `later`: the verdict is the same but for its block, since the ledger has gone
 * on. `differs`: it is another one. `impossible`: it cannot be run again. `nothing`: it had no result.
 */
export const rerunOutcomes = ["same", "later", "differs", "impossible", "nothing"] as const;
export type RerunOutcome = (typeof rerunOutcomes)[number];

/**
 * What is not as it was when the record was written. `tip`: the ledger has gone on, and the question can only be asked as of now.
 * `index`: the ledger was written since, without a new block: its taint index or its clusters. `tags unrecorded`: which tags
 * it rested on was not kept by the version that ran it. `unexplained`: all that is recorded is as it was.
 */
export type RerunCause =
  | "tip"
  | "rules"
  | "register"
  | "tags"
  | "tags unrecorded"
  | "software"
  | "index"
  | "unexplained";

/** What came of a record's question when it was asked again. */
export type RerunResult = {
  readonly outcome: RerunOutcome;
  /** Of one that differs. */
  readonly causes: readonly RerunCause[];
  /** The members of the result that differ, where the one of then is kept; null: it is not. */
  readonly parts: readonly string[] | null;
  /** Why it cannot be run again, or what there is to know. */
  readonly why: string | null;
  readonly now: { readonly sha256: string; readonly verdict: string | null; readonly block: number | null } | null;
};

/** One that has nothing to compare. */
export function resultOf(outcome: RerunOutcome, why: string): RerunResult {
  return { outcome, causes: [], parts: null, why, now: null };
}

/** The members of two documents that are not alike. */
export function differing(was: object, now: object): readonly string[] {
  const [before, after] = [was, now] as [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
