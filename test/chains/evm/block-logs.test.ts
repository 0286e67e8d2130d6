/** Events beside viem's reading of them. */
import { array, assert, bigInt, boolean, constantFrom, nat, oneof, property, string, tuple } from "fast-check";
import {
  decodeEventLog,
  encodeAbiParameters,
  encodeEventTopics,
  parseAbi,
  toEventSelector,
  type Abi,
  type Hex,
} from "viem";
import { describe, expect, test } from "vitest";
import { parseAssetId, type ChainId } from "../../../src/base/caip.ts";
import { chains } from "../../../src/base/chains.ts";
import { eventTopics, tokenMoves, type EvmLog, type TokenMove } from "../../../src/chains/evm/logs.ts";
import { wrappedNative } from "../../../src/chains/evm/wrapped.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 2000);
const ethereum = "eip155:1" as ChainId;
const weth = "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2";
const contract = `0x${"c0".repeat(20)}`;
const [a, b] = [`0x${"aa".repeat(20)}`, `0x${"bb".repeat(20)}`] as const;
const zero = `0x${"0".repeat(40)}`;

const erc20 = parseAbi(["event Transfer(address indexed from, address indexed to, uint256 value)"]);
const erc721 = parseAbi(["event Transfer(address indexed from, address indexed to, uint256 indexed id)"]);
const erc1155 = parseAbi([
  "event TransferSingle(address indexed operator, address indexed from, address indexed to, uint256 id, uint256 value)",
  "event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)",
]);
const weth9 = parseAbi([
  "event Deposit(address indexed dst, uint256 wad)",
  "event Withdrawal(address indexed src, uint256 wad)",
]);

const digit16 = nat(15).map((value) => value.toString(16));
const uint = bigInt({ min: 0n, max: 2n ** 256n - 1n });
const address = oneof(
  constantFrom(zero, a, b),
  bigInt({ min: 0n, max: 2n ** 160n - 1n }).map((value) => `0x${value.toString(16).padStart(40, "0")}`),
);

const log = (of: string, topics: readonly string[], data = "0x", index = 0): EvmLog => ({
  index,
  contract: of,
  topics,
  data: data.slice(2),
});
const word = (account: string): string => `0x${account.slice(2).padStart(64, "0")}`;
const amount = (value: bigint): string => `0x${value.toString(16).padStart(64, "0")}`;
const topicsOf = (abi: Abi, eventName: string, args: readonly unknown[]): string[] =>
  encodeEventTopics({ abi, eventName, args }).map(String);
const nobody = (account: string): string | undefined => (account === zero ? undefined : account);
const erc = (kind: string, id = ""): string => `eip155:1/${kind}:${contract}${id}`;
const one = (
  kind: "token" | "wrap",
  asset: string,
  [from, to, units]: readonly [string, string, bigint],
): TokenMove => ({
  kind,
  asset: parseAssetId(asset),
  from: nobody(from),
  to: nobody(to),
  amount: units,
});

describe("events", () => {
  test("their topics are the hashes of their signatures", () =>
    expect(eventTopics).toEqual({
      transfer: toEventSelector("Transfer(address,address,uint256)"),
      single: toEventSelector("TransferSingle(address,address,address,uint256,uint256)"),
      batch: toEventSelector("TransferBatch(address,address,address,uint256[],uint256[])"),
      deposit: toEventSelector("Deposit(address,uint256)"),
      withdrawal: toEventSelector("Withdrawal(address,uint256)"),
    }));

  test("ERC-20 and ERC-721 as viem encodes them", () => {
    assert(
      property(address, address, uint, (from, to, value) => {
        const both = from === zero && to === zero;
        const fungible = log(contract, topicsOf(erc20, "Transfer", [from, to]), amount(value));
        expect(tokenMoves(ethereum, [fungible])).toEqual(
          both ? { moves: [], odd: [0] } : { moves: [one("token", erc("erc20"), [from, to, value])], odd: [] },
        );
        const single = log(contract, topicsOf(erc721, "Transfer", [from, to, value]));
        expect(tokenMoves(ethereum, [single])).toEqual(
          both
            ? { moves: [], odd: [0] }
            : { moves: [one("token", erc("erc721", `/${value}`), [from, to, 1n])], odd: [] },
        );
      }),
      { numRuns: runs },
    );
  });

  test("ERC-1155 as viem encodes them, each entry in its order", () => {
    const pairs = array(tuple(uint, uint), { maxLength: 6 });
    assert(
      property(address, constantFrom(a, b), pairs, (from, to, entries) => {
        const ids = entries.map(([id]) => id);
        const values = entries.map(([, value]) => value);
        const batch = log(
          contract,
          topicsOf(erc1155, "TransferBatch", [a, from, to]),
          encodeAbiParameters([{ type: "uint256[]" }, { type: "uint256[]" }], [ids, values]),
        );
        const singles = entries.map(([id, value], index) =>
          log(contract, topicsOf(erc1155, "TransferSingle", [b, from, to]), amount(id) + amount(value).slice(2), index),
        );
        const expected = entries.map(([id, value]) => one("token", erc("erc1155", `/${id}`), [from, to, value]));
        expect(tokenMoves(ethereum, [batch])).toEqual({ moves: expected, odd: [] });
        expect(tokenMoves(ethereum, singles)).toEqual({ moves: expected, odd: [] });
      }),
      { numRuns: runs },
    );
  });

  test("what is taken from broken batches is what viem takes", () => {
    const batch = encodeAbiParameters(
      [{ type: "uint256[]" }, { type: "uint256[]" }],
      [
        [1n, 2n],
        [3n, 4n],
      ],
    );
    const topics = topicsOf(erc1155, "TransferBatch", [a, a, b]);
    let taken = 0;
    const mutation = oneof(
      tuple(nat(batch.length - 3), digit16).map(([at, digit]) => ({
        at,
        digit,
        cut: false,
      })),
      nat(batch.length - 3).map((at) => ({ at, digit: "", cut: true })),
    );
    assert(
      property(array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
        let data: string = batch;
        for (const { at, digit, cut } of mutations) {
          const place = Math.min(at, data.length - 3) + 2;
          if (place < 2) continue;
          data = cut ? data.slice(0, place - (place % 2)) : data.slice(0, place) + digit + data.slice(place + 1);
        }
        const { moves, odd } = tokenMoves(ethereum, [log(contract, topics, data)]);
        expect(odd.length === 0 || moves.length === 0).toBe(true);
        if (odd.length > 0) return;
        taken += 1;
        const decoded = decodeEventLog({ abi: erc1155, topics: topics as [Hex, ...Hex[]], data: data as Hex });
        const { ids, values } = decoded.args as unknown as {
          readonly ids: readonly bigint[];
          readonly values: readonly bigint[];
        };
        expect(moves.map(({ asset, amount: units }) => [asset, units])).toEqual(
          ids.map((id, at) => [erc("erc1155", `/${id}`), values[at]]),
        );
      }),
      { numRuns: runs },
    );
    expect(taken).toBeGreaterThan(0);
  });

  test("nothing of any form throws or is taken in part", () => {
    const hexDigits = (length: number): ReturnType<typeof string> =>
      string({ unit: digit16, minLength: length, maxLength: length });
    const topic = oneof(
      constantFrom(...Object.values(eventTopics)),
      address.map(word),
      hexDigits(64).map((digits) => `0x${digits}`),
    );
    const data = oneof(
      nat(5).chain((words) => hexDigits(words * 64)),
      nat(40).chain((bytes) => hexDigits(bytes * 2)),
    );
    assert(
      property(array(topic, { maxLength: 5 }), data, boolean(), (topics, digits, known) => {
        const { moves, odd } = tokenMoves(ethereum, [
          { index: 7, contract: known ? weth : contract, topics, data: digits },
        ]);
        expect(odd.length === 0 || (moves.length === 0 && odd[0] === 7)).toBe(true);
        for (const { asset, amount: units, from, to } of moves) {
          expect(parseAssetId(asset)).toBe(asset);
          expect(units >= 0n && units < 2n ** 256n && (from ?? to) !== undefined).toBe(true);
        }
      }),
      { numRuns: runs },
    );
  });

  const odd: readonly (readonly [string, readonly string[], string])[] = [
    ["an unindexed Transfer (CryptoKitties)", [eventTopics.transfer], word(a) + word(b).slice(2) + amount(1n).slice(2)],
    ["a Transfer without an amount", [eventTopics.transfer, word(a), word(b)], "0x"],
    ["a Transfer with 33 bytes", [eventTopics.transfer, word(a), word(b)], `${amount(1n)}00`],
    ["a Transfer with an id and an amount", [eventTopics.transfer, word(a), word(b), amount(1n)], amount(1n)],
    ["an address of 161 bits", [eventTopics.transfer, `0x${"0".repeat(23)}1${a.slice(2)}`, word(b)], amount(1n)],
    ["a single of one word", [eventTopics.single, word(a), word(a), word(b)], amount(1n)],
    ["a single without a receiver", [eventTopics.single, word(a), word(a)], amount(1n) + amount(1n).slice(2)],
    ["a batch without data", [eventTopics.batch, word(a), word(a), word(b)], "0x"],
  ];
  test.each(odd)("%s moves nothing and is odd", (_, topics, data) =>
    expect(tokenMoves(ethereum, [log(contract, topics, data, 3)])).toEqual({ moves: [], odd: [3] }),
  );
});

describe("wrapping", () => {
  const deposit = (value: bigint, index = 0): EvmLog =>
    log(weth, topicsOf(weth9, "Deposit", [a]), amount(value), index);
  const withdrawal = (value: bigint, index = 0): EvmLog =>
    log(weth, topicsOf(weth9, "Withdrawal", [a]), amount(value), index);
  const transfer = (from: string, to: string, value: bigint): EvmLog =>
    log(weth, topicsOf(erc20, "Transfer", [from, to]), amount(value));
  const asset = `eip155:1/erc20:${weth}`;

  test("a deposit mints and a withdrawal burns", () =>
    expect(tokenMoves(ethereum, [deposit(5n), transfer(a, b, 2n), withdrawal(3n)]).moves).toEqual([
      one("wrap", asset, [zero, a, 5n]),
      one("token", asset, [a, b, 2n]),
      one("wrap", asset, [a, zero, 3n]),
    ]));

  test("the mint or burn that a contract logs beside it counts once, one for one, wherever it stands", () => {
    const mint = transfer(zero, a, 5n);
    expect(tokenMoves(ethereum, [mint, transfer(a, b, 1n), deposit(5n)]).moves).toEqual([
      one("token", asset, [a, b, 1n]),
      one("wrap", asset, [zero, a, 5n]),
    ]);
    expect(tokenMoves(ethereum, [deposit(5n), mint, deposit(5n)]).moves).toEqual([
      one("wrap", asset, [zero, a, 5n]),
      one("wrap", asset, [zero, a, 5n]),
    ]);
    expect(tokenMoves(ethereum, [mint, mint, deposit(5n)]).moves).toEqual([
      one("token", asset, [zero, a, 5n]),
      one("wrap", asset, [zero, a, 5n]),
    ]);
    expect(tokenMoves(ethereum, [withdrawal(4n), transfer(a, zero, 4n)]).moves).toEqual([
      one("wrap", asset, [a, zero, 4n]),
    ]);
    // Another amount or account is another event.
    expect(tokenMoves(ethereum, [deposit(5n), transfer(zero, a, 4n), transfer(zero, b, 5n)]).moves).toHaveLength(3);
  });

  test("these events mean nothing on any other contract or chain", () => {
    expect(tokenMoves(ethereum, [{ ...deposit(5n), contract }])).toEqual({ moves: [], odd: [] });
    expect(tokenMoves("eip155:56" as ChainId, [deposit(5n)])).toEqual({ moves: [], odd: [] });
  });

  test("each known EVM chain has its contract", () => {
    for (const { id, family } of chains) {
      const found = wrappedNative(id);
      expect(found === undefined ? family === "evm" : family !== "evm").toBe(false);
      if (found !== undefined) expect(found).toMatch(/^0x[0-9a-f]{40}$/u);
    }
    expect(wrappedNative(ethereum)).toBe(weth);
  });
});
