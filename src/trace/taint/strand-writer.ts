import { assert } from "../../base/assert.ts";
import { taintKey } from "../../ledger/keys.ts";
import { TableWriter, type TableShape } from "../../ledger/table.ts";
import type { Change, PageSource } from "../../store/page-store.ts";
import type { OwnerBook } from "./owner-book.ts";
import {
  beginsShape,
  gapKinds,
  gapsShape,
  recordsShape,
  repeatsShape,
  spendsShape,
  strandPlace,
  StrandTables,
  type GapKind,
  type StrandCounts,
  type StrandTable,
} from "./tables.ts";

/** A strand while it is written: which one, how far, and what its gaps add up to. */
export type StrandDraft = {
  readonly number: number;
  /** Receipts of so many hops at most are direct. */
  readonly directHops: number;
  readonly counts: StrandCounts;
  readonly gaps: GapSums;
};

/** Of each kind of gap how many there are, and the sum of their amounts, as text. */
export type GapSums = Readonly<Partial<Record<GapKind, { readonly count: number; readonly amount: string }>>>;

/** A tainted receipt as it is written. */
export type Receipt = {
  readonly row: number;
  /** 0 nobody, else the owner's number + 1. */
  readonly owner: number;
  readonly asset: number;
  readonly amount: bigint;
  readonly hops: number;
  /** A record; -1 for an origin. */
  readonly parent: number;
};

/** Whether what nobody receives is kept among the entries of owners: of outputs, since nobody's outputs can be spent. */
export type NobodyRule = "kept" | "left out";

/** Appends to a strand's tables and keeps the entries of owners in step; takes both back. */
export class StrandWriter {
  readonly number: number;
  readonly #chain: number;
  readonly #source: PageSource;
  readonly #book: OwnerBook;
  readonly #directHops: number;
  readonly #nobody: NobodyRule;
  readonly #records: TableWriter<typeof recordsShape>;
  readonly #repeats: TableWriter<typeof repeatsShape>;
  readonly #spends: TableWriter<typeof spendsShape>;
  readonly #begins: TableWriter<typeof beginsShape>;
  readonly #gapsTable: TableWriter<typeof gapsShape>;
  readonly #gaps = new Map<GapKind, { count: number; amount: bigint }>();
  readonly #own: Change[] = [];
  cleaned: number;

  constructor(
    by: {
      readonly chain: number;
      readonly source: PageSource;
      readonly book: OwnerBook;
      readonly nobody: NobodyRule;
    },
    { number, directHops, counts, gaps }: StrandDraft,
  ) {
    this.number = number;
    this.#chain = by.chain;
    this.#source = by.source;
    this.#book = by.book;
    this.#nobody = by.nobody;
    this.#directHops = directHops;
    this.cleaned = counts.cleaned;
    const of = <const Shape extends TableShape>(part: StrandTable, own: Shape): TableWriter<Shape> =>
      new TableWriter(own, strandPlace(by.chain, number, part), by.source, counts[part]);
    this.#records = of("records", recordsShape);
    this.#repeats = of("repeats", repeatsShape);
    this.#spends = of("spends", spendsShape);
    this.#begins = of("begins", beginsShape);
    this.#gapsTable = of("gaps", gapsShape);
    for (const [kind, { count, amount }] of Object.entries(gaps)) {
      this.#gaps.set(kind as GapKind, { count, amount: BigInt(amount) });
    }
  }

  get counts(): StrandCounts {
    return {
      records: this.#records.count,
      repeats: this.#repeats.count,
      spends: this.#spends.count,
      begins: this.#begins.count,
      gaps: this.#gapsTable.count,
      cleaned: this.cleaned,
    };
  }

  get gaps(): GapSums {
    return Object.fromEntries(
      [...this.#gaps].map(([kind, { count, amount }]) => [kind, { count, amount: amount.toString() }]),
    );
  }

  /** What is committed of the strand. */
  tables(): StrandTables {
    return new StrandTables(this.#source, this.#chain, this.number, this.counts);
  }

  key(part: "segments" | "accounts" | "accountsAt", ...numbers: readonly number[]): Uint8Array {
    return taintKey(this.#chain, part, this.number, ...numbers);
  }

  begin(row: number): void {
    this.#begins.columns.row.push(row);
    this.#begins.next();
  }

  receive({ row, owner, asset, amount, hops, parent }: Receipt): number {
    const { columns } = this.#records;
    const record = this.#records.count;
    columns.row.push(row);
    columns.owner.push(owner);
    columns.asset.push(asset);
    columns.amount.push(amount);
    columns.hops.push(hops);
    columns.parent.push(parent < 0 ? 0 : record - parent);
    this.#records.next();
    if (owner === 0 && this.#nobody === "left out") return record;
    const direct = hops <= this.#directHops ? amount : 0n;
    const entry = this.#book.find(owner, this.number, asset);
    if (entry === undefined) {
      const [first, last, largest, lastRecord] = [row, row, record, record];
      const sums = { amount, direct, held: amount, count: 1, hops };
      this.#book.add({ owner, strand: this.number, asset, ...sums, first, last, largest, most: amount, lastRecord });
      return record;
    }
    const repeats = this.#repeats.columns;
    repeats.record.push(record);
    repeats.previous.push(record - entry.lastRecord);
    repeats.hops.push(entry.hops);
    repeats.largest.push(record - entry.largest);
    this.#repeats.next();
    if (amount > entry.most) [entry.largest, entry.most] = [record, amount];
    entry.amount += amount;
    entry.direct += direct;
    entry.held += amount;
    entry.count += 1;
    if (hops < entry.hops) entry.hops = hops;
    entry.last = row;
    entry.lastRecord = record;
    this.#book.touch(owner);
    return record;
  }

  /** A record's output was paid on. */
  spend(record: number, one: { readonly input: number; readonly owner: number; readonly amount: bigint }): void {
    this.#spends.columns.input.push(one.input);
    this.#spends.columns.record.push(record);
    this.#spends.next();
    const entry = this.#book.find(one.owner, this.number, 0);
    assert(entry !== undefined && entry.held >= one.amount, "taint: what is paid on was not held");
    entry.held -= one.amount;
    this.#book.touch(one.owner);
  }

  /** What an account holds of an asset now. */
  hold(owner: number, asset: number, held: bigint): void {
    const entry = this.#book.find(owner, this.number, asset);
    if (entry === undefined || entry.held === held) return;
    entry.held = held;
    this.#book.touch(owner);
  }

  gap(kind: GapKind, row: number, amount: bigint): void {
    const { columns } = this.#gapsTable;
    columns.row.push(row);
    columns.kind.push(gapKinds[kind]);
    columns.amount.push(amount);
    this.#gapsTable.next();
    this.#addGap(kind, 1, amount);
  }

  put(key: Uint8Array, value: Uint8Array | undefined): void {
    this.#own.push({ key, value });
  }

  /** What has changed since the last flush, without the entries of owners. */
  flush(): readonly Change[] {
    const tables = [this.#records, this.#repeats, this.#spends, this.#begins, this.#gapsTable];
    return [...tables.flatMap((table) => table.flush()), ...this.#own.splice(0)];
  }

  #addGap(kind: GapKind, count: number, amount: bigint): void {
    const sum = this.#gaps.get(kind) ?? { count: 0, amount: 0n };
    this.#gaps.set(kind, { count: sum.count + count, amount: sum.amount + amount });
  }
}
