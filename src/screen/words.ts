/** The closed lists of words that rules and verdicts are written with. */

/** Where value comes from, who it goes to, or, of an address alone, both. */
export const directions = ["deposit", "withdrawal", "either"] as const;
export type Direction = (typeof directions)[number];

/** How grave a rule is, in ascending order. */
export const levels = ["low", "medium", "high"] as const;
export type Level = (typeof levels)[number];

export const evidenceKinds = ["tag", "cluster", "exposure"] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];

/** The policies that the taint index carries origins forward by. */
export const indexPolicies = ["fifo", "haircut"] as const;
export type IndexPolicy = (typeof indexPolicies)[number];

/** Who a party is to what is screened. */
export const roles = ["subject", "payer", "receiver"] as const;
export type Role = (typeof roles)[number];

/** What keeps from saying `clear`; each is described in docs/screening.md. */
export const gaps = [
  "ledger-empty",
  "chain-not-loaded",
  "not-in-ledger",
  "not-synced",
  "index-none",
  "index-lost",
  "index-behind",
  "index-stale",
  "index-policy",
  "tags-none",
  "tag-unclear",
  "clusters",
  "begins-late",
  "heights-left-out",
  "internal-unknown",
  "outputs-unseen",
  "theft-absent",
  "theft-partial",
  "theft-unfollowed",
  "assumption",
  "parties",
  "price",
  "share",
] as const;
export type Gap = (typeof gaps)[number];

/**
 * The gaps that a set of rules may accept: limits of what a ledger can know, which a user may decide to live with. What has not
 * been looked up at all (no index, not in the ledger) can never be accepted.
 */
export const acceptableGaps = [
  "tag-unclear",
  "clusters",
  "begins-late",
  "heights-left-out",
  "internal-unknown",
  "outputs-unseen",
  "theft-absent",
  "theft-partial",
  "theft-unfollowed",
  "assumption",
  "parties",
] as const satisfies readonly Gap[];
export type AcceptableGap = (typeof acceptableGaps)[number];
