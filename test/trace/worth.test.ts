/* eslint-disable unicorn/no-thenable -- "then" is a name of the JSON, and its values are no functions */
/** Dollars in traces: figures worked out by hand. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asset as knownAsset } from "../../src/base/assets.ts";
import { chain } from "../../src/base/chains.ts";
import type { AccountBlock } from "../../src/chains/block.ts";
import { readOwnPrices } from "../../src/prices/own-prices.ts";
import { openLmdbStore } from "../../src/store/lmdb-store.ts";
import { findReferences } from "../../src/trace/origin.ts";
import { runTrace, type TraceRequest } from "../../src/trace/run.ts";
import { noLimits } from "../../src/trace/trace.ts";
import { worthOfTrace, type TraceWorth } from "../../src/trace/worth/sums.ts";
import { Valuer } from "../../src/trace/worth/valuer.ts";
import { fundtrail, type Outcome } from "../cli/terminal.ts";
import { withLedger } from "./ledger-of.ts";
import { ether, other, paid, prices, shop, story, thief, txid, victim } from "./story.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-worth-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const at = (name: string): string => path.join(scratch, name);

const request = { limits: noLimits, swaps: "on", price: () => undefined, hubTransfers: undefined } as const;
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

  it("compares policies in dollars: what each destination was worth by each, and between which bounds", async () => {
    const { out, error } = await traced("--compare", "--json");
    expect(error).toBe("");
    const json = JSON.parse(out) as {
      readonly policies: readonly { readonly policy: string; readonly usd: object }[];
      readonly destinations: readonly { readonly name: string; readonly usd: object }[];
      readonly prices: readonly unknown[];
      readonly usd: object;
    };
    const plain = JSON.parse((await traced("--json")).out) as Json & { readonly usd: Record<string, unknown> };
    expect(json.policies.find(({ policy }) => policy === "fifo")?.usd).toMatchObject({
      exits: plain.usd["exits"],
      holdings: plain.usd["holdings"],
      fees: plain.usd["fees"],
    });
    expect(json.usd).toEqual({ theftDay: "2031-03-02", now: "2031-03-06" });
    // Of the payment on 03-04 no price is known: what the shop got is at least 100.00, and no more can be said.
    expect(json.destinations.find(({ name }) => name === "A shop")?.usd).toMatchObject({
      amounts: { fifo: { then: "100.00", atTheft: "75.00", now: "300.08" } },
      low: { then: "100.00", atTheft: "75.00", now: "300.08" },
      high: { then: null, atTheft: "75.00", now: "300.08" },
    });
    expect(json.prices).toHaveLength(3);
    const text = (await traced("--compare")).out;
    expect(text).toMatch(
      /^Of 2 ETH, 0\.75 ETH \(37\.5%\) reached 1 service; .*, by fifo\. By policy 0\.75 ETH reached services/u,
    );
    expect(text).toMatch(/^A shop +merchant +0\.75 ETH +0\.75 ETH +100\.00 +unknown$/mu);
  });

  it("values a way back: when it left its source, on the day of the deposit, and now", async () => {
    const args = [
      "--ledger",
      at("story"),
      "--prices",
      at("prices.csv"),
      "--backward",
      "--json",
      "--origin",
      `${txid(4)}:0`,
    ];
    const { out } = await fundtrail("trace", ...args);
    expect(JSON.parse(out)).toMatchObject({
      basis: "exact",
      deposits: [{ amount: String(ether), usd: { then: "400.10", atDeposit: "400.10", now: "400.10" } }],
      funds: [
        // The mint was on a day without a price.
        { entity: "created", share: "1000000", usd: { then: null, atDeposit: "400.10", now: "400.10" } },
      ],
      usd: { depositDay: "2031-03-05", now: "2031-03-06", deposits: { then: "400.10" } },
      leftOut: null,
    });
    writeFileSync(at("victim.csv"), `address,entity,category\n${victim},The victim,exchange\n`);
    const stopped = await fundtrail("trace", ...args, "--stops", at("victim.csv"));
    expect(JSON.parse(stopped.out)).toMatchObject({
      funds: [{ entity: "The victim", direct: "0", usd: { then: "100.00", atDeposit: "400.10" } }],
      sources: [{ ref: `${txid(1)}:0`, time: "2031-03-02T12:00:00Z", hops: 2, usd: { then: "100.00" } }],
    });
    const byOrigin = await fundtrail("trace", ...args, "--stops", at("victim.csv"), "--policy", "taint-last");
    expect(JSON.parse(byOrigin.out)).toMatchObject({
      basis: "by origin",
      funds: [{ entity: "The victim", amount: String(ether), usd: { then: "100.00", atDeposit: "400.10" } }],
      sources: [{ amount: null, usd: { then: null } }],
    });
  });

  it("values what changed its form, and what lies behind a limit", async () => {
    const usdt = knownAsset("USDT").id;
    const swapped: AccountBlock = {
      ...paid(2, [[thief, shop, ether]]),
      transfers: [
        {
          transaction: 0,
          position: 0,
          kind: "native",
          asset: chain("ethereum").native,
          from: thief,
          to: shop,
          amount: ether,
        },
        { transaction: 0, position: 1, kind: "token", asset: usdt, from: shop, to: thief, amount: 150_000_000n },
      ],
    };
    const table = readOwnPrices("given", `${prices}2031-03-03,USDT,1.01\n`);
    await withLedger([...story.slice(0, 2), swapped, paid(3, [[thief, other, ether]])], 2, (reader) => {
      const limits = { ...noLimits, hopsMax: 0 };
      const of = (more: Partial<TraceRequest>): TraceWorth => {
        const origins = findReferences(reader, [`${txid(1)}:0`]);
        const trace = runTrace(reader, { ...request, origins, policy: "fifo", stops: undefined, ...more });
        return worthOfTrace(trace, new Valuer(table, trace), []).sums;
      };
      const { convertedOut, convertedInto } = of({}).total();
      // 1 ETH at 200 on 03-03, into 150 USDT at 1.01.
      expect([convertedOut.moved.usd, convertedInto.moved.usd]).toEqual([20_000n, 15_150n]);
      expect([convertedOut.atTheft.usd, convertedInto.atTheft.usd]).toEqual([10_000n, undefined]);
      // 2 ETH at 100.005 stay with the thief, who has moved them on.
      expect(of({ limits }).byLimit()).toMatchObject([{ limit: "hops-max", worth: { moved: { usd: 20_001n } } }]);
    });
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
