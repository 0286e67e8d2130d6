import { assert } from "../../base/assert.ts";
import { ByteSlabs } from "../../base/byte-slabs.ts";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { taintKey } from "../../ledger/keys.ts";
import { sealPage } from "../../ledger/page.ts";
import type { Change, PageSource } from "../../store/page-store.ts";
import { readEntries, writeEntries, type OwnerEntry } from "./owner-entry.ts";
import { ownersPerPage, pageOf, readPage } from "./owner-pages.ts";

/** What a page takes in memory beside its content, and what an entry takes: about what V8 needs for their objects and keys. */
const pageBytes = 320;
const entryBytes = 256;

/** A page while it is changed: as it is stored, but for the owners that were asked for. */
type OpenPage = {
  readonly content: Uint8Array;
  /** A bit by owner's place in the page: its entries are in `entries`, whatever `content` says of it. */
  opened: number;
  /** By owner, strand and asset. */
  readonly entries: OwnerEntry[];
};

/** The entries of owners while they are changed: pages are read when they are asked for, and written by `flush`. */
export class OwnerBook {
  readonly #source: PageSource;
  readonly #chain: number;
  readonly #pages = new Map<number, OpenPage>();
  readonly #changed = new Set<number>();
  readonly #page = new ByteWriter(4_096);
  readonly #group = new ByteWriter(1_024);
  /** The contents of pages. */
  readonly #contents = new ByteSlabs();
  #bytes = 0;

  constructor(source: PageSource, chain: number) {
    this.#source = source;
    this.#chain = chain;
  }

  /** What is in memory, in bytes, nearly. */
  get bytes(): number {
    return this.#bytes;
  }

  /** All entries of an owner. */
  of(owner: number): readonly OwnerEntry[] {
    const { entries } = this.#open(owner);
    return entries.slice(placeIn(entries, owner, 0, 0), placeIn(entries, owner + 1, 0, 0));
  }

  /** An entry that may be changed; whoever does so calls {@link OwnerBook.touch}. */
  find(owner: number, strand: number, asset: number): OwnerEntry | undefined {
    const { entries } = this.#open(owner);
    const entry = entries[placeIn(entries, owner, strand, asset)];
    return entry !== undefined && compare(entry, owner, strand, asset) === 0 ? entry : undefined;
  }

  add(entry: OwnerEntry): void {
    const { owner, strand, asset } = entry;
    const { entries } = this.#open(owner);
    entries.splice(placeIn(entries, owner, strand, asset), 0, entry);
    this.#bytes += entryBytes;
    this.touch(owner);
  }

  remove({ owner, strand, asset }: OwnerEntry): void {
    const { entries } = this.#open(owner);
    const at = placeIn(entries, owner, strand, asset);
    const entry = entries[at];
    assert(
      entry !== undefined && compare(entry, owner, strand, asset) === 0,
      "taint: an entry that is removed is not there",
    );
    entries.splice(at, 1);
    this.touch(owner);
  }

  /** Removes the entries of a strand at an owner. */
  removeStrand(owner: number, strand: number): void {
    const gone = this.of(owner).filter((entry) => entry.strand === strand);
    for (const entry of gone) this.remove(entry);
  }

  touch(owner: number): void {
    this.#changed.add(pageOf(owner));
  }

  /** What has changed since the last flush, in the order of their keys, which a store takes best. Nothing is remembered afterwards. */
  flush(): readonly Change[] {
    const changed = Float64Array.from(this.#changed).toSorted();
    const changes: Change[] = [];
    // Whoever is given them may keep them.
    const slabs = new ByteSlabs();
    const room = (length: number): Uint8Array => slabs.room(length);
    for (const page of changed) {
      const open = this.#pages.get(page);
      assert(open !== undefined, "taint: a page was changed that is not open");
      changes.push({ key: taintKey(this.#chain, "owners", page), value: this.#encode(open, room) });
    }
    this.discard();
    return changes;
  }

  /** Forgets what has changed since the last flush. */
  discard(): void {
    this.#changed.clear();
    this.#pages.clear();
    this.#contents.clear();
    this.#bytes = 0;
  }

  /** The page of an owner, with the owner's entries. */
  #open(owner: number): OpenPage {
    const number = pageOf(owner);
    let page = this.#pages.get(number);
    if (page === undefined) {
      const lent = readPage(this.#source, this.#chain, number);
      const content = lent === undefined ? nothing : this.#contents.copy(lent);
      // Where nothing is stored, nothing has to be looked for.
      page = { content, opened: content.length === 0 ? ~0 : 0, entries: [] };
      this.#pages.set(number, page);
      this.#bytes += pageBytes + content.length;
    }
    const bit = 1 << (owner % ownersPerPage);
    if ((page.opened & bit) === 0) {
      page.opened |= bit;
      this.#read(page, owner);
    }
    return page;
  }

  #read({ content, entries }: OpenPage, owner: number): void {
    const own = owner % ownersPerPage;
    const reader = new ByteReader(content);
    while (reader.position < content.length) {
      const place = reader.byte();
      const length = reader.varint();
      if (place > own) return;
      const start = reader.position;
      reader.skip(length);
      if (place < own) continue;
      const found = readEntries(content.subarray(start, start + length), owner);
      entries.splice(placeIn(entries, owner, 0, 0), 0, ...found);
      this.#bytes += entryBytes * found.length;
      return;
    }
  }

  #encode({ content, opened, entries }: OpenPage, room: (length: number) => Uint8Array): Uint8Array | undefined {
    const page = this.#page;
    page.clear();
    const reader = new ByteReader(content);
    let next = 0;
    /** Writes the opened owners before a place. */
    const writeTo = (end: number): void => {
      while (next < entries.length && (entries[next] as OwnerEntry).owner % ownersPerPage < end) {
        next = this.#writeOwner(entries, next);
      }
    };
    while (reader.position < content.length) {
      const start = reader.position;
      const place = reader.byte();
      reader.skip(reader.varint());
      if ((opened & (1 << place)) !== 0) continue;
      writeTo(place);
      page.bytes(content.subarray(start, reader.position));
    }
    writeTo(ownersPerPage);
    return page.length === 0 ? undefined : sealPage(page.written(), room);
  }

  /** Writes the entries of the owner that the one at a place belongs to; the place behind them. */
  #writeOwner(entries: readonly OwnerEntry[], from: number): number {
    const { owner } = entries[from] as OwnerEntry;
    let end = from + 1;
    while (entries[end]?.owner === owner) end += 1;
    this.#group.clear();
    writeEntries(this.#group, entries, from, end);
    this.#page.byte(owner % ownersPerPage);
    this.#page.varint(this.#group.length);
    this.#page.bytes(this.#group.written());
    return end;
  }
}

const nothing = new Uint8Array(0);

function compare(entry: OwnerEntry, owner: number, strand: number, asset: number): number {
  return entry.owner - owner || entry.strand - strand || entry.asset - asset;
}

/** Where an entry is, or would be. */
function placeIn(entries: readonly OwnerEntry[], owner: number, strand: number, asset: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(entries[middle] as OwnerEntry, owner, strand, asset) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
