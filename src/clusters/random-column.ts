import { assert } from "../base/assert.ts";
import { bitLength } from "../ledger/index/bits.ts";
import type { TableReader, TableShape } from "../ledger/table.ts";

/** How much of a column is kept for reading it anywhere: 128 million numbers. */
const randomBytesMax = 512 * 1024 * 1024;

/**
 * A column of numbers below 2^31 that are read anywhere: 4 bytes a number of the pages that are kept. The page that was
 * not read since its turn last came goes first.
 */
export class RandomColumn {
  readonly #table: TableReader<TableShape>;
  readonly #name: string;
  readonly #pageRecords: number;
  readonly #mask: number;
  readonly #bits: number;
  readonly #pagesMax: number;
  readonly #pages: (Int32Array | undefined)[] = [];
  #used: Uint8Array = new Uint8Array(1_024);
  readonly #kept: number[] = [];
  #hand = 0;

  constructor(table: TableReader<TableShape>, name: string, bytesMax: number = randomBytesMax) {
    this.#table = table;
    this.#name = name;
    this.#pageRecords = table.pageRecords;
    this.#mask = table.pageRecords - 1;
    this.#bits = bitLength(this.#mask);
    assert(table.pageRecords === 1 << this.#bits, "clusters: a page has a power of two of records");
    const pages = bytesMax / (4 * table.pageRecords);
    this.#pagesMax = pages - (pages % 1);
  }

  at(record: number): number {
    // Whole numbers of 32 bits are divided by shifting, ten times as fast as others.
    const within = record <= 0x7fff_ffff ? record & this.#mask : record % this.#pageRecords;
    const number = record <= 0x7fff_ffff ? record >>> this.#bits : (record - within) / this.#pageRecords;
    const page = this.#pages[number] ?? this.#load(number);
    this.#used[number] = 1;
    return page[within] as number;
  }

  #load(number: number): Int32Array {
    const page = new Int32Array(this.#table.page(number).numbers(this.#name));
    while (this.#pages.length <= number) this.#pages.push(undefined);
    if (number >= this.#used.length) {
      const grown = new Uint8Array(number * 2);
      grown.set(this.#used);
      this.#used = grown;
    }
    this.#pages[number] = page;
    if (this.#kept.length < this.#pagesMax) this.#kept.push(number);
    else this.#replaceOne(number);
    return page;
  }

  /** Lets go of a page that has not been read for a whole turn of the clock. */
  #replaceOne(number: number): void {
    for (;;) {
      const candidate = this.#kept[this.#hand] as number;
      if (this.#used[candidate] === 0) {
        this.#pages[candidate] = undefined;
        this.#kept[this.#hand] = number;
        this.#hand = (this.#hand + 1) % this.#kept.length;
        return;
      }
      this.#used[candidate] = 0;
      this.#hand = (this.#hand + 1) % this.#kept.length;
    }
  }
}
