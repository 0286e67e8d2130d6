import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { traceAccounts } from "../../src/trace/account/account-trace.ts";
import { sourcesOfTransfers } from "../../src/trace/backward/account-sources.ts";
import { sourceOfFunds, type Source } from "../../src/trace/backward/sources.ts";
import { sourcesOfOutputs } from "../../src/trace/backward/utxo-sources.ts";
import { findReferences } from "../../src/trace/origin.ts";
import { noLimits } from "../../src/trace/trace.ts";
import { traceUtxo } from "../../src/trace/utxo/utxo-trace.ts";
import { randomOf } from "../ledger/random-chain.ts";
import { withLedger } from "./ledger-of.ts";
import { randomAccounts } from "./random-accounts.ts";
import { randomUtxo } from "./random-utxo.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 40);

const amountOf = (sources: readonly Source[]): bigint => sources.reduce((sum, { amount }) => sum + amount, 0n);

describe("a trace back", () => {
  it("finds of each output by fifo what a trace forward brings there", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000_000), fc.constantFrom("none", "known", "unknown"), async (seed, unseen) => {
        const made = randomUtxo({ seed, chain: "bitcoin", blocks: 12, unseen, scale: 1_000n });
        const random = randomOf(seed + 2);
        const stops = new Set(made.addresses.slice(0, random(3)));
        const rule = (address: string): { entity: string; category: string } | undefined =>
          stops.has(address) ? { entity: address, category: "exchange" } : undefined;
        const deposit = made.refs[made.refs.length - 1 - random(10)] ?? "";
        await withLedger(made.blocks, 3, (reader) => {
          const deposits = findReferences(reader, [deposit]);
          for (const policy of ["fifo", "haircut"] as const) {
            const back = sourcesOfOutputs(reader, { deposits, policy, stops: rule, hopsMax: Infinity });
            expect(amountOf(back.sources)).toBe(back.deposits[0]?.amount);
            expect(amountOf(back.sources)).toBe(
              sourceOfFunds(back.sources).reduce((sum, { amount }) => sum + amount, 0n),
            );
            if (policy === "haircut") continue;
            const ends = back.sources.filter(({ kind }) => kind === "created" || kind === "service");
            for (const [ref, parts] of Map.groupBy(ends, (one) => one.ref)) {
              // A service from before the ledger has no output in it to begin with.
              if (!made.refs.includes(ref)) continue;
              const forward = traceUtxo(reader, {
                origins: findReferences(reader, [ref]),
                policy: "fifo",
                stops: rule,
                limits: noLimits,
              });
              expect([ref, amountOf(parts)]).toEqual([ref, arrived(forward.flows(), deposit)]);
            }
          }
        });
      }),
      { numRuns: runs },
    );
  });

  it("finds of each transfer by fifo what a trace forward brings there", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000_000), async (seed) => {
        const { blocks, refs, addresses } = randomAccounts({ seed, blocks: 20, scale: 1_000n });
        const random = randomOf(seed + 2);
        const stops = new Set(addresses.slice(0, random(3)));
        const rule = (address: string): { entity: string; category: string } | undefined =>
          stops.has(address) ? { entity: address, category: "exchange" } : undefined;
        const deposit = refs[refs.length - 1 - random(Math.min(refs.length, 30))];
        if (deposit === undefined) return;
        await withLedger(blocks, 3, (reader) => {
          const deposits = findReferences(reader, [deposit]);
          const request = { deposits, stops: rule, hopsMax: Infinity, swaps: "off", hubTransfers: undefined } as const;
          const back = sourcesOfTransfers(reader, request);
          const all = blocks.flatMap(({ transfers, transactions }) =>
            transfers.map((one) => ({ ...one, ref: `${transactions[one.transaction]?.id}:${one.position}` })),
          );
          const asked = all.find(({ ref }) => ref === deposit);
          if (asked === undefined || asked.from === asked.to) return;
          expect(amountOf(back.sources)).toBe(asked.amount);
          const ends = back.sources.filter(
            ({ kind, ref }) => (kind === "created" || kind === "service") && refs.includes(ref),
          );
          for (const [ref, parts] of Map.groupBy(ends, (one) => one.ref)) {
            const forward = traceAccounts(reader, {
              origins: findReferences(reader, [ref]),
              policy: "fifo",
              stops: rule,
              limits: noLimits,
              swaps: "off",
              price: () => undefined,
              hubTransfers: undefined,
            });
            expect([ref, amountOf(parts)]).toEqual([ref, arrived(forward.flows(), deposit)]);
          }
        });
      }),
      { numRuns: runs },
    );
  });
});

/** What a trace carries to a reference. */
function arrived(
  flows: Iterable<{ readonly ref: string; readonly amount: bigint }>,
  deposit: string,
): bigint | undefined {
  for (const { ref, amount } of flows) if (ref === deposit) return amount;
  return undefined;
}
