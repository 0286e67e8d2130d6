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

  /** Fills the columns from `start` on, as far as there are entries and room; where it ended. */
  fill(into: Entries, start: number): number {
    const { hi, lo, value } = into;
    const { hi: headHi, lo: headLo, value: headValue } = this.#heads;
    const end = hi.length;
    let { hi: lastHi, lo: lastLo, value: lastValue } = this.#last;
    let to = start;
    let winner = this.#tree[0] as number;
    while (to < end) {
      const [keyHi, keyLo, one] = [headHi[winner] as number, headLo[winner] as number, headValue[winner] as number];
      if (one === Infinity) break;
      if (one !== lastValue || keyLo !== lastLo || keyHi !== lastHi) {
        hi[to] = keyHi;
        lo[to] = keyLo;
        value[to] = one;
        to += 1;
        lastHi = keyHi;
        lastLo = keyLo;
        lastValue = one;
      }
      winner = this.#advance(winner);
    }
    this.#tree[0] = winner;
    this.#last.hi = lastHi;
    this.#last.lo = lastLo;
    this.#last.value = lastValue;
    return to;
  }

  /** Moves a source on by one entry; the new winner. */
  #advance(source: number): number {
    const at = (this.#at[source] as number) + 1;
    if (at === this.#counts[source]) {
      this.#load(source);
    } else {
      this.#at[source] = at;
      this.#heads.hi[source] = (this.#hi[source] as Uint32Array)[at] as number;
      this.#heads.lo[source] = (this.#lo[source] as Uint32Array)[at] as number;
      this.#heads.value[source] = (this.#value[source] as Float64Array)[at] as number;
    }
    return this.#replay(source);
  }

  #replay(source: number): number {
    const { hi, lo, value } = this.#heads;
    const tree = this.#tree;
    let winner = source;
    for (let node = (source + tree.length) >>> 1; node > 0; node >>>= 1) {
      const other = tree[node] as number;
      const [otherHi, ownHi] = [hi[other] as number, hi[winner] as number];
      if (otherHi > ownHi) continue;
      if (otherHi === ownHi) {
        const [otherLo, ownLo] = [lo[other] as number, lo[winner] as number];
        if (otherLo > ownLo) continue;
        if (otherLo === ownLo && (value[other] as number) >= (value[winner] as number)) continue;
      }
      tree[node] = winner;
      winner = other;
    }
    return winner;
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
