import type { AssumptionData } from "./gap-data.ts";

/**
 * What traces say of themselves that keeps nobody from being reached: origins that move nothing, what was burnt; and unknown
 * inner transfers, which are a gap of their own.
 */
const harmless: readonly RegExp[] = [
  /^Of the origins [0-9]+ move nothing/u,
  /^[0-9]+ transfers to nobody that are no gas fee/u,
  /^Transfers inside transactions are not known/u,
];

/** Whether an assumption of a trace may hide that value reached somebody. One that is not known here does. */
export function mattersTo(assumption: string): boolean {
  return !harmless.some((one) => one.test(assumption));
}

/** What else they say, each with its number; a test holds them against what the index writes. */
const counted: readonly (readonly [kind: "mixed" | "fees" | "unpriced", form: RegExp])[] = [
  ["mixed", /^(?<count>[0-9]+) tainted amounts \(/u],
  ["fees", /^The fees of (?<count>[0-9]+) transactions are not known/u],
  ["unpriced", /is tainted in (?<count>[0-9]+) changes of form\.$/u],
];

/** An assumption as data. */
export function assumptionData(assumption: string): AssumptionData {
  const chain = /^(?<chain>.+) has a part that is not public/u.exec(assumption)?.groups?.["chain"];
  if (chain !== undefined) return { kind: "shielded", chain };
  for (const [kind, form] of counted) {
    const count = form.exec(assumption)?.groups?.["count"];
    if (count !== undefined) return { kind, count: Number.parseInt(count, 10) };
  }
  return { kind: "other" };
}
