/** What every store must give a ledger: one suite, called with each. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chain } from "../../src/base/chains.ts";
import { isFailure } from "../../src/base/failure.ts";
import type { Block, UtxoBlock } from "../../src/chains/block.ts";
import { checkChain } from "../../src/ledger/check.ts";
import { ChainWriter } from "../../src/ledger/chain-writer.ts";
import { dumpChain } from "../../src/ledger/dump.ts";
import { ledgerFormat, writeDirectory } from "../../src/ledger/manifest.ts";
import { LedgerReader } from "../../src/ledger/reader.ts";
import type { PageStore } from "../../src/store/page-store.ts";
import { dumpOfAccounts, dumpOfUtxo } from "../reference/ledger.ts";
import { accountChain, randomOf, utxoChain } from "./random-chain.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 25);
const folder = "a ledger";

/** A chain's dump, and its contradictions. */
export function readBack(store: PageStore): { readonly dump: string; readonly wrong: readonly object[] } {
  const reader = new LedgerReader(store, folder);
  const [only] = reader.chains;
  if (only === undefined) return { dump: "", wrong: [] };
  const found = { dump: [...dumpChain(only)].join(""), wrong: [...checkChain(only)] };
  reader.close();
  return found;
}

async function writerOf(store: PageStore, model: "utxo" | "account", finality = 10): Promise<ChainWriter> {
  const id = chain(model === "utxo" ? "bitcoin" : "ethereum").id;
  return ChainWriter.open(store, { folder, chain: id, model, finality });
}

/** A writer of outputs that can remember almost nothing, and has to look up the rest. */
async function forgetfulWriter(store: PageStore): Promise<ChainWriter> {
  return ChainWriter.open(store, {
    folder,
    chain: chain("bitcoin").id,
    model: "utxo",
    finality: 10,
    rememberedMax: 64,
  });
}

/** All that a store holds. */
function entriesOf(store: PageStore): readonly (readonly [string, string])[] {
  const snapshot = store.snapshot();
  const all = { from: new Uint8Array(), to: new Uint8Array([255, 255]), order: "ascending" } as const;
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
  const entries = [...snapshot.range(all)].map(({ key, value }) => [hex(key), hex(value)] as const);
  snapshot.release();
  return entries;
}

/** The store, but for its so-manyth commit from now on, which fails. */
function failingAt(store: PageStore, step: number): PageStore {
  let commits = 0;
  return {
    snapshot: () => store.snapshot(),
    close: async () => store.close(),
    trim: async () => store.trim(),
    commit: async (changes) => {
      commits += 1;
      if (commits === step) throw new Error("the disk is gone");
      await store.commit(changes);
    },
  };
}

const heightOf = (block: Block): number => block.height ?? 0;

export function ledgerSuite(storeName: string, open: () => Promise<PageStore>): void {
  describe(`a ledger in ${storeName}`, () => {
    it("holds a chain of outputs exactly, whatever the batches", async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(1_000_000), fc.integer({ min: 1, max: 20 }), async (seed, batch) => {
          const store = await open();
          const blocks = utxoChain({ seed, blocks: 30, transactionsMax: 8 });
          const writer = await writerOf(store, "utxo");
          for (const [index, block] of blocks.entries()) {
            expect(writer.append(block, heightOf(block))).toEqual({ kind: "appended" });
            if (index % batch === 0) await writer.commit(String(index));
          }
          await writer.commit("end");
          expect(readBack(store)).toEqual({ dump: dumpOfUtxo(blocks), wrong: [] });
          writer.close();
          await store.close();
        }),
        { numRuns: runs },
      );
    });

    it("holds a chain of outputs exactly where almost nothing is remembered, also of more than one commit", async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(1_000_000), async (seed) => {
          const store = await open();
          const blocks = utxoChain({ seed, blocks: 60, transactionsMax: 6 });
          const writer = await forgetfulWriter(store);
          let commits = 0;
          for (const block of blocks) {
            expect(writer.append(block, heightOf(block))).toEqual({ kind: "appended" });
            if (!writer.isFull) continue;
            await writer.commit("full");
            commits += 1;
          }
          await writer.commit("end");
          expect(commits).toBeGreaterThan(0);
          expect(readBack(store)).toEqual({ dump: dumpOfUtxo(blocks), wrong: [] });
          writer.close();
          await store.close();
        }),
        { numRuns: runs },
      );
    });

    it("holds a chain of accounts exactly, whatever the batches", async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(1_000_000), fc.integer({ min: 1, max: 20 }), async (seed, batch) => {
          const store = await open();
          const blocks = accountChain({ seed, blocks: 30, transactionsMax: 6 });
          const writer = await writerOf(store, "account");
          for (const [index, block] of blocks.entries()) {
            expect(writer.append(block, block.height)).toEqual({ kind: "appended" });
            if (index % batch === 0) await writer.commit(String(index));
          }
          await writer.commit("end");
          expect(readBack(store)).toEqual({ dump: dumpOfAccounts(blocks), wrong: [] });
          writer.close();
          await store.close();
        }),
        { numRuns: runs },
      );
    });

    it("follows reorganisations: the same as if the lost branch had never been", async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(1_000_000), async (seed) => {
          const store = await open();
          const random = randomOf(seed);
          const writer = await writerOf(store, "utxo", 10);
          const common = { seed, transactionsMax: 6 };
          let chainNow = utxoChain({ ...common, blocks: 12 });
          const add = async (blocks: typeof chainNow): Promise<void> => {
            for (const block of blocks) {
              expect(writer.append(block, heightOf(block)).kind).toBe("appended");
              if (random(2) === 0) await writer.commit(`${heightOf(block)}`);
            }
            await writer.commit("tip");
          };
          await add(chainNow);
          for (let name = 1; name <= 3; name += 1) {
            const height = (writer.tip?.height ?? 0) - random(6);
            const next = utxoChain({ ...common, blocks: (writer.tip?.height ?? 0) + 3, fork: { height, name } });
            // Only a branch off the chain as it stands is a reorganisation of it.
            if (
              next
                .slice(0, height)
                .some(({ hash }, at) => hash !== chainNow[at]?.hash && !same(hash, chainNow[at]?.hash))
            )
              continue;
            const [first] = next.slice(height);
            if (first !== undefined && height <= (writer.tip?.height ?? 0)) {
              expect(writer.append(first, height).kind).toBe("fork");
            }
            await writer.rollback(height - 1);
            await add(next.slice((writer.tip?.height ?? -1) + 1));
            chainNow = next;
          }
          expect(readBack(store)).toEqual({ dump: dumpOfUtxo(chainNow), wrong: [] });
          writer.close();
          await store.close();
        }),
        { numRuns: runs },
      );
    });

    it("sees a block that does not follow, and refuses to go back too far", async () => {
      const store = await open();
      const writer = await writerOf(store, "utxo", 3);
      const blocks = utxoChain({ seed: 7, blocks: 12, transactionsMax: 3 });
      for (const block of blocks) {
        writer.append(block, heightOf(block));
        await writer.commit(String(block.height));
      }
      const other = utxoChain({ seed: 7, blocks: 13, transactionsMax: 3, fork: { height: 11, name: 1 } });
      const [last] = other.slice(-1);
      expect(last === undefined ? undefined : writer.append(last, 12)).toEqual({ kind: "fork", height: 11 });
      await expect(writer.rollback(5)).rejects.toThrow(/reorganised 6 blocks deep, below height 5/u);
      expect(readBack(store)).toEqual({ dump: dumpOfUtxo(blocks), wrong: [] });
      await store.close();
    });

    it("lets only the first of two writers commit", async () => {
      const store = await open();
      const [first, second] = [await writerOf(store, "utxo"), await writerOf(store, "utxo")];
      const blocks = utxoChain({ seed: 3, blocks: 4, transactionsMax: 3 });
      for (const writer of [first, second]) for (const block of blocks) writer.append(block, heightOf(block));
      await first.commit("a");
      await expect(second.commit("b")).rejects.toThrow(/another process is writing/u);
      expect(readBack(store)).toEqual({ dump: dumpOfUtxo(blocks), wrong: [] });
      await store.close();
    });

    it("finds any flipped bit, in every page that it has", async () => {
      for (const model of ["utxo", "account"] as const) {
        const store = await open();
        const writer = await writerOf(store, model);
        const shape = { seed: 5, blocks: 12, transactionsMax: 5 };
        for (const block of model === "utxo" ? utxoChain(shape) : accountChain(shape)) {
          writer.append(block, heightOf(block));
          if (heightOf(block) % 4 === 0) await writer.commit("part");
        }
        await writer.commit("end");
        writer.close();
        const random = randomOf(99);
        const snapshot = store.snapshot();
        const entries = [
          ...snapshot.range({ from: new Uint8Array([0]), to: new Uint8Array([255]), order: "ascending" }),
        ];
        const copies = entries.map(({ key, value }) => ({ key: Uint8Array.from(key), value: Uint8Array.from(value) }));
        snapshot.release();
        expect(copies.length).toBeGreaterThan(10);
        for (const { key, value } of copies) {
          const damaged = Uint8Array.from(value);
          const at = random(damaged.length);
          damaged[at] = (damaged[at] ?? 0) ^ (1 << random(8));
          await store.commit([{ key, value: damaged }]);
          expect([Buffer.from(key).toString("hex"), foundWrong(store)]).toEqual([
            Buffer.from(key).toString("hex"),
            true,
          ]);
          await store.commit([{ key, value }]);
        }
        expect(readBack(store).wrong).toEqual([]);
        await store.close();
      }
    });

    it("forgets what a commit left behind that did not end, whichever step it got to", async () => {
      const blocks = utxoChain({ seed: 5, blocks: 20, transactionsMax: 6 });
      const [first, second] = [blocks.slice(0, 10), blocks.slice(10)];
      const fill = async (store: PageStore, more: readonly UtxoBlock[]): Promise<void> => {
        const writer = await writerOf(store, "utxo");
        try {
          for (const block of more) writer.append(block, heightOf(block));
          await writer.commit(`${more.length}`);
        } finally {
          writer.close();
        }
      };
      const calm = await open();
      await fill(calm, first);
      await fill(calm, second);
      const expected = entriesOf(calm);
      await calm.close();
      for (let step = 1; step <= 2; step += 1) {
        const store = await open();
        await fill(store, first);
        const before = entriesOf(store);
        await expect(fill(failingAt(store, step), second)).rejects.toThrow("the disk is gone");
        (await writerOf(store, "utxo")).close();
        expect(entriesOf(store)).toEqual(before);
        await fill(store, second);
        expect(entriesOf(store)).toEqual(expected);
        await store.close();
      }
    });

    it("refuses another format, newer or older, before anything is read or written", async () => {
      for (const [format, mend] of [
        [ledgerFormat + 1, /use the newer Fundtrail/u],
        [ledgerFormat - 1, /ingest it anew/u],
      ] as const) {
        const store = await open();
        await store.commit([writeDirectory({ format, chains: [] })]);
        expect(() => new LedgerReader(store, folder)).toThrow(mend);
        await expect(writerOf(store, "utxo")).rejects.toThrow(mend);
        await store.close();
      }
    });

    it("keeps a reader at its tip while the writer goes on", async () => {
      const store = await open();
      const writer = await writerOf(store, "utxo");
      const blocks = utxoChain({ seed: 11, blocks: 40, transactionsMax: 5 });
      const half = blocks.slice(0, 20);
      for (const block of half) writer.append(block, heightOf(block));
      await writer.commit("half");
      const reader = new LedgerReader(store, folder);
      for (const block of blocks.slice(20)) {
        writer.append(block, heightOf(block));
        await writer.commit(String(block.height));
      }
      const [only] = reader.chains;
      expect(only === undefined ? "" : [...dumpChain(only)].join("")).toBe(dumpOfUtxo(half));
      reader.close();
      await store.close();
    });
  });
}

/** Whether reading or checking says that something is wrong. */
function foundWrong(store: PageStore): boolean {
  try {
    const reader = new LedgerReader(store, folder);
    const wrong = reader.chains.some((one) => [...checkChain(one)].length > 0);
    reader.close();
    return wrong;
  } catch (thrown) {
    if (isFailure(thrown, "LEDGER_DAMAGED")) return true;
    throw thrown;
  }
}

function same(left: Uint8Array, right: Uint8Array | undefined): boolean {
  return right !== undefined && Buffer.from(left).equals(right);
}
