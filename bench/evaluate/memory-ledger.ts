import { chain } from "../../src/base/chains.ts";
import { decodeBlock } from "../../src/chains/bitcoin/block.ts";
import { buildClusters } from "../../src/clusters/build.ts";
import { ClustersReader } from "../../src/clusters/clusters-reader.ts";
import { noServices } from "../../src/clusters/services.ts";
import { ChainWriter } from "../../src/ledger/chain-writer.ts";
import { LedgerReader, type ChainReader } from "../../src/ledger/reader.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import type { PageStore } from "../../src/store/page-store.ts";
import type { RawBlock } from "../chain/assemble.ts";

const folder = "in memory";
const bitcoin = chain("bitcoin");

/** A ledger of made blocks, in memory. */
export async function ledgerOf(blocks: Iterable<RawBlock>): Promise<PageStore> {
  const store = openMemoryStore();
  const writer = await ChainWriter.open(store, { folder, chain: bitcoin.id, model: "utxo", finality: 0 });
  for (const block of blocks) writer.append(decodeBlock(bitcoin, block.bytes), block.height);
  await writer.commit("");
  writer.close();
  return store;
}

/** Builds the clusters by rules and reads them. */
export async function clustered<Result>(
  store: PageStore,
  rules: readonly string[],
  use: (reader: ChainReader, clusters: ClustersReader) => Result,
): Promise<Result> {
  await buildClusters(store, { folder, chain: bitcoin.id, rules, services: noServices });
  const ledger = new LedgerReader(store, folder);
  const [reader] = ledger.chains;
  const clusters = reader === undefined ? "none" : ClustersReader.open(reader);
  if (reader === undefined || !(clusters instanceof ClustersReader)) throw new Error("evaluate: nothing was built");
  const result = use(reader, clusters);
  ledger.close();
  return result;
}
