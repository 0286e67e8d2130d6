import { createReadStream } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chain } from "../../../src/base/chains.ts";
import { isFailure } from "../../../src/base/failure.ts";
import type { Transfer } from "../../../src/chains/block.ts";
import { readEtherscan } from "../../../src/chains/evm/etherscan.ts";
import { sharedData } from "../../shared-data.ts";

const header = "hash,from,to,value,timeStamp,blockNumber,tokenSymbol,contractAddress,isError,gasPrice,gasUsed";
const [a, b, c] = ["a", "b", "c"].map((digit) => `0x${digit.repeat(40)}`);
const hash = `0x${"1".repeat(64)}`;
async function* bytes(...lines: readonly string[]): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield Buffer.from([header, ...lines].join("\n"));
}
const ether = chain("ethereum");

describe("an explorer's export", () => {
  it("has a fee once, tokens, and failures that move only their fee", async () => {
    const { blocks, repeated } = await readEtherscan(
      bytes(
        `0x${"2".repeat(64)},${a},${b},5,160,9,,,1,10,21000`,
        `${hash},${a},${b},7,150,8,,,0,10,21000`,
        `${hash},${b},${c},6,150,8,,,0.0,10,21000`,
        `${hash},${b},${c},6,150,8,,,0.0,10,21000`,
        `${hash},${b},${c},9,150,8,TKN,${c},,10,21000`,
      ),
      ether,
      "f.csv",
    );
    expect(repeated).toEqual(["line 5"]);
    const rows = blocks.flatMap(({ height, transfers }) =>
      transfers.map(({ kind, from, to, amount, position }) => [height, position, kind, from, to, amount]),
    );
    expect(rows).toEqual([
      [8, 0, "fee", a, undefined, 210_000n],
      [8, 1, "native", a, b, 7n],
      [8, 2, "native", b, c, 6n],
      [8, 3, "token", b, c, 9n],
      [9, 0, "fee", a, undefined, 210_000n],
    ]);
    expect(blocks[1]?.transactions[0]?.failed).toBe(true);
  });
  it.each([
    `${hash},${a},${b},-7,150,8,,,0,10,21000`,
    `${hash},${a},${b},7,150,8,,,2,10,21000`,
    `${hash},${a},,7,150,8,,,0,10,21000`,
    `${hash},${a},b,7,150,8,,,0,10,21000`,
    `${hash},${a},${b},7,150,8`,
    `${hash},"${a},${b},7,150,8,,,0,10,21000`,
  ])("is refused where it is malformed: %s", async (line) => {
    await expect(readEtherscan(bytes(line), ether, "f.csv")).rejects.toMatchObject({ code: "SOURCE_INVALID" });
  });
});

describe("an inner call that failed", () => {
  it("does not make its transaction a failed one", async () => {
    const lines = [`${hash},${a},${b},7,150,8,,,0,10,21000`, `${hash},${b},${c},6,150,8,,,1,0,0`];
    const [block] = (await readEtherscan(bytes(...lines), ether, "f.csv")).blocks;
    expect(block?.transactions).toEqual([{ id: hash, index: 0, failed: false }]);
    expect(block?.transfers.map(({ kind, amount }) => [kind, amount])).toEqual([
      ["fee", 210_000n],
      ["native", 7n],
    ]);
  });
});

describe("a mutated export", () => {
  it("is read, or refused by name", async () => {
    const lines = [`${hash},${a},${b},7,150,8,,,0,10,21000`, `${hash},${b},${c},9,150,8,"T,K",${c},,10,21000`];
    const whole = Buffer.from([header, ...lines].join("\n"));
    async function* one(data: Uint8Array): AsyncGenerator<Uint8Array> {
      await Promise.resolve();
      yield data;
    }
    const mutation = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }), cut: fc.nat({ max: 7 }) });
    await fc.assert(
      fc.asyncProperty(mutation, async ({ at, byte, cut }) => {
        const data = Buffer.from(whole);
        data[at % data.length] = byte;
        try {
          const { blocks } = await readEtherscan(
            one(cut === 0 ? data.subarray(0, at % data.length) : data),
            ether,
            "f",
          );
          const amounts = blocks.flatMap(({ transfers }) => transfers.map(({ amount }) => amount));
          expect(amounts.every((amount) => amount >= 0n && amount >> 256n === 0n)).toBe(true);
        } catch (error) {
          if (!isFailure(error, "SOURCE_INVALID")) throw error;
        }
      }),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 2000) },
    );
  });
  it("whose source breaks off fails with the source's own error", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${header}\n`);
      await Promise.resolve();
      throw new Error("disk");
    }
    await expect(readEtherscan(broken(), ether, "f.csv")).rejects.toThrow("disk");
  });
});

const file = sharedData("cases/bancor-2018/all-tx.csv");
describe.skipIf(file === undefined)("the Bancor case", () => {
  const thief = new Set([
    "0xbceaa0040764009fdcff407e82ad1f06465fd2c4",
    "0xf27b6923ed24eed02de7686962339db00a52d2aa",
    "0xd294ac18b524ff59ab7fffcbd459f11128220550",
    "0xed3fae3fdf61bfe32bb34c06f210a308590de747",
  ]);
  it("has the sums that its README states", async () => {
    const { blocks, repeated } = await readEtherscan(createReadStream(file ?? ""), ether, "all-tx.csv");
    const native = blocks.flatMap(({ transfers }) => transfers).filter(({ asset }) => asset === ether.native);
    const sum = (keep: (transfer: Transfer) => boolean): bigint =>
      native.filter(keep).reduce((total, { amount }) => total + amount, 0n);
    const ours = (address: string | undefined): boolean => thief.has(address ?? "");
    const came = (from: string): bigint => sum((one) => one.from === from && ours(one.to));
    const went = (to: string): bigint => sum((one) => one.to === to && ours(one.from));
    expect(came("0x8ddfdf60aaffe05c623ba193a186abd1f8024946")).toBe(25_533_614328758401081460n);
    expect(came("0x36b0d52c8b6c0cd7b7c18353f840f49d6dcc4f8d")).toBe(12_040_217702175865550427n);
    expect(went("0xf056f435ba0cc4fcd2f1b17e3766549ffc404b94")).toBe(32_733_436752419000000000n);
    expect(went("0xfe61ad22a847c4df702731c7d5e803d283ea1376")).toBe(4_840_209209771245550427n);
    expect(went("0x5861b8446a2f6e19a067874c133f04c578928727")).toBe(49_999884500000000000n);
    // The README's 0.18 is all that is left: 0.0248 of fees, and 0.1614 that one address still holds.
    const fees = sum(({ kind, from }) => kind === "fee" && ours(from));
    const held = (address: string): bigint => sum(({ to }) => to === address) - sum(({ from }) => from === address);
    const left = [...thief].map(held);
    expect(left.every((amount) => amount >= 0n)).toBe(true);
    expect(fees).toBe(24_770373985791000n);
    expect(left.reduce((total, amount) => total + amount, 0n)).toBe(161_413870035290460n);
    expect(repeated).toHaveLength(1);
  });
});
