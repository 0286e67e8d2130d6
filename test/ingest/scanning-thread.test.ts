/** ethereum-etl's tables, read in a thread of their own and in this one. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeEtlFolder } from "../../bench/chain/ethereum-etl.ts";
import { evmBlocks } from "../../bench/chain/evm.ts";
import { chain } from "../../src/base/chains.ts";
import type { Block } from "../../src/chains/block.ts";
import { ethereumEtlSource } from "../../src/ingest/ethereum-etl.ts";
import type { Source } from "../../src/ingest/source.ts";
import { diskFiles } from "../../src/io/disk-files.ts";
import { scanInThread } from "../../src/io/scanning-thread.ts";

const folder = mkdtempSync(path.join(tmpdir(), "fundtrail-scan-"));
const files = diskFiles();
const sources = (): readonly [here: Source, inThread: Source] => [
  ethereumEtlSource(files, chain("ethereum"), folder),
  ethereumEtlSource(files, chain("ethereum"), folder, scanInThread()),
];
beforeAll(() => {
  // More blocks than a table holds back, and more bytes than a batch has.
  writeEtlFolder(folder, evmBlocks({ seed: 9, transactions: 6_000, transactionsPerBlock: 4 }), () => undefined);
});
afterAll(async () => {
  await files.close();
  rmSync(folder, { recursive: true, force: true });
});

/** All blocks, and how it ended. */
async function read(source: Source): Promise<{ readonly blocks: readonly Block[]; readonly end: string }> {
  const blocks: Block[] = [];
  try {
    for await (const { block } of source.open({ cursor: "", tip: undefined })) blocks.push(block);
  } catch (thrown) {
    return { blocks, end: String(thrown) };
  }
  return { blocks, end: "" };
}

describe("tables in a thread", () => {
  it("give the same blocks, and are read to their end", async () => {
    const [here, inThread] = sources();
    const expected = await read(here);
    expect(expected.blocks.length).toBeGreaterThan(1_200);
    expect(await read(inThread)).toEqual(expected);
    expect(inThread.progress()).toEqual(here.progress());
  });

  it("are let go where the reader stops, and can be read again", async () => {
    const [, inThread] = sources();
    for await (const { height } of inThread.open({ cursor: "", tip: undefined })) if (height === 3) break;
    expect((await read(inThread)).blocks.at(-1)).toEqual((await read(sources()[0])).blocks.at(-1));
  });

  it("that are broken fail with the same words, after the blocks before", async () => {
    const file = path.join(folder, "receipts.csv");
    const lines = readFileSync(file, "utf8").split("\n");
    lines[5_000] = "no receipt";
    writeFileSync(file, lines.join("\n"));
    const [here, inThread] = sources();
    const expected = await read(here);
    expect(expected.end).toMatch(/receipts\.csv, line 5001: it has 1 fields where 10 are due/u);
    expect((await read(inThread)).end).toBe(expected.end);
  });
});
