import { assert } from "../base/assert.ts";
import type { Change, PageSource } from "../store/page-store.ts";
import type { ColumnKind, ValueOf } from "./column.ts";
import {
  AmountColumnWriter,
  HashColumnWriter,
  NumberColumnWriter,
  PageWords,
  TextColumnWriter,
} from "./column-writer.ts";
import { tableKey, type TableName } from "./keys.ts";
import { openPage, sealPage } from "./page.ts";
import { columnPlaces, TablePage, type ColumnPlaces } from "./table-page.ts";

/** A table's shape: its columns by name, and how many records make a page. */
export type TableShape = {
  readonly name: TableName;
  readonly pageRecords: number;
  readonly columns: Readonly<Record<string, ColumnKind>>;
};

/** Where a table's pages lie, and how they are opened: as a chain's own are, or as is said here by their number. */
export type PagePlace =
  | number
  | {
      readonly key: (page: number) => Uint8Array;
      readonly open: (sealed: Uint8Array | undefined, page: number) => Uint8Array;
    };

function keyOf(shape: TableShape, place: PagePlace, page: number): Uint8Array {
  return typeof place === "number" ? tableKey(place, shape.name, page) : place.key(page);
}

/** A record's values, by column. */
export type RecordOf<Shape extends TableShape> = {
  readonly [Column in keyof Shape["columns"]]: ValueOf<Shape["columns"][Column]>;
};
type WriterOf<Kind extends ColumnKind> = Kind extends "hash"
  ? HashColumnWriter
  : Kind extends "amount"
    ? AmountColumnWriter
    : Kind extends "text"
      ? TextColumnWriter
      : NumberColumnWriter;
/** The columns of the page that is being written: each takes one value a record. */
export type ColumnWriters<Shape extends TableShape> = {
  readonly [Column in keyof Shape["columns"]]: WriterOf<Shape["columns"][Column]>;
};

/**
 * Appends records, numbered from 0 without gaps, to a table. Pages are immutable once full; the last one is written
 * anew at each flush and is whole for every count that was ever committed.
 *
 * A record is a value pushed to each of {@link TableWriter.columns}, then {@link TableWriter.next}.
 */
export class TableWriter<const Shape extends TableShape> {
  readonly columns: ColumnWriters<Shape>;
  readonly #all: readonly WriterOf<ColumnKind>[];
  readonly #shape: Shape;
  readonly #place: PagePlace;
  readonly #page = new PageWords();
  #count: number;
  /** Records in the last page. */
  #filled: number;
  #changes: Change[] = [];

  /** Goes on after `count` records, the last page of which is read from the source. */
  constructor(shape: Shape, place: PagePlace, source: PageSource, count: number) {
    this.#shape = shape;
    this.#place = place;
    this.#count = count;
    this.#filled = count % shape.pageRecords;
    const columns = Object.entries(shape.columns).map(
      ([name, kind]) => [name, columnWriter(kind, shape.pageRecords)] as const,
    );
    this.columns = Object.fromEntries(columns) as ColumnWriters<Shape>;
    this.#all = columns.map(([, writer]) => writer);
    if (this.#filled === 0) return;
    const page = new TableReader(shape, place, source, count).page((count - this.#filled) / shape.pageRecords);
    for (const [name, writer] of columns) writer.load(page, name, this.#filled);
  }

  get count(): number {
    return this.#count;
  }

  /** Completes a record, of which each column has its value, and returns its number. */
  next(): number {
    const number = this.#count;
    this.#count += 1;
    this.#filled += 1;
    if (this.#filled === this.#shape.pageRecords) {
      this.#changes.push(this.#lastPage());
      for (const column of this.#all) column.clear();
      this.#filled = 0;
    }
    return number;
  }

  /** What has changed since the last flush, the unfinished page included. */
  flush(): readonly Change[] {
    const changes = this.#changes;
    this.#changes = [];
    return this.#filled === 0 ? changes : [...changes, this.#lastPage()];
  }

  #lastPage(): Change {
    const page = this.#page;
    page.length = 0;
    page.reserve(1 + this.#all.length);
    page.words[0] = this.#filled;
    for (const [index, column] of this.#all.entries()) {
      page.words[1 + index] = page.length;
      column.encode(page);
    }
    // Whoever unpacks a column looks at the word after it.
    page.reserve(1);
    const content = new Uint8Array(page.words.buffer, 0, page.length * 4);
    const key = keyOf(this.#shape, this.#place, Math.ceil(this.#count / this.#shape.pageRecords) - 1);
    const value = sealPage(content);
    page.words.fill(0, 0, page.length);
    return { key, value };
  }
}

function columnWriter(kind: ColumnKind, records: number): WriterOf<ColumnKind> {
  switch (kind) {
    case "number":
    case "rising":
      return new NumberColumnWriter(records, kind);
    case "hash":
      return new HashColumnWriter(records);
    case "amount":
      return new AmountColumnWriter(records);
    case "text":
      return new TextColumnWriter(records);
    default:
      return kind satisfies never;
  }
}

/** Of how many records a reader keeps the pages, and how many pages at least. */
const recordsMax = 1 << 18;
const pagesMin = 256;

/** Pages of a table that were read; given on to a later reader of the same table, it saves reading them again. */
export type PageCache = Map<number, TablePage>;

/** A table's number of records, with pages that were read of it when it had fewer. */
export type CachedTable = { readonly count: number; readonly pages: PageCache };

/** Reads a table's records by number, a page at a time. Pages are kept while they are in use, up to a limit. */
export class TableReader<const Shape extends TableShape> {
  readonly #shape: Shape;
  readonly #place: PagePlace;
  readonly #source: PageSource;
  readonly #columns: ColumnPlaces;
  readonly count: number;
  readonly #pages: PageCache;
  readonly #pagesMax: number;

  constructor(shape: Shape, place: PagePlace, source: PageSource, table: number | CachedTable) {
    this.#shape = shape;
    this.#place = place;
    this.#source = source;
    this.#columns = columnPlaces(shape.columns);
    this.count = typeof table === "number" ? table : table.count;
    this.#pages = typeof table === "number" ? new Map() : table.pages;
    this.#pagesMax = Math.max(pagesMin, Math.ceil(recordsMax / shape.pageRecords));
    // Full pages never change; what was once the last one may have grown since.
    for (const [number, page] of this.#pages) if (page.records < shape.pageRecords) this.#pages.delete(number);
  }

  /** How many records a page has: record `n` is number `n % pageRecords` of page `⌊n / pageRecords⌋`. */
  get pageRecords(): number {
    return this.#shape.pageRecords;
  }

  /** One column of one record. For many records of a page, ask its columns (`TablePage.numbers`, `amounts`). */
  value<Column extends keyof Shape["columns"] & string>(
    column: Column,
    record: number,
  ): ValueOf<Shape["columns"][Column]> {
    assert(record >= 0 && record < this.count, () => `table ${this.#shape.name}: no record ${record} of ${this.count}`);
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

  /**
   * The n-th part of so many neighbouring records, for `TablePage.numbersInto`: its page, its first record there, and how many it has.
   *
   * @param each - Divides a page's records; a multiple of 32.
   */
  part(number: number, each: number): { readonly content: TablePage; readonly first: number; readonly count: number } {
    const perPage = this.#shape.pageRecords / each;
    const first = (number % perPage) * each;
    const content = this.page((number / perPage) | 0);
    return { content, first, count: Math.min(each, content.records - first) };
  }

  /** @throws {Failure} `LEDGER_DAMAGED` where the page is missing or its checksum is wrong. */
  page(page: number): TablePage {
    const known = this.#pages.get(page);
    if (known !== undefined) return known;
    const key = keyOf(this.#shape, this.#place, page);
    const place = this.#place;
    const sealed = this.#source.get(key);
    const bytes =
      typeof place === "number" ? openPage(sealed, `${this.#shape.name}, page ${page}`) : place.open(sealed, page);
    const decoded = new TablePage(this.#columns, bytes);
    // The oldest page goes first: following money moves on and seldom returns.
    if (this.#pages.size >= this.#pagesMax) this.#pages.delete(this.#pages.keys().next().value ?? -1);
    this.#pages.set(page, decoded);
    return decoded;
  }
}
