import { assert } from "../base/assert.ts";

const pageBits = 12;
export const pageNumbers = 1 << pageBits;
const pageMask = pageNumbers - 1;

/**
 * A long column of 32-bit integers, all 0 at first, in pages that are read when they are first met: 4 bytes a number in
 * memory, of the pages that were touched only.
 */
export class IntPages {
  readonly #read: (page: number) => Int32Array | undefined;
  readonly #pages: (Int32Array | undefined)[] = [];
  #changed = new Set<number>();
  #lastChanged = -1;

  /** @param read - A page as it is stored; undefined where there is none yet. */
  constructor(read: (page: number) => Int32Array | undefined) {
    this.#read = read;
  }

  get(index: number): number {
    const page = this.#pages[index >>> pageBits];
    return (page === undefined ? this.#load(index >>> pageBits) : page)[index & pageMask] as number;
  }

  set(index: number, value: number): void {
    const number = index >>> pageBits;
    const page = this.#pages[number];
    (page === undefined ? this.#load(number) : page)[index & pageMask] = value;
    if (number === this.#lastChanged) return;
    this.#changed.add(number);
    this.#lastChanged = number;
  }

  /** The numbers of pages that were changed since the last {@link settle}. */
  get changed(): ReadonlySet<number> {
    return this.#changed;
  }

  /** The numbers of the pages that have been read or changed. */
  get held(): readonly number[] {
    return this.#pages.flatMap((page, number) => (page === undefined ? [] : [number]));
  }

  /** A page; of zeros where nothing was ever put there. */
  page(number: number): Int32Array {
    return this.#pages[number] ?? this.#load(number);
  }

  /** Says that all changes are stored. */
  settle(): void {
    this.#changed = new Set();
    this.#lastChanged = -1;
  }

  #load(number: number): Int32Array {
    assert(number >= 0 && number < 1 << (31 - pageBits), "clusters: an owner's number is below 2^31");
    // An array with holes is slow to read.
    while (this.#pages.length <= number) this.#pages.push(undefined);
    const page = this.#read(number) ?? new Int32Array(pageNumbers);
    this.#pages[number] = page;
    return page;
  }
}
