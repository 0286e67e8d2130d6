import { assert } from "../../base/assert.ts";
import { AmountColumnWriter, NumberColumnWriter, PageWords } from "../../ledger/column-writer.ts";
import type { ColumnKind } from "../../ledger/column.ts";
import { taintKey } from "../../ledger/keys.ts";
import { sealPage } from "../../ledger/page.ts";
import { columnPlaces, TablePage } from "../../ledger/table-page.ts";
import type { Change, PageSource } from "../../store/page-store.ts";
import { openTaintPage } from "./open-page.ts";

/** Owners whose entries share a page: a page of some kilobytes that a look-up reads whole. */
export const ownersPerPage = 32;

/** What one owner received of one strand in one asset. `owner`: 0 nobody, else the owner's number + 1. */
export type OwnerEntry = {
  readonly owner: number;
  readonly strand: number;
  readonly asset: number;
  amount: bigint;
  direct: bigint;
  held: bigint;
  count: number;
  hops: number;
  /** Rows of the first and the last receipt. */
  first: number;
  last: number;
  /** Records: the one with the largest amount, and the last one. */
  largest: number;
  lastRecord: number;
  /** The largest amount. */
  most: bigint;
};

/** In the order of an entry's numbers; rows and records by their distance from others, so that they take few bits. */
const columns = {
  owner: "rising",
  strand: "number",
  asset: "number",
  amount: "amount",
  direct: "amount",
  held: "amount",
  count: "number",
  hops: "number",
  first: "number",
  span: "number",
  lastRecord: "number",
  largest: "number",
  rest: "amount",
} as const satisfies Readonly<Record<string, ColumnKind>>;
const places = columnPlaces(columns);
const columnNames = Object.keys(columns) as readonly (keyof typeof columns)[];

function pageOf(owner: number): number {
  return (owner - (owner % ownersPerPage)) / ownersPerPage;
}

function compare(entry: OwnerEntry, owner: number, strand: number, asset: number): number {
  return entry.owner - owner || entry.strand - strand || entry.asset - asset;
}

/** A page's entries, by owner, strand and asset. */
function decode(page: TablePage, firstOwner: number): OwnerEntry[] {
  const [owner, strand, asset] = [page.numbers("owner"), page.numbers("strand"), page.numbers("asset")];
  const [amount, direct, held] = [page.amounts("amount"), page.amounts("direct"), page.amounts("held")];
  const [count, hops, first] = [page.numbers("count"), page.numbers("hops"), page.numbers("first")];
  const [span, lastRecord, largest] = [page.numbers("span"), page.numbers("lastRecord"), page.numbers("largest")];
  const rest = page.amounts("rest");
  return Array.from({ length: page.records }, (_, at): OwnerEntry => ({
    owner: firstOwner + (owner[at] as number),
    strand: strand[at] as number,
    asset: asset[at] as number,
    amount: amount.exact(at),
    direct: direct.exact(at),
    held: held.exact(at),
    count: count[at] as number,
    hops: hops[at] as number,
    first: first[at] as number,
    last: (first[at] as number) + (span[at] as number),
    lastRecord: lastRecord[at] as number,
    largest: (lastRecord[at] as number) - (largest[at] as number),
    most: amount.exact(at) - rest.exact(at),
  }));
}

function readPage(source: PageSource, chain: number, page: number): TablePage | undefined {
  const stored = source.get(taintKey(chain, "owners", page));
  return stored === undefined
    ? undefined
    : new TablePage(places, openTaintPage(stored, `taint of owners, page ${page}`));
}

/**
 * What an owner received, of every strand.
 *
 * @param owner - Its number + 1; 0 nobody.
 * Cost: one page.
 */
export function ownerEntries(source: PageSource, chain: number, owner: number): readonly OwnerEntry[] {
  const page = readPage(source, chain, pageOf(owner));
  if (page === undefined) return [];
  const within = owner % ownersPerPage;
  let [from, end] = [0, page.records];
  while (from < end) {
    const middle = (from + end) >>> 1;
    if ((page.value("owner", middle) as number) < within) from = middle + 1;
    else end = middle;
  }
  // Most pages that are looked at have nothing of the owner: they are not decoded.
  if (from === page.records || page.value("owner", from) !== within) return [];
  return decode(page, owner - within).filter((entry) => entry.owner === owner);
}

/** The entries of owners while they are changed: pages are read when they are asked for, and written by `flush`. */
export class OwnerBook {
  readonly #source: PageSource;
  readonly #chain: number;
  readonly #pages = new Map<number, OwnerEntry[]>();
  readonly #changed = new Set<number>();
  readonly #words = new PageWords();
  #capacity = 256;
  #columns: PageColumns = pageColumns(256);

  constructor(source: PageSource, chain: number) {
    this.#source = source;
    this.#chain = chain;
  }

  /** Pages in memory. */
  get size(): number {
    return this.#pages.size;
  }

  /** All entries of an owner. */
  of(owner: number): readonly OwnerEntry[] {
    return this.#page(pageOf(owner)).filter((entry) => entry.owner === owner);
  }

  /** An entry that may be changed; whoever does so calls {@link OwnerBook.touch}. */
  find(owner: number, strand: number, asset: number): OwnerEntry | undefined {
    const page = this.#page(pageOf(owner));
    const at = place(page, owner, strand, asset);
    const entry = page[at];
    return entry !== undefined && compare(entry, owner, strand, asset) === 0 ? entry : undefined;
  }

  add(entry: OwnerEntry): void {
    const page = this.#page(pageOf(entry.owner));
    page.splice(place(page, entry.owner, entry.strand, entry.asset), 0, entry);
    this.touch(entry.owner);
  }

  remove({ owner, strand, asset }: OwnerEntry): void {
    const page = this.#page(pageOf(owner));
    const at = place(page, owner, strand, asset);
    assert(page[at]?.owner === owner, "taint: an entry that is removed is not there");
    page.splice(at, 1);
    this.touch(owner);
  }

  /** Removes the entries of a strand at an owner. */
  removeStrand(owner: number, strand: number): void {
    for (const entry of this.of(owner)) if (entry.strand === strand) this.remove(entry);
  }

  touch(owner: number): void {
    this.#changed.add(pageOf(owner));
  }

  /** What has changed since the last flush. Nothing is remembered afterwards. */
  flush(): readonly Change[] {
    const changes = [...this.#changed].map((page): Change => {
      const entries = this.#page(page);
      const key = taintKey(this.#chain, "owners", page);
      return { key, value: entries.length === 0 ? undefined : this.#encode(entries, page * ownersPerPage) };
    });
    this.#changed.clear();
    this.#pages.clear();
    return changes;
  }

  /** Forgets what has changed since the last flush. */
  discard(): void {
    this.#changed.clear();
    this.#pages.clear();
  }

  #page(page: number): OwnerEntry[] {
    const known = this.#pages.get(page);
    if (known !== undefined) return known;
    const read = readPage(this.#source, this.#chain, page);
    const entries = read === undefined ? [] : decode(read, page * ownersPerPage);
    this.#pages.set(page, entries);
    return entries;
  }

  #encode(entries: readonly OwnerEntry[], firstOwner: number): Uint8Array {
    if (entries.length > this.#capacity) {
      this.#capacity = entries.length * 2;
      this.#columns = pageColumns(this.#capacity);
    }
    const { numbers, amounts } = this.#columns;
    for (const entry of entries) {
      numbers.owner.push(entry.owner - firstOwner);
      numbers.strand.push(entry.strand);
      numbers.asset.push(entry.asset);
      numbers.count.push(entry.count);
      numbers.hops.push(entry.hops);
      numbers.first.push(entry.first);
      numbers.span.push(entry.last - entry.first);
      numbers.lastRecord.push(entry.lastRecord);
      numbers.largest.push(entry.lastRecord - entry.largest);
      amounts.amount.push(entry.amount);
      amounts.direct.push(entry.direct);
      amounts.held.push(entry.held);
      amounts.rest.push(entry.amount - entry.most);
    }
    const written: Readonly<Record<keyof typeof columns, NumberColumnWriter | AmountColumnWriter>> = {
      ...numbers,
      ...amounts,
    };
    const page = this.#words;
    page.words.fill(0, 0, page.length);
    page.length = 0;
    page.reserve(1 + columnNames.length);
    page.words[0] = entries.length;
    for (const [index, name] of columnNames.entries()) {
      page.words[1 + index] = page.length;
      written[name].encode(page);
      written[name].clear();
    }
    page.reserve(1);
    return sealPage(new Uint8Array(page.words.buffer, 0, page.length * 4));
  }
}

type PageColumns = ReturnType<typeof pageColumns>;

/** What a page's columns are written by; used again for the next page. */
function pageColumns(entries: number): {
  readonly numbers: Readonly<
    Record<
      "owner" | "strand" | "asset" | "count" | "hops" | "first" | "span" | "lastRecord" | "largest",
      NumberColumnWriter
    >
  >;
  readonly amounts: Readonly<Record<"amount" | "direct" | "held" | "rest", AmountColumnWriter>>;
} {
  const number = (): NumberColumnWriter => new NumberColumnWriter(entries, "number");
  const amount = (): AmountColumnWriter => new AmountColumnWriter(entries);
  return {
    numbers: {
      owner: new NumberColumnWriter(entries, "rising"),
      strand: number(),
      asset: number(),
      count: number(),
      hops: number(),
      first: number(),
      span: number(),
      lastRecord: number(),
      largest: number(),
    },
    amounts: { amount: amount(), direct: amount(), held: amount(), rest: amount() },
  };
}

/** Where an entry is, or would be. */
function place(page: readonly OwnerEntry[], owner: number, strand: number, asset: number): number {
  let [low, high] = [0, page.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(page[middle] as OwnerEntry, owner, strand, asset) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
