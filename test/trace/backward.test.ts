import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { ChainReader } from "../../src/ledger/reader.ts";
import { openLmdbStore } from "../../src/store/lmdb-store.ts";
import { sourcesOf, type BackwardRequest } from "../../src/trace/backward/backward.ts";
import { fundsKey, type Backward, type Source } from "../../src/trace/backward/sources.ts";
import { findReferences } from "../../src/trace/origin.ts";
import { backwardJson } from "../../src/trace/output/backward-json.ts";
import { accountPolicies, policies, type Policy } from "../../src/trace/policy.ts";
import { runTrace } from "../../src/trace/run.ts";
import type { Stop } from "../../src/trace/stops.ts";
import { noLimits, type Limits } from "../../src/trace/trace.ts";
import { Valuer } from "../../src/trace/worth/valuer.ts";
import { randomOf } from "../ledger/random-chain.ts";
import { modelAccountTrace } from "../reference/trace-accounts.ts";
import {
  modelOutputSources,
  modelTransferSources,
  type Fraction,
  type ModelBackPolicy,
  type ModelSources,
} from "../reference/trace-back.ts";
import { modelUtxoTrace } from "../reference/trace-utxo.ts";
import { withLedger } from "./ledger-of.ts";
import { randomAccounts, type RandomAccounts } from "./random-accounts.ts";
import { randomUtxo, type RandomUtxo } from "./random-utxo.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 40);
const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-back-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const amountPolicies: readonly ModelBackPolicy[] = ["fifo", "lifo", "haircut"];
const originPolicies: readonly Policy[] = ["taint-first", "taint-last", "tiho", "poison"];
const unseenKinds = fc.constantFrom("none", "known", "unknown", "mixed");

type Case<Made> = {
  readonly made: Made;
  readonly deposit: string;
  readonly stops: ReadonlySet<string>;
  readonly rule: (address: string) => Stop | undefined;
};

/** A deposit near the end, and some of the addresses as stops, two of them of one entity. */
function caseOf<Made extends RandomUtxo | RandomAccounts>(made: Made, seed: number): Case<Made> {
  const random = randomOf(seed + 2);
  const names = made.addresses.slice(0, random(4));
  const deposit = made.refs[made.refs.length - 1 - random(Math.min(made.refs.length, 30))] ?? "";
  const entity = (address: string): string => (names.indexOf(address) < 2 ? "A" : "B");
  const rule = (address: string): Stop | undefined =>
    names.includes(address) ? { entity: entity(address), category: "exchange" } : undefined;
  return { made, deposit, stops: new Set(names), rule };
}

const utxoCase = (seed: number, unseen: "none" | "known" | "unknown" | "mixed", scale: bigint): Case<RandomUtxo> =>
  caseOf(randomUtxo({ seed, chain: "bitcoin", blocks: 12, unseen, scale }), seed);
/** What goes from an account to itself is no deposit. */
const accountCase = (seed: number, scale: bigint): Case<RandomAccounts> => {
  const one = caseOf(randomAccounts({ seed, blocks: 20, scale }), seed);
  const rows = one.made.blocks.flatMap(({ transfers, transactions }) =>
    transfers.map(({ transaction, position, from, to }) => ({
      ref: `${transactions[transaction]?.id}:${position}`,
      from,
      to,
    })),
  );
  const isIdle = rows.some(({ ref, from, to }) => ref === one.deposit && from === to);
  return isIdle
    ? { ...one, deposit: rows.findLast(({ from, to, ref }) => from !== to && one.made.refs.includes(ref))?.ref ?? "" }
    : one;
};

function asked(
  reader: ChainReader,
  { deposit, rule }: Case<unknown>,
  more: Partial<BackwardRequest> & { readonly policy: Policy },
): Backward {
  const deposits = findReferences(reader, [deposit]);
  return sourcesOf(reader, { deposits, stops: rule, limits: noLimits, swaps: "off", hubTransfers: undefined, ...more });
}

const sumOf = (sources: readonly { readonly amount: bigint | undefined }[]): bigint =>
  sources.reduce((sum, { amount }) => sum + (amount ?? 0n), 0n);

/** By source, as the model names them. */
function told(sources: readonly Source[], nameOf: (source: Source) => string): ReadonlyMap<string, bigint> {
  const found = new Map<string, bigint>();
  for (const one of sources) found.set(nameOf(one), (found.get(nameOf(one)) ?? 0n) + (one.amount ?? 0n));
  return found;
}

const outputName = ({ kind, ref }: Source): string => {
  if (kind === "created") return `created ${ref}`;
  return kind === "unknown-value" ? `unknown ${ref}` : `from ${ref}`;
};
const transferName = ({ kind, ref }: Source): string => `${kind} ${ref}`;

/** Equal but for less than `off` base units each; exactly where that is 0. */
function expectClose(found: ReadonlyMap<string, bigint>, model: ModelSources, off: bigint): void {
  for (const key of new Set([...found.keys(), ...model.keys()])) {
    const { numerator, denominator }: Fraction = model.get(key) ?? { numerator: 0n, denominator: 1n };
    const difference = (found.get(key) ?? 0n) * denominator - numerator;
    const distance = difference < 0n ? -difference : difference;
    if (distance > off * denominator) expect([key, found.get(key)]).toEqual([key, model.get(key)]);
  }
}

/** What holds of every answer that has amounts. */
function expectWhole(back: Backward): void {
  for (const list of [back.sources, back.funds]) expect(sumOf(list)).toBe(sumOf(back.deposits));
  for (const one of back.funds) expect((one.direct ?? 0n) + (one.indirect ?? 0n)).toBe(one.amount);
}

describe("a trace back with amounts", () => {
  it("is on outputs what the model says: fifo and lifo to the unit, haircut as near as rounding allows", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1_000_000_000),
        unseenKinds,
        fc.constantFrom(1n, 1_000n, 10n ** 12n),
        fc.integer({ min: 1, max: 12 }),
        async (seed, unseen, scale, batch) => {
          const one = utxoCase(seed, unseen, scale);
          const inputs = one.made.model.reduce((sum, transaction) => sum + transaction.inputs.length, 0);
          await withLedger(one.made.blocks, batch, (reader) => {
            for (const policy of amountPolicies) {
              const back = asked(reader, one, { policy });
              expectWhole(back);
              const model = modelOutputSources(one.made.model, { policy, stops: one.stops }).get(one.deposit);
              const off = policy === "haircut" ? BigInt(inputs) : 0n;
              expectClose(told(back.sources, outputName), model ?? new Map(), off);
            }
          });
        },
      ),
      { numRuns: runs },
    );
  });

  it("is on accounts what the model says, with swaps and without", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1_000_000_000),
        fc.constantFrom(1n, 1_000n, 10n ** 18n),
        fc.integer({ min: 1, max: 12 }),
        async (seed, scale, batch) => {
          const one = accountCase(seed, scale);
          if (one.deposit === "") return;
          const rows = one.made.blocks.reduce((sum, { transfers }) => sum + transfers.length, 0);
          await withLedger(one.made.blocks, batch, (reader) => {
            for (const policy of amountPolicies) {
              for (const swaps of ["on", "off"] as const) {
                const back = asked(reader, one, { policy, swaps });
                const rules = { policy, stops: one.stops, swaps: swaps === "on" };
                const model = modelTransferSources(one.made.blocks, rules).get(one.deposit);
                // What moves nothing, or from an account to itself, came from nowhere else.
                if (model === undefined) continue;
                expectWhole(back);
                expectClose(told(back.sources, transferName), model, policy === "haircut" ? BigInt(rows) : 0n);
              }
            }
          });
        },
      ),
      { numRuns: runs },
    );
  });

  it("finds by fifo and lifo what a trace forward from there brings", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000_000), fc.constantFrom("none", "known"), async (seed, unseen) => {
        const one = seed % 2 === 0 ? utxoCase(seed, unseen, 1_000n) : accountCase(seed, 1_000n);
        if (one.deposit === "") return;
        await withLedger(one.made.blocks, 3, (reader) => {
          for (const policy of ["fifo", "lifo"] as const) {
            const { sources } = asked(reader, one, { policy });
            // A service from before the ledger has no output in it to begin with.
            const ends = sources.filter(
              ({ kind, ref }) => (kind === "created" || kind === "service") && one.made.refs.includes(ref),
            );
            for (const [ref, parts] of Map.groupBy(ends, ({ ref: of }) => of)) {
              const forward = runTrace(reader, {
                origins: findReferences(reader, [ref]),
                policy,
                stops: one.rule,
                limits: noLimits,
                swaps: "off",
                price: () => undefined,
                hubTransfers: undefined,
              });
              const [arrived] = [...forward.flows()].filter((flow) => flow.ref === one.deposit);
              expect([policy, ref, sumOf(parts)]).toEqual([policy, ref, arrived?.amount]);
            }
          }
        });
      }),
      { numRuns: runs },
    );
  });
});

describe("a trace back by origin", () => {
  it("gives each entity on outputs what a trace forward from its places brings", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1_000_000_000),
        unseenKinds,
        fc.constantFrom(1n, 1_000n, 2n ** 40n),
        async (seed, unseen, scale) => {
          const one = utxoCase(seed, unseen, scale);
          await withLedger(one.made.blocks, 3, (reader) => {
            for (const policy of originPolicies) {
              const back = asked(reader, one, { policy });
              const groups = Map.groupBy(back.sources, fundsKey);
              expect(back.funds.map(fundsKey).toSorted()).toEqual([...groups.keys()].toSorted());
              for (const fund of back.funds) {
                const origins = new Set((groups.get(fundsKey(fund)) ?? []).map(({ ref }) => ref));
                const model = modelUtxoTrace(one.made.model, { origins, policy, stops: one.stops });
                const arrived = model.received.get(one.deposit) ?? 0n;
                expect([policy, fund.entity, fund.amount ?? 0n]).toEqual([policy, fund.entity, arrived]);
              }
            }
          });
        },
      ),
      { numRuns: runs },
    );
  });

  it("gives each entity on accounts what a trace forward from its places brings", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000_000), fc.constantFrom(1n, 10n ** 18n), async (seed, scale) => {
        const one = accountCase(seed, scale);
        if (one.deposit === "") return;
        await withLedger(one.made.blocks, 3, (reader) => {
          for (const policy of originPolicies.filter((known) => accountPolicies.includes(known))) {
            const back = asked(reader, one, { policy });
            const groups = Map.groupBy(back.sources, fundsKey);
            for (const fund of back.funds) {
              const refs = new Set((groups.get(fundsKey(fund)) ?? []).map(({ ref }) => ref));
              const isBefore = fund.kind === "before-ledger";
              const model = modelAccountTrace(one.made.blocks, {
                origins: isBefore ? new Set() : refs,
                before: isBefore ? refs : new Set(),
                policy,
                stops: one.stops,
                swaps: false,
                price: () => undefined,
              });
              const arrived = model.carried.get(one.deposit) ?? 0n;
              if (policy === "poison") expect([fund.entity, fund.amount]).toEqual([fund.entity, undefined]);
              else expect([policy, fund.entity, fund.amount]).toEqual([policy, fund.entity, arrived]);
              if (policy === "poison" && !isBefore) expect([fund.entity, arrived > 0n]).toEqual([fund.entity, true]);
            }
          }
        });
      }),
      { numRuns: runs },
    );
  });

  it("names every source that fifo and lifo find, and asks about no more entities than it may, saying so", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000_000), fc.integer({ min: 0, max: 3 }), async (seed, sourcesMax) => {
        const one = seed % 2 === 0 ? utxoCase(seed, "mixed", 1_000n) : accountCase(seed, 1_000n);
        if (one.deposit === "") return;
        await withLedger(one.made.blocks, 3, (reader) => {
          for (const swaps of ["on", "off"] as const) {
            const all = asked(reader, one, { policy: "poison", swaps });
            const refs = new Set(all.sources.map(transferName));
            for (const policy of ["fifo", "lifo"] as const) {
              const { sources } = asked(reader, one, { policy, swaps });
              for (const source of sources) {
                if (source.kind !== "unknown-value") expect(refs.has(transferName(source))).toBe(true);
              }
            }
            const some = asked(reader, one, { policy: "taint-first", swaps, sourcesMax });
            const entities = new Set(some.sources.map(fundsKey)).size;
            expect(some.funds).toHaveLength(Math.min(sourcesMax, entities));
            expect(some.leftOut?.entities ?? 0).toBe(Math.max(0, entities - sourcesMax));
            for (const { amount } of some.funds) expect((amount ?? 0n) <= sumOf(some.deposits)).toBe(true);
          }
        });
      }),
      { numRuns: runs },
    );
  });
});

describe("any trace back", () => {
  it("says the same whatever the batches and the store", async () => {
    let store = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000_000), fc.integer({ min: 1, max: 12 }), async (seed, batch) => {
        const one = seed % 2 === 0 ? utxoCase(seed, "mixed", 2n ** 40n) : accountCase(seed, 10n ** 18n);
        if (one.deposit === "") return;
        const answers = (reader: ChainReader): readonly string[] =>
          (reader.model === "utxo" ? policies : accountPolicies).map((policy) => {
            const back = asked(reader, one, { policy, swaps: "on" });
            return JSON.stringify(backwardJson(back, new Valuer(new Map(), { origins: back.deposits })));
          });
        const inMemory = await withLedger(one.made.blocks, 5, answers);
        store += 1;
        const folder = path.join(scratch, String(store));
        const onDisk = await withLedger(one.made.blocks, batch, answers, openLmdbStore(folder, { mode: "write" }));
        rmSync(folder, { recursive: true, force: true });
        expect(onDisk).toEqual(inMemory);
      }),
      { numRuns: Math.ceil(runs / 4) },
    );
  });

  it("keeps value within limits, and names those that it met", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1_000_000_000),
        fc.constantFrom<Partial<Limits>>(
          { hopsMax: 1 },
          { hopsMax: 3 },
          { amountMin: 700n },
          { budget: 3 },
          { budget: 0 },
        ),
        async (seed, limit) => {
          const one = seed % 2 === 0 ? utxoCase(seed, "mixed", 100n) : accountCase(seed, 100n);
          if (one.deposit === "") return;
          const limits = { ...noLimits, ...limit };
          const isOrigin = limit.amountMin === undefined;
          await withLedger(one.made.blocks, 4, (reader) => {
            for (const policy of [...amountPolicies, ...(isOrigin ? (["taint-first", "poison"] as const) : [])]) {
              const back = asked(reader, one, { policy, limits, swaps: "on" });
              if (back.basis !== "by origin") expectWhole(back);
              expect(back.sources.every(({ hops }) => hops <= (limit.hopsMax ?? Infinity))).toBe(true);
              const met = back.sources.filter(({ kind }) => kind === "limit");
              for (const { entity } of met) expect(["hops-max", "amount-min", "budget"]).toContain(entity);
              const free = asked(reader, one, { policy, swaps: "on" });
              if (met.length === 0) expect(back.funds).toEqual(free.funds);
            }
          });
        },
      ),
      { numRuns: runs },
    );
  });
});
