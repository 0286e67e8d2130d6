import { assert } from "../base/assert.ts";
import type { Change, PageSource, PageStore } from "../store/page-store.ts";
import { IndexCache } from "./index/index-cache.ts";
import { IndexReader } from "./index/index-reader.ts";
import { IndexWriter } from "./index/index-writer.ts";
import type { Run } from "./index/run.ts";
import { indexPrefix, type IndexName } from "./keys.ts";
import type { ChainState } from "./manifest.ts";
import type { RenewedPages } from "./renewed-pages.ts";

/** How much of new runs is committed at a time. */
const partBytes = 16 * 1024 * 1024;

/** What was read of the indexes; it outlives commits. */
export type IndexCaches = Map<IndexName, IndexCache>;
/**
 * Who was seen long ago lies anywhere in the index of identities, and is most of what is looked up while a chain is written;
 * transactions that are spent from are mostly remembered.
 */
const identityCacheBytes = 128 * 1024 * 1024;
const cacheBytes = 32 * 1024 * 1024;

/** The indexes of a chain while it is written: what is committed, and what waits for the next flush. */
export class ChainIndexes {
  readonly #names: readonly IndexName[];
  readonly #chain: number;
  readonly #writers: ReadonlyMap<IndexName, IndexWriter>;
  readonly #caches: IndexCaches;
  #readers: ReadonlyMap<IndexName, IndexReader> = new Map();

  constructor(names: readonly IndexName[], chain: number, caches: IndexCaches) {
    this.#caches = caches;
    this.#names = names;
    this.#chain = chain;
    this.#writers = new Map(names.map((name) => [name, new IndexWriter({ prefix: indexPrefix(chain, name) })]));
  }

  /** Reads from here on what this state holds. */
  open(pages: PageSource, state: ChainState): void {
    this.#readers = new Map(
      this.#names.map((name) => [
        name,
        new IndexReader(pages, indexPrefix(this.#chain, name), state.runs[name] ?? [], this.#cacheOf(name)),
      ]),
    );
  }

  #cacheOf(name: IndexName): IndexCache {
    const known =
      this.#caches.get(name) ?? new IndexCache(name.endsWith("ByIdentity") ? identityCacheBytes : cacheBytes);
    this.#caches.set(name, known);
    return known;
  }

  /** Where entries of an index are added; they are found once they are committed. */
  writer(name: IndexName): IndexWriter {
    const writer = this.#writers.get(name);
    assert(writer !== undefined, `indexes: a chain of this model has no ${name}`);
    return writer;
  }

  /** The committed values of a key, ascending; what was added since is not among them. */
  committed(name: IndexName, hi: number, lo: number): readonly number[] {
    return this.#readers.get(name)?.get(hi, lo) ?? [];
  }

  /**
   * Writes what was added as new runs, and merges runs that are due; the pages are committed to the store in parts. No
   * snapshot is held while a part is committed, so that the store can let go of what was read.
   */
  async flush(
    state: ChainState,
    nextRun: number,
    { store, pages }: { readonly store: PageStore; readonly pages: RenewedPages },
  ): Promise<{
    readonly runs: ChainState["runs"];
    readonly obsolete: readonly { readonly index: IndexName; readonly run: Run }[];
    readonly nextRun: number;
  }> {
    const runs: Partial<Record<IndexName, readonly Run[]>> = {};
    const obsolete: { readonly index: IndexName; readonly run: Run }[] = [];
    let next = nextRun;
    let part: Change[] = [];
    let bytes = 0;
    const commitPart = async (): Promise<void> => {
      pages.release();
      await store.commit(part);
      [part, bytes] = [[], 0];
      if (pages.isTrimDue) await pages.trim();
    };
    for (const [name, writer] of this.#writers) {
      const steps = writer.flushSteps(pages, state.runs[name] ?? [], next);
      let step = steps.next();
      for (; step.done !== true; step = steps.next()) {
        part.push(step.value);
        bytes += step.value.value?.length ?? 0;
        if (bytes >= partBytes) await commitPart();
      }
      runs[name] = step.value.runs;
      obsolete.push(...step.value.obsolete.map((run) => ({ index: name, run })));
      next = step.value.nextId;
    }
    if (part.length > 0) await commitPart();
    return { runs, obsolete, nextRun: next };
  }
}
