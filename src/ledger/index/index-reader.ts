import type { PageSource } from "../../store/page-store.ts";
import { makeEntries, type Entries } from "./entries.ts";
import { mixKey } from "./filter.ts";
import { IndexCache } from "./index-cache.ts";
import { Merge, RunSource } from "./merge.ts";
import { RunPages } from "./run-pages.ts";
import { RunReader } from "./run-reader.ts";
import { entriesPerPageMax, type Run } from "./run.ts";
import { verifyRun, type IndexFinding } from "./verify.ts";

/**
 * Answers from the runs of an index. An index is a set of pairs (key, value): each value of a key is there once.
 *
 * All methods throw a {@link Failure} `LEDGER_DAMAGED` that names index, run and page where one is damaged or missing;
 * `verify` returns them as findings.
 */
export class IndexReader {
  readonly #runs: readonly RunReader[];

  /**
   * @param pages - Of the store, with all pages of these runs; held as long as the reader is used.
   * @param prefix - What the keys of the index's pages begin with.
   * @param cache - What earlier readers of the same index have read; give it on to later ones.
   */
  constructor(pages: PageSource, prefix: Uint8Array, runs: readonly Run[], cache: IndexCache = new IndexCache()) {
    const cached = cache.open(runs);
    this.#runs = cached.map((one) => new RunReader(new RunPages(pages, prefix, one.run), one, cache));
  }

  /** All values of a key, ascending. */
  get(hi: number, lo: number): readonly number[] {
    return this.rangeOf(hi, lo, 0, Infinity);
  }

  /** The smallest value of a key; -1 where there is none. */
  first(hi: number, lo: number): number {
    const hash = mixKey(hi, lo);
    let least = -1;
    for (const run of this.#runs) {
      if (!run.mayHave(hi, hash)) continue;
      const value = run.first(hi, lo);
      if (value >= 0 && (least < 0 || value < least)) least = value;
    }
    return least;
  }

  /**
   * The values of a key from `from` on, ascending, at most `limit`: for the next ones ask from one more than the last.
   * Cost: a look-up in each run, and the values returned.
   */
  rangeOf(hi: number, lo: number, from: number, limit: number): readonly number[] {
    const hash = mixKey(hi, lo);
    const found: number[] = [];
    let ascending = true;
    for (const run of this.#runs) {
      if (!run.mayHave(hi, hash)) continue;
      const before = found.length;
      run.collect({ hi, lo }, from, limit, found);
      if (before > 0 && found.length > before) {
        ascending &&= (found[before - 1] as number) < (found[before] as number);
      }
    }
    if (ascending) return found.length > limit ? found.slice(0, limit) : found;
    const sorted = found.toSorted((left, right) => left - right);
    return sorted.filter((value, index) => value !== sorted[index - 1]).slice(0, limit);
  }

  /**
   * Every entry, in order of key and value, many at a time in columns that are used again for the next ones. Reads the
   * index once from beginning to end, past the cache.
   */
  *batches(): Generator<Entries & { readonly count: number }, void> {
    if (this.#runs.length === 0) return;
    const merge = new Merge(this.#runs.map((run) => new RunSource(run.pages)));
    const batch = makeEntries(entriesPerPageMax);
    for (let count = merge.fill(batch, 0); count > 0; count = merge.fill(batch, 0)) yield { ...batch, count };
  }

  /** Reads everything and says what is wrong: damaged pages, order, directory, filter, numbers. Empty where all is well. */
  verify(): readonly IndexFinding[] {
    return this.#runs.flatMap((run) => verifyRun(run));
  }
}
