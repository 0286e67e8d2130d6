import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findReferences } from "../../src/trace/origin.ts";
import { accountPolicies, policies } from "../../src/trace/policy.ts";
import { runTrace, type TraceRequest } from "../../src/trace/run.ts";
import { isConserved, noLimits, type Limits, type Trace } from "../../src/trace/trace.ts";
import type { Block } from "../../src/chains/block.ts";
import type { ChainReader } from "../../src/ledger/reader.ts";
import { randomOf } from "../ledger/random-chain.ts";
import { withLedger } from "./ledger-of.ts";
import { randomAccounts } from "./random-accounts.ts";
import { randomUtxo } from "./random-utxo.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 30);

const requestOf = (origins: readonly number[], limits: Limits): Omit<TraceRequest, "policy"> => ({
  origins,
  stops: undefined,
  limits,
  swaps: "on",
  price: () => undefined,
  hubTransfers: undefined,
});

/** Holdings in a form that can be compared. */
const held = (trace: Trace): readonly string[] =>
  [...trace.holdings()].map(({ ref, address, asset, amount }) => `${ref} ${address} ${asset} ${amount}`);

const random = (seed: number): { readonly blocks: readonly Block[]; readonly refs: readonly string[] } =>
  seed % 2 === 0
    ? randomUtxo({ seed, chain: "bitcoin", blocks: 14, unseen: "mixed", scale: 100n })
    : randomAccounts({ seed, blocks: 20, scale: 100n });

describe("a limit", () => {
  it("--until leaves what a ledger that ends there gives, and says what lies beyond", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000_000), async (seed) => {
        const { blocks, refs } = random(seed);
        const cut = 1 + randomOf(seed)(blocks.length - 1);
        const early = refs.slice(0, 10);
        const until = blocks[cut]?.height ?? 0;
        const before = await withLedger(blocks.slice(0, cut + 1), 4, (reader) => known(reader, early));
        const short = await withLedger(blocks.slice(0, cut + 1), 4, (reader) => told(reader, before, noLimits));
        const long = await withLedger(blocks, 4, (reader) => told(reader, before, { ...noLimits, until }));
        expect(long).toEqual(short);
      }),
      { numRuns: runs },
    );
  });

  it("conserves value, and names itself where it was met", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1_000_000_000),
        fc.constantFrom<Partial<Limits>>(
          { hopsMax: 0 },
          { hopsMax: 2 },
          { amountMin: 700n },
          { budget: 3 },
          { budget: 0 },
        ),
        async (seed, limit) => {
          const { blocks, refs } = random(seed);
          const early = refs.slice(0, 25).filter((_, at) => at % 5 === 0);
          await withLedger(blocks, 4, (reader) => {
            for (const policy of reader.model === "utxo" ? policies : accountPolicies) {
              const request = { ...requestOf(findReferences(reader, early), { ...noLimits, ...limit }), policy };
              const trace = runTrace(reader, request);
              const free = runTrace(reader, { ...request, limits: noLimits });
              if (policy !== "poison") expect(trace.totals.every(isConserved)).toBe(true);
              const names = new Set(trace.limits.map((met) => met.limit));
              expect([...trace.holdings()].every(({ limit: met }) => met === undefined || names.has(met))).toBe(true);
              const [hopsMax] = [limit.hopsMax ?? Infinity];
              expect([...trace.holdings(), ...trace.exits()].every(({ hops }) => hops <= hopsMax)).toBe(true);
              // Where no limit of its own was met it is the trace without one.
              if ([...names].every((name) => name === "unknown-value")) expect(held(trace)).toEqual(held(free));
            }
          });
        },
      ),
      { numRuns: runs * 2 },
    );
  });

  it("--hub makes an account with more transfers a stop, and says so", async () => {
    const { blocks, refs } = randomAccounts({ seed: 5, blocks: 40, scale: 100n });
    await withLedger(blocks, 4, (reader) => {
      const request = { ...requestOf(findReferences(reader, refs.slice(0, 3)), noLimits), policy: "fifo" } as const;
      const trace = runTrace(reader, { ...request, hubTransfers: 3 });
      const exits = [...trace.exits()];
      expect(exits.length).toBeGreaterThan(0);
      expect(exits.every(({ entity, category }) => entity === "hub" && category === "hub")).toBe(true);
      for (const { address } of exits) expect(trace.assumptions.join("\n")).toContain(address ?? "?");
      expect([...runTrace(reader, request).exits()]).toEqual([]);
    });
  });
});

/** The references that a ledger has. */
function known(reader: ChainReader, texts: readonly string[]): readonly string[] {
  return texts.filter((text) => {
    try {
      return findReferences(reader, [text]).length > 0;
    } catch {
      return false;
    }
  });
}

function told(reader: ChainReader, origins: readonly string[], limits: Limits): object {
  const request = requestOf(findReferences(reader, origins.slice(0, 2)), limits);
  return (reader.model === "utxo" ? policies : accountPolicies).map((policy) => {
    const trace = runTrace(reader, { ...request, policy });
    return { policy, totals: trace.totals, holdings: held(trace) };
  });
}
