import type { Change } from "../../store/page-store.ts";
import { makeEntries, wordLimit, type Entries } from "./entries.ts";
import { EntryPageEncoder } from "./entry-page.ts";
import { FilterBuilder } from "./filter.ts";
import { sealRunPage } from "./run-pages.ts";
import {
  directoryEntriesPerPage,
  directoryEntryWords,
  directoryHeadWords,
  entriesPerPageMax,
  levelOf,
  pagesOf,
  runPageKey,
  type PageKind,
  type Run,
} from "./run.ts";

/** Entries wait here until there are enough for several pages. */
const bufferEntries = 4 * entriesPerPageMax;

/** Writes one run from sorted entries without duplicates, in bounded memory but for 32 bytes a page. */
export class RunBuilder {
  /** To be filled from {@link filled} on; then `advance`. */
  readonly buffer: Entries = makeEntries(bufferEntries);
  readonly #prefix: Uint8Array;
  readonly #id: number;
  readonly #blooms: number;
  readonly #filter: FilterBuilder;
  readonly #encoder = new EntryPageEncoder();
  readonly #directory: number[] = [];
  #filled = 0;
  #entries = 0;
  #pages = 0;
  #bytes = 0;
  #lastHi = 0;
  #lastLo = 0;

  constructor(prefix: Uint8Array, id: number, blooms: number) {
    this.#prefix = prefix;
    this.#id = id;
    this.#blooms = blooms;
    this.#filter = new FilterBuilder(blooms);
  }

  get filled(): number {
    return this.#filled;
  }

  /** Says up to where the buffer has been filled, and makes the pages that are complete. */
  *advance(filled: number): Generator<Change, void> {
    if (this.#blooms > 0) yield* this.#addToFilter(this.#filled, filled);
    this.#filled = filled;
    yield* this.#cut(entriesPerPageMax);
  }

  /** The last pages, the directory and the rest of the filter; then the run. */
  *finish(): Generator<Change, Run> {
    yield* this.#cut(1);
    const shape = { pages: this.#pages, blooms: this.#blooms };
    const counts = pagesOf(shape);
    for (let page = 0; page < counts.directory; page += 1) {
      yield this.#change("directory", page, this.#directoryPage(page));
    }
    while (this.#filter.page < counts.filter) yield this.#filterPage();
    return { id: this.#id, level: levelOf(this.#entries), entries: this.#entries, ...shape, bytes: this.#bytes };
  }

  /** Makes pages while this many entries wait, and moves the rest to the buffer's beginning. */
  *#cut(waiting: number): Generator<Change, void> {
    const { hi, lo, value } = this.buffer;
    let start = 0;
    while (this.#filled - start >= waiting) {
      const count = this.#encoder.cut(this.buffer, start, this.#filled);
      const words = this.#encoder.encode(this.buffer, start, count);
      const first = value[start] as number;
      const firstLow = first >>> 0;
      this.#directory.push(hi[start] as number, lo[start] as number, firstLow, (first - firstLow) / wordLimit);
      start += count;
      this.#lastHi = hi[start - 1] as number;
      this.#lastLo = lo[start - 1] as number;
      this.#entries += count;
      yield this.#change("entries", this.#pages, words);
      this.#pages += 1;
    }
    if (start === 0) return;
    for (const column of [hi, lo, value]) column.copyWithin(0, start, this.#filled);
    this.#filled -= start;
  }

  *#addToFilter(start: number, end: number): Generator<Change, void> {
    let at = this.#filter.add(this.buffer, start, end);
    while (at < end) {
      yield this.#filterPage();
      at = this.#filter.add(this.buffer, at, end);
    }
  }

  #filterPage(): Change {
    const { page } = this.#filter;
    return this.#change("filter", page, this.#filter.next());
  }

  #directoryPage(page: number): Uint32Array {
    const start = page * directoryEntriesPerPage * directoryEntryWords;
    const firsts = this.#directory.slice(start, start + directoryEntriesPerPage * directoryEntryWords);
    const words = new Uint32Array(directoryHeadWords + firsts.length);
    words.set([this.#lastHi, this.#lastLo], directoryHeadWords - 2);
    words.set(firsts, directoryHeadWords);
    return words;
  }

  #change(kind: PageKind, page: number, words: Uint32Array): Change {
    const value = sealRunPage(this.#id, kind, page, words);
    this.#bytes += value.length;
    return { key: runPageKey(this.#prefix, this.#id, kind, page), value };
  }
}
