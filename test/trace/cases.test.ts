import { describe, expect, it } from "vitest";
import type { AccountBlock } from "../../src/chains/block.ts";
import { destinationsOf } from "../../src/trace/destinations.ts";
import { findReferences } from "../../src/trace/origin.ts";
import { accountPolicies } from "../../src/trace/policy.ts";
import { runTrace, type TraceRequest } from "../../src/trace/run.ts";
import type { Stop } from "../../src/trace/stops.ts";
import { noLimits, type Trace } from "../../src/trace/trace.ts";
import { sharedData } from "../shared-data.ts";
import { addressesIn, bancorBlocks, harmonyBlocks, labelsIn, usdDecimals } from "./cases.ts";
import { withLedger } from "./ledger-of.ts";

const harmony = sharedData("cases/harmony-2023/HB.csv");
const bancor = sharedData("cases/bancor-2018/all-tx.csv");

/** References of the transfers that an account pays. */
const paidBy = (blocks: readonly AccountBlock[], isPayer: (account: string) => boolean): readonly string[] =>
  blocks.flatMap(({ transfers, transactions }) =>
    transfers
      .filter(({ from, kind }) => kind !== "fee" && from !== undefined && isPayer(from))
      .map(({ transaction, position }) => `${transactions[transaction]?.id ?? ""}:${position}`),
  );

async function traces(
  blocks: readonly AccountBlock[],
  origins: readonly string[],
  stops: (address: string) => Stop | undefined,
): Promise<ReadonlyMap<string, Trace>> {
  return withLedger(blocks, 50, (reader) => {
    const request: Omit<TraceRequest, "policy"> = {
      origins: findReferences(reader, origins),
      stops,
      limits: noLimits,
      swaps: "on",
      price: () => undefined,
      hubTransfers: undefined,
    };
    return new Map(accountPolicies.map((policy) => [policy, runTrace(reader, { ...request, policy })]));
  });
}

/** Whole dollars of an amount. */
const dollars = (amount: bigint | undefined): number => Number((amount ?? 0n) / 10n ** BigInt(usdDecimals));
const exitsOf = (trace: Trace | undefined): object =>
  Object.fromEntries(
    (trace === undefined ? [] : destinationsOf(trace))
      .filter(({ kind }) => kind === "exit")
      .map(({ name, amount }) => [name, dollars(amount)]),
  );

describe("real cases", () => {
  it.skipIf(harmony === undefined)("Harmony, laundered in January 2023", async () => {
    const { blocks, labels } = harmonyBlocks(harmony ?? "");
    const sources = addressesIn(sharedData("cases/harmony-2023/source addresses.csv") ?? "");
    const terminals = addressesIn(sharedData("cases/harmony-2023/terminal addresses.csv") ?? "");
    const exchange = (label: string): string => /^(?:HTX|Binance|OKX)/u.exec(label)?.[0] ?? label;
    const found = await traces(
      blocks,
      paidBy(blocks, (account) => sources.has(account)),
      (address) =>
        terminals.has(address) ? { entity: exchange(labels.get(address) ?? address), category: "terminal" } : undefined,
    );
    const sums = [...found].map(([policy, { totals }]) => [
      policy,
      dollars(totals[0]?.origin),
      dollars(totals[0]?.exits),
      dollars(totals[0]?.holdings),
    ]);
    expect(sums).toEqual([
      ["fifo", 70_525_147, 62_999_113, 7_526_034],
      ["lifo", 70_525_147, 60_052_608, 10_472_539],
      ["taint-first", 70_525_147, 67_553_211, 2_971_935],
      ["taint-last", 70_525_147, 54_788_120, 15_737_027],
      ["haircut", 70_525_147, 61_151_905, 9_373_242],
      ["poison", 64_370_660, 74_344_764, 0],
    ]);
    const internal = "HBH 0xbae5 CRC";
    expect(exitsOf(found.get("fifo"))).toEqual({
      HTX: 36_074_111,
      Binance: 13_457_994,
      OKX: 2_447_973,
      [internal]: 11_019_033,
    });
    // All that the data set lays at the exchanges' doors is reached.
    expect(exitsOf(found.get("poison"))).toMatchObject({ HTX: 40_685_382, Binance: 14_091_651, OKX: 3_007_953 });
  });

  it.skipIf(bancor === undefined)("Bancor, stolen in July 2018", async () => {
    const blocks = bancorBlocks(bancor ?? "");
    const labels = labelsIn(sharedData("cases/bancor-2018/all-address.csv") ?? "");
    const found = await traces(
      blocks,
      paidBy(blocks, (account) => account.startsWith("0x8ddfdf60")),
      (address) => {
        const known = labels.get(address);
        return known?.label === "exchange" ? { entity: known.name, category: "exchange" } : undefined;
      },
    );
    const fifo = found.get("fifo");
    expect(fifo?.totals).toEqual([
      {
        asset: "eip155:1/slip44:60",
        origin: 25_533_614_328_758_401_081_460n,
        exits: fifo?.totals[0]?.exits,
        holdings: 322_827_740_000_000_000n,
        fees: 11_357_669_365_791_000n,
        convertedInto: 0n,
        convertedOut: 0n,
      },
    ]);
    const exits = [...found].map(([policy, trace]) => [
      policy,
      Object.fromEntries(
        destinationsOf(trace)
          .filter(({ kind }) => kind === "exit")
          .map(({ name, amount }) => [name, Number((amount ?? 0n) / 10n ** 16n) / 100]),
      ),
    ]);
    const same = { "Huobi 23": 25_533.28 };
    expect(exits).toEqual([
      ["fifo", same],
      ["lifo", same],
      ["taint-first", same],
      ["taint-last", same],
      ["haircut", { ...same, "Huobi 14": 0 }],
      ["poison", { "Huobi 23": 25_533.44, "Huobi 14": 49.99 }],
    ]);
    // The labelled addresses of the thief, and no others: precision and recall are 4 of 4.
    const heist = [...labels].filter(([, { label }]) => label === "heist").map(([address]) => address);
    const received = [...(fifo?.flows() ?? [])].map(({ target }) => target.replace(/^[a-z]+:/u, ""));
    const own = new Set(received.filter((address) => address !== "fee" && labels.get(address)?.label !== "exchange"));
    expect([...own].toSorted()).toEqual(heist.toSorted());
  });
});
