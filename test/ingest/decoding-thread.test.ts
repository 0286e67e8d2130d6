import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeBlkFiles } from "../../bench/chain/blk-files.ts";
import { utxoBlocks } from "../../bench/chain/utxo.ts";
import { chain } from "../../src/base/chains.ts";
import type { UtxoBlock } from "../../src/chains/block.ts";
import { indexBlkFiles, type BlkPlace } from "../../src/ingest/blk-index.ts";
import { decodeHere, type BlockDecoder } from "../../src/ingest/block-decoder.ts";
import { decodeInThread } from "../../src/io/decoding-thread.ts";
import { diskFiles } from "../../src/io/disk-files.ts";

const folder = mkdtempSync(path.join(tmpdir(), "fundtrail-thread-"));
const files = diskFiles();
const bitcoin = chain("bitcoin");
const none = new Uint8Array();
let places: readonly BlkPlace[] = [];

beforeAll(async () => {
  // Small blocks, so that there are many batches of many blocks.
  writeBlkFiles(folder, utxoBlocks({ seed: "thread", transactions: 20_000, transactionsPerBlock: 20 }), {
    seed: "thread",
    masked: false,
    shuffled: 7,
    orphans: 0,
    onBlock: () => undefined,
  });
  places = (await indexBlkFiles(files, bitcoin, folder, none)).best;
});
afterAll(async () => {
  await files.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a decoder gives until its end or its failure. */
async function decoded(decode: BlockDecoder): Promise<{ blocks: UtxoBlock[]; failure: string }> {
  const blocks: UtxoBlock[] = [];
  try {
    for await (const block of decode(places, none)) blocks.push(block);
    return { blocks, failure: "" };
  } catch (thrown) {
    return { blocks, failure: (thrown as Error).message };
  }
}

describe("decoding in a thread", () => {
  it("gives the same blocks in the same order", async () => {
    expect(places.reduce((sum, { length }) => sum + length, 0)).toBeGreaterThan(5 * 1024 * 1024);
    const [here, there] = [await decoded(decodeHere(files, bitcoin)), await decoded(decodeInThread(files, bitcoin))];
    expect(here.failure).toBe("");
    expect(here.blocks.length).toBe(places.length);
    expect(there).toEqual(here);
  });

  it("fails as decoding here does, after the same blocks, and ends where nobody asks for more", async () => {
    const place = places[Math.floor(places.length / 2)];
    if (place === undefined) throw new Error("no block");
    const whole = readFileSync(place.file);
    const broken = Buffer.from(whole);
    broken[place.offset + 90] = (broken[place.offset + 90] ?? 0) ^ 1;
    writeFileSync(place.file, broken);
    const [here, there] = [await decoded(decodeHere(files, bitcoin)), await decoded(decodeInThread(files, bitcoin))];
    writeFileSync(place.file, whole);
    expect(here.failure).not.toBe("");
    expect(here.blocks.length).toBe(Math.floor(places.length / 2));
    expect(there).toEqual(here);
    for await (const block of decodeInThread(files, bitcoin)(places, none)) {
      expect(block.hash).toEqual(here.blocks[0]?.hash);
      break;
    }
  });
});
