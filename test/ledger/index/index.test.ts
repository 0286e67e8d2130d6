import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFailure } from "../../../src/base/failure.ts";
import { IndexCache } from "../../../src/ledger/index/index-cache.ts";
import { IndexReader } from "../../../src/ledger/index/index-reader.ts";
import { IndexWriter } from "../../../src/ledger/index/index-writer.ts";
import { pagesOf, removeRun, runPageKey, type PageKind, type Run } from "../../../src/ledger/index/run.ts";
import { MapStore } from "./map-store.ts";

type Entry = readonly [hi: number, lo: number, value: number];

const runsOfProperty = Number(process.env["FUZZ_RUNS"] ?? 60);
const prefix = new Uint8Array([1, 0x41]);
const valueMax = 2 ** 48 - 1;
const wordMax = 2 ** 32 - 1;

/** An index as a ledger keeps it: a store, a writer, the manifest's list of runs. */
class Ledger {
  readonly store = new MapStore();
  readonly writer = new IndexWriter({ prefix });
  readonly cache = new IndexCache(100_000);
  runs: readonly Run[] = [];
  nextId = 1;

  add(entries: readonly Entry[]): void {
    for (const [hi, lo, value] of entries) this.writer.add(hi, lo, value);
  }

  flush(): readonly Run[] {
    const { changes, runs, obsolete, nextId } = this.writer.flush(this.store, this.runs, this.nextId);
    this.store.apply(changes);
    this.runs = runs;
    this.nextId = nextId;
    return obsolete;
  }

  reader(runs = this.runs): IndexReader {
    return new IndexReader(this.store, prefix, runs, this.cache);
  }
}

function indexOf(...flushes: readonly (readonly Entry[])[]): Ledger {
  const ledger = new Ledger();
  for (const entries of flushes) {
    ledger.add(entries);
    ledger.flush();
  }
  return ledger;
}

/** The plainest index there is. */
class Model {
  readonly #values = new Map<string, Set<number>>();

  add(entries: readonly Entry[]): void {
    for (const [hi, lo, value] of entries) {
      const key = keyName(hi, lo);
      const values = this.#values.get(key);
      if (values === undefined) this.#values.set(key, new Set([value]));
      else values.add(value);
    }
  }

  get(hi: number, lo: number): number[] {
    return [...(this.#values.get(keyName(hi, lo)) ?? [])].toSorted((left, right) => left - right);
  }

  copy(): Model {
    const model = new Model();
    for (const [key, values] of this.#values) model.#values.set(key, new Set(values));
    return model;
  }

  /** Key halves and value of every entry, in order. */
  flat(): number[] {
    return [...this.#values.keys()].toSorted().flatMap((key) => {
      const [hi, lo] = [Number(`0x${key.slice(0, 8)}`), Number(`0x${key.slice(8)}`)];
      return this.get(hi, lo).flatMap((value) => [hi, lo, value]);
    });
  }
}

function keyName(hi: number, lo: number): string {
  return hi.toString(16).padStart(8, "0") + lo.toString(16).padStart(8, "0");
}

function assertSame(reader: IndexReader, model: Model, keys: readonly Entry[]): void {
  for (const [hi, lo] of keys) {
    const expected = model.get(hi, lo);
    expect(reader.get(hi, lo)).toEqual(expected);
    expect(reader.first(hi, lo)).toBe(expected[0] ?? -1);
  }
  const flat: number[] = [];
  for (const { hi, lo, value: values, count } of reader.batches()) {
    for (let at = 0; at < count; at += 1) flat.push(hi[at] ?? -1, lo[at] ?? -1, values[at] ?? -1);
  }
  // Compared as bytes: there are many.
  expect(Buffer.from(new Float64Array(flat).buffer).equals(Buffer.from(new Float64Array(model.flat()).buffer))).toBe(
    true,
  );
  expect(reader.verify()).toEqual([]);
}

/** A fixed random-looking permutation of 32-bit numbers. */
function scramble(number: number): number {
  let mixed = Math.imul(number ^ (number >>> 16), 0x7feb_352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846c_a68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const many = (count: number, make: (index: number) => Entry): Entry[] =>
  Array.from({ length: count }, (_, index) => make(index));
const random = (count: number, seed = 0): Entry[] =>
  many(count, (index) => [scramble(seed + 2 * index), scramble(seed + 2 * index + 1), index]);

const edge = fc.constantFrom(0, 1, 2, 2 ** 31 - 1, 2 ** 31, wordMax - 1, wordMax);
const word = fc.oneof(edge, fc.nat(5), fc.integer({ min: 0, max: wordMax }));
const value = fc.oneof(edge, fc.constantFrom(2 ** 32, valueMax), fc.nat(20), fc.integer({ min: 0, max: valueMax }));
const entry = fc.tuple(word, word, value);
/** A few entries of any kind, or many of one of the kinds that real indexes have. */
const batch = fc.oneof(
  fc.array(entry, { maxLength: 40 }),
  fc
    .tuple(fc.nat(6000), fc.nat(), fc.constantFrom("random", "dense", "one key", "descending"))
    .map(([count, seed, kind]) =>
      many(count, (index): Entry => {
        const mixed = scramble(seed + index);
        if (kind === "random") return [mixed, scramble(mixed), index];
        if (kind === "dense") return [0, (seed + (index ^ (mixed & 0xff))) >>> 0, mixed % 5000];
        return [1, 1, kind === "one key" ? seed + index : 3 * (count - index)];
      }),
    ),
);

describe("an index", () => {
  it("answers as a map does, through flushes, merges and rollbacks", () => {
    const step = fc.record({ batch, rollback: fc.option(fc.nat(), { freq: 6 }) });
    const property = fc.property(fc.array(step, { minLength: 1, maxLength: 14 }), (steps) => {
      const ledger = new Ledger();
      const states: { readonly runs: readonly Run[]; readonly model: Model }[] = [{ runs: [], model: new Model() }];
      const probes: Entry[] = [
        [0, 0, 0],
        [wordMax, wordMax, 0],
        [7, 7, 0],
      ];
      for (const { batch: entries, rollback } of steps) {
        const from = states[rollback === null ? states.length - 1 : rollback % states.length];
        if (from === undefined) throw new Error("no state");
        ledger.runs = from.runs;
        const model = from.model.copy();
        ledger.add(entries);
        ledger.flush();
        model.add(entries);
        states.push({ runs: ledger.runs, model });
        for (const [index, one] of entries.entries()) {
          if (index % 97 > 2) continue;
          probes.push(one, [one[0], (one[1] + 1) >>> 0, 0]);
        }
      }
      for (const { runs, model } of states) assertSame(ledger.reader(runs), model, probes.slice(0, 150));
    });
    fc.assert(property, { numRuns: runsOfProperty });
  }, 120_000);

  it("pages through a key's values", () => {
    const property = fc.property(
      fc.array(fc.array(fc.tuple(fc.nat(2), value), { maxLength: 60 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 9 }),
      (batches, limit) => {
        const flushes = batches.map((entries) => entries.map(([lo, one]): Entry => [0, lo, one]));
        const reader = indexOf(...flushes).reader();
        const paged: number[] = [];
        for (let from = 0; ; from = (paged.at(-1) ?? 0) + 1) {
          const page = reader.rangeOf(0, 1, from, limit);
          paged.push(...page);
          if (page.length < limit || paged.length > 1000) break;
        }
        expect(paged).toEqual(reader.get(0, 1));
      },
    );
    fc.assert(property, { numRuns: runsOfProperty });
  });

  it("answers for what waits for the flush", () => {
    const property = fc.property(batch, batch, (first, second) => {
      const writer = new IndexWriter({ prefix });
      const model = new Model();
      for (const entries of [first, second]) {
        for (const [hi, lo, one] of entries) writer.add(hi, lo, one);
        model.add(entries);
        for (const [hi, lo] of [...entries.slice(0, 20), [9, 9] as const]) {
          expect(writer.getPending(hi, lo)).toEqual(model.get(hi, lo));
          expect(writer.firstPending(hi, lo)).toBe(model.get(hi, lo)[0] ?? -1);
        }
      }
      const kept = writer.flushSteps(new MapStore(), [], 1);
      kept.next();
      kept.return({ runs: [], obsolete: [], nextId: 1 });
      for (const [hi, lo] of first.slice(0, 20)) expect(writer.getPending(hi, lo)).toEqual(model.get(hi, lo));
      writer.flush(new MapStore(), [], 1);
      expect(writer.pending).toBe(0);
      for (const [hi, lo] of first.slice(0, 20)) expect(writer.getPending(hi, lo)).toEqual([]);
    });
    fc.assert(property, { numRuns: runsOfProperty });
  });

  it("holds a million values of one key among others", () => {
    const count = 1_000_000;
    const values = many(count, (index) => [5, 5, index * 3]);
    const others = random(20_000, 77);
    const ledger = indexOf(
      [...values.slice(0, 400_000), ...others],
      values.slice(300_000, 700_000),
      values.slice(600_000).toReversed(),
    );
    const reader = ledger.reader();
    const found = reader.get(5, 5);
    expect(found).toHaveLength(count);
    expect(found.every((one, index) => one === index * 3)).toBe(true);
    expect(reader.first(5, 5)).toBe(0);
    expect(reader.rangeOf(5, 5, 1_500_001, 3)).toEqual([1_500_003, 1_500_006, 1_500_009]);
    expect(reader.rangeOf(5, 5, 3 * (count - 1), 3)).toEqual([3 * (count - 1)]);
    expect(reader.rangeOf(5, 5, 3 * count, 3)).toEqual([]);
    expect(reader.get(others[9]?.[0] ?? 0, others[9]?.[1] ?? 0)).toEqual([9]);
    expect(reader.verify()).toEqual([]);
  });
});

describe("runs", () => {
  it("are merged when there are four of a level, over several levels at once", () => {
    const ledger = new Ledger();
    const counts: number[][] = [];
    for (let flush = 0; flush < 16; flush += 1) {
      ledger.add(random(4096, flush * 100_000));
      const obsolete = ledger.flush();
      counts.push(ledger.runs.map(({ entries }) => entries));
      for (const run of obsolete) ledger.store.apply(removeRun(prefix, run));
    }
    expect(counts[2]).toEqual([4096, 4096, 4096]);
    expect(counts[3]).toEqual([16_384]);
    expect(counts[14]).toEqual([16_384, 16_384, 16_384, 4096, 4096, 4096]);
    expect(counts[15]).toEqual([65_536]);
    const pages = ledger.runs.flatMap((run) => Object.values(pagesOf(run))).reduce((sum, count) => sum + count, 0);
    expect(ledger.store.pages.size).toBe(pages);
    const bytes = [...ledger.store.pages.values()].reduce((sum, page) => sum + page.length, 0);
    expect(bytes).toBe(ledger.runs[0]?.bytes);
    expect([...ledger.reader().batches()].reduce((sum, { count }) => sum + count, 0)).toBe(65_536);
  });

  it("stay few when many small flushes follow a large one", () => {
    const ledger = indexOf(random(100_000));
    for (let flush = 0; flush < 300; flush += 1) {
      ledger.add([[0, flush, flush]]);
      ledger.flush();
      expect(ledger.runs.length).toBeLessThanOrEqual(7);
    }
    expect(ledger.reader().first(0, 299)).toBe(299);
  });

  it("are the same bytes for the same entries, in whichever order these were added", () => {
    const entries = random(30_000).map(([hi, lo, one]): Entry => [hi % 1000 === 0 ? 7 : hi, lo, one % 5000]);
    const [first, second] = [indexOf(entries, entries.slice(0, 9)), indexOf(entries.toReversed(), entries.slice(0, 9))];
    expect(first.runs).toEqual(second.runs);
    expect([...first.store.pages]).toEqual([...second.store.pages]);
    expect(indexOf(entries).runs[0]?.entries).toBe(30_000);
  });

  it("take little room", () => {
    const size = (entries: Entry[]): number => (indexOf(entries).runs[0]?.bytes ?? 0) / entries.length;
    expect(size(random(200_000))).toBeLessThan(10);
    expect(size(many(200_000, (index) => [0, index ^ (scramble(index) & 0xffff), index]))).toBeLessThan(5);
  });

  it("keep no more pages in memory than they may", () => {
    const entries = random(100_000);
    const ledger = indexOf(entries);
    const reader = ledger.reader();
    expect(entries.every(([hi, lo, one]) => reader.first(hi, lo) === one)).toBe(true);
    expect(ledger.cache.bytes).toBeLessThanOrEqual(100_000);
    expect(ledger.cache.bytes).toBeGreaterThan(50_000);
  });

  it("are told apart in a cache where a number was given twice", () => {
    const [first, second] = [indexOf(random(5000)), indexOf(random(4000, 1))];
    const [present] = random(1, 1);
    const at = [present?.[0] ?? 0, present?.[1] ?? 0] as const;
    expect(new IndexReader(first.store, prefix, first.runs, first.cache).first(...at)).toBe(-1);
    expect(new IndexReader(second.store, prefix, second.runs, first.cache).first(...at)).toBe(0);
  });
});

describe("a damaged index", () => {
  const entries = random(40_000);
  const damaged = (kind: PageKind, page: number, change: (sealed: Uint8Array) => Uint8Array | undefined): Ledger => {
    const ledger = indexOf(entries);
    const key = runPageKey(prefix, 1, kind, page);
    const sealed = ledger.store.get(key);
    if (sealed === undefined) throw new Error("no such page");
    ledger.store.apply([{ key, value: change(sealed.slice()) }]);
    return ledger;
  };
  const flip = (bit: number) => (sealed: Uint8Array) => {
    const at = (bit >>> 3) % sealed.length;
    sealed[at] = (sealed[at] ?? 0) ^ (1 << (bit & 7));
    return sealed;
  };
  const messageOf = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      if (isFailure(error, "LEDGER_DAMAGED")) return error.message;
      throw error;
    }
    return "";
  };
  const readAll = (ledger: Ledger) => (): void => {
    const reader = ledger.reader();
    for (const [hi, lo] of entries) reader.get(hi, lo);
  };

  it.each([
    ["entries", 3, "index 0141, run 1, page 3"],
    ["directory", 0, "index 0141, run 1, directory page 0"],
    ["filter", 1, "index 0141, run 1, filter page 1"],
  ] as const)("is named: %s page %i", (kind, page, name) => {
    const check = (bit: number): void => {
      const ledger = damaged(kind, page, flip(bit));
      expect(messageOf(readAll(ledger))).toContain(`${name}: the checksum does not match`);
      expect(ledger.reader().verify()).toEqual([{ run: 1, what: `${name}: the checksum does not match` }]);
    };
    for (const bit of [0, 31, 32, 95, 100, 4001, 60_001]) check(bit);
  });

  it("is named where a page is missing, cut short or another page's", () => {
    const missing = damaged("entries", 2, () => undefined);
    expect(messageOf(readAll(missing))).toContain("run 1, page 2: the page is missing");
    const short = damaged("entries", 2, (sealed) => sealed.subarray(0, 3));
    expect(messageOf(readAll(short))).toContain("run 1, page 2: the page is cut short");
    const other = damaged("entries", 2, () => indexOf(entries).store.get(runPageKey(prefix, 1, "entries", 1)));
    expect(messageOf(readAll(other))).toContain("run 1, page 2: another page stands in its place");
    expect(other.reader().verify()).toHaveLength(1);
  });

  it("is not merged into a good one, and keeps what waits", () => {
    const ledger = indexOf(random(4000), random(4000, 1), random(4000, 2));
    const key = runPageKey(prefix, 2, "entries", 1);
    ledger.store.apply([{ key, value: undefined }]);
    ledger.add(random(4000, 3));
    expect(messageOf(() => ledger.flush())).toContain("run 2, page 1: the page is missing");
    expect(ledger.writer.pending).toBe(4000);
  });

  it("is found where a run says another number of entries", () => {
    const ledger = indexOf(entries);
    const runs = ledger.runs.map((run) => ({ ...run, entries: run.entries - 1 }));
    expect(ledger.reader(runs).verify()).toHaveLength(1);
  });
});
