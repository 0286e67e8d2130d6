/** `node bench/clusters-process.ts LEDGER`: builds a ledger's clusters from nothing and prints what it took, as JSON. */
import { buildClusters } from "../src/clusters/build.ts";
import { noServices } from "../src/clusters/services.ts";
import { LedgerReader } from "../src/ledger/reader.ts";
import { openLmdbStore } from "../src/store/lmdb-store.ts";
import type { PageStore } from "../src/store/page-store.ts";

const folder = process.argv[2] ?? "";
const store = openLmdbStore(folder, { mode: "write" });
await removeClusters(store);
const ledger = new LedgerReader(store, folder);
const [reader] = ledger.chains;
if (reader === undefined) throw new Error("bench: the ledger holds no chain");
const { counts } = reader.state;
const options = { folder, chain: reader.chain.id, rules: undefined, services: noServices };
ledger.close();

const before = process.cpuUsage();
const begun = performance.now();
const { merges, evidence, rows } = await buildClusters(store, options);
const seconds = (performance.now() - begun) / 1_000;
const { user, system } = process.cpuUsage(before);
const peakBytes = process.resourceUsage().maxRSS * 1_024;
const idle = performance.now();
await buildClusters(store, options);
const idleSeconds = (performance.now() - idle) / 1_000;
const storedBytes = clusterPages(store).reduce((sum, { bytes }) => sum + bytes, 0);
const addresses = (reader.model === "utxo" ? counts.owners : counts.accounts) ?? 0;
const processorSeconds = (user + system) / 1_000_000;
const result = {
  addresses,
  transactions: rows,
  merges,
  evidence,
  seconds,
  processorSeconds,
  idleSeconds,
  peakBytes,
  storedBytes,
};
process.stdout.write(JSON.stringify(result));
await store.close();

/** What clusters keep under the first chain's keys. */
function clusterPages(from: PageStore): readonly { readonly key: Uint8Array; readonly bytes: number }[] {
  const snapshot = from.snapshot();
  const range = { from: Uint8Array.of(1, 0x20), to: Uint8Array.of(1, 0x27), order: "ascending" } as const;
  const pages = [...snapshot.range(range)].map(({ key, value }) => ({
    key: Uint8Array.from(key),
    bytes: value.length,
  }));
  snapshot.release();
  return pages;
}

async function removeClusters(from: PageStore): Promise<void> {
  await from.commit(clusterPages(from).map(({ key }) => ({ key, value: undefined })));
}
