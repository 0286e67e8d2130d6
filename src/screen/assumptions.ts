import type { GapData } from "./verdict.ts";

/**
 * What traces say of themselves that keeps nobody from being reached: origins that move nothing, what was burnt; and unknown
 * inner transfers, which are a gap of their own.
 */
const harmless: readonly RegExp[] = [
  /^Of the origins [0-9]+ move nothing/u,
  /^[0-9]+ transfers to nobody that are no gas fee/u,
  /^Transfers inside transactions are not known/u,
];

/** What else they say, each with a word for it and its number or name; a test holds them against what traces write. */
const kinds: readonly (readonly [kind: string, form: RegExp])[] = [
  ["shielded", /^(?<chain>.+) has a part that is not public/u],
  ["mixed", /^(?<count>[0-9]+) tainted amounts \(/u],
  ["fees", /^The fees of (?<count>[0-9]+) transactions are not known/u],
  ["unpriced", /is tainted in (?<count>[0-9]+) changes of form\.$/u],
];

/** Whether an assumption of a trace may hide that value reached somebody. One that is not known here does. */
export function mattersTo(assumption: string): boolean {
  return !harmless.some((one) => one.test(assumption));
}

/** An assumption as data: `kind`, with the `count` or the `chain` of its sentence; `other` for one that is not known here. */
export function assumptionData(assumption: string): GapData {
  for (const [kind, form] of kinds) {
    const { count, chain } = form.exec(assumption)?.groups ?? {};
    if (count !== undefined) return { kind, count: Number.parseInt(count, 10) };
    if (chain !== undefined) return { kind, chain };
  }
  return { kind: "other" };
}
