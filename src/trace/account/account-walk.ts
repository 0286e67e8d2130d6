import type { Policy } from "../policy.ts";
import { AccountState } from "./account-state.ts";
import type { AccountView } from "./account-view.ts";
import { taintOf, type Piece } from "./lots.ts";
import { RowQueue } from "./row-queue.ts";
import { countedRows, findSwap, taintedFraction, type PriceRule, type Swap } from "./swap.ts";
import type { TransferFate, TransferRecord } from "./transfer-trail.ts";

/** After so many transfers it is told how far the walk is. */
const progressEvery = 16_384;

export type AccountWalkOptions = {
  readonly policy: Policy;
  /** Whether value that changes its form is followed into the new one. */
  readonly swaps: "on" | "off";
  readonly price: PriceRule;
  /** Whether tracing ends at an account; asked when taint reaches it. */
  readonly isStop: (account: number) => boolean;
  /** An account with more transfers than this is a stop; undefined: none is. */
  readonly hubTransfers: number | undefined;
  /** The first row that is not looked at. */
  readonly endRow: number;
  readonly hopsMax: number;
  readonly amountMin: bigint;
  /** How many transactions may be visited. */
  readonly budget: number;
  readonly onProgress: (transactions: number) => void;
};

/** What an earlier walk had come to, from which one goes on. */
export type EarlierWalk = {
  /** How many records it had; new ones are numbered from there on. */
  readonly records: number;
  readonly hopsOf: (record: number) => number;
  /** An account as it left it; undefined where it does not know it. */
  readonly stateOf: (account: number) => AccountState | undefined;
};

const nothingEarlier: EarlierWalk = { records: 0, hopsOf: () => 0, stateOf: () => undefined };

/** By asset: what was made tainted by origins, left as fees, and changed its form. */
export type Sums = { origin: bigint; fees: bigint; convertedInto: bigint; convertedOut: bigint };

/**
 * Carries taint forward through a chain of accounts, transfer by transfer in ledger order. An account that holds taint is
 * brought each of its transfers; one that does not is left alone.
 *
 * Cost: the transfers of tainted accounts while they are tainted, and those from before once.
 */
export class AccountWalk {
  readonly states = new Map<number, AccountState>();
  /** The records that were not drained yet. */
  readonly records: TransferRecord[] = [];
  /** Accounts that have been brought a transfer; whoever goes on from here clears it. */
  readonly touched = new Set<AccountState>();
  readonly sums = new Map<number, Sums>();
  /** Stops that are none by the rule but by the number of their transfers. */
  readonly hubs = new Set<number>();
  /** Tainted value that was given for another asset: by the account's last transfer in the transaction. */
  readonly conversions: { readonly row: number; readonly asset: number; readonly amount: bigint }[] = [];
  /** Rows of swaps in which a price is missing. */
  readonly unpriced: number[] = [];
  /** Origins that change nothing: of 0, or to oneself. */
  readonly idle: number[] = [];
  /** Tainted amounts that were burnt; they are among the fees. */
  burnt = 0;
  transactions = 0;
  rows = 0;
  end: "all" | "until" | "budget" = "all";
  readonly #view: AccountView;
  readonly #options: AccountWalkOptions;
  readonly #earlier: EarlierWalk;
  /** The number of the first of {@link AccountWalk.records}. */
  #base: number;
  readonly #queue = new RowQueue();
  readonly #origins = new Set<number>();
  /** Changes of form into which taint has gone and out of which it has not come. */
  readonly #carrying = new Set<Swap>();
  readonly #hubKnown = new Map<number, boolean>();
  #lastTransaction = -2;
  /** How far a record is from its origin, also one that was drained. */
  readonly hopsOf = (record: number): number =>
    record < this.#base ? this.#earlier.hopsOf(record) : (this.records[record - this.#base] as TransferRecord).hops;

  constructor(view: AccountView, options: AccountWalkOptions, earlier: EarlierWalk = nothingEarlier) {
    this.#view = view;
    this.#options = options;
    this.#earlier = earlier;
    this.#base = earlier.records;
  }

  /** @param origins - Rows in ledger order, each once. */
  run(origins: readonly number[]): void {
    if (this.go(origins, this.#options.endRow) !== Infinity) this.end = "until";
  }

  /** Has an account wait for its next transfer, as an earlier walk left it. */
  resume(state: AccountState): void {
    this.states.set(state.number, state);
    if (state.nextRow !== Infinity) this.#queue.add(state);
  }

  /** The records since the last time; their room is used again. `hopsOf` must know them from then on. */
  drain(): readonly TransferRecord[] {
    const drained = this.records.splice(0);
    this.#base += drained.length;
    return drained;
  }

  /**
   * Walks up to a row, which begins a block, from where it was; what waits then goes on waiting.
   *
   * @param origins - Those before that row that were not given yet, in ledger order.
   * @returns The row from `end` on at which something waits; `Infinity` where nothing does.
   */
  go(origins: readonly number[], end: number): number {
    for (const row of origins) this.#origins.add(row);
    const { budget } = this.#options;
    const queue = this.#queue;
    let origin = 0;
    for (;;) {
      const waiting = queue.peek();
      const next = origins[origin] ?? Infinity;
      const row = waiting < next ? waiting : next;
      if (row === Infinity || row >= end) return row;
      if (this.transactions >= budget && row !== next && this.#isBetween(row)) {
        this.end = "budget";
        queue.clear();
        continue;
      }
      if (row === next) origin += 1;
      this.#visit(row);
      if (this.rows % progressEvery === 0) this.#options.onProgress(this.transactions);
    }
  }

  /** Whether the walk may end before a row: no transaction is left in its middle, and no change of form. */
  #isBetween(row: number): boolean {
    const transaction = this.#view.transaction(row);
    return this.#carrying.size === 0 && (transaction < 0 || transaction !== this.#lastTransaction);
  }

  #visit(row: number): void {
    const queue = this.#queue;
    const present: AccountState[] = [];
    while (queue.peek() === row) {
      const state = queue.take();
      state.advance();
      present.push(state);
    }
    this.rows += 1;
    this.#apply(row, present);
    // Both ends of a transfer may end a change of form there: in an order that does not depend on how the walk came to it.
    if (present.length > 1) present.sort((left, right) => left.number - right.number);
    for (const state of present) {
      this.touched.add(state);
      this.#rest(state, row);
    }
  }

  /** Ends a change of form that is over; waits for the account's next transfer where it holds taint. */
  #rest(state: AccountState, row: number): void {
    let isPending = false;
    if (state.swaps.size > 0) {
      for (const swap of state.swaps.values()) {
        if (swap.lastRow === row) this.#settle(state, swap);
        else isPending ||= this.#carrying.has(swap);
      }
    }
    // Behind the budget nothing is followed.
    if (this.end === "budget") return;
    if ((isPending || state.isTainted) && state.nextRow !== Infinity) this.#queue.add(state);
  }

  #apply(row: number, present: AccountState[]): void {
    const view = this.#view;
    const isOrigin = this.#origins.has(row);
    const [from, to, amount] = [view.from(row), view.to(row), view.amount(row)];
    if (amount === 0n || from === to) {
      if (isOrigin) this.idle.push(row);
      return;
    }
    const asset = view.asset(row);
    const payer = present.find(({ number }) => number === from);
    const receiver = present.find(({ number }) => number === to);
    let pieces: readonly Piece[] = [{ amount, record: -1 }];
    if (payer !== undefined && !this.#isStop(from)) {
      const swap = isOrigin || view.isFee(row) ? undefined : this.#swapOf(payer, row);
      pieces = payer.of(asset).pay(amount);
      const side = swap?.given.get(asset);
      if (side !== undefined && !(to >= 0 && this.#isStop(to))) {
        const tainted = taintOf(pieces);
        side.tainted += tainted;
        if (swap !== undefined && tainted > 0n) this.#carrying.add(swap);
        side.parent = this.#nearer(side.parent, this.#parentOf(pieces));
        pieces = [{ amount, record: -1 }];
      }
    }
    const taint = taintOf(pieces);
    if (isOrigin) this.#sumsOf(asset).origin += amount - taint;
    if (!isOrigin && taint === 0n) {
      receiver?.of(asset).receive(pieces);
      return;
    }
    this.#count(row);
    const parent = isOrigin ? -1 : this.#parentOf(pieces);
    const hops = parent < 0 ? 0 : this.hopsOf(parent) + 1;
    const fate = this.#fateOf({ to, isOrigin, hops, amount: isOrigin ? amount : taint });
    const record = this.#base + this.records.length;
    const what = isOrigin ? "origin" : "payment";
    this.records.push({ row, what, from, to, asset, amount: isOrigin ? amount : taint, parent, hops, fate });
    if (fate === "fee") {
      this.#sumsOf(asset).fees += isOrigin ? amount : taint;
      if (!view.isFee(row)) this.burnt += 1;
    } else if (fate === "held") {
      const own = isOrigin ? [{ amount, record }] : pieces.map((one) => (one.record < 0 ? one : { ...one, record }));
      this.#deliver({ to, row, asset, pieces: own, receiver, present });
    } else if (fate !== "exit") receiver?.of(asset).receive([{ amount, record: -1 }]);
  }

  #fateOf(one: {
    readonly to: number;
    readonly isOrigin: boolean;
    readonly hops: number;
    readonly amount: bigint;
  }): TransferFate {
    const { to, isOrigin, hops, amount } = one;
    if (to < 0) return "fee";
    // Nothing leaves a stop: there is no limit that an origin could meet there.
    if (isOrigin && this.#isStop(to)) return "held";
    if (!isOrigin && (this.#isStop(to) || this.#isHub(to))) return "exit";
    if (hops >= this.#options.hopsMax) return "hops-max";
    if (isOrigin) return "held";
    return amount < this.#options.amountMin ? "amount-min" : "held";
  }

  #deliver(one: {
    readonly to: number;
    readonly row: number;
    readonly asset: number;
    readonly pieces: readonly Piece[];
    readonly receiver: AccountState | undefined;
    readonly present: AccountState[];
  }): void {
    const { to, row, asset, pieces } = one;
    if (one.receiver !== undefined) {
      one.receiver.of(asset).receive(pieces);
      return;
    }
    const known = this.states.get(to) ?? this.#earlier.stateOf(to);
    const { policy } = this.#options;
    const state = known ?? new AccountState(to, { view: this.#view, policy, hopsOf: this.hopsOf });
    this.states.set(to, state);
    if (this.#isStop(to) || (this.end === "budget" && state.isTainted)) {
      // An origin may pay a stop, and stays there; behind the budget an account stays as it was left.
      state.of(asset).receive(pieces);
      return;
    }
    state.catchUp(row);
    state.of(asset).receive(pieces);
    one.present.push(state);
  }

  /** The record of the least hops among those that pieces came by; the first of several. */
  #parentOf(pieces: readonly Piece[]): number {
    let found = -1;
    for (const { record } of pieces) found = this.#nearer(found, record);
    return found;
  }

  /** The record of the less hops; the first of two that are as far. -1 is none. */
  #nearer(left: number, right: number): number {
    if (left < 0) return right;
    return right >= 0 && this.hopsOf(right) < this.hopsOf(left) ? right : left;
  }

  #swapOf(state: AccountState, row: number): Swap | undefined {
    if (this.#options.swaps === "off") return undefined;
    const view = this.#view;
    const transaction = view.transaction(row);
    if (transaction < 0) return undefined;
    const known = state.swaps.get(transaction);
    if (known !== undefined) return known;
    const { first, end } = view.blockOf(row);
    const around = state.rowsAround(first, end);
    const rows =
      around?.filter((one) => view.transaction(one) === transaction) ?? view.rowsIn(transaction, state.number);
    // Who gains nothing changes nothing into it.
    if (!rows.some((one) => view.to(one) === state.number)) return undefined;
    const counted = countedRows(view, state.number, rows, {
      isOrigin: (one) => this.#origins.has(one),
      isStop: (account) => this.#isStop(account),
    });
    const swap = findSwap(transaction, rows.at(-1) ?? row, counted);
    state.swaps.set(transaction, swap);
    return swap;
  }

  #settle(state: AccountState, swap: Swap): void {
    const view = this.#view;
    state.swaps.delete(swap.transaction);
    this.#carrying.delete(swap);
    const row = swap.lastRow;
    const { time } = view.moments.ofRow(row);
    const sides = [...swap.given.values()];
    const parent = sides.reduce((found, side) => this.#nearer(found, side.parent), -1);
    if (parent < 0) return;
    for (const [asset, side] of swap.given) {
      // What was given back had not changed its form.
      const back = side.received >= side.paid ? side.tainted : (side.tainted * side.received) / side.paid;
      if (back > 0n) side.tainted -= state.of(asset).retaint(side.received, back, side.parent);
      if (side.tainted === 0n) continue;
      this.#sumsOf(asset).convertedOut += side.tainted;
      this.conversions.push({ row, asset, amount: side.tainted });
    }
    if (sides.every(({ tainted }) => tainted === 0n)) return;
    this.#count(row);
    const fraction = taintedFraction(swap, (asset) => this.#options.price(view.assetText(asset), time));
    if (fraction === undefined && this.#options.policy !== "poison") {
      this.unpriced.push(row);
      return;
    }
    for (const [asset, gained] of swap.gained) {
      // Of what a poisoned account gains all is tainted, whatever the fraction.
      const isWhole = fraction === undefined || this.#options.policy === "poison";
      const share = isWhole ? gained : (gained * fraction.numerator) / fraction.denominator;
      const hops = this.hopsOf(parent);
      const [from, to, what, fate] = [state.number, state.number, "swap", "held"] as const;
      const record = { row, what, from, to, asset, amount: share, parent, hops, fate };
      // There before the account has it, which asks how far it is.
      this.records.push(record);
      const amount = state.of(asset).retaint(gained, share, this.#base + this.records.length - 1);
      this.records.pop();
      if (amount === 0n) continue;
      this.#sumsOf(asset).convertedInto += amount;
      this.records.push({ ...record, amount });
    }
  }

  #isStop(account: number): boolean {
    return this.#options.isStop(account) || this.hubs.has(account);
  }

  #isHub(account: number): boolean {
    const { hubTransfers } = this.#options;
    if (hubTransfers === undefined || this.states.has(account)) return false;
    const known = this.#hubKnown.get(account);
    if (known !== undefined) return known;
    const isHub = this.#view.rowsOf(account, 0, hubTransfers + 1).length > hubTransfers;
    this.#hubKnown.set(account, isHub);
    if (isHub) this.hubs.add(account);
    return isHub;
  }

  #sumsOf(asset: number): Sums {
    const known = this.sums.get(asset);
    if (known !== undefined) return known;
    const made: Sums = { origin: 0n, fees: 0n, convertedInto: 0n, convertedOut: 0n };
    this.sums.set(asset, made);
    return made;
  }

  #count(row: number): void {
    const transaction = this.#view.transaction(row);
    if (transaction !== this.#lastTransaction || transaction < 0) this.transactions += 1;
    this.#lastTransaction = transaction;
  }
}
