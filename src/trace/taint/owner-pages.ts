import { assert } from "../../base/assert.ts";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { taintKey } from "../../ledger/keys.ts";
import { sealPage } from "../../ledger/page.ts";
import type { Change, PageSource, StoreSnapshot } from "../../store/page-store.ts";
import { openTaintPage } from "./open-page.ts";
import { readEntries, writeEntries, type OwnerEntry } from "./owner-entry.ts";

/** Owners whose entries share a page: a page of a kilobyte or so, of which a look-up decodes one owner. */
const ownersPerPage = 32;

/** One owner's part of a page: as bytes until somebody asks for it. */
type Group = { bytes: Uint8Array | undefined; entries: OwnerEntry[] | undefined };

function pageOf(owner: number): number {
  return (owner - (owner % ownersPerPage)) / ownersPerPage;
}

/** Owners by their place in the page, each with how many bytes its entries have and these; in ascending order. */
function* groupsOf(content: Uint8Array): Generator<{ readonly place: number; readonly bytes: Uint8Array }> {
  const reader = new ByteReader(content);
  while (reader.position < content.length) {
    const place = reader.byte();
    yield { place, bytes: reader.bytes(reader.varint()) };
  }
}

function readPage(source: PageSource, chain: number, page: number): Uint8Array | undefined {
  const stored = source.get(taintKey(chain, "owners", page));
  return stored === undefined ? undefined : openTaintPage(stored, `owners, page ${page}`);
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
  const own = owner % ownersPerPage;
  for (const { place, bytes } of groupsOf(page)) {
    if (place === own) return readEntries(bytes, owner);
    if (place > own) return [];
  }
  return [];
}

/** How many owners have received anything, nobody left out. Cost: every page. */
export function countOwners(pages: Pick<StoreSnapshot, "range">, chain: number): number {
  const range = { from: taintKey(chain, "owners"), to: taintKey(chain, "records"), order: "ascending" } as const;
  let count = 0;
  for (const { key, value } of pages.range(range)) {
    const page = Buffer.from(key).readUIntBE(3, 6);
    for (const { place } of groupsOf(openTaintPage(value, `owners, page ${page}`))) {
      if (page > 0 || place > 0) count += 1;
    }
  }
  return count;
}

/** Of each owner of a stored page its entries, in order. @throws {Failure} `TAINT_DAMAGED`. */
export function* entriesOfPage(stored: Uint8Array, page: number): Generator<readonly OwnerEntry[]> {
  for (const { place, bytes } of groupsOf(openTaintPage(stored, `owners, page ${page}`)))
    yield readEntries(bytes, page * ownersPerPage + place);
}

/** The entries of owners while they are changed: pages are read when they are asked for, and written by `flush`. */
export class OwnerBook {
  readonly #source: PageSource;
  readonly #chain: number;
  readonly #pages = new Map<number, Map<number, Group>>();
  readonly #changed = new Set<number>();
  readonly #page = new ByteWriter(4_096);
  readonly #entries = new ByteWriter(1_024);

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
    return this.#of(owner);
  }

  /** An entry that may be changed; whoever does so calls {@link OwnerBook.touch}. */
  find(owner: number, strand: number, asset: number): OwnerEntry | undefined {
    const entries = this.#of(owner);
    const entry = entries[placeIn(entries, strand, asset)];
    return entry !== undefined && compare(entry, strand, asset) === 0 ? entry : undefined;
  }

  add(entry: OwnerEntry): void {
    const entries = this.#of(entry.owner);
    entries.splice(placeIn(entries, entry.strand, entry.asset), 0, entry);
    this.touch(entry.owner);
  }

  remove({ owner, strand, asset }: OwnerEntry): void {
    const entries = this.#of(owner);
    const at = placeIn(entries, strand, asset);
    assert(entries[at] !== undefined, "taint: an entry that is removed is not there");
    entries.splice(at, 1);
    this.touch(owner);
  }

  /** Removes the entries of a strand at an owner. */
  removeStrand(owner: number, strand: number): void {
    const gone = this.#of(owner).filter((entry) => entry.strand === strand);
    for (const entry of gone) this.remove(entry);
  }

  touch(owner: number): void {
    this.#changed.add(pageOf(owner));
    const group = this.#groups(pageOf(owner)).get(owner % ownersPerPage);
    if (group !== undefined) group.bytes = undefined;
  }

  /** What has changed since the last flush. Nothing is remembered afterwards. */
  flush(): readonly Change[] {
    const changes = [...this.#changed].map((page): Change => {
      const value = this.#encode(this.#groups(page));
      return { key: taintKey(this.#chain, "owners", page), value };
    });
    this.discard();
    return changes;
  }

  /** Forgets what has changed since the last flush. */
  discard(): void {
    this.#changed.clear();
    this.#pages.clear();
  }

  #of(owner: number): OwnerEntry[] {
    const groups = this.#groups(pageOf(owner));
    let group = groups.get(owner % ownersPerPage);
    if (group === undefined) groups.set(owner % ownersPerPage, (group = { bytes: undefined, entries: [] }));
    group.entries ??= readEntries(group.bytes ?? new Uint8Array(0), owner);
    return group.entries;
  }

  #groups(page: number): Map<number, Group> {
    const known = this.#pages.get(page);
    if (known !== undefined) return known;
    const groups = new Map<number, Group>();
    const read = readPage(this.#source, this.#chain, page);
    if (read !== undefined) {
      for (const { place, bytes } of groupsOf(read)) groups.set(place, { bytes, entries: undefined });
    }
    this.#pages.set(page, groups);
    return groups;
  }

  #encode(groups: ReadonlyMap<number, Group>): Uint8Array | undefined {
    const page = this.#page;
    page.clear();
    for (let place = 0; place < ownersPerPage; place += 1) {
      const group = groups.get(place);
      if (group === undefined || (group.bytes === undefined && group.entries?.length === 0)) continue;
      let { bytes } = group;
      if (bytes === undefined) {
        this.#entries.clear();
        writeEntries(this.#entries, group.entries ?? []);
        bytes = this.#entries.written();
      }
      page.byte(place);
      page.varint(bytes.length);
      page.bytes(bytes);
    }
    return page.length === 0 ? undefined : sealPage(page.written());
  }
}

function compare(entry: OwnerEntry, strand: number, asset: number): number {
  return entry.strand - strand || entry.asset - asset;
}

/** Where an entry is, or would be. */
function placeIn(entries: readonly OwnerEntry[], strand: number, asset: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(entries[middle] as OwnerEntry, strand, asset) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
