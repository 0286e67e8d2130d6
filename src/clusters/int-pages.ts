import { assert } from "../base/assert.ts";

const pageBits = 12;
/** Numbers of a page, as it is stored. */
export const pageNumbers = 1 << pageBits;
/** In memory 256 pages lie in one piece: few pieces are found faster than many. */
const chunkBits = 20;
const chunkMask = (1 << chunkBits) - 1;
const pagesMax = 1 << (31 - pageBits);
const untouched = 0;
const held = 1;
const changed = 2;

/**
 * A long column of 32-bit integers, all 0 at first, in pages that are read when they are first met: 4 bytes a number in
 * memory, in pieces of a million.
 */
export class IntPages {
  readonly #read: (page: number) => Int32Array | undefined;
  readonly #chunks: Int32Array[] = [];
  /** Of each page whether it was read, or changed since the last {@link settle}. */
  readonly #states = new Uint8Array(pagesMax);

  /** @param read - A page as it is stored; undefined where there is none yet. */
  constructor(read: (page: number) => Int32Array | undefined) {
    this.#read = read;
  }

  get(index: number): number {
    if (this.#states[index >>> pageBits] === untouched) this.#load(index >>> pageBits);
    return (this.#chunks[index >>> chunkBits] as Int32Array)[index & chunkMask] as number;
  }

  set(index: number, value: number): void {
    if (this.#states[index >>> pageBits] === untouched) this.#load(index >>> pageBits);
    this.#states[index >>> pageBits] = changed;
    (this.#chunks[index >>> chunkBits] as Int32Array)[index & chunkMask] = value;
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
    if (this.#states[number] === untouched) this.#load(number);
    const start = (number << pageBits) & chunkMask;
    return (this.#chunks[number >>> (chunkBits - pageBits)] as Int32Array).subarray(start, start + pageNumbers);
  }

  /** Says that all changes are stored. */
  settle(): void {
    for (const page of this.changed) this.#states[page] = held;
  }

  #load(number: number): void {
    assert(number >= 0 && number < pagesMax, "clusters: an owner's number is below 2^31");
    const chunk = number >>> (chunkBits - pageBits);
    while (this.#chunks.length <= chunk) this.#chunks.push(new Int32Array(1 << chunkBits));
    this.#states[number] = held;
    const stored = this.#read(number);
    if (stored !== undefined) this.#chunks[chunk]?.set(stored, (number << pageBits) & chunkMask);
  }

  #pagesOf(is: (state: number) => boolean): readonly number[] {
    const pages: number[] = [];
    const end = this.#chunks.length << (chunkBits - pageBits);
    for (let page = 0; page < end; page += 1) if (is(this.#states[page] as number)) pages.push(page);
    return pages;
  }
}
