import type { IndexReader } from "../../../ledger/index/index-reader.ts";
import type { outputsShape } from "../../../ledger/shapes.ts";
import type { TableReader } from "../../../ledger/table.ts";
import { tooLarge } from "../../../ledger/safe-number.ts";
import { pageRecords, WordPages } from "./word-pages.ts";

/** Of an output: its value's low word; the high one + 1; its spender. */
const outputWords = 3;
const wordLimit = 0x1_0000_0000;
/** Instead of a value's high word: it passes 2^53. */
const largeValue = 0xffff_ffff;
/** Instead of a spender: none. Spenders follow. */
const unspentWord = 1;
const firstSpender = 2;
/** Of all that is kept. */
const bytesMax = 512 * 1024 * 1024;

/**
 * What outputs are worth and which inputs spend them, side by side, since who asks for one asks for the other. Memory: 12 bytes an
 * output near those that were asked for, at most 512 MiB.
 */
export class OutputRows {
  readonly #table: TableReader<typeof outputsShape>;
  readonly #spends: IndexReader;
  readonly #kept: WordPages;
  readonly #inputs: number;
  readonly #wordMax: number;
  readonly #leastSpender: (output: number) => number;
  readonly pages: readonly (Uint32Array | undefined)[];
  readonly #bases: Float64Array;
  readonly #found = new Float64Array(pageRecords);
  pagesRead = 0;

  /**
   * @param rows - The number of inputs, what a word holds at most, and how many bytes are kept.
   * `leastSpender` gives an input that is not behind any that spends this output or a later one.
   */
  constructor(
    table: TableReader<typeof outputsShape>,
    spends: IndexReader,
    rows: {
      readonly inputs: number;
      readonly wordMax: number;
      readonly bytesMax?: number;
      readonly leastSpender: (output: number) => number;
    },
  ) {
    this.#table = table;
    this.#spends = spends;
    this.#kept = new WordPages(table.count, pageRecords * outputWords, rows.bytesMax ?? bytesMax);
    this.pages = this.#kept.pages;
    this.#bases = this.#kept.bases;
    this.#inputs = rows.inputs;
    this.#wordMax = rows.wordMax;
    this.#leastSpender = rows.leastSpender;
  }

  /** An output's value; `tooLarge` where it passes 2^53. */
  value(output: number): number {
    const page = (output / pageRecords) | 0;
    const at = (output - page * pageRecords) * outputWords;
    const words = this.pages[page];
    if (words !== undefined) {
      const high = words[at + 1] as number;
      if (high !== 0 && high !== largeValue) return (high - 1) * wordLimit + (words[at] as number);
    }
    return this.#readValue(output, at);
  }

  /** The input that spends an output; -1 where none does. */
  spender(output: number): number {
    const page = (output / pageRecords) | 0;
    const at = (output - page * pageRecords) * outputWords + 2;
    const words = this.pages[page];
    if (words !== undefined) {
      const word = words[at] as number;
      if (word === unspentWord) return -1;
      if (word !== 0 && word !== this.#wordMax) return word + (this.#bases[page] as number);
    }
    return this.#readSpender(output, at);
  }

  /**
   * The inputs that spend those of a range of outputs that are worth something, into `inputs` from `at` on, which has room; how many.
   */
  taintedSpenders(first: number, end: number, inputs: Float64Array, at: number): number {
    let next = at;
    for (let output = first; output < end; output += 1) {
      const page = (output / pageRecords) | 0;
      const words = this.pages[page];
      const place = (output - page * pageRecords) * outputWords;
      const spender = words === undefined ? 0 : (words[place + 2] as number);
      if (spender === unspentWord) continue;
      const high = words === undefined ? 0 : (words[place + 1] as number);
      let input = spender + (this.#bases[page] as number);
      if (spender === 0 || spender === this.#wordMax || high === 0) {
        input = this.spender(output);
        if (input < 0 || this.value(output) === 0) continue;
      } else if (high === 1 && words !== undefined && words[place] === 0) continue;
      inputs[next] = input;
      next += 1;
    }
    return next - at;
  }

  #readValue(output: number, at: number): number {
    let high = this.#page(output)[at + 1] as number;
    if (high === 0) {
      this.#fillValues(output);
      high = this.#page(output)[at + 1] as number;
    }
    return high === largeValue ? tooLarge : (high - 1) * wordLimit + (this.#page(output)[at] as number);
  }

  #readSpender(output: number, at: number): number {
    let word = this.#page(output)[at] as number;
    if (word === 0) {
      this.#fillSpenders(output);
      word = this.#page(output)[at] as number;
    }
    if (word === unspentWord) return -1;
    if (word !== this.#wordMax) return word + (this.#bases[(output / pageRecords) | 0] as number);
    const lo = output >>> 0;
    return this.#spends.first((output - lo) / wordLimit, lo);
  }

  #page(output: number): Uint32Array {
    const page = (output / pageRecords) | 0;
    const known = this.pages[page];
    if (known !== undefined) return known;
    const isAll = this.#inputs + firstSpender < this.#wordMax;
    this.#bases[page] = (isAll ? 0 : this.#leastSpender(page * pageRecords)) - firstSpender;
    return this.#kept.page(page);
  }

  #fillValues(output: number): void {
    const { content, first, count } = this.#table.part((output / pageRecords) | 0, pageRecords);
    const values = this.#found;
    content.amountsInto("value", first, count, values);
    const words = this.#page(output);
    for (let record = 0, at = 0; record < count; record += 1, at += outputWords) {
      const value = values[record] as number;
      const low = value >>> 0;
      words[at] = low;
      words[at + 1] = value === tooLarge ? largeValue : (value - low) / wordLimit + 1;
    }
    this.pagesRead += 1;
  }

  #fillSpenders(output: number): void {
    const page = (output / pageRecords) | 0;
    const first = page * pageRecords;
    const lo = first >>> 0;
    const found = this.#found;
    this.#spends.firsts((first - lo) / wordLimit, lo, found);
    const words = this.#page(output);
    const base = this.#bases[page] as number;
    const count = Math.min(pageRecords, this.#table.count - first);
    for (let record = 0, at = 2; record < count; record += 1, at += outputWords) {
      const input = found[record] as number;
      const word = input - base;
      if (input < 0) words[at] = unspentWord;
      else words[at] = word >= firstSpender && word < this.#wordMax ? word : this.#wordMax;
    }
    this.pagesRead += 1;
  }
}
