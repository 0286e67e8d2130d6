import { assert } from "../../base/assert.ts";
import type { AccountView } from "../account/account-view.ts";
import type { Limits } from "../trace.ts";
import type { AccountEnds } from "./account-ends.ts";
import { FallingQueue } from "./falling-queue.ts";
import { progressEvery } from "./progress.ts";
import { movesOf } from "./receipts.ts";
import type { Ended, Source } from "./sources.ts";

/** What an account has of one asset, and how much of it is sought at the point that the way back has come to. */
type Balance = {
  /** Receipts in ledger order, and what the account had after each. */
  readonly rows: readonly number[];
  readonly after: readonly bigint[];
  /** Of a payment: how much of it the account had, as far as the ledger knows. */
  readonly known: ReadonlyMap<number, bigint>;
  /** Place of the last receipt that is not behind the way yet. */
  next: number;
  sought: bigint;
  /** The least of the payments that are sought. */
  hops: number;
};

type Sought = { amount: bigint; hops: number };

/**
 * Where the value of transfers came from by `haircut`: a payment is made of all that its payer had, pro rata. What is sought of
 * a balance is divided, from the last receipt to the first: the receipt brought `⌊sought · receipt / balance after it⌋`, and
 * the rest lay in what was there before. So the sum is kept, and each step is less than one base unit off the fraction.
 *
 * Cost: the transfers of the accounts on the way, up to the deposit, once.
 */
export class AccountShares {
  readonly sources: Source[] = [];
  transfers = 0;
  readonly #view: AccountView;
  readonly #ends: AccountEnds;
  readonly #limits: Limits;
  readonly #queue = new FallingQueue();
  /** By transfer: how much of it is sought. */
  readonly #payments = new Map<number, Sought>();
  readonly #balances = new Map<string, Balance>();

  constructor(view: AccountView, ends: AccountEnds, limits: Limits) {
    this.#view = view;
    this.#ends = ends;
    this.#limits = limits;
  }

  run(deposits: readonly number[], onProgress: (transfers: number) => void): void {
    for (const row of new Set(deposits)) this.#seek(row, this.#view.amount(row), 1);
    for (let row = this.#queue.take(); row !== undefined; row = this.#queue.take()) {
      // A transfer is a receipt first, of which some may be sought, and then a payment.
      this.#receive(row);
      const sought = this.#payments.get(row);
      this.#payments.delete(row);
      if (sought !== undefined) this.#pay(row, sought);
      if (this.transfers % progressEvery === 0) onProgress(this.transfers);
    }
  }

  #seek(row: number, amount: bigint, hops: number): void {
    if (amount === 0n) return;
    const known = this.#payments.get(row) ?? { amount: 0n, hops };
    known.amount += amount;
    if (hops < known.hops) known.hops = hops;
    this.#payments.set(row, known);
    this.#queue.add(row);
  }

  #receive(row: number): void {
    const view = this.#view;
    const balance = this.#balances.get(`${view.to(row)} ${view.asset(row)}`);
    if (balance === undefined || balance.sought === 0n || balance.rows[balance.next] !== row) return;
    const after = balance.after[balance.next] ?? 0n;
    const share = (balance.sought * view.amount(row)) / after;
    balance.sought -= share;
    balance.next -= 1;
    this.#seek(row, share, balance.hops + 1);
    this.#wait(balance);
  }

  #pay(row: number, { amount, hops }: Sought): void {
    const ended = this.#endOf(row, amount, hops);
    if (ended !== undefined) {
      this.#end(amount, hops, ended);
      return;
    }
    this.transfers += 1;
    const view = this.#view;
    const key = `${view.from(row)} ${view.asset(row)}`;
    const balance = this.#balances.get(key) ?? balanceOf(view, row);
    this.#balances.set(key, balance);
    const whole = view.amount(row);
    const known = (amount * (balance.known.get(row) ?? 0n)) / whole;
    if (known < amount) this.#end(amount - known, hops, this.#ends.before(row));
    if (known === 0n) return;
    if (balance.sought === 0n || hops < balance.hops) balance.hops = hops;
    balance.sought += known;
    while ((balance.rows[balance.next] ?? -1) > row) balance.next -= 1;
    this.#wait(balance);
  }

  #endOf(row: number, amount: bigint, hops: number): Ended | undefined {
    const ended = this.#ends.at(row);
    const { budget, hopsMax, amountMin } = this.#limits;
    if (ended !== undefined) return ended;
    if (this.transfers >= (budget ?? Infinity)) return this.#ends.limit(row, "budget");
    if (hops >= (hopsMax ?? Infinity)) return this.#ends.limit(row, "hops-max");
    return hops > 1 && amount < amountMin ? this.#ends.limit(row, "amount-min") : undefined;
  }

  /** What is sought waits for the receipt before. Before the first one the account had nothing. */
  #wait({ rows, next, sought }: Balance): void {
    if (sought === 0n) return;
    const row = rows[next];
    assert(row !== undefined, "trace: more is sought of a balance than it had");
    this.#queue.add(row);
  }

  #end(amount: bigint, hops: number, ended: Ended): void {
    this.sources.push({ ...ended, amount, hops });
  }
}

/** The balance that a payment was taken of. */
function balanceOf(view: AccountView, until: number): Balance {
  const account = view.from(until);
  const [rows, after]: [number[], bigint[]] = [[], []];
  const known = new Map<number, bigint>();
  let balance = 0n;
  for (const row of movesOf(view, account, view.asset(until), until)) {
    const amount = view.amount(row);
    if (view.from(row) === account) {
      const had = amount < balance ? amount : balance;
      known.set(row, had);
      balance -= had;
    } else {
      balance += amount;
      rows.push(row);
      after.push(balance);
    }
  }
  return { rows, after, known, next: rows.length - 1, sought: 0n, hops: Infinity };
}
