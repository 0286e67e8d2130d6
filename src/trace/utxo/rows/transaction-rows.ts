import { assert } from "../../../base/assert.ts";
import type { utxoTransactionsShape } from "../../../ledger/shapes.ts";
import type { TableReader } from "../../../ledger/table.ts";
import { pageRecords, wordMax, WordPages } from "./word-pages.ts";

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
  pagesRead = 0;

  constructor(
    table: TableReader<typeof utxoTransactionsShape>,
    rows: {
      readonly inputs: number;
      readonly outputs: number;
      readonly wordMax: number;
      readonly pagesMax: number;
    },
  ) {
    const { inputs, outputs } = rows;
    this.#wordMax = rows.wordMax;
    this.#table = table;
    assert(table.count < wordMax, "trace: more transactions than words can number");
    this.count = table.count;
    this.inputs = inputs;
    this.outputs = outputs;
    this.#kept = new WordPages(table.count, pageRecords * 2, rows.pagesMax);
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

  /** Reads a page of the table with a transaction; the words of the page that it belongs to. */
  #read(transaction: number): Uint32Array {
    const page = (transaction / pageRecords) | 0;
    const perPage = this.#table.pageRecords;
    const number = (transaction / perPage) | 0;
    const content = this.#table.page(number);
    const [inputs, outputs] = [content.numbers("firstInput"), content.numbers("firstOutput")];
    const isNew = this.#pages[page] === undefined;
    const words = this.#kept.page(page);
    if (isNew) {
      this.#inputBases[page] = this.#baseOf(page, "firstInput");
      this.#outputBases[page] = this.#baseOf(page, "firstOutput");
    }
    const [inputBase, outputBase] = [this.#inputBases[page] as number, this.#outputBases[page] as number];
    for (let record = 0, at = (number * perPage - page * pageRecords) * 2; record < content.records; record += 1) {
      words[at] = (inputs[record] as number) - inputBase;
      words[at + 1] = (outputs[record] as number) - outputBase;
      at += 2;
    }
    this.pagesRead += 1;
    return words;
  }

  /** Words are counted from one less than the first number of a page, or from -1 where they hold all there are. */
  #baseOf(page: number, column: "firstInput" | "firstOutput"): number {
    const all = column === "firstInput" ? this.inputs : this.outputs;
    return all < this.#wordMax ? -1 : this.#table.value(column, page * pageRecords) - 1;
  }
}
