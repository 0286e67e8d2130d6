import type { TableReader, TableShape } from "./table.ts";

/** An amount that does not fit into a double is read as this, and as bigint from the table. */
export const tooLarge = -1;

/** An amount as a double; {@link tooLarge} where that would not be exact. */
export function safeNumber(amount: bigint): number {
  return amount <= Number.MAX_SAFE_INTEGER ? Number(amount) : tooLarge;
}

/** How many values of a column are kept where it is read anywhere. */
const valuesMax = 1 << 24;

/** `in order`: the page at hand is kept. `anywhere`: 128 MiB of pages, the one that was read first goes first. */
export type ColumnReading = "in order" | "anywhere";

/** One column of a table, its pages decoded into doubles and kept. */
export class NumberColumn {
  readonly #table: TableReader<TableShape>;
  readonly #name: string;
  readonly #kind: "number" | "amount";
  readonly #perPage: number;
  readonly #pages: (Float64Array | undefined)[] = [];
  readonly #pagesMax: number;
  readonly #kept: number[] = [];
  #oldest = 0;
  /** The page that was read last, and its first record. */
  #last: Float64Array = new Float64Array(0);
  #first = 0;
  pagesRead = 0;

  constructor(table: TableReader<TableShape>, name: string, kind: "number" | "amount", reading: ColumnReading) {
    this.#table = table;
    this.#name = name;
    this.#kind = kind;
    this.#perPage = table.pageRecords;
    this.#pagesMax = reading === "in order" ? 1 : Math.max(1, (valuesMax / this.#perPage) | 0);
  }

  /** A value; of amounts {@link tooLarge} for one of 2^53 and more. */
  at(record: number): number {
    const place = record - this.#first;
    return place >= 0 && place < this.#last.length ? (this.#last[place] as number) : this.#turn(record);
  }

  #turn(record: number): number {
    const page = (record / this.#perPage) | 0;
    this.#last = this.#pages[page] ?? this.#read(page);
    this.#first = page * this.#perPage;
    return this.#last[record - this.#first] as number;
  }

  /** The values of the page that a record is in, the record's place in it, and the number of the first record behind it. */
  pageOf(record: number): { readonly values: Float64Array; readonly place: number; readonly end: number } {
    const perPage = this.#perPage;
    const page = (record / perPage) | 0;
    const values = this.#pages[page] ?? this.#read(page);
    return { values, place: record - page * perPage, end: page * perPage + values.length };
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
