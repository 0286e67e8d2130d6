/**
 * The rules by which a payment out of mixed funds is attributed; each has been used by a court or a paper. What each one
 * does exactly stands in `docs/methods/tracing.md`.
 */
export const policies = ["fifo", "lifo", "taint-first", "taint-last", "tiho", "haircut", "poison"] as const;
export type Policy = (typeof policies)[number];

/** Those that are defined for accounts: `tiho` orders the outputs of one transaction, which accounts do not have. */
export const accountPolicies: readonly Policy[] = policies.filter((policy) => policy !== "tiho");

/** Policies in which the order of the incoming segments decides; for the others an amount says all. */
export function isOrdered(policy: Policy): policy is "fifo" | "lifo" {
  return policy === "fifo" || policy === "lifo";
}
