import { ByteReader } from "../../base/bytes.ts";
import { taintKey } from "../../ledger/keys.ts";
import type { PageSource, StoreSnapshot } from "../../store/page-store.ts";
import { openTaintPage } from "./open-page.ts";
import { readEntries, type OwnerEntry } from "./owner-entry.ts";

/** Owners whose entries share a page: a page of a kilobyte or so, of which a look-up decodes one owner. */
export const ownersPerPage = 32;

/** The page of an owner's number + 1. */
export function pageOf(owner: number): number {
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

/** A page's content, checked and lent until the next read; undefined where no owner of it has received anything. @throws {Failure} `TAINT_DAMAGED`. */
export function readPage(source: PageSource, chain: number, page: number): Uint8Array | undefined {
  const stored = source.lend(taintKey(chain, "owners", page));
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
