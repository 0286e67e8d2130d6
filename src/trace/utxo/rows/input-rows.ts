import type { inputsShape } from "../../../ledger/shapes.ts";
import type { TableReader } from "../../../ledger/table.ts";
import type { TransactionRows } from "./transaction-rows.ts";
import { pageRecords, WordPages } from "./word-pages.ts";

/** Whether what an input spends is an output of the ledger: an odd number. The remainder of a double would cost far more. */
export function isOutput(spent: number): boolean {
  return ((spent >>> 0) & 1) === 1;
}

/** Of so many neighbouring inputs it is kept which transaction the first one is of. */
const together = 16;
/** Instead of an output: a coinbase, an output from before the ledger, or one that a word does not hold. */
const otherWord = 1;
const firstOutput = 2;

/**
 * Which outputs inputs spend, and of which transaction they are. Memory: 4 bytes an input near those that were asked for, at most
 * 136 MiB.
 */
export class InputRows {
  readonly #table: TableReader<typeof inputsShape>;
  readonly #transactions: TransactionRows;
  readonly #search: (input: number, from: number) => number;
  readonly #kept: WordPages;
  readonly #pages: (Uint32Array | undefined)[];
  readonly #base: number;
  readonly #wordMax: number;
  pagesRead = 0;

  /** @param search - Gives the transaction with an input, at or behind another one. */
  constructor(
    table: TableReader<typeof inputsShape>,
    transactions: TransactionRows,
    {
      wordMax,
      pagesMax,
      search,
    }: {
      readonly wordMax: number;
      readonly pagesMax: number;
      readonly search: (input: number, from: number) => number;
    },
  ) {
    this.#table = table;
    this.#transactions = transactions;
    this.#search = search;
    this.#kept = new WordPages(table.count, pageRecords + pageRecords / together, pagesMax);
    this.#pages = this.#kept.pages;
    this.#wordMax = wordMax;
    // Outputs that are too early for a word are seldom spent.
    this.#base = Math.max(0, transactions.outputs - wordMax + firstOutput) - firstOutput;
  }

  /** The output that an input spends; -1 where it spends none, or one from before the ledger. */
  output(input: number): number {
    const page = (input / pageRecords) | 0;
    const words = this.#pages[page];
    if (words !== undefined) {
      const word = words[input - page * pageRecords] as number;
      if (word > otherWord) return word + this.#base;
    }
    return this.#read(input);
  }

  /** The transaction with an input. */
  transaction(input: number): number {
    const page = (input / pageRecords) | 0;
    const at = pageRecords + ((input - page * pageRecords) >>> 4);
    let word = 0;
    const words = this.#pages[page];
    if (words !== undefined) word = words[at] as number;
    if (word === 0) word = this.#find(input, at);
    let transaction = word - 1;
    while (this.#transactions.firstInput(transaction + 1) <= input) transaction += 1;
    return transaction;
  }

  #read(input: number): number {
    const page = (input / pageRecords) | 0;
    const words = this.#kept.page(page);
    const at = input - page * pageRecords;
    if (words[at] === 0) this.#fill(input, words);
    if ((words[at] as number) > otherWord) return (words[at] as number) + this.#base;
    const spent = this.#table.value("spent", input);
    return isOutput(spent) ? (spent - 1) / 2 : -1;
  }

  #fill(input: number, words: Uint32Array): void {
    const perPage = this.#table.pageRecords;
    const number = (input / perPage) | 0;
    const content = this.#table.page(number);
    const spent = content.numbers("spent");
    let at = number * perPage - ((input / pageRecords) | 0) * pageRecords;
    for (let record = 0; record < content.records; record += 1, at += 1) {
      const one = spent[record] as number;
      const word = isOutput(one) ? (one - 1) / 2 - this.#base : otherWord;
      words[at] = word > otherWord && word < this.#wordMax ? word : otherWord;
    }
    this.pagesRead += 1;
  }

  /** Finds the transactions of the inputs of a page; the word at a place. */
  #find(input: number, at: number): number {
    const page = (input / pageRecords) | 0;
    const words = this.#kept.page(page);
    const first = page * pageRecords;
    const end = Math.min(first + pageRecords, this.#table.count);
    const before = this.#pages[page - 1]?.[pageRecords + pageRecords / together - 1] ?? 0;
    let transaction = this.#search(first, before === 0 ? 0 : before - 1);
    for (let record = first, place = pageRecords; record < end; record += together, place += 1) {
      while (this.#transactions.firstInput(transaction + 1) <= record) transaction += 1;
      words[place] = transaction + 1;
    }
    return words[at] as number;
  }
}
