import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { transferChunks, type TransfersOptions } from "../../bench/chain/transfers.ts";
import { chain } from "../../src/base/chains.ts";
import { TransfersReader } from "../../src/chains/transfers/rows.ts";

type Row = {
  readonly block: number;
  readonly time: string;
  readonly tx: string;
  readonly index: number;
  readonly from: string;
  readonly to: string;
  readonly asset: string;
  readonly amount: bigint;
};

const options = { seed: "test", transactions: 50_000 } as const;
const file = (chosen: TransfersOptions): Buffer => Buffer.concat([...transferChunks(chosen)]);
const digest = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
const whole = file(options);

function rowOf(line: string): Row {
  const [, block = "", time = "", tx = "", index = "", from = "", to = "", asset = "", amount = ""] = line.split(",");
  return { block: Number(block), time, tx, index: Number(index), from, to, asset, amount: BigInt(amount) };
}

const rows = whole.toString("latin1").trimEnd().split("\n").slice(1).map(rowOf);

describe("a random chain of transfers", () => {
  it("is the same bytes for the same seed, these", () => {
    expect(digest(file(options))).toBe(digest(whole));
    expect(digest(whole)).toBe("b8cc2770a07782dfcdf3a8cda5e913f63a787bd80cd7e5c8639f72dc657901b6");
    expect(digest(file({ ...options, seed: 2 }))).not.toBe(digest(whole));
  });

  it("has exactly the transactions asked for, about two rows each", () => {
    expect(new Set(rows.map(({ tx }) => tx)).size).toBe(50_000);
    expect(rows.length / 50_000).toBeGreaterThan(1.9);
    expect(rows.length / 50_000).toBeLessThan(2.3);
  });

  it("covers every transfer: no balance is ever below zero", () => {
    const balances = new Map<string, bigint>();
    for (const { from, to, asset, amount } of rows) {
      if (from !== "") {
        const left = (balances.get(`${from} ${asset}`) ?? 0n) - amount;
        if (left < 0n) throw new Error(`${from} lacks ${-left} ${asset}`);
        balances.set(`${from} ${asset}`, left);
      }
      if (to !== "") balances.set(`${to} ${asset}`, (balances.get(`${to} ${asset}`) ?? 0n) + amount);
    }
    const sum = (of: (row: Row) => boolean): bigint =>
      rows.filter(of).reduce((total, { amount }) => total + amount, 0n);
    expect([...balances.values()].reduce((total, value) => total + value, 0n)).toBe(
      sum(({ from }) => from === "") - sum(({ to }) => to === ""),
    );
  });

  it("has rows in order, a block's at one time, fees first", () => {
    let before = rows[0];
    for (const row of rows.slice(1)) {
      if (before === undefined) break;
      const same = row.block === before.block;
      if (
        same ? row.index !== before.index + 1 || row.time !== before.time : row.index !== 0 || row.block < before.block
      ) {
        throw new Error(`block ${row.block} index ${row.index} is out of order`);
      }
      if (row.tx !== before.tx && (row.to !== "" || row.asset !== "ETH")) throw new Error(`${row.tx} has no fee first`);
      before = row;
    }
    expect(before).toBe(rows.at(-1));
  });

  it("has payments, tokens, mints, burns and swaps; services that are in a tenth of all rows", () => {
    const count = (of: (row: Row) => boolean): number => rows.filter(of).length;
    expect(count(({ asset, from, to }) => asset === "ETH" && from !== "" && to !== "")).toBeGreaterThan(20_000);
    expect(count(({ asset, from, to }) => asset !== "ETH" && from !== "" && to !== "")).toBeGreaterThan(15_000);
    expect(count(({ asset, to }) => asset !== "ETH" && to === "")).toBeGreaterThan(300);
    expect(count(({ block, from }) => block > 0 && from === "")).toBeGreaterThan(300);
    const uses = new Map<string, number>();
    for (const { from, to } of rows) for (const one of [from, to]) uses.set(one, (uses.get(one) ?? 0) + 1);
    uses.delete("");
    expect(Math.max(...uses.values()) / rows.length).toBeGreaterThan(0.05);
    expect(uses.size).toBeGreaterThan(5_000);
  });

  it("is read as it is written, addresses checked", () => {
    const reader = new TransfersReader(chain("ethereum"), { source: "test", addresses: "checked", resume: undefined });
    const steps = [...reader.push(whole), ...reader.finish()];
    const transfers = steps.flatMap(({ block }) => block.transfers);
    expect(transfers.map(({ amount }) => amount)).toEqual(rows.map(({ amount }) => amount));
  });

  it("is the same as JSON lines", () => {
    const small = { seed: 4, transactions: 2_000 };
    const csv = file(small).toString("latin1").trimEnd().split("\n").slice(1).map(rowOf);
    const lines = file({ ...small, form: "jsonl" })
      .toString("latin1")
      .trimEnd()
      .split("\n");
    const objects = lines.map((line) => {
      const {
        chain: name,
        amount,
        ...rest
      } = JSON.parse(line) as Omit<Row, "amount"> & Record<"chain" | "amount", string>;
      expect(name).toBe("ethereum");
      return { ...rest, amount: BigInt(amount) };
    });
    expect(objects).toEqual(csv);
  });

  it("a memory too small for the chain only narrows whom it pays", () => {
    const small = file({ seed: 4, transactions: 20_000, liveMax: 2_048 })
      .toString("latin1")
      .trimEnd()
      .split("\n")
      .slice(1);
    const accounts = new Set(small.map(rowOf).flatMap(({ from, to }) => [from, to]));
    expect(accounts.size).toBeLessThanOrEqual(2_049);
  });

  it("is of any EVM chain, and of no other", () => {
    const text = file({ seed: 1, transactions: 10, chain: "polygon" }).toString();
    expect(text).toMatch(/polygon,0,.*,POL,/u);
    expect(text).toContain("eip155:137/erc20:0x");
    expect(() => file({ seed: 1, transactions: 10, chain: "bitcoin" })).toThrow("accounts");
  });
});
