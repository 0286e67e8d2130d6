import type { Backward } from "./sources.ts";

/** What an answer's shares mean, and what is not in it, a sentence each. */
export function backwardNotes({ model, policy, basis, funds, leftOut }: Backward): readonly string[] {
  const notes: string[] = [];
  if (basis === "pro rata") {
    notes.push(
      "Each payment is taken as made of all that its payer had, pro rata; parts are rounded so that the sum is kept.",
    );
  }
  if (basis === "by origin") {
    notes.push(
      `By ${policy} what a payment holds depends on what is called tainted: each source is taken for itself as the origin of a trace forward, and its share is what arrives. So shares need not add up to 100%.`,
    );
  }
  if (policy === "poison" && model === "account") {
    notes.push("By poison accounts have no amounts: a source is listed where any of its value can be in it.");
  }
  if (funds.some(({ isLeast }) => isLeast)) {
    notes.push("An amount with ≥ is a lower bound: values that the ledger does not know lie on the way.");
  }
  if (leftOut !== undefined) {
    const { entities, sources, limit } = leftOut;
    notes.push(
      `Left out, since at most ${limit} entities are asked about (--sources-max): ${entities} more, in ${sources} places, all of them farther away or in fewer places than those listed.`,
    );
  }
  const limited = funds.filter(({ kind }) => kind === "limit").map(({ entity }) => entity);
  if (limited.length > 0) {
    notes.push(`What lies behind a limit (${limited.map((name) => `--${name}`).join(", ")}) is not known.`);
  }
  return notes;
}
