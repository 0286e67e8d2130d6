import { Failure } from "../base/failure.ts";
import { forestPrefix } from "../ledger/keys.ts";
import { openPage, sealPage } from "../ledger/page.ts";
import type { Change, StoreSnapshot } from "../store/page-store.ts";
import { IntPages, pageNumbers } from "./int-pages.ts";

/** The forest's columns, each with the byte by which its pages' keys go on. */
const columnBytes = { parents: 0x00, ring: 0x01 } as const;
export type ForestColumn = keyof typeof columnBytes;
export const forestColumns = Object.keys(columnBytes) as readonly ForestColumn[];

const generationMax = 0xffff_fffe;
const prefixBytes = 6;

/** Which forest a page is of, and where in it. */
export type ForestPlace = { readonly chain: number; readonly generation: number; readonly column: ForestColumn };

function pageKey({ chain, generation, column }: ForestPlace, page: number): Uint8Array {
  const key = new Uint8Array(prefixBytes + 5);
  key.set(forestPrefix(chain, generation));
  key[prefixBytes] = columnBytes[column];
  new DataView(key.buffer).setUint32(prefixBytes + 1, page);
  return key;
}

/** A column of the forest. @param place - Where it is read from at the time a page is first met. */
export function storedColumn(snapshot: () => StoreSnapshot, place: () => ForestPlace): IntPages {
  return new IntPages((page) => {
    const at = place();
    const stored = snapshot().lend(pageKey(at, page));
    return stored === undefined
      ? undefined
      : decoded(openPage(stored, `cluster ${at.column}, page ${page}`), at.column);
  });
}

/** The change that stores a page. */
export function forestPage(place: ForestPlace, page: number, numbers: Int32Array): Change {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return { key: pageKey(place, page), value: sealPage(bytes) };
}

/** The numbers of the pages of a column that are stored. */
export function storedPages(snapshot: StoreSnapshot, place: ForestPlace): readonly number[] {
  const found: number[] = [];
  const [from, to] = [pageKey(place, 0), pageKey(place, 0xffff_ffff)];
  for (const { key } of snapshot.range({ from, to, order: "ascending" })) {
    found.push(new DataView(key.buffer, key.byteOffset).getUint32(prefixBytes + 1));
  }
  return found;
}

/** A generation of which nothing is stored, after all others. */
export function freshGeneration(snapshot: StoreSnapshot, chain: number): number {
  const [from, to] = [forestPrefix(chain, 0), forestPrefix(chain, generationMax)];
  for (const { key } of snapshot.range({ from, to, order: "descending" })) {
    return new DataView(key.buffer, key.byteOffset).getUint32(2) + 1;
  }
  return 1;
}

/** The keys of all pages of other generations than one. */
export function otherGenerations(snapshot: StoreSnapshot, chain: number, generation: number): readonly Uint8Array[] {
  const ranges = [
    { from: forestPrefix(chain, 0), to: forestPrefix(chain, generation) },
    { from: forestPrefix(chain, generation + 1), to: forestPrefix(chain, generationMax) },
  ];
  return ranges.flatMap((range) =>
    [...snapshot.range({ ...range, order: "ascending" })].map(({ key }) => Uint8Array.from(key)),
  );
}

function decoded(content: Uint8Array, column: ForestColumn): Int32Array {
  if (content.length !== pageNumbers * 4) {
    throw new Failure("LEDGER_DAMAGED", { what: `cluster ${column}`, why: "a page has a wrong length" });
  }
  // A copy: pages are altered, and what a snapshot gives ends with it.
  const numbers = new Int32Array(pageNumbers);
  new Uint8Array(numbers.buffer).set(content);
  return numbers;
}
