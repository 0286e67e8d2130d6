import type { RecordScanner } from "../csv-scan.ts";
import type { Fields, ReadPlace } from "./read.ts";

/** Which fields of a table's records are kept. */
export type KeptColumns<Name extends string> = {
  /** The table's file. */
  readonly source: string;
  readonly names: readonly Name[];
  /** Which field of a record each name is; -1 where the table lacks it. */
  readonly fields: readonly number[];
  /** The field with the block's number. */
  readonly key: number;
};

const quote = 0x22;

/**
 * What is kept of a table's rows of one block: the fields' bytes one behind the other, so that the thousand blocks that
 * wait for each other are few objects. Of quoted fields the contents are kept.
 */
export class BlockRows<Name extends string> {
  readonly height: number;
  readonly width: number;
  count = 0;
  // Memory of its own, which can be handed to another thread.
  bytes: Buffer<ArrayBuffer> = Buffer.allocUnsafeSlow(1_024);
  /** Where each field ends: those of a row follow each other, and begin where the one before ends. */
  ends: Uint32Array<ArrayBuffer> = new Uint32Array(64);
  readonly #kept: KeptColumns<Name>;
  #lines = new Uint32Array(16);
  #used = 0;

  constructor(height: number, kept: KeptColumns<Name>) {
    this.height = height;
    this.width = kept.names.length;
    this.#kept = kept;
  }

  /** Takes a record, which is copied. */
  add(data: Buffer, scanner: RecordScanner, line: number): void {
    const { width } = this;
    const { fields } = this.#kept;
    const { starts, ends, doubled } = scanner;
    const first = this.count * width;
    this.#reserve((ends[scanner.count - 1] ?? 0) - (starts[0] ?? 0), first + width);
    const { bytes } = this;
    let used = this.#used;
    for (let at = 0; at < width; at += 1) {
      const field = fields[at] as number;
      if (field >= 0) {
        const start = starts[field] as number;
        const end = ends[field] as number;
        const isEscaped = doubled && data[start - 1] === quote;
        for (let from = start; from < end; from += 1) {
          const byte = data[from] as number;
          bytes[used] = byte;
          used += 1;
          // The second of two quotes.
          if (isEscaped && byte === quote) from += 1;
        }
      }
      this.ends[first + at] = used;
    }
    this.#used = used;
    this.count += 1;
    if (this.count > this.#lines.length) this.#lines = grown(this.#lines, this.#lines.length * 2);
    this.#lines[this.count - 1] = line;
  }

  /** Bytes that are kept. */
  get size(): number {
    return this.#used;
  }

  /** A column's number, for the methods below. */
  column(name: Name): number {
    return this.#kept.names.indexOf(name);
  }

  start(row: number, column: number): number {
    const field = row * this.width + column;
    return field === 0 ? 0 : (this.ends[field - 1] as number);
  }

  end(row: number, column: number): number {
    return this.ends[row * this.width + column] as number;
  }

  /** Whether a field is empty, or the table lacks the column. */
  isEmpty(row: number, column: number): boolean {
    return this.start(row, column) === this.end(row, column);
  }

  text(row: number, column: number): string {
    return this.bytes.toString("utf8", this.start(row, column), this.end(row, column));
  }

  /** Whether a field is this text, of ASCII. */
  is(row: number, column: number, text: string): boolean {
    const start = this.start(row, column);
    if (this.end(row, column) - start !== text.length) return false;
    for (let at = 0; at < text.length; at += 1) if (this.bytes[start + at] !== text.charCodeAt(at)) return false;
    return true;
  }

  /** A field's number among all of them. */
  field(row: number, column: number): number {
    return row * this.width + column;
  }

  /** Whether a field has the bytes of one of another row or table; both by their numbers among all. */
  isSame(field: number, other: BlockRows<string>, otherField: number): boolean {
    const start = field === 0 ? 0 : (this.ends[field - 1] as number);
    const otherStart = otherField === 0 ? 0 : (other.ends[otherField - 1] as number);
    const length = (this.ends[field] as number) - start;
    if ((other.ends[otherField] as number) - otherStart !== length) return false;
    const [bytes, otherBytes] = [this.bytes, other.bytes];
    for (let at = 0; at < length; at += 1) if (bytes[start + at] !== otherBytes[otherStart + at]) return false;
    return true;
  }

  /** A row as texts by the columns' names; empty where the table lacks a column. */
  fields(row: number): Fields {
    return Object.fromEntries(this.#kept.names.map((name, column) => [name, this.text(row, column)]));
  }

  place(row: number): ReadPlace {
    return { source: this.#kept.source, where: `line ${this.#lines[row] ?? 0}` };
  }

  #reserve(bytes: number, ends: number): void {
    if (this.#used + bytes > this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.#used + bytes));
      this.bytes.copy(larger, 0, 0, this.#used);
      this.bytes = larger;
    }
    if (ends > this.ends.length) this.ends = grown(this.ends, Math.max(this.ends.length * 2, ends));
  }

  /** Everything as plain data; the memory of `bytes`, `ends` and `lines` may then be handed over. */
  parts(): RowsParts<Name> {
    const { height, count, bytes, ends } = this;
    return { height, count, bytes, ends, lines: this.#lines, kept: this.#kept };
  }

  /** The rows of these parts; none can be added. */
  static of<Name extends string>({ height, count, bytes, ends, lines, kept }: RowsParts<Name>): BlockRows<Name> {
    const rows = new BlockRows(height, kept);
    rows.count = count;
    rows.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    rows.ends = ends;
    rows.#lines = lines;
    rows.#used = bytes.length;
    return rows;
  }
}

/** Rows as plain data. */
export type RowsParts<Name extends string> = {
  readonly height: number;
  readonly count: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly ends: Uint32Array<ArrayBuffer>;
  readonly lines: Uint32Array<ArrayBuffer>;
  readonly kept: KeptColumns<Name>;
};

function grown(numbers: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(length);
  larger.set(numbers);
  return larger;
}
