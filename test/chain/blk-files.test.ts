import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Block } from "bitcoinjs-lib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeBlkFiles, type BlkFolder, type BlkOptions } from "../../bench/chain/blk-files.ts";
import { utxoBlocks } from "../../bench/chain/utxo.ts";

const options = { seed: 9, transactions: 4_000, transactionsPerBlock: 50 } as const;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "blk-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (chosen: Partial<BlkOptions>): BlkFolder =>
  writeBlkFiles(folder, utxoBlocks(options), { seed: 5, ...chosen });

/** Blocks of the folder in the order of its files. */
function read(room = false): readonly Block[] {
  const names = readdirSync(folder).toSorted();
  const key = names.includes("xor.dat") ? readFileSync(path.join(folder, "xor.dat")) : Buffer.alloc(8);
  return names
    .filter((name) => name.startsWith("blk"))
    .flatMap((name) => {
      const bytes = readFileSync(path.join(folder, name)).map((byte, at) => byte ^ (key[at % 8] ?? 0));
      const blocks: Block[] = [];
      const view = Buffer.from(bytes);
      for (let at = 0; at < view.length;) {
        if (room && view.readUInt32BE(at) === 0) break;
        expect(view.readUInt32BE(at)).toBe(0xf9beb4d9);
        const length = view.readUInt32LE(at + 4);
        blocks.push(Block.fromBuffer(view.subarray(at + 8, at + 8 + length)));
        at += 8 + length;
      }
      return blocks;
    });
}

const expected = [...utxoBlocks(options)].map(({ hash }) => Buffer.from(hash).toString("hex"));
const hashes = (blocks: readonly Block[]): readonly string[] =>
  blocks.map((block) => Buffer.from(block.getHash()).toString("hex"));

describe("a node's folder of blocks", () => {
  it("holds the blocks in order, and no more", () => {
    const told = write({});
    expect(hashes(read())).toEqual(expected);
    expect(told).toMatchObject({ blocks: expected.length, transactions: 4_000, orphans: 0, files: ["blk00000.dat"] });
  });

  it("begins a new file before one is too large", () => {
    const told = write({ fileBytes: 200_000 });
    expect(told.files.length).toBeGreaterThan(5);
    for (const name of told.files) expect(readFileSync(path.join(folder, name)).length).toBeLessThanOrEqual(200_000);
    expect(hashes(read())).toEqual(expected);
  });

  it("is masked by xor.dat", () => {
    write({ masked: true, fileBytes: 500_000 });
    expect(readFileSync(path.join(folder, "blk00000.dat")).readUInt32BE(0)).not.toBe(0xf9beb4d9);
    expect(hashes(read())).toEqual(expected);
  });

  it("has blocks out of order and orphans, which fit where their sibling does", () => {
    const told = write({ shuffled: 30, orphans: 100 });
    const blocks = read();
    const found = hashes(blocks);
    expect(told.orphans).toBeGreaterThan(5);
    expect(found).toHaveLength(expected.length + told.orphans);
    expect(found[0]).toBe(expected[0]);
    expect(found.filter((hash) => expected.includes(hash))).not.toEqual(expected);
    expect(new Set(found)).toEqual(new Set([...found, ...expected]));
    const known = new Set(expected);
    for (const [at, block] of blocks.entries()) {
      if (known.has(found[at] ?? "")) continue;
      expect(known.has(Buffer.from(block.prevHash ?? []).toString("hex"))).toBe(true);
      expect(block.checkTxRoots()).toBe(true);
    }
  });

  it("has room at its end", () => {
    const told = write({ roomBytes: 1 << 20 });
    expect(told.bytes % (1 << 20)).toBe(0);
    expect(hashes(read(true))).toEqual(expected);
  });

  it("is the same for the same seed", () => {
    const digest = (): string => {
      write({ masked: true, shuffled: 10, orphans: 50 });
      const hash = createHash("sha256");
      for (const name of readdirSync(folder).toSorted()) hash.update(readFileSync(path.join(folder, name)));
      return hash.digest("hex");
    };
    expect(digest()).toBe(digest());
  });
});
