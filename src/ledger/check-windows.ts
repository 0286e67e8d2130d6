import type { IndexReader } from "./index/index-reader.ts";
import type { TablePage } from "./table-page.ts";
import type { TableReader, TableShape } from "./table.ts";

/** Something in a ledger that contradicts something else in it. */
export type Contradiction = { readonly where: string; readonly what: string };

/** Record numbers from `from` up to, but not including, `to`. */
export type Window = { readonly from: number; readonly to: number };

/**
 * How many records are held against an index in one pass over it. An index lists records in another order than tables do;
 * with a part of the table in memory (some bytes a record) both are read from beginning to end, and nothing is looked up
 * here and there. Passes grow with the chain, memory does not.
 */
export type CheckOptions = { readonly windowRecords: number };

export const checkDefaults: CheckOptions = { windowRecords: 1 << 24 };

export function* windowsOf(count: number, records: number): Generator<Window> {
  for (let from = 0; from < count; from += records) yield { from, to: Math.min(count, from + records) };
}

/** Reads the pages of a table that hold a window's records: each with the window's part of it. */
export function* pagesOf<Shape extends TableShape>(
  table: TableReader<Shape>,
  { from, to }: Window,
): Generator<{ readonly page: TablePage; readonly start: number; readonly end: number; readonly first: number }> {
  const per = table.pageRecords;
  for (let number = (from - (from % per)) / per; number * per < to; number += 1) {
    const first = number * per;
    yield { page: table.page(number), start: Math.max(from - first, 0), end: Math.min(to - first, per), first };
  }
}

/** A column's numbers of a window. */
export function numbersOf<Shape extends TableShape>(
  table: TableReader<Shape>,
  column: keyof Shape["columns"] & string,
  window: Window,
): Float64Array {
  const numbers = new Float64Array(Math.max(0, window.to - window.from));
  for (const { page, start, end, first } of pagesOf(table, window)) {
    numbers.set(page.numbers(column).subarray(start, end), first + start - window.from);
  }
  return numbers;
}

/** The keys under which records should be found, as their halves. */
export type Keys = { readonly hi: Uint32Array; readonly lo: Uint32Array };

export function makeKeys({ from, to }: Window): Keys {
  return { hi: new Uint32Array(to - from), lo: new Uint32Array(to - from) };
}

/**
 * Holds an index of records by their identity against the records: each is listed once, under its own key.
 *
 * @param keysOf - The keys of a window's records.
 * @param isSame - Whether two records with one key have the same identity; undefined where that may be.
 */
export function* checkIdentities(
  index: IndexReader,
  records: {
    readonly name: string;
    readonly count: number;
    readonly keysOf: (window: Window) => Keys;
    readonly isSame: ((left: number, right: number) => boolean) | undefined;
  },
  { windowRecords }: CheckOptions,
): Iterable<Contradiction> {
  const { name, count, keysOf, isSame } = records;
  for (const window of windowsOf(count, windowRecords)) {
    const keys = keysOf(window);
    const listed = new Uint8Array(window.to - window.from);
    let [beforeHi, beforeLo, before] = [-1, -1, -1];
    for (const { hi, lo, value, count: entries } of index.batches()) {
      for (let entry = 0; entry < entries; entry += 1) {
        const record = value[entry] as number;
        const [ownHi, ownLo] = [hi[entry] as number, lo[entry] as number];
        const isFirstPass = window.from === 0;
        if (isFirstPass && record >= count) yield { where: name, what: `${record} is listed, which is not there` };
        if (isFirstPass && isSame !== undefined && ownHi === beforeHi && ownLo === beforeLo && isSame(before, record)) {
          yield { where: `${name} ${record}`, what: `is kept twice: ${before}, ${record}` };
        }
        [beforeHi, beforeLo, before] = [ownHi, ownLo, record];
        if (record < window.from || record >= window.to) continue;
        const at = record - window.from;
        if (keys.hi[at] === ownHi && keys.lo[at] === ownLo) listed[at] = 1;
        else yield { where: `${name} ${record}`, what: "is listed under another's identity" };
      }
    }
    for (let at = 0; at < listed.length; at += 1) {
      if (listed[at] === 0) yield { where: `${name} ${window.from + at}`, what: "is not in its index" };
    }
  }
}
