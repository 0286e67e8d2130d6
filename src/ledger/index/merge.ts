import { makeEntries, type Entries } from "./entries.ts";
import { EntryPageDecoder } from "./entry-page.ts";
import type { RunPages } from "./run-pages.ts";
import { entriesPerPageMax, pageWordsMax } from "./run.ts";

/** Sorted entries that come in batches, each batch in the same columns. */
export type Source = {
  readonly entries: Entries;
  /** Reads the next batch into the columns; how many entries it has, 0 at the end. */
  next(): number;
};

/** A run's entries, a page at a time. */
export class RunSource implements Source {
  readonly entries: Entries = makeEntries(entriesPerPageMax);
  readonly #pages: RunPages;
  readonly #decoder = new EntryPageDecoder();
  readonly #scratch = new Uint32Array(pageWordsMax);
  #page = 0;

  constructor(pages: RunPages) {
    this.#pages = pages;
  }

  next(): number {
    if (this.#page === this.#pages.run.pages) return 0;
    const { words, layout } = this.#pages.readEntries(this.#page, this.#scratch);
    const count = this.#decoder.decode(words, layout, this.entries);
    if (count < 0) throw this.#pages.damaged("entries", this.#page, "its keys contradict themselves");
    this.#page += 1;
    return count;
  }
}

/** Entries that are in memory as a whole, as one batch. */
export class MemorySource implements Source {
  readonly entries: Entries;
  #left: number;

  constructor(entries: Entries) {
    this.entries = entries;
    this.#left = entries.hi.length;
  }

  next(): number {
    const left = this.#left;
    this.#left = 0;
    return left;
  }
}

/**
 * Many sorted sources as one, without duplicates: a tree of losers, so that an entry costs one comparison for each
 * doubling of the number of sources.
 */
export class Merge {
  readonly #sources: readonly Source[];
  readonly #hi: readonly Uint32Array[];
  readonly #lo: readonly Uint32Array[];
  readonly #value: readonly Float64Array[];
  readonly #at: Uint32Array;
  readonly #counts: Uint32Array;
  /** The next entry of each source; a value of infinity, after all others, where it has ended. */
  readonly #heads: Entries;
  /** Of each inner node of the tree the source that lost there; at 0 the winner. */
  readonly #tree: Uint32Array;
  readonly #last = { hi: 0, lo: 0, value: -1 };

  constructor(sources: readonly Source[]) {
    this.#sources = sources;
    this.#hi = sources.map(({ entries }) => entries.hi);
    this.#lo = sources.map(({ entries }) => entries.lo);
    this.#value = sources.map(({ entries }) => entries.value);
    this.#at = new Uint32Array(sources.length);
    this.#counts = new Uint32Array(sources.length);
    this.#heads = makeEntries(sources.length);
    this.#tree = new Uint32Array(sources.length);
    for (const source of sources.keys()) this.#load(source);
    this.#tree[0] = sources.length === 1 ? 0 : this.#build(1);
  }

  /**
   * Fills the columns from `start` on, as far as there are entries and room; where it ended.
   *
   * One loop without calls: half the time of building an index is spent here.
   */
  fill(into: Entries, start: number): number {
    const { hi: headHi, lo: headLo, value: headValue } = this.#heads;
    const [his, los, values, ats, counts, tree] = [this.#hi, this.#lo, this.#value, this.#at, this.#counts, this.#tree];
    const leaves = tree.length;
    const end = into.hi.length;
    let { hi: lastHi, lo: lastLo, value: lastValue } = this.#last;
    let to = start;
    let source = tree[0] as number;
    while (to < end) {
      const [hi, lo, value] = [headHi[source] as number, headLo[source] as number, headValue[source] as number];
      if (value === Infinity) break;
      if (value !== lastValue || lo !== lastLo || hi !== lastHi) {
        into.hi[to] = lastHi = hi;
        into.lo[to] = lastLo = lo;
        into.value[to] = lastValue = value;
        to += 1;
      }
      const at = (ats[source] as number) + 1;
      if (at === counts[source]) {
        this.#load(source);
      } else {
        ats[source] = at;
        headHi[source] = (his[source] as Uint32Array)[at] as number;
        headLo[source] = (los[source] as Uint32Array)[at] as number;
        headValue[source] = (values[source] as Float64Array)[at] as number;
      }
      let ownHi = headHi[source] as number;
      for (let node = (source + leaves) >>> 1; node > 0; node >>>= 1) {
        const other = tree[node] as number;
        const otherHi = headHi[other] as number;
        if (otherHi > ownHi || (otherHi === ownHi && !this.#isFirst(other, source))) continue;
        tree[node] = source;
        source = other;
        ownHi = otherHi;
      }
    }
    tree[0] = source;
    this.#last.hi = lastHi;
    this.#last.lo = lastLo;
    this.#last.value = lastValue;
    return to;
  }

  #load(source: number): void {
    const { entries } = this.#sources[source] as Source;
    const count = (this.#sources[source] as Source).next();
    this.#at[source] = 0;
    this.#counts[source] = count;
    this.#heads.hi[source] = count === 0 ? 0xffff_ffff : (entries.hi[0] as number);
    this.#heads.lo[source] = count === 0 ? 0xffff_ffff : (entries.lo[0] as number);
    this.#heads.value[source] = count === 0 ? Infinity : (entries.value[0] as number);
  }

  /** Plays out the tree below a node; its winner. */
  #build(node: number): number {
    const leaves = this.#tree.length;
    if (node >= leaves) return node - leaves;
    const [left, right] = [this.#build(node * 2), this.#build(node * 2 + 1)];
    const leftWins = this.#isFirst(left, right);
    this.#tree[node] = leftWins ? right : left;
    return leftWins ? left : right;
  }

  #isFirst(left: number, right: number): boolean {
    const { hi, lo, value } = this.#heads;
    if (hi[left] !== hi[right]) return (hi[left] as number) < (hi[right] as number);
    if (lo[left] !== lo[right]) return (lo[left] as number) < (lo[right] as number);
    return (value[left] as number) < (value[right] as number);
  }
}
