import { assert } from "../../base/assert.ts";
import { ChainBlocks } from "../../clusters/blocks.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { AccountView } from "../account/account-view.ts";
import { UtxoView } from "../utxo/utxo-view.ts";
import { ownerEntries, type OwnerEntry } from "./owner-pages.ts";
import { taintStanding, type TaintBasis, type TaintStanding } from "./standing.ts";
import {
  assumptionsOf,
  emptyTaint,
  readOrigin,
  readStoredTaint,
  type StoredStrand,
  type Strand,
  type StoredTaint,
  type TaintState,
} from "./state.ts";
import { firstFrom, StrandTables } from "./tables.ts";
import type { Tainted, TaintRecord } from "./tainted.ts";

export type { Tainted, TaintRecord } from "./tainted.ts";

/** So many strands' tables are kept open, each with the pages that were read of it. */
const openStrandsMax = 32;

/**
 * The taint index of a chain at one state of its ledger. What an address received is one page; each step of a path another one.
 */
export class TaintReader {
  readonly state: TaintState;
  /** Whether the index is what it would be if it were carried forward now. Nobody is clear by one that is not current. */
  readonly standing: TaintStanding;
  readonly #reader: ChainReader;
  readonly #strands: ReadonlyMap<number, { readonly stored: StoredStrand; readonly shown: Strand }>;
  readonly #tables = new Map<number, StrandTables>();
  #views: { readonly utxo: UtxoView | undefined; readonly account: AccountView | undefined } | undefined;

  private constructor(reader: ChainReader, stored: StoredTaint, standing: TaintStanding) {
    const { number: chain, snapshot } = reader;
    this.#reader = reader;
    this.standing = standing;
    this.#strands = new Map(
      stored.strands.map((strand) => {
        const { number, policy, counts } = strand;
        const origin = readOrigin(snapshot, chain, number);
        const shown = { number, origin, policy, records: counts.records, assumptions: assumptionsOf(reader, strand) };
        return [number, { stored: strand, shown }];
      }),
    );
    const { policies, absent, points } = stored;
    const { height, fingerprint } = points.at(-1) ?? { height: -1, fingerprint: "" };
    this.state = {
      policies,
      absent,
      tip: { height, fingerprint },
      strands: [...this.#strands.values()].map(({ shown }) => shown),
    };
  }

  /**
   * @param basis - What is to be compared with what the index rests on; without it only the ledger's blocks are.
   * @returns `none` where none was built, or another version built it; `lost` where its last block is on a branch that a
   *   reorganisation has replaced.
   * @throws {Failure} `TAINT_DAMAGED`, as all that reads from it.
   */
  static open(reader: ChainReader, basis?: TaintBasis): TaintReader | "none" | "lost" {
    const stored = readStoredTaint(reader.snapshot, reader.number) ?? emptyTaint;
    if (stored === emptyTaint) return "none";
    const blocks = new ChainBlocks(reader);
    const last = stored.points.at(-1);
    const common = last === undefined ? undefined : blocks.common([last]);
    if (last !== undefined && common === undefined) return "lost";
    const blocksBehind = blocks.count - (common === undefined ? 0 : common.block + 1);
    return new TaintReader(reader, stored, taintStanding(reader, stored, { blocksBehind, basis }));
  }

  /** Whether the ledger has gone on since; what was carried up to the index's last block still holds. */
  get isBehind(): boolean {
    return this.standing.blocksBehind > 0;
  }

  /** What an owner received, by strand and asset. Cost: one page. */
  ofOwner(owner: number): readonly Tainted[] {
    const found: Tainted[] = [];
    for (const entry of ownerEntries(this.#reader.snapshot, this.#reader.number, owner + 1)) {
      const strand = this.#strands.get(entry.strand)?.shown;
      if (strand !== undefined) found.push(taintedOf(entry, strand, this.#reader));
    }
    return found;
  }

  /** What a transaction moved, by strand and asset. Cost: a page for each owner that takes part, a search for each strand. */
  ofTransaction(transaction: number): readonly Tainted[] {
    const { rows, owners } = this.#rowsOf(transaction);
    const [first] = rows;
    const last = rows.at(-1);
    if (first === undefined || last === undefined) return [];
    const own = new Set(rows);
    const strands = new Set<number>();
    for (const owner of owners) {
      for (const { strand } of ownerEntries(this.#reader.snapshot, this.#reader.number, owner)) strands.add(strand);
    }
    return [...strands]
      .toSorted((left, right) => left - right)
      .flatMap((number) => this.#moved(number, { first, last, own }));
  }

  /** The way by which value came to a record, beginning at the origin. Cost: a page for each step. */
  path(strand: number, record: number): readonly TaintRecord[] {
    const tables = this.#tablesOf(strand);
    if (tables === undefined) return [];
    const steps: TaintRecord[] = [];
    for (let at = record; at >= 0; at = tables.parentOf(at)) steps.push(this.#record(tables, at));
    return steps.toReversed();
  }

  /** A receipt of a strand by its number. Cost: a page. */
  record(strand: number, record: number): TaintRecord {
    const tables = this.#tablesOf(strand);
    assert(tables !== undefined, `taint: there is no strand ${strand}`);
    return this.#record(tables, record);
  }

  /** A transaction's receipts of a strand, in order. Cost: a search. */
  receiptsIn(strand: number, transaction: number): readonly (TaintRecord & { readonly record: number })[] {
    const tables = this.#tablesOf(strand);
    const { rows } = this.#rowsOf(transaction);
    const [first, last] = [rows[0], rows.at(-1)];
    if (tables === undefined || first === undefined || last === undefined) return [];
    const own = new Set(rows);
    const found: (TaintRecord & { readonly record: number })[] = [];
    const { records } = tables;
    for (let record = firstFrom(records, "row", first); record < records.count; record += 1) {
      const row = records.value("row", record);
      if (row > last) break;
      if (own.has(row)) found.push({ ...this.#record(tables, record), record });
    }
    return found;
  }

  /** Every receipt of a strand, in order. */
  *records(strand: number): Generator<TaintRecord> {
    const tables = this.#tablesOf(strand);
    for (let record = 0; record < (tables?.records.count ?? 0); record += 1) {
      if (tables !== undefined) yield this.#record(tables, record);
    }
  }

  /** An owner's receipts of a strand, in all assets, in order. Cost: a search for each. */
  receiptsOf(strand: number, owner: number): readonly (TaintRecord & { readonly record: number })[] {
    const tables = this.#tablesOf(strand);
    if (tables === undefined) return [];
    const found: (TaintRecord & { readonly record: number })[] = [];
    for (const entry of ownerEntries(this.#reader.snapshot, this.#reader.number, owner + 1)) {
      if (entry.strand !== strand) continue;
      for (let at = entry.lastRecord; at >= 0; at = tables.previousOf(at)) {
        found.push({ ...this.#record(tables, at), record: at });
      }
    }
    return found.toSorted((left, right) => left.record - right.record);
  }

  #record(tables: StrandTables, record: number): TaintRecord {
    const { records } = tables;
    const row = records.value("row", record);
    return {
      row,
      transaction: this.#transactionOf(row),
      owner: records.value("owner", record) - 1,
      asset: records.value("asset", record),
      amount: records.value("amount", record),
      hops: records.value("hops", record),
      parent: tables.parentOf(record),
    };
  }

  #moved(
    number: number,
    { first, last, own }: { readonly first: number; readonly last: number; readonly own: ReadonlySet<number> },
  ): readonly Tainted[] {
    const [strand, tables] = [this.#strands.get(number), this.#tablesOf(number)];
    if (strand === undefined || tables === undefined) return [];
    const sums = new Map<number, OwnerEntry>();
    const { records } = tables;
    for (let record = firstFrom(records, "row", first); record < records.count; record += 1) {
      const row = records.value("row", record);
      if (row > last) break;
      if (!own.has(row)) continue;
      const [asset, amount, hops] = [
        records.value("asset", record),
        records.value("amount", record),
        records.value("hops", record),
      ];
      const none = { owner: 0, strand: number, asset, amount: 0n, direct: 0n, held: 0n, count: 0, most: 0n };
      const sum = sums.get(asset) ?? { ...none, hops, first: row, last: row, largest: record, lastRecord: record };
      sums.set(asset, sum);
      if (amount > sum.most) [sum.largest, sum.most] = [record, amount];
      sum.amount += amount;
      if (hops <= strand.stored.directHops) sum.direct += amount;
      sum.count += 1;
      if (hops < sum.hops) sum.hops = hops;
      sum.last = row;
    }
    return [...sums.values()].map((sum) => ({ ...taintedOf(sum, strand.shown, this.#reader), held: undefined }));
  }

  /** A transaction's outputs or transfers, and who has part in them, as their number + 1. */
  #rowsOf(transaction: number): { readonly rows: readonly number[]; readonly owners: ReadonlySet<number> } {
    const { utxo, account } = this.#viewsOf();
    const owners = new Set<number>();
    if (utxo !== undefined) {
      const [first, end] = [utxo.firstOutput(transaction), utxo.firstOutput(transaction + 1)];
      const rows = Array.from({ length: end - first }, (_, at) => first + at);
      for (const row of rows) owners.add(utxo.owner(row));
      return { rows, owners };
    }
    const rows = account?.rowsOfTransaction(transaction) ?? [];
    for (const row of rows) {
      for (const one of [account?.from(row) ?? -1, account?.to(row) ?? -1]) if (one >= 0) owners.add(one + 1);
    }
    return { rows, owners };
  }

  #transactionOf(row: number): number {
    const { utxo, account } = this.#viewsOf();
    return utxo?.transactionOfOutput(row) ?? account?.transaction(row) ?? -1;
  }

  #viewsOf(): { readonly utxo: UtxoView | undefined; readonly account: AccountView | undefined } {
    this.#views ??=
      this.#reader.model === "utxo"
        ? { utxo: new UtxoView(this.#reader), account: undefined }
        : { utxo: undefined, account: new AccountView(this.#reader) };
    return this.#views;
  }

  #tablesOf(number: number): StrandTables | undefined {
    const strand = this.#strands.get(number);
    if (strand === undefined) return undefined;
    const known = this.#tables.get(number);
    const tables = known ?? new StrandTables(this.#reader.snapshot, this.#reader.number, number, strand.stored.counts);
    // The one that was used last goes to the end; the first one goes.
    this.#tables.delete(number);
    this.#tables.set(number, tables);
    if (this.#tables.size > openStrandsMax) this.#tables.delete(this.#tables.keys().next().value ?? -1);
    return tables;
  }
}

function taintedOf(
  { asset, amount, direct, held, count, hops, first, last, largest }: OwnerEntry,
  strand: Strand,
  { model }: ChainReader,
): Tainted {
  const isHeldKnown = model === "utxo" || strand.policy !== "poison";
  return { strand, asset, amount, direct, held: isHeldKnown ? held : undefined, count, hops, first, last, largest };
}
