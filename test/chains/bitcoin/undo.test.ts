/**
 * Undo data, by an encoder of Core's form that is written here anew.
 *
 * The shared data give the spent outputs of four real blocks in plain form (value, script), in the order of inputs.
 */
import { readFileSync } from "node:fs";
import { assert, bigInt, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { chain } from "../../../src/base/chains.ts";
import { isFailure } from "../../../src/base/failure.ts";
import { ownerKinds, type UtxoBlock } from "../../../src/chains/block.ts";
import { decodeBlock } from "../../../src/chains/bitcoin/block.ts";
import { classifyScript, ownerColumns } from "../../../src/chains/bitcoin/script.ts";
import { curveY, decodeUndo, decompressAmount } from "../../../src/chains/bitcoin/undo.ts";
import { sharedData } from "../../shared-data.ts";
import {
  blockOf,
  coinbase,
  compactSize,
  fullKey,
  hash160,
  scripts,
  shortKey,
  spending,
  whole,
  type TestOutput,
} from "./serialize.ts";
import { compressAmount, varint } from "./undo-form.ts";

/** `CompressScript`; a full key only where it is on the curve. */
function compressScript(script: Buffer): Buffer {
  const [length, text] = [script.length, script.toString("hex")];
  if (length === 25 && text.startsWith("76a914") && text.endsWith("88ac")) {
    return Buffer.concat([Buffer.of(0), script.subarray(3, 23)]);
  }
  if (length === 23 && text.startsWith("a914") && text.endsWith("87")) {
    return Buffer.concat([Buffer.of(1), script.subarray(2, 22)]);
  }
  if (length === 35 && /^210[23]/u.test(text) && text.endsWith("ac")) return script.subarray(1, 34);
  if (length === 67 && text.startsWith("4104") && text.endsWith("ac")) {
    const odd = ((script[65] ?? 0) & 1) === 1;
    const y = curveY(script.subarray(2, 34), odd);
    if (y !== undefined && script.subarray(34, 66).equals(y)) {
      return Buffer.concat([Buffer.of(odd ? 5 : 4), script.subarray(2, 34)]);
    }
  }
  return Buffer.concat([varint(BigInt(length + 6)), script]);
}

/** `CBlockUndo` of a block whose spent outputs are these; heights and coinbase marks are invented. */
function encodeUndo(block: UtxoBlock, spent: readonly TestOutput[]): Buffer {
  const parts: Buffer[] = [compactSize(block.transactionCount - 1)];
  for (let index = 1; index < block.transactionCount; index += 1) {
    const [from, to] = [block.inputStart[index] ?? 0, block.inputStart[index + 1] ?? 0];
    parts.push(compactSize(to - from));
    for (const [place, { value, script }] of spent.slice(from - 1, to - 1).entries()) {
      const origin = BigInt((place * 7919) % 5 === 0 ? place % 2 : place * 2 + 3);
      parts.push(
        varint(origin),
        Buffer.alloc(origin > 1n ? 1 : 0),
        varint(compressAmount(value)),
        compressScript(script),
      );
    }
  }
  return Buffer.concat(parts);
}

function plainOutputs(bytes: Buffer): readonly TestOutput[] {
  const outputs: TestOutput[] = [];
  for (let at = 0; at < bytes.length;) {
    const value = bytes.readBigUInt64LE(at);
    const long = bytes[at + 8] === 0xfd;
    const start = at + (long ? 11 : 9);
    const length = long ? bytes.readUInt16LE(at + 9) : (bytes[at + 8] ?? 0);
    outputs.push({ value, script: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return outputs;
}

const real: readonly (readonly [name: string, alias: string, subsidy: bigint])[] = [
  ["block300025", "bitcoin", 2_500_000_000n],
  ["block928816", "testnet4", 312_500_000n],
  ["block928828", "testnet4", 312_500_000n],
  ["block928831", "testnet4", 312_500_000n],
];

describe("the outputs that real blocks spend", () => {
  test.each(real)("%s", (name, alias, subsidy) => {
    const [file, undoFile] = ["", "-undo"].map((end) => sharedData(`bitcoin/blocks-with-undo/${name}${end}.raw`));
    if (file === undefined || undoFile === undefined) return;
    const block = decodeBlock(chain(alias), readFileSync(file));
    const plain = plainOutputs(readFileSync(undoFile));
    const spent = decodeUndo(encodeUndo(block, plain), block);
    expect(spent.values[0]).toBe(0n);
    expect([...spent.values.subarray(1)]).toEqual(plain.map(({ value }) => value));
    const owners = ownerColumns(plain.length);
    for (const { script } of plain) classifyScript(script, 0, script.length, owners);
    expect(spent.owners.kinds.subarray(1)).toEqual(owners.kinds);
    expect(spent.owners.identities.subarray(32)).toEqual(owners.identities);

    let fees = 0n;
    for (let index = 1; index < block.transactionCount; index += 1) {
      const of = (column: BigUint64Array, start: Uint32Array): bigint =>
        column.subarray(start[index], start[index + 1]).reduce((sum, value) => sum + value, 0n);
      const fee = of(spent.values, block.inputStart) - of(block.values, block.outputStart);
      expect(fee >= 0n).toBe(true);
      fees += fee;
    }
    const claim = block.values.subarray(0, block.outputStart[1]).reduce((sum, value) => sum + value, 0n);
    expect(claim).toBe(subsidy + fees);
    expect(knownWithin(block, spent)).toBeGreaterThan(0);
  });
});

/** How many outputs are made and spent within the block; each has the value and owner that its spender's undo says. */
function knownWithin(block: UtxoBlock, spent: ReturnType<typeof decodeUndo>): number {
  const made = new Map<string, number>();
  for (let index = 0; index < block.transactionCount; index += 1) {
    made.set(Buffer.from(block.txids.subarray(index * 32, index * 32 + 32)).toString("hex"), index);
  }
  let known = 0;
  for (const [input, place] of block.spentIndexes.entries()) {
    const id = Buffer.from(block.spentTxids.subarray(input * 32, input * 32 + 32)).toString("hex");
    const parent = made.get(id);
    if (parent === undefined) continue;
    known += 1;
    const output = (block.outputStart[parent] ?? 0) + place;
    expect(spent.values[input]).toBe(block.values[output]);
    expect(spent.owners.kinds[input]).toBe(block.owners.kinds[output]);
    expect(spent.owners.identities.subarray(input * 32, input * 32 + 32)).toEqual(
      block.owners.identities.subarray(output * 32, output * 32 + 32),
    );
  }
  return known;
}

const hash = hash160(Buffer.of(1));
const oddKey = Buffer.concat([Buffer.of(3), shortKey.subarray(1)]);
const oddFullKey = Buffer.concat([fullKey.subarray(0, 33), curveY(fullKey.subarray(1, 33), true) ?? Buffer.alloc(32)]);
const paid: readonly TestOutput[] = [
  { value: 1n, script: scripts.p2pkh(hash) },
  { value: 2_100_000_000_000_000n, script: scripts.p2sh(hash) },
  { value: 1_999_999_999_999_999n, script: scripts.p2pk(shortKey) },
  { value: 50_0000_0000n, script: scripts.p2pk(oddKey) },
  { value: 0n, script: scripts.p2pk(fullKey) },
  { value: 7n, script: scripts.p2pk(oddFullKey) },
  { value: 8n, script: Buffer.alloc(0) },
  { value: 9n, script: Buffer.concat([Buffer.of(65, 4), Buffer.alloc(64, 5), Buffer.of(0xac)]) },
  { value: 10n, script: scripts.witness(1, Buffer.alloc(32, 9)) },
];
const first = decodeBlock(
  chain("bitcoin"),
  blockOf([whole(coinbase([])), whole(spending(paid.length, paid.slice(0, 1)))].map(withOutput)),
);
function withOutput(one: ReturnType<typeof whole>, index: number): ReturnType<typeof whole> {
  return index === 0 ? whole(coinbase([{ value: 1n, script: Buffer.alloc(0) }])) : one;
}

describe("undo data", () => {
  test("every compressed form", () => {
    const bytes = encodeUndo(first, paid);
    const spent = decodeUndo(bytes, first);
    expect([...spent.values]).toEqual([0n, ...paid.map(({ value }) => value)]);
    const { none, key, script, other, taproot } = ownerKinds;
    expect([...spent.owners.kinds]).toEqual([none, key, script, key, key, key, key, other, key, taproot]);
    const identity = (row: number): string =>
      Buffer.from(spent.owners.identities.subarray(row * 32, row * 32 + 20)).toString("hex");
    expect(identity(3)).toBe(hash160(shortKey).toString("hex"));
    expect(identity(5)).toBe(hash160(fullKey).toString("hex"));
    expect(identity(6)).toBe(hash160(oddFullKey).toString("hex"));
  });

  test("amounts: Core's own examples, and any", () => {
    // Bitcoin Core, `src/test/compress_tests.cpp`.
    const pairs: readonly (readonly [bigint, bigint])[] = [
      [0n, 0n],
      [1n, 0x1n],
      [1_000_000n, 0x7n],
      [100_000_000n, 0x9n],
      [50n * 100_000_000n, 0x32n],
      [21_000_000n * 100_000_000n, 0x1406f40n],
    ];
    for (const [amount, compressed] of pairs) expect(decompressAmount(compressed)).toBe(amount);
    assert(
      property(bigInt({ min: 0n, max: 1_000_000_000_000_000_000n }), (amount) => {
        expect(decompressAmount(compressAmount(amount))).toBe(amount);
      }),
    );
  });

  test.each([
    ["cut off", (bytes: Buffer) => bytes.subarray(0, -1)],
    ["too long", (bytes: Buffer) => Buffer.concat([bytes, Buffer.of(0)])],
    ["of another block", (bytes: Buffer) => Buffer.concat([Buffer.of(2), bytes.subarray(1)])],
    ["of other inputs", (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 1), Buffer.of(3), bytes.subarray(2)])],
    [
      "a value beyond the cap",
      () => encodeUndo(first, [{ value: 2_100_000_000_000_001n, script: hash }, ...paid.slice(1)]),
    ],
    ["a key that is not on the curve", (bytes: Buffer) => swapKey(bytes)],
    ["empty", () => Buffer.alloc(0)],
  ] as const)("%s: refused", (_name, change) => {
    try {
      decodeUndo(change(encodeUndo(first, paid)), first);
      expect.unreachable();
    } catch (error) {
      expect(isFailure(error, "SOURCE_INVALID")).toBe(true);
    }
  });
});

/** The abscissa 5 is of no point of secp256k1. */
function swapKey(bytes: Buffer): Buffer {
  const at = bytes.indexOf(Buffer.concat([Buffer.of(4), fullKey.subarray(1, 33)]));
  const x = Buffer.alloc(32);
  x[31] = 5;
  return Buffer.concat([bytes.subarray(0, at + 1), x, bytes.subarray(at + 33)]);
}
