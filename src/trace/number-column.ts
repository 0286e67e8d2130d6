import type { TablePage } from "../ledger/table.ts";

/** How many pages of a column are kept. */
const pagesMax = 8_192;

/** An amount that does not fit into a double is read as this, and as bigint from the table. */
export const tooLarge = -1;

type NumbersOfPage = { readonly page: (number: number) => TablePage };

/**
 * One column of a table, its pages decoded into doubles and kept up to a limit. The only code of a trace that knows how
 * pages are decoded.
 */
export class NumberColumn {
  readonly #table: NumbersOfPage;
  readonly #name: string;
  readonly #pages: (Float64Array | undefined)[] = [];
  readonly #kept: number[] = [];
  #oldest = 0;
  #lastPage = -1;
  #last: Float64Array = new Float64Array(0);
  pagesRead = 0;

  constructor(table: NumbersOfPage, name: string) {
    this.#table = table;
    this.#name = name;
  }

  at(record: number, perPage: number): number {
    const page = (record / perPage) | 0;
    if (page !== this.#lastPage) {
      this.#last = this.#pages[page] ?? this.#read(page);
      this.#lastPage = page;
    }
    return this.#last[record - page * perPage] as number;
  }

  #read(page: number): Float64Array {
    const values = this.#table.page(page).column(this.#name);
    const numbers = new Float64Array(values.length);
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index] as number | bigint;
      const number = typeof value === "bigint" ? Number(value) : value;
      numbers[index] = number <= Number.MAX_SAFE_INTEGER ? number : tooLarge;
    }
    this.pagesRead += 1;
    if (this.#kept.length < pagesMax) this.#kept.push(page);
    else {
      this.#pages[this.#kept[this.#oldest] as number] = undefined;
      this.#kept[this.#oldest] = page;
      this.#oldest = (this.#oldest + 1) % pagesMax;
    }
    this.#pages[page] = numbers;
    return numbers;
  }
}
