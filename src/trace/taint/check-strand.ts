import type { Contradiction } from "../../ledger/check-windows.ts";
import { taintKey } from "../../ledger/keys.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { AccountView } from "../account/account-view.ts";
import { UtxoView } from "../utxo/utxo-view.ts";
import { AccountVersions } from "./account-versions.ts";
import { ownersSeen } from "./known-origins.ts";
import { openAccount, openNumbers, openSegments } from "./pieces.ts";
import { Spans, usualSizes } from "./spans.ts";
import type { StoredStrand } from "./state.ts";
import { readStops } from "./stop-changes.ts";
import type { BranchEnd } from "./take-back.ts";
import { gapKinds, StrandTables, type GapKind } from "./tables.ts";

/** What a strand's receipts come to, in all. */
export type StrandSums = { readonly amount: bigint; readonly count: number; readonly held: bigint | undefined };

/** Holds a strand's tables against the chain and against each other. */
export class StrandCheck {
  readonly strand: StoredStrand;
  readonly tables: StrandTables;
  readonly utxo: UtxoView | undefined;
  readonly versions: AccountVersions;
  readonly stops: ReadonlySet<number>;
  /** Where the blocks end that the index covers. */
  readonly end: BranchEnd;
  readonly #reader: ChainReader;
  readonly #account: AccountView | undefined;
  readonly #where: string;
  #amount = 0n;
  #count = 0;
  #spent = 0n;

  /** @param blocks - How many the index covers. */
  constructor(reader: ChainReader, strand: StoredStrand, blocks: number) {
    const { snapshot, number } = reader;
    this.#reader = reader;
    this.strand = strand;
    this.#where = `strand ${strand.number} (${strand.policy} ${strand.key})`;
    this.tables = new StrandTables(snapshot, number, strand.number, strand.counts);
    this.utxo = reader.model === "utxo" ? new UtxoView(reader) : undefined;
    this.#account = reader.model === "account" ? new AccountView(reader) : undefined;
    this.versions = new AccountVersions(snapshot, number, strand.number);
    this.stops = new Set(readStops(reader));
    this.end = new Spans(reader, this.utxo, usualSizes).beginOf(blocks);
  }

  /** Of a chain of accounts what is held is not the sum of receipts, but what accounts have. */
  get sums(): StrandSums {
    const held = this.utxo === undefined ? undefined : this.#amount - this.#spent;
    return { amount: this.#amount, count: this.#count, held };
  }

  *all(): Iterable<Contradiction> {
    const begins = yield* this.#begins();
    yield* this.#records(begins);
    yield* this.#spends();
    yield* this.#gaps();
    yield* this.utxo === undefined ? this.#accounts() : this.#segments();
  }

  #at(what: string): Contradiction {
    return { where: this.#where, what };
  }

  *#begins(): Generator<Contradiction, ReadonlySet<number>> {
    const { begins } = this.tables;
    const rows = new Set<number>();
    let before = -1;
    for (let place = 0; place < begins.count; place += 1) {
      const row = begins.value("row", place);
      if (row <= before || row >= this.end.row) yield this.#at(`row ${row}, with which it begins, is out of place`);
      before = row;
      rows.add(row);
    }
    return rows;
  }

  *#records(begins: ReadonlySet<number>): Iterable<Contradiction> {
    const { records } = this.tables;
    const missing = new Set(begins);
    let before = -1;
    for (let record = 0; record < records.count; record += 1) {
      const [row, owner] = [records.value("row", record), records.value("owner", record)];
      const [distance, hops] = [records.value("parent", record), records.value("hops", record)];
      const amount = records.value("amount", record);
      const wrong = (why: string): Contradiction => this.#at(`receipt ${record}: ${why}`);
      if (row < before || row >= this.end.row || owner > ownersSeen(this.#reader)) {
        yield wrong(`row ${row} or owner ${owner - 1} is out of place`);
        continue;
      }
      before = row;
      const isOrigin = distance === 0;
      if (isOrigin) missing.delete(row);
      if (isOrigin && !begins.has(row)) yield wrong(`row ${row} is none with which it begins`);
      if (distance > record) yield wrong("it comes from one that is not there");
      else if (!this.#areHops(hops, isOrigin ? undefined : records.value("hops", record - distance)))
        yield wrong(`it is ${hops} transactions away, which does not follow from the one that it comes from`);
      const why = this.#unlike({ row, owner, amount, isOrigin, asset: records.value("asset", record) });
      if (why !== undefined) yield wrong(why);
      if (owner === 0 && this.utxo === undefined) continue;
      this.#amount += amount;
      this.#count += 1;
    }
    for (const row of missing)
      if (this.#moves(row)) yield this.#at(`it begins with row ${row}, of which it has no receipt`);
  }

  #areHops(hops: number, before: number | undefined): boolean {
    if (before === undefined) return hops === 0;
    // A change of form is no transaction more; of several inputs the nearest counts.
    return this.utxo === undefined ? hops === before || hops === before + 1 : hops > 0 && hops <= before + 1;
  }

  /** What of a receipt the chain contradicts. */
  #unlike(one: {
    readonly row: number;
    readonly owner: number;
    readonly amount: bigint;
    readonly asset: number;
    readonly isOrigin: boolean;
  }): string | undefined {
    const { row, owner, amount, asset, isOrigin } = one;
    const { utxo } = this;
    if (utxo !== undefined) {
      if (utxo.owner(row) !== owner) return `output ${row} is not of owner ${owner - 1}`;
      const value = utxo.exactValue(row);
      return amount > value || (isOrigin && amount !== value) ? `output ${row} has ${value}, not ${amount}` : undefined;
    }
    const view = this.#account as AccountView;
    const [from, to] = [view.from(row), view.to(row)];
    if (owner - 1 !== from && owner - 1 !== to) return `transfer ${row} is not of account ${owner - 1}`;
    const isWhole = view.to(row) === owner - 1 && view.asset(row) === asset && view.amount(row) === amount;
    return isOrigin && !isWhole ? `transfer ${row} does not bring ${amount}` : undefined;
  }

  #moves(row: number): boolean {
    if (this.utxo !== undefined) return this.utxo.exactValue(row) > 0n;
    const view = this.#account as AccountView;
    return view.amount(row) > 0n && view.from(row) !== view.to(row);
  }

  *#spends(): Iterable<Contradiction> {
    const { spends, records } = this.tables;
    let before = -1;
    for (let spend = 0; spend < spends.count; spend += 1) {
      const [input, record] = [spends.value("input", spend), spends.value("record", spend)];
      const isPlaced = input > before && input < this.end.input && record < records.count;
      if (!isPlaced || this.utxo?.spentOutput(input) !== records.value("row", record)) {
        yield this.#at(`input ${input} does not spend receipt ${record}`);
        continue;
      }
      before = input;
      this.#spent += records.value("amount", record);
    }
  }

  *#gaps(): Iterable<Contradiction> {
    const { gaps } = this.tables;
    const sums = new Map<number, { count: number; amount: bigint }>();
    for (let gap = 0; gap < gaps.count; gap += 1) {
      const [kind, row] = [gaps.value("kind", gap), gaps.value("row", gap)];
      if (row > this.end.input) yield this.#at(`gap ${gap} is of row ${row}, which it does not cover`);
      const sum = sums.get(kind) ?? { count: 0, amount: 0n };
      sums.set(kind, { count: sum.count + 1, amount: sum.amount + gaps.value("amount", gap) });
    }
    const known = Object.entries(this.strand.gaps).map(([name, { count, amount }]) => {
      const sum = sums.get(gapKinds[name as GapKind]);
      return sum?.count === count && sum.amount.toString() === amount;
    });
    if (known.length !== sums.size || known.includes(false))
      yield this.#at("its gaps do not add up to what it says of them");
  }

  /** What unspent outputs are made of. */
  *#segments(): Iterable<Contradiction> {
    const { snapshot, number } = this.#reader;
    const { records } = this.tables;
    const [from, to] = [this.strand.number, this.strand.number + 1].map((one) => taintKey(number, "segments", one));
    for (const { key, value } of snapshot.range({
      from: from as Uint8Array,
      to: to as Uint8Array,
      order: "ascending",
    })) {
      const record = Buffer.from(key).readUIntBE(key.length - 6, 6);
      const segments = openSegments(value, `segments of receipt ${record}`);
      const tainted = segments.reduce((sum, one) => (one > 0n ? sum + one : sum), 0n);
      const whole = segments.reduce((sum, one) => (one > 0n ? sum + one : sum - one), 0n);
      const isRight =
        record < records.count &&
        tainted === records.value("amount", record) &&
        whole === this.utxo?.exactValue(records.value("row", record));
      if (!isRight) yield this.#at(`what the output of receipt ${record} is made of does not add up to it`);
    }
  }

  /** What accounts have, each version of it listed by its block. */
  *#accounts(): Iterable<Contradiction> {
    const { snapshot, number } = this.#reader;
    const { records } = this.tables;
    const listed = new Set<string>();
    const rangeOf = (part: "accounts" | "accountsAt") => ({
      from: taintKey(number, part, this.strand.number),
      to: taintKey(number, part, this.strand.number + 1),
      order: "ascending" as const,
    });
    for (const { key, value } of snapshot.range(rangeOf("accountsAt"))) {
      const height = Buffer.from(key).readUIntBE(9, 6);
      let before = -1;
      for (const account of openNumbers(value, `accounts of block ${height}`)) {
        if (account <= before) yield this.#at(`account ${account} is out of place among those of block ${height}`);
        before = account;
        listed.add(`${account} ${height}`);
      }
    }
    for (const { key, value } of snapshot.range(rangeOf("accounts"))) {
      const [account, height] = [Buffer.from(key).readUIntBE(9, 6), Buffer.from(key).readUIntBE(15, 6)];
      listed.delete(`${account} ${height}`);
      const stored = openAccount(value, `account ${account}`);
      const pieces = [...(stored?.lots.values() ?? [])].flat();
      const isKnown = account < ownersSeen(this.#reader) && pieces.every(({ record }) => record < records.count);
      if (!isKnown || (stored !== undefined && stored.row > this.end.row))
        yield this.#at(`what account ${account} had after block ${height} is of receipts that are not there`);
    }
    for (const one of listed) yield this.#at(`of account and block ${one} it is not kept what the account had`);
  }
}
