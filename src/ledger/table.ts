import { assert } from "../base/assert.ts";
import { ByteReader, ByteWriter } from "../base/bytes.ts";
import type { Change, StoreSnapshot } from "../store/page-store.ts";
import { tableKey, type TableName } from "./keys.ts";
import { openPage, sealPage } from "./page.ts";

/**
 * How a column is kept. `number`: any integer below 2^53; `rising`: one that never falls from record to record, kept as
 * differences; `byte`; `hash`: 32 bytes; `amount`: up to 256 bits; `text`: any, hexadecimal ids in half their length.
 */
export type ColumnKind = "number" | "rising" | "byte" | "hash" | "amount" | "text";

/** A table's shape: its columns by name, and how many records make a page. */
export type TableShape = {
  readonly name: TableName;
  readonly pageRecords: number;
  readonly columns: Readonly<Record<string, ColumnKind>>;
};

/** A record's values, by column. */
export type RecordOf<Shape extends TableShape> = {
  readonly [Column in keyof Shape["columns"]]: ValueOf<Shape["columns"][Column]>;
};
type ValueOf<Kind extends ColumnKind> = Kind extends "hash"
  ? Uint8Array
  : Kind extends "amount"
    ? bigint
    : Kind extends "text"
      ? string
      : number;
type ColumnOf<Kind extends ColumnKind> = ValueOf<Kind>[];

/**
 * Appends records, numbered from 0 without gaps, to a table. Pages are immutable once full; the last one is written
 * anew at each flush and is whole for every count that was ever committed.
 */
export class TableWriter<const Shape extends TableShape> {
  readonly #shape: Shape;
  readonly #chain: number;
  #columns: ColumnOf<ColumnKind>[];
  #count: number;
  #changes: Change[] = [];

  /** Goes on after `count` records, the last page of which is read from the snapshot. */
  constructor(shape: Shape, chain: number, snapshot: StoreSnapshot, count: number) {
    this.#shape = shape;
    this.#chain = chain;
    this.#count = count;
    const rest = count % shape.pageRecords;
    this.#columns = Object.keys(shape.columns).map(() => []);
    if (rest > 0) {
      const page = new TableReader(shape, chain, snapshot, count).page((count - rest) / shape.pageRecords);
      this.#columns = Object.keys(shape.columns).map((name) => page.column(name).slice(0, rest));
    }
  }

  get count(): number {
    return this.#count;
  }

  /** Appends a record and returns its number. Values in the order of the shape's columns. */
  append(...values: readonly ValueOf<ColumnKind>[]): number {
    for (let column = 0; column < this.#columns.length; column += 1) {
      const value = values[column];
      assert(value !== undefined, "table: a record has a value for every column");
      this.#columns[column]?.push(value);
    }
    this.#count += 1;
    if (this.#count % this.#shape.pageRecords === 0) {
      this.#changes.push(this.#lastPage());
      this.#columns = this.#columns.map(() => []);
    }
    return this.#count - 1;
  }

  /** What has changed since the last flush, the unfinished page included. */
  flush(): readonly Change[] {
    const changes = this.#changes;
    this.#changes = [];
    return this.#count % this.#shape.pageRecords === 0 ? changes : [...changes, this.#lastPage()];
  }

  #lastPage(): Change {
    const page = Math.ceil(this.#count / this.#shape.pageRecords) - 1;
    const bytes = encodePage(Object.values(this.#shape.columns), this.#columns);
    return { key: tableKey(this.#chain, this.#shape.name, page), value: sealPage(bytes) };
  }
}

/** How many pages of a table a reader keeps. */
const pagesMax = 1_024;

/** Pages of a table that were read; given on to a later reader of the same table, it saves reading them again. */
export type PageCache = Map<number, TablePage>;

/** A table's number of records, with pages that were read of it when it had fewer. */
export type CachedTable = { readonly count: number; readonly pages: PageCache };

/** Reads a table's records by number, a page at a time. Pages are kept while they are in use, up to a limit. */
export class TableReader<const Shape extends TableShape> {
  readonly #shape: Shape;
  readonly #chain: number;
  readonly #snapshot: StoreSnapshot;
  readonly count: number;
  readonly #pages: PageCache;

  constructor(shape: Shape, chain: number, snapshot: StoreSnapshot, table: number | CachedTable) {
    this.#shape = shape;
    this.#chain = chain;
    this.#snapshot = snapshot;
    this.count = typeof table === "number" ? table : table.count;
    this.#pages = typeof table === "number" ? new Map() : table.pages;
    // Full pages never change; what was once the last one may have grown since.
    for (const [number, page] of this.#pages) if (page.records < shape.pageRecords) this.#pages.delete(number);
  }

  /** One column of one record. */
  value<Column extends keyof Shape["columns"] & string>(
    column: Column,
    record: number,
  ): ValueOf<Shape["columns"][Column]> {
    assert(record >= 0 && record < this.count, `table ${this.#shape.name}: no record ${record} of ${this.count}`);
    const within = record % this.#shape.pageRecords;
    const page = this.page((record - within) / this.#shape.pageRecords);
    return page.value(column, within) as ValueOf<Shape["columns"][Column]>;
  }

  /** A whole record. */
  record(record: number): RecordOf<Shape> {
    return Object.fromEntries(
      Object.keys(this.#shape.columns).map((column) => [column, this.value(column, record)]),
    ) as RecordOf<Shape>;
  }

  /** @throws {Failure} `LEDGER_DAMAGED` where the page is missing or its checksum is wrong. */
  page(page: number): TablePage {
    const known = this.#pages.get(page);
    if (known !== undefined) return known;
    const key = tableKey(this.#chain, this.#shape.name, page);
    const bytes = openPage(this.#snapshot.get(key), `${this.#shape.name}, page ${page}`);
    const decoded = new TablePage(Object.entries(this.#shape.columns), bytes);
    // The oldest page goes first: following money moves on and seldom returns.
    if (this.#pages.size >= pagesMax) this.#pages.delete(this.#pages.keys().next().value ?? -1);
    this.#pages.set(page, decoded);
    return decoded;
  }
}

/** A page whose columns are decoded when they are first asked for. */
export class TablePage {
  readonly #bytes: Uint8Array;
  readonly #places = new Map<string, { readonly kind: ColumnKind; readonly at: number }>();
  readonly #decoded = new Map<string, ColumnOf<ColumnKind>>();
  readonly records: number;

  constructor(columns: readonly (readonly [string, ColumnKind])[], bytes: Uint8Array) {
    this.#bytes = bytes;
    const reader = new ByteReader(bytes);
    this.records = reader.varint();
    for (const [name, kind] of columns) {
      const length = reader.varint();
      this.#places.set(name, { kind, at: reader.position });
      reader.bytes(length);
    }
  }

  /** One value; of columns whose values have one length without decoding the others. */
  value(name: string, record: number): ValueOf<ColumnKind> {
    const place = this.#places.get(name);
    assert(place !== undefined && record < this.records, `table: no ${name} of record ${record} in the page`);
    if (place.kind === "hash") return this.#bytes.subarray(place.at + record * 32, place.at + record * 32 + 32);
    const value = place.kind === "byte" ? this.#bytes[place.at + record] : this.column(name)[record];
    assert(value !== undefined, "table: a column is too short");
    return value;
  }

  column(name: string): ColumnOf<ColumnKind> {
    const known = this.#decoded.get(name);
    if (known !== undefined) return known;
    const place = this.#places.get(name);
    assert(place !== undefined, `table: no column ${name}`);
    const decoded = decodeColumn(place.kind, new ByteReader(this.#bytes, place.at), this.records);
    this.#decoded.set(name, decoded);
    return decoded;
  }
}

function encodePage(kinds: readonly ColumnKind[], columns: readonly ColumnOf<ColumnKind>[]): Uint8Array {
  const page = new ByteWriter(16_384);
  page.varint(columns[0]?.length ?? 0);
  for (const [index, kind] of kinds.entries()) {
    const column = new ByteWriter(8_192);
    encodeColumn(kind, columns[index] ?? [], column);
    page.varint(column.length);
    page.bytes(column.toBytes());
  }
  return page.toBytes();
}

/** A text's first number says how it is kept: 2n plain with n bytes; 1 hexadecimal, 3 hexadecimal after 0x. */
function writeText(text: string, writer: ByteWriter): void {
  const match = /^(?<prefix>0x)?(?<hex>(?:[0-9a-f]{2}){8,127})$/u.exec(text)?.groups;
  if (match === undefined) {
    const bytes = utf8.encode(text);
    writer.varint(bytes.length * 2);
    writer.bytes(bytes);
    return;
  }
  const bytes = Buffer.from(match["hex"] ?? "", "hex");
  writer.varint(match["prefix"] === undefined ? 1 : 3);
  writer.byte(bytes.length);
  writer.bytes(bytes);
}

function readText(reader: ByteReader): string {
  const head = reader.varint();
  if (head % 2 === 0) return fromUtf8.decode(reader.bytes(head / 2));
  const bytes = reader.bytes(reader.byte());
  return `${head === 1 ? "" : "0x"}${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")}`;
}

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function encodeColumn(kind: ColumnKind, values: ColumnOf<ColumnKind>, writer: ByteWriter): void {
  // A loop for each kind: deciding anew at each value took a tenth of ingestion's time.
  switch (kind) {
    case "number":
      for (const value of values as number[]) writer.varint(value);
      return;
    case "rising": {
      let before = 0;
      for (const value of values as number[]) {
        assert(value >= before, "table: a rising column fell");
        writer.varint(value - before);
        before = value;
      }
      return;
    }
    case "byte":
      for (const value of values as number[]) writer.byte(value);
      return;
    case "hash":
      for (const value of values as Uint8Array[]) {
        assert(value.length === 32, "table: a hash has 32 bytes");
        writer.bytes(value);
      }
      return;
    case "amount":
      for (const value of values as bigint[]) writer.amount(value);
      return;
    case "text":
      for (const value of values as string[]) writeText(value, writer);
      return;
    default:
      kind satisfies never;
  }
}

function decodeColumn(kind: ColumnKind, reader: ByteReader, records: number): ColumnOf<ColumnKind> {
  const values: ValueOf<ColumnKind>[] = [];
  let before = 0;
  for (let record = 0; record < records; record += 1) {
    switch (kind) {
      case "number":
        values.push(reader.varint());
        break;
      case "rising":
        before += reader.varint();
        values.push(before);
        break;
      case "byte":
        values.push(reader.byte());
        break;
      case "hash":
        values.push(reader.bytes(32));
        break;
      case "amount":
        values.push(reader.amount());
        break;
      case "text":
        values.push(readText(reader));
        break;
      default:
        return kind satisfies never;
    }
  }
  return values;
}
