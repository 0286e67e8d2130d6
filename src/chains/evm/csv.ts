import { RecordScanner } from "../csv-scan.ts";
import { BlockRows, type KeptColumns } from "./rows.ts";
import { smallIn } from "./digits.ts";
import { invalid, readCount, type Fields, type ReadPlace } from "./read.ts";

/** A row of CSV by its header's names, and where it stands. */
export type CsvRow = { readonly fields: Fields; readonly place: ReadPlace };

const recordBytesMax = 67_108_864;
/** More columns than any export has. */
const columnsMax = 256;
const newline = 0x0a;
const byteOrderMark = Buffer.from("\ufeff");

/** The columns of a table. */
export type TableColumns<Name extends string = string> = {
  readonly required: readonly Name[];
  /** Further ones to be kept where the table has them; all others are passed over. */
  readonly optional: readonly Name[];
};

/** What is made of records; `scanner` has the fields of one, which lies in `data`. */
type RecordUse = {
  readonly header: (names: readonly string[]) => void;
  readonly record: (data: Buffer, scanner: RecordScanner, line: number) => void;
};

/**
 * The records of a CSV file with a header, from its bytes in order.
 *
 * RFC 4180: quoted fields may hold commas, quotes and line breaks; LF or CRLF; a byte order mark and blank lines are skipped;
 * a last line without a line break counts.
 * Source: RFC 4180, section 2. Cost: one pass, two over a record that comes in many pieces.
 */
class RecordReader {
  readonly #source: string;
  readonly #use: RecordUse;
  readonly #scanner = new RecordScanner(columnsMax);
  #pieces: Buffer[] = [];
  #waiting = 0;
  /** How many bytes must be there before it is worth scanning again: twice as many as at the last time. */
  #enough = 0;
  #fields = 0;
  #lines = 0;
  #begun = false;

  constructor(source: string, use: RecordUse) {
    this.#source = source;
    this.#use = use;
  }

  /** @throws {Failure} `SOURCE_INVALID` where it is no CSV, or a record has another number of fields than the header. */
  push(chunk: Uint8Array): void {
    const piece = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const length = this.#waiting + piece.length;
    if (length < this.#enough) {
      this.#keep(Buffer.from(piece));
      return;
    }
    const data = this.#waiting === 0 ? piece : Buffer.concat([...this.#pieces, piece], length);
    [this.#pieces, this.#waiting] = [[], 0];
    const at = this.#scanAll(data);
    // A copy: the caller may use its buffer again.
    if (at < data.length) this.#keep(Buffer.from(data.subarray(at)));
    this.#enough = this.#waiting * 2;
    if (this.#waiting > recordBytesMax) throw this.failure("a row is over 64 MiB long");
  }

  finish(): void {
    if (this.#waiting === 0) return;
    const data = Buffer.concat([...this.#pieces, Buffer.of(newline)]);
    if (this.#scanAll(data) < data.length) throw this.failure("a quoted field is not closed");
  }

  failure(why: string): Error {
    return invalid({ source: this.#source, where: `line ${Math.max(1, this.#lines)}` }, why);
  }

  #keep(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#waiting += piece.length;
  }

  #scanAll(data: Buffer): number {
    const scanner = this.#scanner;
    let at = 0;
    if (!this.#begun) {
      if (data.length < byteOrderMark.length && data.at(-1) !== newline) return 0;
      this.#begun = true;
      if (data.subarray(0, byteOrderMark.length).equals(byteOrderMark)) at = byteOrderMark.length;
    }
    while (at < data.length) {
      const next = scanner.scan(data, at);
      if (next === -1) return at;
      this.#lines += 1;
      if (next === -2) throw this.failure(scanner.fault?.why ?? "it is no CSV");
      const isBlank = scanner.count === 1 && scanner.starts[0] === at && scanner.ends[0] === at;
      if (!isBlank) this.#take(data);
      this.#lines += scanner.breaks;
      at = next;
    }
    return at;
  }

  #take(data: Buffer): void {
    const scanner = this.#scanner;
    if (this.#fields === 0) {
      this.#fields = scanner.count;
      this.#use.header(textsOf(data, scanner));
    } else if (scanner.count === this.#fields) {
      this.#use.record(data, scanner, this.#lines);
    } else {
      throw this.failure(`it has ${scanner.count} fields where ${this.#fields} are due`);
    }
  }
}

function textsOf(data: Buffer, scanner: RecordScanner): readonly string[] {
  return Array.from({ length: scanner.count }, (_, field) => {
    const [start = 0, end = 0] = [scanner.starts[field], scanner.ends[field]];
    const text = data.toString("utf8", start, end);
    return data[start - 1] === 0x22 ? text.replaceAll('""', '"') : text;
  });
}

function requireColumns(reader: RecordReader, names: readonly string[], required: readonly string[]): void {
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length > 0) throw reader.failure(`it has no column ${missing.join(", ")}`);
  if (new Set(names).size < names.length) throw reader.failure("it names a column twice");
}

/**
 * The rows of a CSV file one by one, with all their columns.
 *
 * @throws {Failure} `SOURCE_INVALID` where it is no CSV, lacks a column, or a row has another number of fields.
 * Cost: the rows of one chunk in memory, each of at most 64 MiB.
 */
export async function* readRows(
  chunks: AsyncIterable<Uint8Array>,
  source: string,
  required: readonly string[],
): AsyncGenerator<CsvRow, void, undefined> {
  let header: readonly string[] = [];
  let rows: CsvRow[] = [];
  const reader: RecordReader = new RecordReader(source, {
    header: (names) => {
      requireColumns(reader, names, required);
      header = names;
    },
    record: (data, scanner, line) => {
      const texts = textsOf(data, scanner);
      const fields = Object.fromEntries(header.map((name, at) => [name, texts[at] ?? ""]));
      rows.push({ fields, place: { source, where: `line ${line}` } });
    },
  });
  for await (const chunk of chunks) {
    reader.push(chunk);
    yield* rows;
    rows = [];
  }
  reader.finish();
  if (header.length === 0) throw reader.failure("the file is empty");
  yield* rows;
}

const windowBlocks = 1000;
const windowBytes = 256 * 1024 * 1024;

/**
 * The rows of a table by block, in ascending order; none where the file is empty, as an exporter leaves a table of no rows.
 *
 * Parallel exporters write batches out of order: a block is given out after the chunk that has a row 1,000 blocks above it,
 * or once 256 MiB wait, or at the end. Of a row only the columns that are asked for are kept: the inputs of transactions are
 * most of an export.
 *
 * @param key - The column with the block's number.
 * @throws {Failure} `SOURCE_INVALID` as {@link readRows}, and for a row that comes later than that.
 * Cost: memory for what is kept of 1,000 blocks, twice 256 MiB at most.
 */
export async function* groupByBlock<Name extends string>(
  chunks: AsyncIterable<Uint8Array>,
  source: string,
  columns: TableColumns<Name>,
  key: Name,
): AsyncGenerator<BlockRows<Name>, void, undefined> {
  const open = new Map<number, BlockRows<Name>>();
  let [highest, given, waiting] = [-1, -1, 0];
  let kept: KeptColumns<Name> | undefined;
  let current: BlockRows<Name> | undefined;
  const reader: RecordReader = new RecordReader(source, {
    header: (names) => {
      requireColumns(reader, names, columns.required);
      const all = [...columns.required, ...columns.optional];
      kept = { source, names: all, fields: all.map((name) => names.indexOf(name)), key: names.indexOf(key) };
    },
    record: (data, scanner, line) => {
      if (kept === undefined) return;
      const height = heightOf(data, scanner, kept, line);
      if (height !== current?.height) {
        if (height <= given) {
          const place = { source, where: `line ${line}` };
          throw invalid(place, `block ${height} comes after block ${highest}`, `sort the file by ${key}`);
        }
        current = open.get(height);
        if (current === undefined) open.set(height, (current = new BlockRows(height, kept)));
        if (height > highest) highest = height;
      }
      waiting -= current.size;
      current.add(data, scanner, line);
      waiting += current.size;
    },
  });
  function* take(height: number): Generator<BlockRows<Name>> {
    const rows = open.get(height);
    if (rows === undefined) return;
    open.delete(height);
    given = height;
    waiting -= rows.size;
    yield rows;
  }
  for await (const chunk of chunks) {
    reader.push(chunk);
    for (const done of inOrder(open)) {
      if (done === highest || (done > highest - windowBlocks && waiting <= windowBytes)) break;
      yield* take(done);
    }
    // What comes of a block that was given out is too late.
    if (current !== undefined && current.height <= given) current = undefined;
  }
  reader.finish();
  for (const done of inOrder(open)) yield* take(done);
}

function inOrder(open: ReadonlyMap<number, unknown>): readonly number[] {
  return [...open.keys()].toSorted((left, right) => left - right);
}

/** The number in a record's key column. */
function heightOf(data: Buffer, scanner: RecordScanner, kept: KeptColumns<string>, line: number): number {
  const [start = 0, end = 0] = [scanner.starts[kept.key], scanner.ends[kept.key]];
  const height = smallIn(data, start, end);
  if (height >= 0) return height;
  const name = kept.names.find((_, at) => kept.fields[at] === kept.key) ?? "";
  return readCount(data.toString("utf8", start, end), name, { source: kept.source, where: `line ${line}` });
}

/** Reads tables side by side: what each has of a block. */
export class BlockCursor<Name extends string> {
  readonly #groups: AsyncIterator<BlockRows<Name>> | undefined;
  #next: BlockRows<Name> | undefined;
  #begun = false;

  constructor(groups: AsyncIterable<BlockRows<Name>> | undefined) {
    this.#groups = groups?.[Symbol.asyncIterator]();
  }

  /** The rows of a block, where it has any; heights are asked for in ascending order. @throws {Failure} where rows of none are left over. */
  async rowsOf(height: number): Promise<BlockRows<Name> | undefined> {
    if (!this.#begun) await this.#advance();
    this.#begun = true;
    const next = this.#next;
    if (next === undefined || next.height > height) return undefined;
    if (next.height < height) this.#refuse(next);
    await this.#advance();
    return next;
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

  #refuse(rows: BlockRows<Name>): never {
    throw invalid(
      rows.place(0),
      `block ${rows.height} is not among the blocks`,
      "export all tables of the same blocks",
    );
  }

  async #advance(): Promise<void> {
    const result = await this.#groups?.next();
    this.#next = result?.done === true ? undefined : result?.value;
  }
}
