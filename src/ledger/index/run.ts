import type { Change, KeyRange } from "../../store/page-store.ts";

/**
 * An immutable sorted part of an index, as a ledger's manifest keeps it: plain numbers. Its pages hold nothing that is
 * needed to find them.
 */
export type Run = {
  /** Never given to a second run of the index, not even after a rollback: caches rely on it. */
  readonly id: number;
  /** How large it is, by powers of four: see {@link levelOf}. */
  readonly level: number;
  readonly entries: number;
  /** Pages of entries; those of the directory and the filter come on top. */
  readonly pages: number;
  /** Blocks of its filter; 0 where it has none. */
  readonly blooms: number;
  /** Of all its pages as stored. */
  readonly bytes: number;
};

/** A run has three kinds of pages, each numbered from 0. */
export const pageKinds = { entries: 0, directory: 1, filter: 2 } as const;
export type PageKind = keyof typeof pageKinds;

/**
 * Words of 32 bits in the content of a page of entries at most. A sealed page then fills two pages of 4,096 bytes of an LMDB
 * file, of which its head takes 24 bytes, with little left over: half as long would cost the writer more than it saves a
 * look-up.
 */
export const pageWordsMax = 2040;
/** What a page begins with: format and kind, run, page number. */
export const headWords = 3;
export const entriesPerPageMax = 2048;
/** Four words for each page: its first key (high, low) and its first value (low, high). */
export const directoryEntryWords = 4;
/** A directory page begins with the last key of the run after its head. */
export const directoryHeadWords = headWords + 2;
export const directoryEntriesPerPage = 1020;
/** A filter is made of blocks of 512 bits. */
export const blockWords = 16;
export const blocksPerPage = 255;

const levelZeroEntries = 4096;
const kindStart: Readonly<Record<PageKind, number>> = {
  entries: 0,
  directory: 0x8000_0000,
  filter: 0xc000_0000,
};

/** The level of a run of this many entries: 0 up to 4,096, 1 up to 16,384, and so on. */
export function levelOf(entries: number): number {
  let level = 0;
  for (let most = levelZeroEntries; most < entries; most *= 4) level += 1;
  return level;
}

/** Quotient, rounded up, of two whole numbers. */
export function ceilDivide(dividend: number, divisor: number): number {
  const raised = dividend + divisor - 1;
  return (raised - (raised % divisor)) / divisor;
}

/** Where a run's page is stored: the index's prefix, run, kind and page number, highest bytes first. */
export function runPageKey(prefix: Uint8Array, run: number, kind: PageKind, page: number): Uint8Array {
  const key = new Uint8Array(prefix.length + 8);
  key.set(prefix);
  const view = new DataView(key.buffer, prefix.length);
  view.setUint32(0, run);
  view.setUint32(4, kindStart[kind] + page);
  return key;
}

/** The range of keys of all pages of an index's runs from a number on. */
export function runsFrom(prefix: Uint8Array, run: number): KeyRange {
  const to = prefix.slice();
  to[to.length - 1] = (to[to.length - 1] as number) + 1;
  return { from: runPageKey(prefix, run, "entries", 0), to, order: "ascending" };
}

/** How many pages of each kind a run has. */
export function pagesOf(run: Pick<Run, "pages" | "blooms">): Readonly<Record<PageKind, number>> {
  return {
    entries: run.pages,
    directory: ceilDivide(run.pages, directoryEntriesPerPage),
    filter: ceilDivide(run.blooms, blocksPerPage),
  };
}

/** The changes that remove every page of a run; for when no kept state of the ledger needs it. */
export function removeRun(prefix: Uint8Array, run: Run): Change[] {
  const counts = pagesOf(run);
  return (Object.keys(pageKinds) as PageKind[]).flatMap((kind) =>
    Array.from({ length: counts[kind] }, (_, page) => ({
      key: runPageKey(prefix, run.id, kind, page),
      value: undefined,
    })),
  );
}
