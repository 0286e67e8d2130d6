import type { Policy } from "../policy.ts";
import type { AccountView } from "./account-view.ts";
import { lotsOf, type Lots, type Piece } from "./lots.ts";
import type { Swap } from "./swap.ts";

/** How many rows of an account are read at a time: few at first, since most have few, and up to so many. */
const rowsFirst = 64;
const rowsMost = 4_096;

/**
 * An account that has met taint: what it has of each asset, and how far its transfers have been applied.
 *
 * While it holds taint the walk brings it every one of its transfers; while it does not, it is left behind and catches up
 * when taint reaches it again. Memory: its assets, and some row numbers.
 */
export class AccountState {
  readonly number: number;
  /**
   * What the account changes into what, by transaction, until its last transfer in it. There can be several: a transfers file
   * may mix the rows of a block's transactions.
   */
  readonly swaps = new Map<number, Swap>();
  /** The account's next transfer; `Infinity` where there is none. */
  nextRow = Infinity;
  readonly lots = new Map<number, Lots>();
  readonly #view: AccountView;
  readonly #policy: Policy;
  readonly #hopsOf: (record: number) => number;
  #rows: readonly number[] = [];
  #at = 0;
  #from = 0;
  /** From which row on those that are at hand were read, and whether they are all there are. */
  #since = 0;
  #isAll = false;
  #reading = rowsFirst;
  /** Of the assets that were tainted, the one that was so last: mostly it still is. */
  #likely: Lots | undefined;
  /** Transfers that it has gone past. */
  passed = 0;

  /** @param hopsOf - How far records are from their origin. */
  constructor(
    number: number,
    {
      view,
      policy,
      hopsOf,
    }: { readonly view: AccountView; readonly policy: Policy; readonly hopsOf: (record: number) => number },
  ) {
    this.number = number;
    this.#view = view;
    this.#policy = policy;
    this.#hopsOf = hopsOf;
  }

  /** Goes on from a row, all before which have been applied, with what was left then. */
  restore(row: number, lots: ReadonlyMap<number, readonly Piece[]>): void {
    for (const [asset, pieces] of lots) this.of(asset).load(pieces);
    this.#from = row;
    this.#seek();
  }

  of(asset: number): Lots {
    const known = this.lots.get(asset);
    if (known !== undefined) return known;
    const made = lotsOf(this.#policy, this.#hopsOf);
    this.lots.set(asset, made);
    return made;
  }

  get isTainted(): boolean {
    if (this.#likely?.isTainted === true) return true;
    for (const lots of this.lots.values()) {
      if (!lots.isTainted) continue;
      this.#likely = lots;
      return true;
    }
    return false;
  }

  /**
   * Its transfers from one row up to another, between which lies the one that it went past last; undefined where they are not
   * all at hand.
   */
  rowsAround(first: number, end: number): readonly number[] | undefined {
    const rows = this.#rows;
    let from = this.#at;
    while (from > 0 && (rows[from - 1] as number) >= first) from -= 1;
    if (from === 0 && first < this.#since) return undefined;
    let to = this.#at;
    while (to < rows.length && (rows[to] as number) < end) to += 1;
    return to === rows.length && !this.#isAll ? undefined : rows.slice(from, to);
  }

  /** Applies the account's transfers before a row, none of which carries taint, and goes past that row. */
  catchUp(row: number): void {
    // What a poisoned account pays does not depend on what it has.
    if (this.#policy === "poison") this.#from = row + 1 > this.#from ? row + 1 : this.#from;
    else {
      for (this.#seek(); this.nextRow < row; this.advance()) this.#apply(this.nextRow);
      if (this.nextRow === row) this.advance();
      return;
    }
    this.#rows = [];
    this.#isAll = false;
    this.#at = 0;
    this.#seek();
  }

  /** Goes on to the next transfer. */
  advance(): void {
    this.passed += 1;
    this.#at += 1;
    this.#seek();
  }

  #seek(): void {
    if (this.#at >= this.#rows.length && !this.#isAll) {
      this.#since = this.#from;
      this.#rows = this.#view.rowsOf(this.number, this.#from, this.#reading);
      this.#isAll = this.#rows.length < this.#reading;
      this.#reading = Math.min(this.#reading * 2, rowsMost);
      this.#at = 0;
      const last = this.#rows.at(-1);
      if (last !== undefined) this.#from = last + 1;
    }
    this.nextRow = this.#rows[this.#at] ?? Infinity;
  }

  #apply(row: number): void {
    const view = this.#view;
    const [from, to] = [view.from(row), view.to(row)];
    if (from === to) return;
    const amount = view.amount(row);
    if (amount === 0n) return;
    const lots = this.of(view.asset(row));
    if (from === this.number) lots.pay(amount);
    else lots.receive([{ amount, record: -1 }]);
  }
}
