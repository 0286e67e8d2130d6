/** A ledger in memory (or in any store) of given blocks, committed in batches. */
import { ChainWriter } from "../../src/ledger/chain-writer.ts";
import type { Block } from "../../src/chains/block.ts";
import { LedgerReader, type ChainReader } from "../../src/ledger/reader.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import type { PageStore } from "../../src/store/page-store.ts";

/** Gives a reader of the blocks' chain to `use`, and closes everything afterwards. */
export async function withLedger<Result>(
  blocks: readonly Block[],
  batch: number,
  use: (reader: ChainReader) => Result,
  store: PageStore = openMemoryStore(),
): Promise<Result> {
  const [first] = blocks;
  if (first === undefined) throw new Error("test: a ledger without blocks");
  const writer = await ChainWriter.open(store, {
    folder: "a ledger",
    chain: first.chain,
    model: first.model,
    finality: 10,
  });
  for (const [index, block] of blocks.entries()) {
    writer.append(block, block.height ?? index);
    if (index % batch === batch - 1) await writer.commit(String(index));
  }
  await writer.commit("end");
  writer.close();
  const reader = new LedgerReader(store, "a ledger");
  try {
    const [chain] = reader.chains;
    if (chain === undefined) throw new Error("test: the ledger has no chain");
    return use(chain);
  } finally {
    reader.close();
    await store.close();
  }
}
