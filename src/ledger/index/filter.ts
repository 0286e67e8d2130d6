import { wordLimit, type Entries } from "./entries.ts";
import { blocksPerPage, blockWords, ceilDivide, headWords } from "./run.ts";

/**
 * A run's filter says of most keys that are not in the run that they are not: a Bloom filter of 10 bits a key, 6 of them
 * set, all in one block of 512 bits. About 1% of absent keys pass.
 *
 * The block is chosen by the key's highest bits, so that a run that is written in order of keys writes its filter in
 * order too, in bounded memory. So it serves keys that are spread evenly, as the prefixes of hashes are; others have no
 * filter. Where a few such keys crowd together, more absent keys near them pass, and nothing else changes.
 */
const bitsPerKey = 10;
const entriesMin = 64;
/** Keys are taken as spread where the highest and the lowest are further apart than this, in their high halves. */
const spreadMin = 0x8000_0000;

/** How many blocks the filter of a run has; 0 for no filter. */
export function filterBlocks(entries: number, firstHi: number, lastHi: number): number {
  if (entries < entriesMin || lastHi - firstHi < spreadMin) return 0;
  return ceilDivide(entries * bitsPerKey, blockWords * 32);
}

/** The block of a key: for `scale`, see {@link blockScale}. */
export function blockOf(hi: number, scale: number): number {
  return (hi * scale) >>> 0;
}

export function blockScale(blocks: number): number {
  return blocks / wordLimit;
}

/** Two times 27 bits that a key sets in its block, from the low half and what the block leaves of the high one. */
export function mixKey(hi: number, lo: number): number {
  let hash = Math.imul(lo ^ Math.imul(hi, 0x9e37_79b1), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}

function mixAgain(hash: number): number {
  const mixed = Math.imul(hash ^ 0x6a09_e667, 0x27d4_eb2f);
  return mixed ^ (mixed >>> 15);
}

/** Whether the block that begins at word `at` may hold the key of this hash. */
export function blockHas(words: Uint32Array, at: number, hash: number): boolean {
  if (!hasThree(words, at, hash)) return false;
  return hasThree(words, at, mixAgain(hash));
}

function hasThree(words: Uint32Array, at: number, hash: number): boolean {
  return (
    (((words[at + (hash & 15)] as number) >>> ((hash >>> 4) & 31)) &
      ((words[at + ((hash >>> 9) & 15)] as number) >>> ((hash >>> 13) & 31)) &
      ((words[at + ((hash >>> 18) & 15)] as number) >>> ((hash >>> 22) & 31)) &
      1) ===
    1
  );
}

function setThree(words: Uint32Array, at: number, hash: number): void {
  const [first, second, third] = [at + (hash & 15), at + ((hash >>> 9) & 15), at + ((hash >>> 18) & 15)];
  words[first] = (words[first] as number) | (1 << ((hash >>> 4) & 31));
  words[second] = (words[second] as number) | (1 << ((hash >>> 13) & 31));
  words[third] = (words[third] as number) | (1 << ((hash >>> 22) & 31));
}

/** Builds a filter from keys in ascending order, a page at a time. */
export class FilterBuilder {
  readonly #blocks: number;
  readonly #scale: number;
  #page = 0;
  #words: Uint32Array;
  #wordsSpare: Uint32Array;

  constructor(blocks: number) {
    this.#blocks = blocks;
    this.#scale = blockScale(blocks);
    const words = headWords + Math.min(blocks, blocksPerPage) * blockWords;
    this.#words = new Uint32Array(words);
    this.#wordsSpare = new Uint32Array(words);
  }

  /** The number of the present page; earlier ones are complete. */
  get page(): number {
    return this.#page;
  }

  /** Adds the keys from `start` to `end` that fall on the present page; where the first is that falls on a later one. */
  add({ hi, lo }: Entries, start: number, end: number): number {
    const [words, scale] = [this.#words, this.#scale];
    const firstBlock = this.#page * blocksPerPage;
    for (let index = start; index < end; index += 1) {
      const keyHi = hi[index] as number;
      const block = blockOf(keyHi, scale) - firstBlock;
      if (block >= blocksPerPage) return index;
      const at = headWords + block * blockWords;
      const hash = mixKey(keyHi, lo[index] as number);
      setThree(words, at, hash);
      setThree(words, at, mixAgain(hash));
    }
    return end;
  }

  /** The present page's words, its head left to the caller, valid until the next call; goes on to the next page. */
  next(): Uint32Array {
    const words = this.#words;
    const blocks = Math.min(blocksPerPage, this.#blocks - this.#page * blocksPerPage);
    this.#words = this.#wordsSpare.fill(0);
    this.#wordsSpare = words;
    this.#page += 1;
    return words.subarray(0, headWords + blocks * blockWords);
  }
}
