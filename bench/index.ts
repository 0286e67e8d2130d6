import { IndexCache } from "../src/ledger/index/index-cache.ts";
import { IndexReader } from "../src/ledger/index/index-reader.ts";
import { IndexWriter } from "../src/ledger/index/index-writer.ts";
import { removeRun, type Run } from "../src/ledger/index/run.ts";
import { MapStore } from "../test/ledger/index/map-store.ts";

const prefix = new Uint8Array([1, 0x41]);
const total = Number(process.env["INDEX_ENTRIES"] ?? 50_000_000);
const flushEntries = Number(process.env["INDEX_FLUSH"] ?? 1_048_576);
const kind = process.env["INDEX_KIND"] ?? "";
const lookups = 1_000_000;
const cacheBytes = 2_000_000_000;

/** Gives the key of an entry to `use`: of the entry of this number. */
type Keys = (entry: number, use: (hi: number, lo: number) => number) => number;

/**
 * Builds an index as the ledger does and looks keys up in it, all in memory: random keys (transactions by id), dense
 * ones (spends by output, in an order like that of spending), few keys with many values (outputs by owner). Rates are
 * by the clock and by the processor's time, which says more where other programs run beside.
 */
export async function indexBench(): Promise<void> {
  measure("random", (entry, use) => use(scramble(entry * 2), scramble(entry * 2 + 1)));
  measure("dense", (entry, use) => use(0, (entry ^ (scramble(entry >>> 16) & 0xffff)) >>> 0));
  measure("owners", (entry, use) => use(0, ownerOf(entry)));
  await Promise.resolve();
}

/** Half of the outputs go to new owners, the others to any of before, some of which have a thousandth of all. */
function ownerOf(entry: number): number {
  const random = scramble(entry);
  if (random % 2 === 0) return entry >>> 1;
  return random % 3 === 0 ? random % 1000 : scramble(random) % ((entry >>> 1) + 1);
}

function measure(name: string, keys: Keys): void {
  if (!name.startsWith(kind)) return;
  const store = new MapStore();
  const watch = stopwatch();
  const { runs, written, longest, quarters } = build(store, keys);
  print(`${name}: build ${total / 1e6}M in flushes of ${flushEntries}`, total, watch);
  const bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
  const count = runs.reduce((sum, run) => sum + run.entries, 0);
  const flat = quarters.map((seconds) => seconds.toFixed(1)).join(", ");
  const amplified = (written / bytes).toFixed(2);
  line(`  processor s of each quarter: ${flat}; longest flush ${longest.toFixed(1)} s; written ${amplified} times`);
  line(`  ${(bytes / count).toFixed(2)} bytes an entry; runs: ${runs.map((run) => run.entries).join(" ")}`);
  look(name, store, { runs, keys });
}

type Built = {
  readonly runs: readonly Run[];
  readonly written: number;
  readonly longest: number;
  readonly quarters: readonly number[];
};

function build(store: MapStore, keys: Keys): Built {
  const writer = new IndexWriter({ prefix });
  let runs: readonly Run[] = [];
  let nextId = 1;
  let [written, longest] = [0, 0];
  const quarters: number[] = [];
  let quarter = stopwatch();
  for (let entry = 0; entry < total;) {
    const end = Math.min(total, entry + flushEntries);
    for (; entry < end; entry += 1) keys(entry, (hi, lo) => (writer.add(hi, lo, entry), 0));
    const watch = stopwatch();
    const flush = writer.flushSteps(store, runs, nextId);
    let step = flush.next();
    for (; step.done !== true; step = flush.next()) {
      store.apply([step.value]);
      written += step.value.value?.length ?? 0;
    }
    for (const run of step.value.obsolete) store.apply(removeRun(prefix, run));
    ({ runs, nextId } = step.value);
    longest = Math.max(longest, watch().processor);
    if (entry / total < (quarters.length + 1) / 4) continue;
    quarters.push(quarter().processor);
    quarter = stopwatch();
  }
  return { runs, written, longest, quarters };
}

function look(name: string, store: MapStore, index: { readonly runs: readonly Run[]; readonly keys: Keys }): void {
  const { runs, keys } = index;
  const reader = new IndexReader(store, prefix, runs, new IndexCache(cacheBytes));
  const rate = (what: string, entryOf: (lookup: number) => number, from: IndexReader = reader): void => {
    const count = from === reader ? lookups : lookups / 10;
    const watch = stopwatch();
    let found = 0;
    for (let lookup = 0; lookup < count; lookup += 1) {
      if (keys(entryOf(lookup), (hi, lo) => from.first(hi, lo)) >= 0) found += 1;
    }
    print(`${name}: ${what}`, count, watch);
    if (found !== (what.startsWith("absent") ? 0 : count)) throw new Error(`${name}, ${what}: ${found} found`);
  };
  const anywhere = (lookup: number): number => scramble(lookup + 7) % total;
  rate("present, anywhere, first time", anywhere);
  rate("present, anywhere, warm", anywhere);
  rate("present, newest tenth, warm", (lookup) => total - 1 - (scramble(lookup) % (total / 10)));
  if (name === "random") {
    rate("absent", (lookup) => total + 1 + lookup);
    const small = new IndexReader(store, prefix, runs, new IndexCache(16_777_216));
    rate("present, anywhere, with 16 MB cache", anywhere, small);
  }
  const watch = stopwatch();
  let entries = 0;
  for (const { count } of reader.batches()) entries += count;
  print(`${name}: entries()`, entries, watch);
  line(`  resident ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB, the store's ${store.pages.size} pages included`);
}

/** A fixed random-looking permutation of 32-bit numbers. */
function scramble(number: number): number {
  let mixed = Math.imul(number ^ (number >>> 16), 0x7feb_352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846c_a68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Seconds since it was made: by the clock, and of this process's processor time. */
function stopwatch(): () => { readonly clock: number; readonly processor: number } {
  const start = performance.now();
  const usage = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(usage);
    return { clock: (performance.now() - start) / 1000, processor: (user + system) / 1e6 };
  };
}

function print(name: string, count: number, watch: ReturnType<typeof stopwatch>): void {
  const { clock, processor } = watch();
  const rates = [count / clock, count / processor].map((rate) => `${(rate / 1e6).toFixed(2).padStart(7)} M/s`);
  line(`${name.padEnd(48)} ${rates.join(" by the clock, ")} by the processor`);
}

function line(text: string): void {
  process.stdout.write(`${text}\n`);
}
