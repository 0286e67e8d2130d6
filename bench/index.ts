import { IndexCache } from "../src/ledger/index/index-cache.ts";
import { IndexReader } from "../src/ledger/index/index-reader.ts";
import { IndexWriter } from "../src/ledger/index/index-writer.ts";
import { removeRun, type Run } from "../src/ledger/index/run.ts";
import { MapStore } from "../test/ledger/index/map-store.ts";

const prefix = new Uint8Array([1, 0x41]);
const total = Number(process.env["INDEX_ENTRIES"] ?? 50_000_000);
const flushEntries = Number(process.env["INDEX_FLUSH"] ?? 1_048_576);
const lookups = 1_000_000;
const cacheBytes = 2_000_000_000;

/** Gives the key of an entry to `use`: of the entry of this number. */
type Keys = (entry: number, use: (hi: number, lo: number) => number) => number;

/**
 * Builds an index as the ledger does and looks keys up in it, all in memory: random keys (transactions by id), dense
 * ones (spends by output, in an order like that of spending), few keys with many values (outputs by owner).
 */
export async function indexBench(): Promise<void> {
  measure("random", (entry, use) => use(scramble(entry * 2), scramble(entry * 2 + 1)));
  measure("dense", (entry, use) => use(0, (entry ^ (scramble(entry) & 0xffff)) >>> 0));
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
  if (!name.startsWith(process.env["INDEX_KIND"] ?? "")) return;
  const store = new MapStore();
  const writer = new IndexWriter({ prefix });
  let runs: readonly Run[] = [];
  let nextId = 1;
  let written = 0;
  let steps = 0;
  let longest = 0;
  const quarters: number[] = [];
  const start = performance.now();
  for (let entry = 0; entry < total;) {
    const end = Math.min(total, entry + flushEntries);
    for (; entry < end; entry += 1) keys(entry, (hi, lo) => (writer.add(hi, lo, entry), 0));
    const before = performance.now();
    const flush = writer.flushSteps(store, runs, nextId);
    for (let step = flush.next(); ; step = flush.next()) {
      if (step.done === true) {
        for (const run of step.value.obsolete) store.apply(removeRun(prefix, run));
        ({ runs, nextId } = step.value);
        break;
      }
      store.apply([step.value]);
      written += step.value.value?.length ?? 0;
      steps += 1;
    }
    longest = Math.max(longest, performance.now() - before);
    while (entry / total >= (quarters.length + 1) / 4) quarters.push(performance.now() - start);
  }
  const seconds = (performance.now() - start) / 1000;
  const bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
  const count = runs.reduce((sum, run) => sum + run.entries, 0);
  print(`${name}: build ${total / 1e6}M in flushes of ${flushEntries}`, total / seconds, "entries/s");
  const flat = quarters.map((end, quarter) => ((end - (quarters[quarter - 1] ?? 0)) / 1000).toFixed(1)).join(", ");
  line(
    `  quarters ${flat} s; longest flush ${(longest / 1000).toFixed(1)} s; ${steps} pages, ${(written / bytes).toFixed(2)} times the end's bytes written`,
  );
  line(
    `  ${(bytes / count).toFixed(2)} bytes an entry; ${runs.length} runs: ${runs.map((run) => run.entries).join(" ")}`,
  );
  look(name, store, { runs, keys });
}

function look(
  name: string,
  store: MapStore,
  { runs, keys }: { readonly runs: readonly Run[]; readonly keys: Keys },
): void {
  const reader = new IndexReader(store, prefix, runs, new IndexCache(cacheBytes));
  const rate = (what: string, entryOf: (lookup: number) => number, expected: "present" | "absent"): void => {
    const start = performance.now();
    let found = 0;
    for (let lookup = 0; lookup < lookups; lookup += 1) {
      if (keys(entryOf(lookup), (hi, lo) => reader.first(hi, lo)) >= 0) found += 1;
    }
    const seconds = (performance.now() - start) / 1000;
    if (found !== (expected === "present" ? lookups : 0)) throw new Error(`${name}, ${what}: ${found} found`);
    print(`${name}: ${what}`, lookups / seconds, "look-ups/s");
  };
  const anywhere = (lookup: number): number => scramble(lookup + 7) % total;
  rate("present, anywhere, cold", anywhere, "present");
  rate("present, anywhere, warm", anywhere, "present");
  rate("present, newest tenth", (lookup) => total - 1 - (scramble(lookup) % (total / 10)), "present");
  if (name === "random") {
    rate("absent", (lookup) => total + 1 + lookup, "absent");
    rate("absent, again", (lookup) => total + 1 + lookup, "absent");
    const small = new IndexReader(store, prefix, runs, new IndexCache(16_777_216));
    const start = performance.now();
    for (let lookup = 0; lookup < 100_000; lookup += 1) keys(anywhere(lookup), (hi, lo) => small.first(hi, lo));
    print(`${name}: present, anywhere, 16 MB cache`, 100_000 / ((performance.now() - start) / 1000), "look-ups/s");
  }
  const start = performance.now();
  let entries = 0;
  for (const entry of reader.entries()) entries += entry.value >= 0 ? 1 : 0;
  print(`${name}: entries()`, entries / ((performance.now() - start) / 1000), "entries/s");
  line(`  resident ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB, the store's ${store.pages.size} pages included`);
}

/** A fixed random-looking permutation of 32-bit numbers. */
function scramble(number: number): number {
  let mixed = Math.imul(number ^ (number >>> 16), 0x7feb_352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846c_a68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function print(name: string, rate: number, unit: string): void {
  line(`${name.padEnd(52)} ${rate.toFixed(0).padStart(10)} ${unit}`);
}

function line(text: string): void {
  process.stdout.write(`${text}\n`);
}
