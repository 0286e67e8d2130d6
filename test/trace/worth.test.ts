/* eslint-disable unicorn/no-thenable -- "then" is a name of the JSON, and its values are no functions */
/** Dollars in traces: figures worked out by hand, and what must hold of any chain and any prices. */
import fc from "fast-check";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chain } from "../../src/base/chains.ts";
import type { Block } from "../../src/chains/block.ts";
import { readOwnPrices } from "../../src/prices/own-prices.ts";
import { openLmdbStore } from "../../src/store/lmdb-store.ts";
import { findReferences } from "../../src/trace/origin.ts";
import { accountPolicies, policies, type Policy } from "../../src/trace/policy.ts";
import { runTrace } from "../../src/trace/run.ts";
import { noLimits, type Trace } from "../../src/trace/trace.ts";
import { worthOfHolding, worthOfTrace, worthParts } from "../../src/trace/worth/sums.ts";
import { roundWorth, Valuer, worthTimes, type Worth } from "../../src/trace/worth/valuer.ts";
import { fundtrail, type Outcome } from "../cli/terminal.ts";
import { randomAccounts } from "./random-accounts.ts";
import { withLedger } from "./ledger-of.ts";
import { randomUtxo } from "./random-utxo.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-worth-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const at = (name: string): string => path.join(scratch, name);

const stop = { entity: "A service", category: "exchange" } as const;
const request = { limits: noLimits, swaps: "on", price: () => undefined, hubTransfers: undefined } as const;
const runs = Number(process.env["FUZZ_RUNS"] ?? 25);
const ether = 10n ** 18n;
const [victim, thief, shop, other] = ["1", "2", "3", "4"].map((digit) => `0x${digit.repeat(40)}`) as [
  string,
  string,
  string,
  string,
];
const txid = (block: number): string => `0x${String(block).padStart(64, "0")}`;
/** Midnight of 2031-03-01; a block a day. No price of the register is from that year. */
const firstDay = Date.UTC(2031, 2, 1) / 1_000;

function paid(
  block: number,
  rows: readonly (readonly [from: string | undefined, to: string | undefined, amount: bigint])[],
): Block {
  const asset = chain("ethereum").native;
  return {
    model: "account",
    chain: chain("ethereum").id,
    hash: undefined,
    parent: undefined,
    height: block,
    time: firstDay + block * 86_400 + 43_200,
    transactions: [{ id: txid(block), index: 0, failed: false }],
    transfers: rows.map(([from, to, amount], position) => ({
      transaction: 0,
      position,
      kind: to === undefined ? "fee" : from === undefined ? "credit" : "native",
      asset,
      from,
      to,
      amount,
    })),
    internalTransfers: "known",
  };
}

/** 2 ETH stolen on 03-02; 0.5 to a shop on 03-03, with a fee of 0.01; another 0.25 to it on 03-04, of which no price is known. */
const story: readonly Block[] = [
  paid(0, [[undefined, victim, 3n * ether]]),
  paid(1, [[victim, thief, 2n * ether]]),
  paid(2, [
    [thief, shop, ether / 2n],
    [thief, undefined, ether / 100n],
  ]),
  paid(3, [[thief, shop, ether / 4n]]),
  paid(4, [[thief, other, ether]]),
];
const prices = `date,asset,usd
2031-03-02,ETH,100.005
2031-03-03,ETH,200
2031-03-05,ETH,400.1
2031-03-06,BTC,9
`;

beforeAll(async () => {
  await withLedger(story, 2, () => undefined, openLmdbStore(at("story"), { mode: "write" }));
  writeFileSync(at("prices.csv"), prices);
  writeFileSync(at("stops.csv"), `address,entity,category\n${shop},A shop,merchant\n`);
});

const tracedBy = async (file: string, ...args: readonly string[]): Promise<Outcome> =>
  fundtrail(
    "trace",
    "--ledger",
    at("story"),
    "--origin",
    `${txid(1)}:0`,
    "--stops",
    at("stops.csv"),
    "--prices",
    at(file),
    ...args,
  );
const traced = async (...args: readonly string[]): Promise<Outcome> => tracedBy("prices.csv", ...args);

type Row = { readonly amount: string; readonly usd: object };
type Json = {
  readonly origins: readonly Row[];
  readonly holdings: readonly Row[];
  readonly exits: readonly Row[];
  readonly usd: object;
  readonly prices: readonly { readonly day: string; readonly source: string }[];
};

describe("a trace in dollars, worked out by hand", () => {
  it("values holdings, exits, fees and their sums; without a price they are null, and the sums say of how much", async () => {
    const { out, error } = await traced("--json");
    expect(error).toBe("");
    const json = JSON.parse(out) as Json;
    const rows = (name: "origins" | "holdings" | "exits"): object[] =>
      json[name].map(({ amount, usd }) => ({ amount, ...usd }));
    expect(rows("origins")).toEqual([{ amount: String(2n * ether), then: "200.01", atTheft: "200.01", now: "800.20" }]);
    // 0.5 · 200; 0.5 · 100.005 = 50.0025; 0.5 · 400.1. Of 03-04 there is no price.
    expect(rows("exits")).toEqual([
      { amount: String(ether / 2n), then: "100.00", atTheft: "50.00", now: "200.05" },
      { amount: String(ether / 4n), then: null, atTheft: "25.00", now: "100.02" },
    ]);
    // The thief has 0.24 since 03-02, the other account 1 since 03-05.
    expect(rows("holdings")).toEqual([
      { amount: String((24n * ether) / 100n), then: "24.00", atTheft: "24.00", now: "96.02" },
      { amount: String(ether), then: "400.10", atTheft: "100.00", now: "400.10" },
    ]);
    const none = { then: [], atTheft: [], now: [] };
    const asset = "eip155:1/slip44:60";
    expect(json.usd).toMatchObject({
      theftDay: "2031-03-02",
      now: "2031-03-06",
      origin: { then: "200.01", atTheft: "200.01", now: "800.20", unpriced: none },
      holdings: { then: "424.10", atTheft: "124.01", now: "496.12", unpriced: none },
      exits: {
        then: "100.00",
        atTheft: "75.00",
        now: "300.08",
        unpriced: { ...none, then: [{ asset, amount: String(ether / 4n) }] },
      },
      fees: { then: "2.00", atTheft: "1.00", now: "4.00", unpriced: none },
      assets: [{ asset, fees: { then: "2.00" } }],
    });
    expect(json.prices.map(({ day, source }) => [day, source])).toEqual(
      ["2031-03-02", "2031-03-03", "2031-03-05"].map((day) => [day, at("prices.csv")]),
    );
    expect((await traced("--json")).out).toBe(out);
  });

  it("says it in words and in the tables", async () => {
    const { out } = await traced();
    expect(out).toContain("the origin was worth $200 at the theft (2031-03-02) and is worth $800 now");
    expect(out).toContain("What reached services was worth at least $100 when it came there");
    expect(out).toMatch(/^A shop +merchant +0\.75 ETH +37\.5% +≥ 100\.00 +75\.00 +300\.08 /mu);
    expect(out).toContain("Of what reached services the worth is unknown of 0.25 ETH then.");
    expect(out).toContain(`Prices: ${at("prices.csv")}.`);
  });

  it("gives each step of a path its worth, and each edge of the graph", async () => {
    const { out } = await traced("--path", "A shop", "--json");
    const { paths } = JSON.parse(out) as { readonly paths: readonly (readonly { readonly usd: object }[])[] };
    expect(paths.map((steps) => steps.map(({ usd }) => usd))).toEqual([
      [
        { then: "200.01", atTheft: "200.01", now: "800.20" },
        { then: "100.00", atTheft: "50.00", now: "200.05" },
      ],
      [
        { then: "200.01", atTheft: "200.01", now: "800.20" },
        { then: null, atTheft: "25.00", now: "100.02" },
      ],
    ]);
    expect((await traced("--path", "A shop")).out).toMatch(/0\.25 ETH +unknown +25\.00 +100\.02 /u);
    const csv = (await traced("--format", "csv")).out;
    expect(csv).toMatch(/^source,.*,time,usd,usdAtTheft,usdNow\n/u);
    expect(csv).toMatch(/,2031-03-04T12:00:00Z,,25\.00,100\.02$/mu);
    const graphml = (await traced("--format", "graphml")).out;
    expect(graphml).toContain(`<data key="usd">100.00</data><data key="usdAtTheft">50.00</data>`);
    expect((await traced("--format", "dot")).out).toContain(`usd="100.00", usdAtTheft="50.00", usdNow="200.05"]`);
    expect((await traced("--format", "gexf")).out).toContain(`<attvalue for="usd" value="100.00"/>`);
  });

  it("has no price of today where the newest of the asset is over 180 days old", async () => {
    writeFileSync(at("stale.csv"), `${prices}2031-09-02,BTC,9\n`);
    const { out } = await tracedBy("stale.csv", "--json");
    expect(JSON.parse(out)).toMatchObject({ usd: { now: "2031-09-02", origin: { atTheft: "200.01", now: null } } });
  });

  it.each([
    ["asset,date\nETH,2031-03-02\n", /bad\.csv.*the first line lacks the column usd; write a CSV file/u],
    ["asset,date,usd\nETH,2031-02-30,5\n", /line 2: "2031-02-30" is not a day: there is no such day/u],
    ["asset,date,usd\nETH,2031-02-03,$5\n", /line 2: "\$5" is not a price/u],
    ["asset,date,usd\nETHH,2031-02-03,5\n", /line 2: unknown asset "ETHH".*did you mean ETH/u],
    ["asset,date,usd\nETH,2031-02-03,0.0\n", /line 2: 0 is no price; leave the row out/u],
    [
      "asset,date,usd\nETH,2031-02-03,1\nETH,2031-02-03,2\n",
      /line 3: ETH on 2031-02-03 has a price in line 2 already/u,
    ],
    ["asset,date,usd\nETH,2031-02-03\n", /bad\.csv, line 2: /u],
  ])("a prices file %j is refused in one line", async (text, message) => {
    writeFileSync(at("bad.csv"), text);
    const { status, out, error } = await tracedBy("bad.csv");
    expect([status, out, error.trim().split("\n").length]).toEqual([1, "", 1]);
    expect(error).toMatch(message);
  });
});

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
  for (const { asset, fees } of trace.totals) {
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
