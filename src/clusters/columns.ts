import { assert } from "../base/assert.ts";
import { bitLength } from "../ledger/index/bits.ts";
import type { TableReader, TableShape } from "../ledger/table.ts";

/**
 * One column of a table as numbers, for who reads it in order: the page at hand is kept. The only place, with
 * {@link RandomColumn}, where rules meet pages.
 */
export class NumberColumn {
  readonly #table: TableReader<TableShape>;
  readonly #name: string;
  readonly #pageRecords: number;
  #page: Float64Array = new Float64Array(0);
  #first = 0;

  constructor(table: TableReader<TableShape>, name: string) {
    this.#table = table;
    this.#name = name;
    this.#pageRecords = table.pageRecords;
  }

  at(record: number): number {
    const place = record - this.#first;
    return place >= 0 && place < this.#page.length ? (this.#page[place] as number) : this.#turn(record);
  }

  #turn(record: number): number {
    const within = record % this.#pageRecords;
    this.#page = this.#table.page((record - within) / this.#pageRecords).numbers(this.#name);
    this.#first = record - within;
    return this.#page[within] as number;
  }
}

/** Amounts as numbers, read in order; NaN for those of 2^53 and more. */
export class AmountColumn {
  readonly #table: TableReader<TableShape>;
  readonly #name: string;
  readonly #pageRecords: number;
  #page: Float64Array = new Float64Array(0);
  #first = 0;

  constructor(table: TableReader<TableShape>, name: string) {
    this.#table = table;
    this.#name = name;
    this.#pageRecords = table.pageRecords;
  }

  at(record: number): number {
    const place = record - this.#first;
    return place >= 0 && place < this.#page.length ? (this.#page[place] as number) : this.#turn(record);
  }

  #turn(record: number): number {
    const within = record % this.#pageRecords;
    const page = this.#table.page((record - within) / this.#pageRecords);
    const amounts = page.amounts(this.#name);
    this.#page = amounts.safe ?? Float64Array.from({ length: page.records }, (_, at) => safeOr(amounts.exact(at)));
    this.#first = record - within;
    return this.#page[within] as number;
  }
}

/** An amount as a number where it is one exactly, else NaN. */
export function safeOr(amount: bigint): number {
  return amount <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(amount) : Number.NaN;
}

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
