import { assert } from "../base/assert.ts";

const pageBits = 12;
/** Numbers of a page, as it is stored. */
export const pageNumbers = 1 << pageBits;
/** In memory 256 pages lie in one piece where many are read: few pieces are found faster than many. */
const largeBits = 20;
const pagesMax = 1 << (31 - pageBits);
const untouched = 0;
const held = 1;
const changed = 2;

/**
 * A long column of 32-bit integers, all 0 at first, in pages that are read when they are first met: 4 bytes a number in
 * memory, in pieces of a page, or of a million where many are expected.
 */
export class IntPages {
  readonly #read: (page: number) => Int32Array | undefined;
  readonly #chunkBits: number;
  readonly #chunkMask: number;
  readonly #chunks: (Int32Array | undefined)[] = [];
  /** Of each page whether it was read, or changed since the last {@link settle}. */
  #states: Uint8Array;

  /**
   * @param read - A page as it is stored; undefined where there is none yet.
   * @param expected - How many numbers will be met, about; 0 for who reads a few.
   */
  constructor(read: (page: number) => Int32Array | undefined, expected: number) {
    this.#read = read;
    this.#chunkBits = expected < 1 << largeBits ? pageBits : largeBits;
    this.#chunkMask = (1 << this.#chunkBits) - 1;
    this.#states = new Uint8Array((expected >>> pageBits) + 16);
  }

  get(index: number): number {
    if (!this.#isHeld(index >>> pageBits)) this.#load(index >>> pageBits);
    return (this.#chunks[index >>> this.#chunkBits] as Int32Array)[index & this.#chunkMask] as number;
  }

  set(index: number, value: number): void {
    if (!this.#isHeld(index >>> pageBits)) this.#load(index >>> pageBits);
    this.#states[index >>> pageBits] = changed;
    (this.#chunks[index >>> this.#chunkBits] as Int32Array)[index & this.#chunkMask] = value;
  }

  /** The numbers of the pages that were changed since the last {@link settle}. */
  get changed(): readonly number[] {
    return this.#pagesOf((state) => state === changed);
  }

  /** The numbers of the pages that have been read or changed. */
  get held(): readonly number[] {
    return this.#pagesOf((state) => state !== untouched);
  }

  /** A page; of zeros where nothing was ever put there. A view. */
  page(number: number): Int32Array {
    if (!this.#isHeld(number)) this.#load(number);
    const index = number * pageNumbers;
    const start = index & this.#chunkMask;
    return (this.#chunks[index >>> this.#chunkBits] as Int32Array).subarray(start, start + pageNumbers);
  }

  /** Says that all changes are stored. */
  settle(): void {
    for (const page of this.changed) this.#states[page] = held;
  }

  #isHeld(page: number): boolean {
    return page < this.#states.length && this.#states[page] !== untouched;
  }

  #load(number: number): void {
    assert(number >= 0 && number < pagesMax, "clusters: an owner's number is below 2^31");
    if (number >= this.#states.length) {
      const grown = new Uint8Array(Math.min(pagesMax, number * 2));
      grown.set(this.#states);
      this.#states = grown;
    }
    const index = number * pageNumbers;
    const chunk = index >>> this.#chunkBits;
    while (this.#chunks.length <= chunk) this.#chunks.push(undefined);
    const numbers = this.#chunks[chunk] ?? new Int32Array(1 << this.#chunkBits);
    this.#chunks[chunk] = numbers;
    this.#states[number] = held;
    const stored = this.#read(number);
    if (stored !== undefined) numbers.set(stored, index & this.#chunkMask);
  }

  #pagesOf(is: (state: number) => boolean): readonly number[] {
    const pages: number[] = [];
    for (const [page, state] of this.#states.entries()) if (is(state)) pages.push(page);
    return pages;
  }
}
