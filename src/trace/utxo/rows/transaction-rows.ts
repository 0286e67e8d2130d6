import { assert } from "../../../base/assert.ts";
import type { utxoTransactionsShape } from "../../../ledger/shapes.ts";
import type { TableReader } from "../../../ledger/table.ts";
import { pageRecords, wordMax, WordPages } from "./word-pages.ts";

/** Of all that is kept. */
const bytesMax = 256 * 1024 * 1024;

/**
 * Where the rows of transactions begin: both numbers of one transaction, and those of the next, lie side by side. Memory: 8 bytes
 * a transaction near those that were asked for, at most 256 MiB.
 */
export class TransactionRows {
  readonly count: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly #table: TableReader<typeof utxoTransactionsShape>;
  readonly #kept: WordPages;
  readonly #wordMax: number;
  /** By page, what its first outputs are counted from; first inputs: `WordPages.bases`. */
  readonly #outputBases: Float64Array;
  readonly #pages: (Uint32Array | undefined)[];
  readonly #inputBases: Float64Array;
  readonly #rows = new Float64Array(pageRecords);
  pagesRead = 0;

  constructor(
    table: TableReader<typeof utxoTransactionsShape>,
    rows: { readonly inputs: number; readonly outputs: number; readonly wordMax: number; readonly bytesMax?: number },
  ) {
    const { inputs, outputs } = rows;
    this.#wordMax = rows.wordMax;
    this.#table = table;
    assert(table.count < wordMax, "trace: more transactions than words can number");
    this.count = table.count;
    this.inputs = inputs;
    this.outputs = outputs;
    this.#kept = new WordPages(table.count, pageRecords * 2, rows.bytesMax ?? bytesMax);
    this.#pages = this.#kept.pages;
    this.#inputBases = this.#kept.bases;
    this.#outputBases = new Float64Array(this.#inputBases.length);
  }

  firstInput(transaction: number): number {
    if (transaction >= this.count) return this.inputs;
    const page = (transaction / pageRecords) | 0;
    const at = (transaction - page * pageRecords) * 2;
    const words = this.#pages[page];
    if (words !== undefined) {
      const word = words[at] as number;
      if (word !== 0) return word + (this.#inputBases[page] as number);
    }
    return (this.#read(transaction)[at] as number) + (this.#inputBases[page] as number);
  }

  firstOutput(transaction: number): number {
    if (transaction >= this.count) return this.outputs;
    const page = (transaction / pageRecords) | 0;
    const at = (transaction - page * pageRecords) * 2 + 1;
    const words = this.#pages[page];
    if (words !== undefined) {
      const word = words[at] as number;
      if (word !== 0) return word + (this.#outputBases[page] as number);
    }
    return (this.#read(transaction)[at] as number) + (this.#outputBases[page] as number);
  }

  /** Reads the page that a transaction belongs to. */
  #read(transaction: number): Uint32Array {
    const page = (transaction / pageRecords) | 0;
    const { content, first, count } = this.#table.part(page, pageRecords);
    const words = this.#kept.page(page);
    const rows = this.#rows;
    content.numbersInto("firstInput", first, count, rows);
    const inputBase = this.#baseOf(this.inputs, rows);
    for (let record = 0; record < count; record += 1) words[record * 2] = (rows[record] as number) - inputBase;
    content.numbersInto("firstOutput", first, count, rows);
    const outputBase = this.#baseOf(this.outputs, rows);
    for (let record = 0; record < count; record += 1) words[record * 2 + 1] = (rows[record] as number) - outputBase;
    this.#inputBases[page] = inputBase;
    this.#outputBases[page] = outputBase;
    this.pagesRead += 1;
    return words;
  }

  /** Words are counted from one less than the first number of a page, or from -1 where they hold all there are. */
  #baseOf(all: number, rows: Float64Array): number {
    return all < this.#wordMax ? -1 : (rows[0] as number) - 1;
  }
}
