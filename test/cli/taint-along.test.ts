import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { scenario } from "../../bench/chain/scenarios.ts";
import { chain as chainNamed } from "../../src/base/chains.ts";
import { carriedAlong } from "../../src/cli/taint/carried-along.ts";
import { ingest } from "../../src/ingest/ingest.ts";
import { transfersSource } from "../../src/ingest/transfers.ts";
import { diskFiles } from "../../src/io/disk-files.ts";
import { ChainWriter } from "../../src/ledger/chain-writer.ts";
import { taintKey } from "../../src/ledger/keys.ts";
import { LedgerReader } from "../../src/ledger/reader.ts";
import { openLmdbStore } from "../../src/store/lmdb-store.ts";
import type { PageStore } from "../../src/store/page-store.ts";
import { TaintReader } from "../../src/trace/taint/taint-reader.ts";
import { fundtrail } from "./terminal.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-taint-along-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const at = (name: string): string => path.join(scratch, name);
const ethereum = chainNamed("ethereum");
const peel = scenario("peel-3", { model: "transfers", seed: 1 });
const lines = peel.file.toString("utf8").trimEnd().split("\n");
const heights = [...new Set(lines.slice(1).map((line) => line.split(",")[1]))];

/** A ledger of the first blocks, with an index. */
async function begun(name: string): Promise<{ readonly store: PageStore; readonly folder: string }> {
  const folder = at(name);
  writeFileSync(at("first.csv"), `${lines.filter((line) => heights.indexOf(line.split(",")[1]) < 3).join("\n")}\n`);
  writeFileSync(at("whole.csv"), peel.file);
  const row = `${peel.addresses["thief"] ?? ""},A Thief,sanction,A list,confirmed`;
  writeFileSync(at("tags.csv"), `address,label,category,source,confidence\n${row}\n`);
  await fundtrail("ingest", "--ledger", folder, "--chain", "ethereum", "--from", "transfers", at("first.csv"));
  await fundtrail("tags", "import", at("tags.csv"), "--ledger", folder, "--chain", "ethereum");
  expect((await fundtrail("taint", "build", "--ledger", folder)).status).toBe(0);
  return { folder, store: openLmdbStore(folder, { mode: "write" }) };
}

/** Blocks of the ledger, and those that the index is behind. */
function standing(store: PageStore, folder: string): readonly [number, number] {
  const ledger = new LedgerReader(store, folder);
  try {
    const [reader] = ledger.chains;
    const taint = reader === undefined ? "none" : TaintReader.open(reader);
    if (reader === undefined || !(taint instanceof TaintReader)) throw new Error("test: there is no index");
    return [reader.state.counts.blocks ?? 0, taint.standing.blocksBehind];
  } finally {
    ledger.close();
  }
}

/** Takes the whole list in, a commit a block, and dies before the block of a number. */
async function takeIn(store: PageStore, folder: string, dies: number): Promise<void> {
  const terminal = { out: () => undefined, error: () => undefined, drained: async () => {}, isTerminal: false };
  const along = await carriedAlong(store, ethereum, { folder, registers: [], terminal });
  const writer = await ChainWriter.open(store, { folder, chain: ethereum.id, model: "account", finality: 100 });
  const source = transfersSource(diskFiles(), ethereum, at("whole.csv"), "checked");
  const onProgress = ({ blocks }: { readonly blocks: number }): void => {
    if (blocks === dies) throw new Error("test: died");
  };
  await along(
    async (onCommit) => ingest(writer, source, { commitTransactions: 1, onProgress, onCommit }),
    () => writer.close(),
  );
}

it("an ingest that is killed leaves an index as far as the ledger's last commit", async () => {
  const { store, folder } = await begun("killed");
  expect(standing(store, folder)).toEqual([3, 0]);
  await expect(takeIn(store, folder, 2)).rejects.toThrow("test: died");
  expect(standing(store, folder)).toEqual([5, 0]);
  await takeIn(store, folder, Infinity);
  expect(standing(store, folder)).toEqual([heights.length, 0]);
  await store.close();
});

it("an index that is damaged keeps no block from coming in, and is told", async () => {
  const { store, folder } = await begun("damaged");
  await store.commit([{ key: taintKey(1, "state"), value: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) }]);
  await expect(takeIn(store, folder, Infinity)).rejects.toMatchObject({ code: "TAINT_DAMAGED" });
  const ledger = new LedgerReader(store, folder);
  expect(ledger.chains[0]?.state.counts.blocks).toBe(heights.length);
  ledger.close();
  await store.close();
});
