/** What `ledger check` finds where every page is whole, and yet records contradict each other. */
import { describe, expect, it } from "vitest";
import { chain } from "../../src/base/chains.ts";
import type { Block } from "../../src/chains/block.ts";
import { checkChain } from "../../src/ledger/check.ts";
import { ChainWriter } from "../../src/ledger/chain-writer.ts";
import { IndexWriter } from "../../src/ledger/index/index-writer.ts";
import { indexPrefix, type IndexName } from "../../src/ledger/keys.ts";
import { readManifest, writeManifest } from "../../src/ledger/manifest.ts";
import { LedgerReader, type ChainReader } from "../../src/ledger/reader.ts";
import {
  accountsShape,
  blocksShape,
  inputsShape,
  outputsShape,
  ownersShape,
  transfersShape,
  utxoIdsShape,
  utxoTransactionsShape,
} from "../../src/ledger/shapes.ts";
import { TableWriter, type TableShape } from "../../src/ledger/table.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import type { PageStore } from "../../src/store/page-store.ts";
import { accountChain, utxoChain } from "./random-chain.ts";

type Row = Record<string, number | bigint | string | Uint8Array>;
type Entry = { readonly hi: number; readonly lo: number; readonly value: number };

async function ledgerOf(blocks: readonly Block[]): Promise<PageStore> {
  const store = openMemoryStore();
  const model = blocks[0]?.model ?? "utxo";
  const id = chain(model === "utxo" ? "bitcoin" : "ethereum").id;
  const writer = await ChainWriter.open(store, { folder: "a ledger", chain: id, model, finality: 0 });
  for (const block of blocks) writer.append(block, block.height ?? 0);
  await writer.commit("end");
  writer.close();
  return store;
}

/** Writes a table anew, each record as `change` makes it. */
async function forge(store: PageStore, shape: TableShape, change: (row: Row, number: number) => void): Promise<void> {
  const reader = new LedgerReader(store, "a ledger");
  const table = (reader.chains[0] as ChainReader).table(shape);
  const writer = new TableWriter(shape, 1, { get: () => undefined, lend: () => undefined }, 0);
  for (let number = 0; number < table.count; number += 1) {
    const row: Row = { ...table.record(number) };
    change(row, number);
    for (const [name, column] of Object.entries(writer.columns)) {
      (column as { push: (value: unknown) => void }).push(row[name]);
    }
    writer.next();
  }
  reader.close();
  await store.commit(writer.flush());
}

/** Writes an index anew from the entries that `change` makes of its own. */
async function forgeIndex(
  store: PageStore,
  name: IndexName,
  change: (all: Entry[]) => readonly Entry[],
): Promise<void> {
  const reader = new LedgerReader(store, "a ledger");
  const all: Entry[] = [];
  for (const { hi, lo, value, count } of (reader.chains[0] as ChainReader).index(name).batches()) {
    for (let at = 0; at < count; at += 1) {
      all.push({ hi: hi[at] as number, lo: lo[at] as number, value: value[at] as number });
    }
  }
  reader.close();
  const snapshot = store.snapshot();
  const manifest = readManifest(snapshot, 1);
  const writer = new IndexWriter({ prefix: indexPrefix(1, name) });
  for (const { hi, lo, value } of change(all)) writer.add(hi, lo, value);
  const { runs, changes } = writer.flush(snapshot, [], manifest.nextRun);
  snapshot.release();
  const state = { ...manifest.state, runs: { ...manifest.state.runs, [name]: runs } };
  await store.commit([...changes, writeManifest(1, { ...manifest, state, earlier: [] })]);
}

function wrong(store: PageStore): readonly string[] {
  const reader = new LedgerReader(store, "a ledger");
  const [whole, parts] = [16_777_216, 16].map((windowRecords) =>
    reader.chains.flatMap((one) =>
      [...checkChain(one, { windowRecords })].map(({ where, what }) => `${where}: ${what}`),
    ),
  );
  reader.close();
  // Many passes over a few records each find the same as one pass.
  expect(parts?.toSorted()).toEqual(whole?.toSorted());
  return whole ?? [];
}

const utxo = async (): Promise<PageStore> => ledgerOf(utxoChain({ seed: 3, blocks: 40, transactionsMax: 8 }));
const accounts = async (): Promise<PageStore> => ledgerOf(accountChain({ seed: 3, blocks: 40, transactionsMax: 6 }));
/** The input in the middle that spends an output. */
const anInput = (row: Row, number: number): boolean => number > 40 && Number(row["spent"]) % 2 === 1;

describe("ledger check", () => {
  it("finds nothing wrong with what the writer wrote, forged as it was", async () => {
    for (const store of [await utxo(), await accounts()]) {
      await forge(store, blocksShape, () => undefined);
      expect(wrong(store)).toEqual([]);
    }
  });

  it("names a block that does not follow the one before it", async () => {
    const store = await utxo();
    await forge(store, blocksShape, (row, number) => {
      if (number === 7) row["parent"] = new Uint8Array(32).fill(7);
    });
    expect(wrong(store)).toEqual([expect.stringMatching(/^block \d+: its parent is not the block before it$/u)]);
  });

  it("names an input that spends another output than the one that names it", async () => {
    const store = await utxo();
    let forged = -1;
    await forge(store, inputsShape, (row, number) => {
      if (forged !== -1 || !anInput(row, number)) return;
      forged = number;
      row["spent"] = Number(row["spent"]) === 1 ? 3 : 1;
    });
    const found = wrong(store).join("\n");
    expect(found).toMatch(new RegExp(`is said to be spent by input ${forged}, which spends another`, "u"));
    expect(found).toMatch(new RegExp(`input ${forged}: output [01] does not name it as its spender`, "u"));
  });

  it("names a spend that its output does not know of, and an output that is spent twice", async () => {
    const forgotten = await utxo();
    await forgeIndex(forgotten, "spendByOutput", (all) => all.slice(1));
    expect(wrong(forgotten)).toEqual([
      expect.stringMatching(/^input \d+: output \d+ does not name it as its spender$/u),
    ]);
    const doubled = await utxo();
    await forgeIndex(doubled, "spendByOutput", (all) => [
      ...all,
      { ...(all[0] as Entry), value: (all[0] as Entry).value + 1 },
    ]);
    expect(wrong(doubled).join("\n")).toMatch(/output \d+: is spent twice, by inputs \d+ and \d+/u);
  });

  it("names a transaction that pays out more than it takes in", async () => {
    const store = await utxo();
    let id = "";
    let first = -1;
    await forge(store, utxoTransactionsShape, (row, number) => {
      if (number === 60) first = Number(row["firstOutput"]);
    });
    await forge(store, utxoIdsShape, (row, number) => {
      if (number === 60) id = Buffer.from((row["id"] as Uint8Array).toReversed()).toString("hex");
    });
    await forge(store, outputsShape, (row, number) => {
      if (number === first) row["value"] = 20_000_000_000_000_000n;
    });
    expect(wrong(store)).toContain(`transaction ${id}: pays out more than it takes in`);
  });

  it("names an output whose owner does not list it, and one whose owner is not there", async () => {
    const store = await utxo();
    await forge(store, outputsShape, (row, number) => {
      if (number === 5) row["owner"] = Number(row["owner"]) === 1 ? 2 : 1;
      if (number === 6) row["owner"] = 1_000_000;
    });
    const found = wrong(store).join("\n");
    expect(found).toMatch(/owner \d+: lists output [56], which is not theirs/u);
    expect(found).toMatch(/output 5: is not listed by its owner [01]/u);
    expect(found).toMatch(/output 6: belongs to owner 999999, who is not there/u);
  });

  it("names a transaction and an owner that are found under another's identity, and an owner that is kept twice", async () => {
    const store = await utxo();
    await forge(store, utxoIdsShape, (row, number) => {
      if (number === 9) row["id"] = new Uint8Array(32).fill(9);
    });
    expect(wrong(store)).toEqual([
      "transaction 9: is listed under another's identity",
      "transaction 9: is not in its index",
    ]);
    const twice = await utxo();
    let identity: unknown;
    let kind: unknown;
    await forge(twice, ownersShape, (row, number) => {
      if (number === 2) [identity, kind] = [row["identity"], row["kind"]];
      if (number === 3) Object.assign(row, { identity, kind });
    });
    await forgeIndex(twice, "ownerByIdentity", (all) => {
      const second = all.find(({ value }) => value === 2) as Entry;
      return all.map((one) => (one.value === 3 ? { ...second, value: 3 } : one));
    });
    expect(wrong(twice)).toContain("owner 3: is kept twice: 2, 3");
  });

  it("names a transfer that one of its parties does not list, and references to what is not there", async () => {
    const store = await accounts();
    await forge(store, transfersShape, (row, number) => {
      if (number === 4) row["from"] = Number(row["from"]) === 1 ? 2 : 1;
      if (number === 5) row["asset"] = 1_000;
      if (number === 6) row["transaction"] = 1_000_000;
    });
    const found = wrong(store).join("\n");
    expect(found).toMatch(/transfer 4: is not listed by both its parties/u);
    expect(found).toMatch(/transfer 5: refers to an asset that is not there/u);
    expect(found).toMatch(/transfer 6: refers to a transaction that is not there/u);
    const renamed = await accounts();
    await forge(renamed, accountsShape, (row, number) => {
      if (number === 1) row["text"] = "0xffffffffffffffffffffffffffffffffffffffff";
    });
    expect(wrong(renamed).join("\n")).toMatch(/account 1: is listed under another's identity/u);
  });
});
