/** Dollars in traces: what must hold of any chain and any prices. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AccountBlock } from "../../src/chains/block.ts";
import { readOwnPrices } from "../../src/prices/own-prices.ts";
import { findReferences } from "../../src/trace/origin.ts";
import { accountPolicies, policies, type Policy } from "../../src/trace/policy.ts";
import { runBackward, runTrace } from "../../src/trace/run.ts";
import { noLimits, type Trace } from "../../src/trace/trace.ts";
import { worthOfBackward } from "../../src/trace/worth/funds-worth.ts";
import { worthOfHolding, worthOfTrace, worthParts } from "../../src/trace/worth/sums.ts";
import { roundWorth, Valuer, worthTimes, type Worth } from "../../src/trace/worth/valuer.ts";
import { randomAccounts } from "./random-accounts.ts";
import { withLedger } from "./ledger-of.ts";
import { randomUtxo } from "./random-utxo.ts";
import { ether, firstDay, other, paid, story, thief, txid, victim } from "./story.ts";

const stop = { entity: "A service", category: "exchange" } as const;
const request = { limits: noLimits, swaps: "on", price: () => undefined, hubTransfers: undefined } as const;
const runs = Number(process.env["FUZZ_RUNS"] ?? 25);

type Valued = { readonly amount: bigint; readonly worth: Worth };

/** Holdings and exits with an amount, each rounded for itself. */
function rowsOf(trace: Trace, valuer: Valuer): Readonly<Record<"holdings" | "exits", readonly Valued[]>> {
  return {
    holdings: [...trace.holdings()].flatMap((one) => {
      const worth = roundWorth(worthOfHolding(trace, valuer, one));
      return one.amount === undefined ? [] : [{ amount: one.amount, worth }];
    }),
    exits: [...trace.exits()].map(({ asset, amount, time }) => {
      return { amount, worth: roundWorth(valuer.worth(asset, amount, time)) };
    }),
  };
}

const sum = (list: readonly { readonly amount: bigint }[]): bigint => list.reduce((all, one) => all + one.amount, 0n);

/** What must hold of every trace, whatever the prices. */
function holds(trace: Trace, valuer: Valuer): void {
  const { sums } = worthOfTrace(trace, valuer, []);
  const total = sums.total();
  const rows = rowsOf(trace, valuer);
  for (const part of ["holdings", "exits"] as const) {
    for (const time of worthTimes) {
      // What rests without an amount has no worth, and so the sum of it has none.
      if (part === "holdings" && trace.totals.some(({ holdings }) => holdings === undefined)) {
        expect(total[part][time]).toEqual({ usd: undefined, unpriced: [] });
        continue;
      }
      const known = rows[part].flatMap(({ worth }) => worth[time] ?? []);
      const parts = known.reduce((all: bigint, usd) => all + usd, 0n);
      const { usd, unpriced } = total[part][time];
      // Each row and the sum are at most half a cent off.
      const off = parts - (usd ?? 0n);
      expect((off < 0n ? -off : off) * 2n).toBeLessThanOrEqual(BigInt(known.length + 1));
      expect(sum(unpriced)).toBe(sum(rows[part].filter(({ worth }) => worth[time] === undefined)));
      expect(usd === undefined).toBe(known.length === 0 && unpriced.length > 0);
    }
  }
  for (const holding of trace.holdings()) {
    const arrivals = trace.arrivalsOf(holding);
    if (arrivals !== undefined) expect(sum(arrivals)).toBe(holding.amount);
  }
  // Each limit that was met has its sum, and what of it has no price.
  const limits = sums.byLimit();
  expect(limits.map(({ limit, asset }) => `${limit} ${asset}`).toSorted()).toEqual(
    trace.limits.map(({ limit, asset }) => `${limit} ${asset}`).toSorted(),
  );
  for (const { limit, asset, amount } of trace.limits) {
    const worth = limits.find((one) => one.limit === limit && one.asset === asset)?.worth;
    if (amount === undefined) expect(worth?.atTheft).toEqual({ usd: undefined, unpriced: [] });
  }
  for (const { asset, fees, convertedInto, convertedOut } of trace.totals) {
    const { into, out } = trace.conversions(asset);
    expect([sum(into), sum(out)]).toEqual([convertedInto, convertedOut]);
    const payments = trace.feePayments(asset);
    if (payments !== undefined) expect(sum(payments)).toBe(fees);
    else expect(trace.model).toBe("utxo");
  }
}

/** Where a price never changes, when something moved makes no difference, but where that is not known. */
function holdsAtOnePrice(trace: Trace, valuer: Valuer): void {
  const total = worthOfTrace(trace, valuer, []).sums.total();
  for (const part of worthParts) {
    const { moved, atTheft, now } = total[part];
    expect(atTheft).toEqual(now);
    if (moved.unpriced.length === 0) expect(moved).toEqual(atTheft);
  }
}

describe("dollars of any trace", () => {
  it("the rows make up the sums to the cent, and every amount is either valued or named as without a price", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1_000_000_000),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 99_999_999 })), { maxLength: 25 }),
        async (seed, given) => {
          const isUtxo = seed % 2 === 0;
          const { blocks, refs } = isUtxo
            ? randomUtxo({ seed, chain: "bitcoin", blocks: 14, unseen: "mixed", scale: 100_000n })
            : randomAccounts({ seed, blocks: 25, scale: 10n ** 16n });
          const daily = blocks.map((block, day) => ({ ...block, time: firstDay + day * 86_400 }));
          const symbol = isUtxo ? "BTC" : "ETH";
          const dayText = (day: number): string =>
            new Date((firstDay + day * 86_400) * 1_000).toISOString().slice(0, 10);
          const row = (day: number, usd: string): string => `${symbol},${dayText(day)},${usd}\n`;
          const some = [...new Map(given)].map(([day, usd]) => row(day, `${usd}.${usd % 1_000}`)).join("");
          const every = Array.from({ length: 60 }, (_, day) => row(day, "12345.678")).join("");
          const [someTable, oneTable] = [some, every].map((text) => readOwnPrices("given", `asset,date,usd\n${text}`));
          if (refs.length === 0) return;
          await withLedger(daily, 5, (reader) => {
            const origins = findReferences(
              reader,
              refs.slice(0, 9).filter((_, index) => index % 4 === 0),
            );
            for (const policy of reader.model === "utxo" ? policies : accountPolicies) {
              const trace = runTrace(reader, {
                ...request,
                limits: seed % 3 === 0 ? { ...noLimits, hopsMax: 2 } : noLimits,
                origins,
                policy,
                stops: (address) => (/[0-3]$/u.test(address) ? stop : undefined),
              });
              holds(trace, new Valuer(someTable ?? new Map(), trace));
              if (reader.model === "utxo") holdsAtOnePrice(trace, new Valuer(oneTable ?? new Map(), trace));
            }
          });
        },
      ),
      { numRuns: runs },
    );
  });

  it("tells when an account's holding came by parts under fifo and lifo; else only where all came on one day", async () => {
    const blocks = [...story.slice(0, 2), paid(2, [[thief, other, ether / 2n]]), paid(3, [[thief, other, ether]])];
    await withLedger(blocks, 2, (reader) => {
      const origins = findReferences(reader, [`${txid(1)}:0`]);
      const arrivals = (policy: Policy): object => {
        const trace = runTrace(reader, { ...request, origins, policy, stops: undefined });
        return [...trace.holdings()].map((holding) => trace.arrivalsOf(holding));
      };
      const on = (day: number, amount: bigint): object => ({ time: firstDay + day * 86_400 + 43_200, amount });
      const parts = [[on(1, ether / 2n)], [on(2, ether / 2n), on(3, ether)]];
      expect(arrivals("fifo")).toEqual(parts);
      expect(arrivals("lifo")).toEqual(parts);
      for (const policy of ["taint-first", "taint-last", "haircut"] as const) {
        expect(arrivals(policy)).toEqual([[on(1, ether / 2n)], undefined]);
      }
    });
  });

  it("by origin tells what an entity's share was worth then only where all its places are of one day", async () => {
    const prices = readOwnPrices(
      "given",
      "asset,date,usd\nETH,2031-03-02,100\nETH,2031-03-03,100\nETH,2031-03-05,400\n",
    );
    const toThief = [victim, thief, ether] as const;
    const worthWhere = async (first: AccountBlock, second: AccountBlock): Promise<unknown> =>
      withLedger([...story.slice(0, 1), first, second, paid(4, [[thief, other, 2n * ether]])], 2, (reader) => {
        const origins = findReferences(reader, [`${txid(4)}:0`]);
        const stops = (address: string): typeof stop | undefined => (address === victim ? stop : undefined);
        const found = runBackward(reader, { ...request, origins, policy: "taint-last", stops });
        const { of } = worthOfBackward(found, new Valuer(prices, { origins: found.deposits }));
        return found.funds.map((fund) => [fund.amount, fund.count, of(fund).moved.usd, of(fund).now.usd]);
      });
    expect(await worthWhere(paid(1, [toThief, toThief]), paid(2, []))).toEqual([[2n * ether, 2, 20_000n, 80_000n]]);
    expect(await worthWhere(paid(1, [toThief]), paid(2, [toThief]))).toEqual([[2n * ether, 2, undefined, 80_000n]]);
  });

  it("tells when the fees of a single theft were paid, whatever the policy", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000_000), async (seed) => {
        const { blocks, refs } = randomUtxo({ seed, chain: "bitcoin", blocks: 14, unseen: "mixed", scale: 100n });
        await withLedger(blocks, 5, (reader) => {
          const origins = findReferences(reader, refs.slice(3, 4));
          for (const policy of policies.filter((one) => one !== "poison")) {
            const trace = runTrace(reader, {
              ...request,
              origins,
              policy,
              stops: undefined,
            });
            expect(sum(trace.feePayments(trace.chain.native) ?? [{ amount: -1n }])).toBe(trace.totals[0]?.fees);
          }
        });
      }),
      { numRuns: runs },
    );
  });
});
