import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findReferences } from "../../src/trace/origin.ts";
import { accountPolicies } from "../../src/trace/policy.ts";
import { isConserved } from "../../src/trace/trace.ts";
import { traceAccounts, type AccountTrace } from "../../src/trace/account/account-trace.ts";
import { randomOf } from "../ledger/random-chain.ts";
import { modelAccountTrace, type ModelAccountTrace } from "../reference/trace-accounts.ts";
import { withLedger } from "./ledger-of.ts";
import { randomAccounts } from "./random-accounts.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 50);

function told(trace: AccountTrace): ModelAccountTrace {
  const by = (name: "origin" | "fees" | "convertedInto" | "convertedOut"): Map<string, bigint> =>
    new Map(trace.totals.map((total) => [total.asset, total[name]]));
  return {
    origin: by("origin"),
    fees: by("fees"),
    convertedInto: by("convertedInto"),
    convertedOut: by("convertedOut"),
    holdings: heldBy(trace),
    beyond: beyondOf(trace),
    exits: new Map([...trace.exits()].map(({ ref, amount }) => [ref, amount])),
    carried: carriedOf(trace),
  };
}

/** By address and asset; an account can have what is not followed beside what is. */
function heldBy(trace: AccountTrace): Map<string, bigint> {
  const found = new Map<string, bigint>();
  for (const { address, asset, amount = 0n } of trace.holdings()) {
    const key = `${address} ${asset}`;
    found.set(key, (found.get(key) ?? 0n) + amount);
  }
  return found;
}

/** What lies behind limits, by what rests; what the trace says of its limits is the sum of that. */
function beyondOf(trace: AccountTrace): Map<string, bigint> {
  const found = new Map<string, bigint>();
  const sums = new Map<string, { amount: bigint | undefined; count: number }>();
  for (const { address, asset, amount, limit } of trace.holdings()) {
    if (limit === undefined) continue;
    found.set(`${limit} ${address} ${asset}`, amount ?? 0n);
    const { amount: before = 0n, count = 0 } = sums.get(`${limit} ${asset}`) ?? {};
    sums.set(`${limit} ${asset}`, { amount: amount === undefined ? undefined : before + amount, count: count + 1 });
  }
  const met = trace.limits.map(({ limit, asset, amount, count }) => [`${limit} ${asset}`, { amount, count }] as const);
  expect(new Map(met)).toEqual(sums);
  return found;
}

/** What each transfer carried; a change of form within an account is none. */
function carriedOf(trace: AccountTrace): Map<string, bigint> {
  const found = new Map<string, bigint>();
  for (const { source, target, ref, amount } of trace.flows()) {
    if (source !== target) found.set(ref, (found.get(ref) ?? 0n) + amount);
  }
  return found;
}

const isOf = (refs: ReadonlySet<string>, txid: string): boolean => [...refs].some((ref) => ref.startsWith(`${txid}:`));

const byKey = ([left]: readonly [string, bigint], [right]: readonly [string, bigint]): number =>
  left < right ? -1 : 1;

/** Of maps; lists are what others compare. */
const sorted = (trace: ModelAccountTrace): object =>
  Object.fromEntries(
    Object.entries(trace)
      // The model also tells receipts, which the taint index is held against.
      .filter((entry): entry is [string, ReadonlyMap<string, bigint>] => entry[1] instanceof Map)
      .map(([name, map]) => [
        name,
        [...map].filter(([, amount]) => name === "holdings" || name === "beyond" || amount !== 0n).toSorted(byKey),
      ]),
  );

describe("a trace on a chain of accounts", () => {
  it("is what the model says, under every policy, with swaps and without, whatever the limits and the batches", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1_000_000_000),
        fc.constantFrom(1n, 10n ** 18n),
        fc.integer({ min: 1, max: 12 }),
        fc.record({
          hopsMax: fc.constantFrom(undefined, undefined, 0, 1, 2, 4),
          least: fc.constantFrom(0n, 0n, 3n, 9n),
          budget: fc.constantFrom(undefined, undefined, 0, 1, 2, 5, 12),
          isUntil: fc.boolean(),
          // Of some, accounts have more transfers than are read at a time.
          length: fc.constantFrom(25, 25, 25, 25, 25, 25, 25, 200),
        }),
        async (seed, scale, batch, { hopsMax, least, budget, isUntil, length }) => {
          const { blocks, refs, addresses, assets } = randomAccounts({ seed, blocks: length, scale });
          if (refs.length === 0) return;
          const random = randomOf(seed + 1);
          const origins = new Set(Array.from({ length: 1 + random(3) }, () => refs[random(refs.length)] ?? ""));
          const last = blocks.findLastIndex(({ transactions }) => transactions.some(({ id }) => isOf(origins, id)));
          const until = isUntil ? blocks[last + random(blocks.length - last)]?.height : undefined;
          const limits = { hopsMax, amountMin: least * scale, budget, until };
          const stops = new Set(addresses.slice(0, random(3)));
          const missing = assets[random(6)];
          const price = (asset: string): { numerator: bigint; denominator: bigint } | undefined =>
            asset === missing ? undefined : { numerator: BigInt(3 + assets.indexOf(asset as never)), denominator: 7n };
          await withLedger(blocks, batch, (reader) => {
            const numbers = findReferences(reader, [...origins]);
            for (const policy of accountPolicies) {
              for (const swaps of ["on", "off"] as const) {
                const trace = traceAccounts(reader, {
                  origins: numbers,
                  policy,
                  stops: (address) => (stops.has(address) ? { entity: address, category: "exchange" } : undefined),
                  limits,
                  swaps,
                  price,
                  hubTransfers: undefined,
                });
                const rules = { origins, policy, stops, swaps: swaps === "on", price, limits };
                const expected = modelAccountTrace(blocks, rules);
                expect([policy, swaps, limits, sorted(told(trace))]).toEqual([policy, swaps, limits, sorted(expected)]);
                if (policy !== "poison") expect(trace.totals.every(isConserved)).toBe(true);
                assertPaths(trace);
              }
            }
          });
        },
      ),
      { numRuns: runs },
    );
  });
});

/** Every holding and exit has a path that begins at an origin and never goes back in the ledger. */
function assertPaths(trace: AccountTrace): void {
  const origins = new Set(trace.origins.map(({ ref }) => ref));
  for (const { id, address } of [...trace.holdings(), ...trace.exits()]) {
    const path = trace.path(id);
    expect(origins.has(path[0]?.ref ?? "")).toBe(true);
    expect(path.at(-1)?.to).toBe(address);
    for (const [at, step] of path.entries()) {
      if (at === 0) continue;
      expect(step.from).toBe(path[at - 1]?.to);
      expect(step.height).toBeGreaterThanOrEqual(path[at - 1]?.height ?? 0);
    }
  }
}
