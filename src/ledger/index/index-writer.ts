import { assert } from "../../base/assert.ts";
import type { Change, PageSource } from "../../store/page-store.ts";
import { wordLimit, type Entries } from "./entries.ts";
import { filterBlocks } from "./filter.ts";
import { MemorySource, Merge, RunSource } from "./merge.ts";
import { PendingEntries } from "./pending.ts";
import { RunBuilder } from "./run-builder.ts";
import { RunPages } from "./run-pages.ts";
import { directoryHeadWords, levelOf, type Run } from "./run.ts";

/** So many runs of a level become one of the next. */
const runsPerLevel = 4;

export type Flushed = {
  /** The runs that make up the index from now on. The older list goes on to answer as it did. */
  readonly runs: readonly Run[];
  /** Runs that the older list has and this one has not: to be removed once no kept state needs them. */
  readonly obsolete: readonly Run[];
  readonly nextId: number;
};

/**
 * Collects entries of an index and writes them as runs. An index is a set of pairs (key, value): adding one twice is
 * adding it once. Cost of an entry: sorted once, then merged once for each power of four by which the index outgrows a
 * flush.
 */
export class IndexWriter {
  readonly #prefix: Uint8Array;
  readonly #pending = new PendingEntries();
  #flushing = false;

  /** @param options - `prefix`: what the keys of the index's pages begin with; no other index's. */
  constructor(options: { readonly prefix: Uint8Array }) {
    this.#prefix = options.prefix;
  }

  /** How many entries wait for the next flush, repeated ones counted; about 16 to 28 bytes of memory each. */
  get pending(): number {
    return this.#pending.count;
  }

  /**
   * Adds a value to a key.
   *
   * @param hi - The key's high half, unsigned.
   * @param lo - Its low half, unsigned.
   * @param value - A whole number below 2^48.
   */
  add(hi: number, lo: number, value: number): void {
    assert(!this.#flushing, "index: nothing may be added during a flush");
    this.#pending.add(hi, lo, value);
  }

  /** The values of a key that wait for the next flush, ascending, each once. */
  getPending(hi: number, lo: number): readonly number[] {
    const found = new Set<number>();
    this.#pending.each(hi, lo, (value) => found.add(value));
    return [...found].toSorted((left, right) => left - right);
  }

  /** The smallest value of a key among those that wait for the next flush; -1 where there is none. */
  firstPending(hi: number, lo: number): number {
    return this.#pending.first(hi, lo);
  }

  /**
   * Like {@link flushSteps}, with all changes at once: for small flushes only, since a merge of large runs is as large
   * as they are.
   */
  flush(source: PageSource, runs: readonly Run[], nextId: number): Flushed & { readonly changes: readonly Change[] } {
    const changes: Change[] = [];
    const steps = this.flushSteps(source, runs, nextId);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return { ...step.value, changes };
      changes.push(step.value);
    }
  }

  /**
   * Writes what was added as one new run, together with the runs that are due for a merge; page by page, in bounded
   * memory. Nothing reads the new pages before the new list of runs is in the manifest, so they may be committed in
   * several parts before it. Given up halfway, it leaves the pending entries as they were.
   *
   * @param runs - All of the index's runs; the source must hold them.
   * @param nextId - The new run's number: one that no run of this index has ever been committed with in a manifest.
   * @throws {Failure} `LEDGER_DAMAGED` where a run that is merged is.
   */
  *flushSteps(source: PageSource, runs: readonly Run[], nextId: number): Generator<Change, Flushed> {
    assert(!this.#flushing, "index: a flush is under way");
    const count = this.#pending.count;
    if (count === 0) return { runs, obsolete: [], nextId };
    this.#flushing = true;
    try {
      const obsolete = runsDue(runs, count);
      const pages = obsolete.map((run) => new RunPages(source, this.#prefix, run));
      const sorted = this.#pending.sorted();
      const builder = new RunBuilder(this.#prefix, nextId, filterBlocksOf(sorted, pages));
      const merge = new Merge([...pages.map((one) => new RunSource(one)), new MemorySource(sorted)]);
      for (;;) {
        const filled = merge.fill(builder.buffer, builder.filled);
        if (filled === builder.filled) break;
        yield* builder.advance(filled);
      }
      const run = yield* builder.finish();
      this.#pending.clear();
      return { runs: [...runs.filter((one) => !obsolete.includes(one)), run], obsolete, nextId: nextId + 1 };
    } finally {
      this.#flushing = false;
    }
  }
}

/**
 * The runs that are merged with this many new entries: where they would be the fourth run of their level, its other
 * runs, and so on with the level that these together reach. So a flush writes one run, and merges many levels at once.
 */
function runsDue(runs: readonly Run[], entries: number): readonly Run[] {
  const due: Run[] = [];
  let total = entries;
  for (;;) {
    const level = levelOf(total);
    const same = runs.filter((run) => run.level === level && !due.includes(run));
    if (same.length < runsPerLevel - 1) return due;
    due.push(...same);
    total += same.reduce((sum, run) => sum + run.entries, 0);
  }
}

/** The size of the filter for entries and runs together, from how many there are and how far their keys reach. */
function filterBlocksOf(sorted: Entries, runs: readonly RunPages[]): number {
  const { hi } = sorted;
  let [entries, first, last] = [hi.length, hi[0] as number, hi[hi.length - 1] as number];
  for (const pages of runs) {
    const directory = pages.read("directory", 0);
    first = Math.min(first, directory[directoryHeadWords] as number);
    last = Math.max(last, directory[directoryHeadWords - 2] as number);
    entries += pages.run.entries;
  }
  return filterBlocks(entries, first, last);
}

/** Adds a value to a record's number as the key: see `base/halves`, without the pair. */
export function addNumber(index: IndexWriter, record: number, value: number): void {
  const lo = record >>> 0;
  index.add((record - lo) / wordLimit, lo, value);
}
