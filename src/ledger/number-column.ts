import { KeepSome } from "../base/keep-some.ts";
import { safeNumber } from "./safe-number.ts";
import type { TableReader, TableShape } from "./table.ts";

/** How many values of a column are kept where it is read anywhere. */
const valuesMax = 1 << 24;
/** Of a column that is read anywhere, so many neighbours are decoded together. */
const together = 512;

/**
 * `in order`: whole pages are decoded, and the one at hand is kept. `anywhere`: some neighbours of what is asked for, of which 128 MiB
 * are kept.
 */
export type ColumnReading = "in order" | "anywhere";

/** One column of a table, decoded into doubles a part at a time. */
export class NumberColumn {
  readonly #table: TableReader<TableShape>;
  readonly #name: string;
  readonly #kind: "number" | "amount";
  /** Records of a part. */
  readonly #each: number;
  readonly #parts: (Float64Array | undefined)[] = [];
  readonly #kept: KeepSome;
  /** The part that was read last, and its first record. */
  #last: Float64Array = new Float64Array(0);
  #first = 0;
  pagesRead = 0;

  constructor(table: TableReader<TableShape>, name: string, kind: "number" | "amount", reading: ColumnReading) {
    this.#table = table;
    this.#name = name;
    this.#kind = kind;
    this.#each = reading === "in order" ? table.pageRecords : together;
    this.#kept = new KeepSome(reading === "in order" ? 1 : valuesMax / together);
  }

  /** A value; of amounts `tooLarge` for one of 2^53 and more. */
  at(record: number): number {
    const place = record - this.#first;
    return place >= 0 && place < this.#last.length ? (this.#last[place] as number) : this.#turn(record);
  }

  #turn(record: number): number {
    const part = (record / this.#each) | 0;
    this.#last = this.#parts[part] ?? this.#read(part);
    this.#first = part * this.#each;
    return this.#last[record - this.#first] as number;
  }

  /** The values of the part that a record is in, the record's place in it, and the number of the first record behind it. */
  pageOf(record: number): { readonly values: Float64Array; readonly place: number; readonly end: number } {
    const each = this.#each;
    const part = (record / each) | 0;
    const values = this.#parts[part] ?? this.#read(part);
    return { values, place: record - part * each, end: part * each + values.length };
  }

  #read(part: number): Float64Array {
    const numbers = this.#each === together ? this.#decodePart(part) : this.#decodePage(part);
    this.pagesRead += 1;
    const gone = this.#kept.keep(part);
    if (gone >= 0) this.#parts[gone] = undefined;
    this.#parts[part] = numbers;
    return numbers;
  }

  #decodePage(page: number): Float64Array {
    const content = this.#table.page(page);
    if (this.#kind === "number") return content.numbers(this.#name);
    const amounts = content.amounts(this.#name);
    if (amounts.safe !== undefined) return amounts.safe;
    return Float64Array.from({ length: content.records }, (_, record) => safeNumber(amounts.exact(record)));
  }

  #decodePart(part: number): Float64Array {
    const { content, first, count } = this.#table.part(part, together);
    const numbers = new Float64Array(count);
    if (this.#kind === "number") content.numbersInto(this.#name, first, count, numbers);
    else content.amountsInto(this.#name, first, count, numbers);
    return numbers;
  }
}
