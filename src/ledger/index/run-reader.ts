import { wordLimit } from "./entries.ts";
import { EntryView } from "./entry-view.ts";
import { blockHas, blockOf, blockScale, mixKey } from "./filter.ts";
import type { CachedRun, IndexCache, RunDirectory } from "./index-cache.ts";
import type { RunPages } from "./run-pages.ts";
import {
  blocksPerPage,
  blockWords,
  directoryEntriesPerPage,
  directoryEntryWords,
  directoryHeadWords,
  headWords,
  pagesOf,
  pageWordsMax,
} from "./run.ts";

/** Looks up keys in one run; reads what it needs once, and keeps it in the cache. */
export class RunReader {
  readonly pages: RunPages;
  readonly #cached: CachedRun;
  readonly #cache: IndexCache;
  readonly #scale: number;
  #scratch: Uint32Array | undefined;

  constructor(pages: RunPages, cached: CachedRun, cache: IndexCache) {
    this.pages = pages;
    this.#cached = cached;
    this.#cache = cache;
    this.#scale = blockScale(pages.run.blooms);
  }

  /** False where the run has certainly no such key. `hash` is {@link mixKey} of it. */
  mayHave(hi: number, hash: number): boolean {
    if (this.#scale === 0) return true;
    const block = blockOf(hi, this.#scale);
    const page = (block / blocksPerPage) | 0;
    const words = this.#cached.filter[page] ?? this.#readFilter(page);
    return blockHas(words, headWords + (block - page * blocksPerPage) * blockWords, hash);
  }

  /** Like {@link mayHave}, for a check of the filter itself. */
  filterHas(hi: number, lo: number): boolean {
    return this.mayHave(hi, mixKey(hi, lo));
  }

  /** The smallest value of a key; -1 where there is none. */
  first(hi: number, lo: number): number {
    const directory = this.directory();
    if (hi > directory.lastHi || (hi === directory.lastHi && lo > directory.lastLo)) return -1;
    const page = findPage(directory, hi, lo, 0);
    if (page >= 0) {
      const view = this.#view(page);
      const at = view.seek(hi, lo, 0);
      if (at >= 0) return view.valueAt(at);
    }
    const next = page + 1;
    return directory.hi[next] === hi && directory.lo[next] === lo ? (directory.value[next] as number) : -1;
  }

  /** Lowers `values` to the smallest value of each key from this one on; see {@link IndexReader.firsts}. */
  firsts(hi: number, lo: number, values: Float64Array): void {
    const directory = this.directory();
    if (hi > directory.lastHi || (hi === directory.lastHi && lo > directory.lastLo)) return;
    const last = lo + values.length - 1;
    let page = Math.max(0, findPage(directory, hi, lo, 0));
    for (; page < directory.hi.length; page += 1) {
      const firstHi = directory.hi[page] as number;
      if (firstHi > hi || (firstHi === hi && (directory.lo[page] as number) > last)) return;
      this.#view(page).firsts(hi, lo, values);
    }
  }

  /** Adds to `found` the values of a key from `from` on, ascending, at most `limit`. */
  collect(key: { readonly hi: number; readonly lo: number }, from: number, limit: number, found: number[]): void {
    const { hi, lo } = key;
    const directory = this.directory();
    if (hi > directory.lastHi || (hi === directory.lastHi && lo > directory.lastLo)) return;
    let left = limit;
    let page = findPage(directory, hi, lo, from);
    if (page >= 0) {
      const view = this.#view(page);
      const at = view.seek(hi, lo, from);
      if (at >= 0) left -= take(view, at, left, found);
    }
    for (page += 1; left > 0 && directory.hi[page] === hi && directory.lo[page] === lo; page += 1) {
      const view = this.#view(page);
      left -= take(view, view.seek(hi, lo, 0), left, found);
    }
  }

  directory(): RunDirectory {
    this.#cached.directory ??= this.#readDirectory();
    return this.#cached.directory;
  }

  #view(page: number): EntryView {
    const held = this.#cached.pages[page];
    if (held !== undefined) {
      held.used = true;
      return held;
    }
    this.#scratch ??= new Uint32Array(pageWordsMax);
    const { words, layout } = this.pages.readEntries(page, this.#scratch);
    const view = new EntryView(words, layout);
    this.#cache.keep(this.#cached, page, view);
    return view;
  }

  #readFilter(page: number): Uint32Array {
    const words = this.pages.read("filter", page);
    const blocks = Math.min(blocksPerPage, this.pages.run.blooms - page * blocksPerPage);
    if (words.length !== headWords + blocks * blockWords) {
      throw this.pages.damaged("filter", page, "its length is wrong");
    }
    this.#cached.filter[page] = words;
    return words;
  }

  #readDirectory(): RunDirectory {
    const { run } = this.pages;
    const hi = new Uint32Array(run.pages);
    const lo = new Uint32Array(run.pages);
    const value = new Float64Array(run.pages);
    let [lastHi, lastLo] = [0, 0];
    for (let page = 0; page < pagesOf(run).directory; page += 1) {
      const words = this.pages.read("directory", page);
      const start = page * directoryEntriesPerPage;
      const count = Math.min(directoryEntriesPerPage, run.pages - start);
      if (words.length !== directoryHeadWords + count * directoryEntryWords) {
        throw this.pages.damaged("directory", page, "its length is wrong");
      }
      [lastHi, lastLo] = [words[directoryHeadWords - 2] as number, words[directoryHeadWords - 1] as number];
      for (let index = 0; index < count; index += 1) {
        const at = directoryHeadWords + index * directoryEntryWords;
        hi[start + index] = words[at] as number;
        lo[start + index] = words[at + 1] as number;
        value[start + index] = (words[at + 2] as number) + (words[at + 3] as number) * wordLimit;
      }
    }
    return { hi, lo, value, lastHi, lastLo };
  }
}

/** Adds the values of the sought key from the entry `start` on, at most `limit`; how many. */
function take(view: EntryView, start: number, limit: number, found: number[]): number {
  let at = start;
  for (; at - start < limit && view.isSame(at); at += 1) found.push(view.valueAt(at));
  return at - start;
}

/** The last page that begins at or before this key and value; -1 where none does. */
function findPage(directory: RunDirectory, keyHi: number, keyLo: number, from: number): number {
  const { hi, lo, value } = directory;
  let [least, most] = [0, hi.length];
  while (least < most) {
    const middle = (least + most) >>> 1;
    const firstHi = hi[middle] as number;
    let after = firstHi > keyHi;
    if (firstHi === keyHi) {
      const firstLo = lo[middle] as number;
      after = firstLo > keyLo || (firstLo === keyLo && (value[middle] as number) > from);
    }
    if (after) most = middle;
    else least = middle + 1;
  }
  return least - 1;
}
