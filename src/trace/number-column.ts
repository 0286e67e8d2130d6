import type { TableReader, TableShape } from "../ledger/table.ts";

/** How many values of a column are kept. */
const valuesMax = 1 << 24;

/** An amount that does not fit into a double is read as this, and as bigint from the table. */
export const tooLarge = -1;

/** An amount as a double; {@link tooLarge} where that would not be exact. */
export function safeNumber(amount: bigint): number {
  return amount <= Number.MAX_SAFE_INTEGER ? Number(amount) : tooLarge;
}

/**
 * One column of a table, its pages decoded into doubles and kept up to a limit. The only code of a trace that knows how
 * pages are decoded.
 */
export class NumberColumn {
  readonly #table: TableReader<TableShape>;
  readonly #name: string;
  readonly #kind: "number" | "amount";
  readonly #perPage: number;
  readonly #pages: (Float64Array | undefined)[] = [];
  readonly #pagesMax: number;
  readonly #kept: number[] = [];
  #oldest = 0;
  #lastPage = -1;
  #last: Float64Array = new Float64Array(0);
  pagesRead = 0;

  constructor(table: TableReader<TableShape>, name: string, kind: "number" | "amount") {
    this.#table = table;
    this.#name = name;
    this.#kind = kind;
    this.#perPage = table.pageRecords;
    this.#pagesMax = Math.max(1, (valuesMax / this.#perPage) | 0);
  }

  at(record: number): number {
    const perPage = this.#perPage;
    const page = (record / perPage) | 0;
    if (page !== this.#lastPage) {
      this.#last = this.#pages[page] ?? this.#read(page);
      this.#lastPage = page;
    }
    return this.#last[record - page * perPage] as number;
  }

  #read(page: number): Float64Array {
    const numbers = this.#decode(page);
    this.pagesRead += 1;
    if (this.#kept.length < this.#pagesMax) this.#kept.push(page);
    else {
      this.#pages[this.#kept[this.#oldest] as number] = undefined;
      this.#kept[this.#oldest] = page;
      this.#oldest = (this.#oldest + 1) % this.#pagesMax;
    }
    this.#pages[page] = numbers;
    return numbers;
  }

  #decode(page: number): Float64Array {
    const content = this.#table.page(page);
    if (this.#kind === "number") return content.numbers(this.#name);
    const amounts = content.amounts(this.#name);
    if (amounts.safe !== undefined) return amounts.safe;
    return Float64Array.from({ length: content.records }, (_, record) => safeNumber(amounts.exact(record)));
  }
}
