/**
 * `node bench/screen-process.ts PHASE LEDGER [SOURCE]`: one phase of the bench of screening in a process of its own, so that its
 * memory is its own; prints what it took, as JSON. Later phases go on from what earlier ones left.
 */
import { statSync } from "node:fs";
import path from "node:path";
import { chain as knownChain } from "../src/base/chains.ts";
import { addressOf, ownerOf } from "../src/clusters/owners.ts";
import { bitcoinBlkSource } from "../src/ingest/bitcoin-blk.ts";
import { diskFiles } from "../src/io/disk-files.ts";
import { ChainWriter } from "../src/ledger/chain-writer.ts";
import { taintRange } from "../src/ledger/keys.ts";
import { LedgerReader, type ChainReader } from "../src/ledger/reader.ts";
import { openLmdbStore } from "../src/store/lmdb-store.ts";
import type { PageStore } from "../src/store/page-store.ts";
import { tagReaderOf } from "../src/tags/memory-tags.ts";
import type { Tag, TagId } from "../src/tags/tag.ts";
import type { TagReader } from "../src/tags/tag-reader.ts";
import { policies, type Policy } from "../src/trace/policy.ts";
import { carryTaint, type TaintCarried } from "../src/trace/taint/carry.ts";
import { TaintReader } from "../src/trace/taint/taint-reader.ts";

const bitcoin = knownChain("bitcoin");
/** So many blocks are kept back from the build, and carried one by one. */
const lastBlocks = 30;
const commitTransactions = 200_000;
/** An illicit entity with so many addresses, from the first ones of the chain on. */
const originAddresses = 200;
const lookUps = 200_000;

const [phase = "", folder = "", source = ""] = process.argv.slice(2);
const wanted = (process.env["SCREEN_POLICIES"] ?? "haircut").split(",");
const carried: readonly Policy[] = policies.filter((policy) => wanted.includes(policy));

/** Takes a source into the ledger; `each`: after every block, which is then committed by itself. */
async function take(store: PageStore, until: number, each?: () => Promise<void>): Promise<number> {
  const files = diskFiles();
  const from = bitcoinBlkSource(files, bitcoin, source);
  const writer = await ChainWriter.open(store, { folder, chain: bitcoin.id, model: "utxo", finality: 100 });
  let blocks = 0;
  let last = writer.cursor;
  for await (const { block, height, cursor } of from.open({ cursor: writer.cursor, tip: writer.tip })) {
    const { lastHeight } = from.progress();
    if (until < 0 && lastHeight !== undefined && height > lastHeight + until) break;
    writer.append(block, height);
    last = cursor;
    blocks += 1;
    if (each !== undefined || writer.pendingTransactions >= commitTransactions || writer.isFull) {
      await writer.commit(cursor);
      await each?.();
    } else await writer.trim();
  }
  if (last !== writer.cursor) await writer.commit(last);
  writer.close();
  await files.close();
  return blocks;
}

function reading<Result>(store: PageStore, use: (reader: ChainReader) => Result): Result {
  const ledger = new LedgerReader(store, folder);
  const [reader] = ledger.chains;
  if (reader === undefined) throw new Error("bench: the ledger holds no chain");
  try {
    return use(reader);
  } finally {
    ledger.close();
  }
}

/** Early addresses of the chain as one sanctioned entity. */
function tagsOf(reader: ChainReader): TagReader {
  const tags = Array.from({ length: originAddresses }, (_, place): Tag => ({
    id: `bench ${place}` as TagId,
    subject: { kind: "address", chain: bitcoin.id, address: addressOf(reader, 1_000 + place) },
    label: "A sanctioned entity",
    category: "sanction",
    concepts: [],
    abuse: undefined,
    actor: undefined,
    confidence: "high",
    grade: undefined,
    source: { name: "bench", url: undefined, date: undefined, licence: undefined, set: "bench", hash: "" },
    from: undefined,
    to: undefined,
    checked: "2026-01-01" as Tag["checked"],
    clusterDefiner: "unknown",
    details: [],
    withdrawn: undefined,
    remarks: [],
    given: undefined,
  }));
  return tagReaderOf(tags, () => undefined);
}

async function carry(store: PageStore): Promise<TaintCarried> {
  const tags = reading(store, tagsOf);
  return carryTaint(store, {
    folder,
    chain: bitcoin.id,
    policies: carried,
    basis: () => ({ incidents: [], tags, priceBasis: "", stamp: "bench" }),
    price: () => undefined,
    onProgress: ({ height, records }) => process.stderr.write(`block ${height}, ${records} receipts\n`),
  });
}

const fileBytes = (): number => statSync(path.join(folder, "data.mdb")).size;

/** What the index keeps, and of how many owners. */
function sizes(store: PageStore): { readonly bytes: number; readonly pages: number; readonly owners: number } {
  const snapshot = store.snapshot();
  let [bytes, pages] = [0, 0];
  for (const { key, value } of snapshot.range({ ...taintRange(1), order: "ascending" })) {
    bytes += key.length + value.length;
    pages += 1;
  }
  snapshot.release();
  const owners = reading(store, (reader) => {
    const index = opened(reader);
    let found = 0;
    for (let owner = 0; owner < (reader.state.counts.owners ?? 0); owner += 1) {
      if (index.ofOwner(owner).length > 0) found += 1;
    }
    return found;
  });
  return { bytes, pages, owners };
}

function opened(reader: ChainReader): TaintReader {
  const index = TaintReader.open(reader);
  if (!(index instanceof TaintReader)) throw new Error(`bench: the index is ${index}`);
  return index;
}

function quantiles(times: Float64Array): object {
  times.sort();
  const at = (part: number): number => times[Math.floor(times.length * part)] ?? 0;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: times.at(-1) ?? 0 };
}

/** From an address's text to what it received: half of them in the index, half of them not. */
function lookUp(reader: ChainReader): object {
  const index = opened(reader);
  const owners = reader.state.counts.owners ?? 0;
  let state = 1;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * owners);
  };
  const asked: { readonly address: string; readonly isTainted: boolean }[] = [];
  const counts = { tainted: 0, clean: 0 };
  for (let tries = 0; asked.length < lookUps && tries < lookUps * 20; tries += 1) {
    const owner = random();
    const isTainted = index.ofOwner(owner).length > 0;
    const kind = isTainted ? "tainted" : "clean";
    if (counts[kind] >= lookUps / 2) continue;
    const address = addressOf(reader, owner);
    if (address.includes(":") || address === "") continue;
    counts[kind] += 1;
    asked.push({ address, isTainted });
  }
  const measured = (): { readonly times: Float64Array; readonly begun: number } => {
    const own = opened(reader);
    const times = new Float64Array(asked.length);
    const begun = performance.now();
    for (const [place, { address, isTainted }] of asked.entries()) {
      const from = performance.now();
      const owner = ownerOf(reader, address);
      const found = owner === undefined ? [] : own.ofOwner(owner);
      times[place] = (performance.now() - from) * 1_000;
      if (found.length > 0 !== isTainted) throw new Error(`bench: ${address} is answered wrongly`);
    }
    return { times, begun };
  };
  // The first ones are compiled while they run.
  const before = process.cpuUsage();
  const { times, begun } = measured();
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(before);
  const processor = (user + system) / asked.length;
  return {
    ...counts,
    microseconds: quantiles(times),
    perSecond: asked.length / seconds,
    processorMicroseconds: processor,
  };
}

async function run(): Promise<object> {
  const store = openLmdbStore(folder, { mode: phase === "look-up" ? "read" : "write" });
  const before = process.cpuUsage();
  const begun = performance.now();
  const took = (): { readonly seconds: number; readonly processorSeconds: number } => {
    const { user, system } = process.cpuUsage(before);
    return { seconds: (performance.now() - begun) / 1_000, processorSeconds: (user + system) / 1e6 };
  };
  try {
    switch (phase) {
      case "ingest":
        return { blocks: await take(store, -lastBlocks), ...took(), fileBytes: fileBytes() };
      case "build": {
        const grownFrom = fileBytes();
        const built = await carry(store);
        const time = took();
        const peakBytes = process.resourceUsage().maxRSS * 1_024;
        return { ...built, ...time, peakBytes, fileGrownBytes: fileBytes() - grownFrom, ...sizes(store) };
      }
      case "extend": {
        const times: number[] = [];
        const processor: number[] = [];
        let receipts = 0;
        const blocks = await take(store, 0, async () => {
          const [from, cpu] = [performance.now(), process.cpuUsage()];
          const { records } = await carry(store);
          const { user, system } = process.cpuUsage(cpu);
          times.push(performance.now() - from);
          processor.push((user + system) / 1_000);
          receipts = records;
        });
        const median = (of: number[]): number => of.toSorted((left, right) => left - right)[of.length >> 1] ?? 0;
        const peakBytes = process.resourceUsage().maxRSS * 1_024;
        return { blocks, receipts, blockMs: median(times), blockProcessorMs: median(processor), peakBytes };
      }
      case "look-up": {
        const found = reading(store, lookUp);
        return { ...found, peakBytes: process.resourceUsage().maxRSS * 1_024 };
      }
      default:
        throw new Error(`bench: no phase ${phase}`);
    }
  } finally {
    await store.close();
  }
}

process.stdout.write(JSON.stringify(await run()));
