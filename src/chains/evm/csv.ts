import { invalid, readCount, type Fields, type ReadPlace } from "./read.ts";

/** A row of CSV by its header's names, and where it stands. */
export type CsvRow = { readonly fields: Fields; readonly place: ReadPlace };

/** All rows of one block, in the file's order. */
export type BlockRows = { readonly height: number; readonly rows: readonly CsvRow[] };

const recordBytesMax = 67_108_864;

/** The columns of a table. */
export type TableColumns = {
  readonly required: readonly string[];
  /** Further ones to be kept where the table has them; all others are never decoded. Undefined: keep all. */
  readonly optional: readonly string[] | undefined;
};

/**
 * The rows of a CSV file with a header, as many at once as a chunk completes.
 *
 * RFC 4180: quoted fields may hold commas, quotes and line breaks; LF or CRLF; a byte order mark and blank lines are skipped;
 * a last line without a line break counts. Only the columns that are kept are decoded: a text cut out of a whole line would
 * keep all of it in memory, and the inputs of transactions are most of an export.
 *
 * @throws {Failure} `SOURCE_INVALID` where it is no CSV, lacks a column, or a row has another number of fields.
 * Source: RFC 4180, section 2. Cost: one pass; the rows of one chunk in memory, each of at most 64 MiB.
 */
export async function* readBatches(
  chunks: AsyncIterable<Uint8Array>,
  source: string,
  columns: TableColumns,
): AsyncGenerator<readonly CsvRow[], void, undefined> {
  const reader = new RowReader(source, columns);
  for await (const chunk of chunks) yield reader.push(chunk);
  yield reader.finish();
}

/** The rows of a CSV file one by one, with all their columns; otherwise {@link readBatches}. */
export async function* readRows(
  chunks: AsyncIterable<Uint8Array>,
  source: string,
  required: readonly string[],
): AsyncGenerator<CsvRow, void, undefined> {
  for await (const batch of readBatches(chunks, source, { required, optional: undefined })) yield* batch;
}

/** A row that says where it stands only when asked. */
class Row implements CsvRow {
  readonly fields: Fields;
  readonly #source: string;
  readonly #line: number;

  constructor(fields: Fields, source: string, line: number) {
    this.fields = fields;
    this.#source = source;
    this.#line = line;
  }

  get place(): ReadPlace {
    return { source: this.#source, where: `line ${this.#line}` };
  }
}

const [newline, carriageReturn, quote, comma] = [0x0a, 0x0d, 0x22, 0x2c];
const byteOrderMark = Buffer.from("\ufeff");

/** A column to be read, or to be passed over. */
type Column = { readonly name: string; readonly kept: boolean };

class RowReader {
  readonly #source: string;
  readonly #columns: TableColumns;
  readonly #splitter = new RecordSplitter();
  #header: readonly Column[] | undefined;
  /** Bytes of a line that is not complete; pieces, so that a long line costs no more than a short one. */
  #pieces: Buffer[] = [];
  #waiting = 0;
  /** Lines of a record with an open quote, with their line breaks, and their length. */
  #open: Buffer[] = [];
  #openLength = 0;
  #lines = 0;

  constructor(source: string, columns: TableColumns) {
    this.#source = source;
    this.#columns = columns;
  }

  push(chunk: Uint8Array): readonly CsvRow[] {
    const data = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const rows: CsvRow[] = [];
    let at = 0;
    for (let end = data.indexOf(newline); end !== -1; end = data.indexOf(newline, at)) {
      this.#line(this.#joined(data.subarray(at, end)), rows);
      at = end + 1;
    }
    if (at < data.length) this.#pieces.push(Buffer.from(data.subarray(at))); // A copy: the caller may use its buffer again.
    this.#waiting += data.length - at;
    if (this.#waiting + this.#openLength > recordBytesMax) throw this.#failure("a row is over 64 MiB long");
    return rows;
  }

  finish(): readonly CsvRow[] {
    const rows: CsvRow[] = [];
    if (this.#waiting > 0) this.#line(this.#joined(Buffer.alloc(0)), rows);
    if (this.#open.length > 0) throw this.#failure("a quoted field is not closed");
    return rows;
  }

  #joined(end: Buffer): Buffer {
    if (this.#waiting === 0) return end;
    const line = Buffer.concat([...this.#pieces, end]);
    this.#pieces = [];
    this.#waiting = 0;
    return line;
  }

  #line(line: Buffer, rows: CsvRow[]): void {
    this.#lines += 1;
    const continued = this.#open.length > 0;
    if ((continued || line.includes(quote)) && pairs(line) === continued) {
      this.#open.push(Buffer.from(line), Buffer.of(newline)); // Unlike before it, a quote is open after this line; or still.
      this.#openLength += line.length + 1;
      return;
    }
    const whole = continued ? Buffer.concat([...this.#open, line]) : line;
    if (continued) [this.#open, this.#openLength] = [[], 0];
    const first = this.#header === undefined && whole.subarray(0, byteOrderMark.length).equals(byteOrderMark);
    const start = first ? byteOrderMark.length : 0;
    const record = whole.subarray(start, whole.length - (whole.at(-1) === carriageReturn ? 1 : 0));
    if (record.length === 0) return;
    const fields = this.#splitter.split(record, this.#header);
    if (fields === undefined) throw this.#failure("it has a quote where none may be");
    if (this.#header === undefined) this.#header = this.#readHeader(fields);
    else rows.push(this.#row(this.#header, fields));
  }

  #readHeader(names: readonly string[]): readonly Column[] {
    const { required, optional } = this.#columns;
    const missing = required.filter((name) => !names.includes(name));
    if (missing.length > 0) throw this.#failure(`it has no column ${missing.join(", ")}`);
    if (new Set(names).size < names.length) throw this.#failure("it names a column twice");
    const kept = (name: string): boolean =>
      optional === undefined || required.includes(name) || optional.includes(name);
    return names.map((name) => ({ name, kept: kept(name) }));
  }

  #row(header: readonly Column[], fields: readonly string[]): CsvRow {
    if (fields.length !== header.length) {
      throw this.#failure(`it has ${fields.length} fields where ${header.length} are due`);
    }
    const values: Record<string, string> = {};
    for (let at = 0; at < header.length; at += 1) {
      const column = header[at];
      if (column?.kept === true) values[column.name] = fields[at] ?? "";
    }
    return new Row(values, this.#source, this.#lines);
  }

  #failure(why: string): Error {
    return invalid({ source: this.#source, where: `line ${this.#lines}` }, why);
  }
}

/** Whether the quotes in a line are in pairs. */
function pairs(line: Buffer): boolean {
  let even = true;
  for (let at = line.indexOf(quote); at !== -1; at = line.indexOf(quote, at + 1)) even = !even;
  return even;
}

/**
 * Cuts records into fields. What is kept of a record is gathered byte by byte and decoded at once: a call into native code
 * for each field takes three times as long.
 */
class RecordSplitter {
  #kept = Buffer.alloc(65_536);
  #length = 0;
  /** All bytes kept, or-ed: below 0x80 where they are ASCII. */
  #bits = 0;

  /** The fields, empty where a column is passed over; undefined where a quote stands where none may be. */
  split(record: Buffer, header: readonly Column[] | undefined): readonly string[] | undefined {
    if (record.length > this.#kept.length) this.#kept = Buffer.alloc(record.length);
    [this.#length, this.#bits] = [0, 0];
    const ends: number[] = [];
    for (let at = 0; ; at += 1) {
      const keep = header === undefined || header[ends.length]?.kept === true;
      at = record[at] === quote ? this.#quoted(record, at + 1, keep) : this.#plain(record, at, keep);
      if (at === -1) return undefined;
      ends.push(this.#length);
      if (at === record.length) return this.#texts(ends);
      if (record[at] !== comma) return undefined;
    }
  }

  /** Where the field ends; -1 where it has a quote. */
  #plain(record: Buffer, start: number, keep: boolean): number {
    const kept = this.#kept;
    let [length, bits, at] = [this.#length, this.#bits, start];
    for (; at < record.length; at += 1) {
      const byte = record[at] as number;
      if (byte === comma) break;
      if (byte === quote) return -1;
      if (!keep) continue;
      kept[length] = byte;
      length += 1;
      bits |= byte;
    }
    [this.#length, this.#bits] = [length, bits];
    return at;
  }

  /** Where the field ends, after its closing quote; -1 where it has none. */
  #quoted(record: Buffer, start: number, keep: boolean): number {
    const kept = this.#kept;
    let [length, bits] = [this.#length, this.#bits];
    for (let at = start; at < record.length; at += 1) {
      const byte = record[at] as number;
      if (byte === quote) {
        at += 1;
        if (record[at] !== quote) {
          [this.#length, this.#bits] = [length, bits];
          return at;
        }
      }
      if (!keep) continue;
      kept[length] = byte;
      length += 1;
      bits |= byte;
    }
    return -1;
  }

  #texts(ends: readonly number[]): readonly string[] {
    const ascii = this.#bits < 0x80;
    const whole = ascii ? this.#kept.toString("latin1", 0, this.#length) : "";
    const fields: string[] = [];
    let start = 0;
    for (const end of ends) {
      fields.push(ascii ? whole.slice(start, end) : this.#kept.toString("utf8", start, end));
      start = end;
    }
    return fields;
  }
}

const windowBlocks = 1000;

/**
 * Gathers rows by block, in ascending order.
 *
 * Parallel exporters write batches out of order: a block is given out after the chunk that has a row 1,000 blocks above it, or at the end.
 *
 * @throws {Failure} `SOURCE_INVALID` for a row that comes later than that.
 * Cost: memory for the rows of 1,000 blocks.
 */
export async function* groupByBlock(
  batches: AsyncIterable<readonly CsvRow[]>,
  column: string,
): AsyncGenerator<BlockRows, void, undefined> {
  const open = new Map<number, CsvRow[]>();
  let [highest, given] = [-1, -1];
  for await (const rows of batches) {
    for (const row of rows) {
      const height = readCount(row.fields[column], column, row.place);
      if (height <= given) {
        throw invalid(row.place, `block ${height} comes after block ${highest}`, `sort the file by ${column}`);
      }
      const known = open.get(height);
      if (known === undefined) open.set(height, [row]);
      else known.push(row);
      if (height > highest) highest = height;
    }
    for (const done of heightsUpTo(open, highest - windowBlocks)) {
      yield { height: done, rows: open.get(done) ?? [] };
      open.delete(done);
      given = done;
    }
  }
  for (const done of heightsUpTo(open, highest)) yield { height: done, rows: open.get(done) ?? [] };
}

function heightsUpTo(open: ReadonlyMap<number, unknown>, limit: number): readonly number[] {
  return [...open.keys()].filter((height) => height <= limit).toSorted((left, right) => left - right);
}

/** Reads tables side by side: what each has of a block. */
export class BlockCursor {
  readonly #groups: AsyncIterator<BlockRows> | undefined;
  #next: BlockRows | undefined;
  #begun = false;

  constructor(groups: AsyncIterable<BlockRows> | undefined) {
    this.#groups = groups?.[Symbol.asyncIterator]();
  }

  /** The rows of a block; heights are asked for in ascending order. @throws {Failure} where rows of none are left over. */
  async rowsOf(height: number): Promise<readonly CsvRow[]> {
    if (!this.#begun) await this.#advance();
    this.#begun = true;
    const next = this.#next;
    if (next === undefined || next.height > height) return [];
    if (next.height < height) this.#refuse(next);
    await this.#advance();
    return next.rows;
  }

  /** States that nothing is left. @throws {Failure} `SOURCE_INVALID` where something is. */
  async finish(): Promise<void> {
    if (!this.#begun) await this.#advance();
    if (this.#next !== undefined) this.#refuse(this.#next);
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    await this.#groups?.return?.();
  }

  #refuse({ height, rows }: BlockRows): never {
    const place = rows[0]?.place ?? { source: "", where: "" };
    throw invalid(place, `block ${height} is not among the blocks`, "export all tables of the same blocks");
  }

  async #advance(): Promise<void> {
    const result = await this.#groups?.next();
    this.#next = result?.done === true ? undefined : result?.value;
  }
}
