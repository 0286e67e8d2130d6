import type { AccountView } from "../account/account-view.ts";
import { lotsOf, taintOf, type Lots, type Piece } from "../account/lots.ts";
import type { Limits } from "../trace.ts";
import type { AccountEnds } from "./account-ends.ts";
import { usualBudget, type AncestryRequest, type Arrived, type Origin, type OriginPolicy } from "./by-origin.ts";
import { FallingQueue } from "./falling-queue.ts";
import { movesOf } from "./receipts.ts";
import type { Ended } from "./sources.ts";

/** An account's balance of one asset on the way: its last payment, and how far away its nearest one is. */
type OnTheWay = { readonly until: number; hops: number };

/**
 * All transfers from which value can have come to deposits, back to services, mints, changes of form and the ledger's beginning,
 * whatever the rule; and what a trace forward within them brings there. No other transfer can bring anything.
 *
 * Cost: the transfers of the accounts on all ways back, up to the deposit; as many are looked at as `budget` says.
 */
export class AccountAncestry {
  /** Places at which ways back end, each once. What is from before the ledger has the payment's key, made negative. */
  readonly origins: Origin[] = [];
  transfers = 0;
  readonly #view: AccountView;
  readonly #ends: AccountEnds;
  readonly #deposits: ReadonlySet<number>;
  readonly #balances = new Map<string, OnTheWay>();
  /** Of all balances on the way, in ledger order. */
  #rows: readonly number[] = [];
  /** Transfers at which a way back ends. */
  readonly #found = new Set<number>();

  constructor(view: AccountView, ends: AccountEnds, { deposits, limits, onProgress }: AncestryRequest) {
    this.#view = view;
    this.#ends = ends;
    this.#deposits = new Set(deposits.filter((row) => view.amount(row) > 0n));
    const rows = new Set<number>();
    const queue = new FallingQueue();
    for (const row of this.#deposits) queue.add(row);
    for (let row = queue.take(); row !== undefined; row = queue.take()) {
      const hops = this.#hopsOf(row);
      const ended = ends.at(row);
      if (ended !== undefined) {
        this.#end(row, hops, ended);
        continue;
      }
      const key = this.#key(view.from(row), row);
      const known = this.#balances.get(key);
      if (known !== undefined) {
        if (hops < known.hops) known.hops = hops;
        continue;
      }
      if (hops >= (limits.hopsMax ?? Infinity)) {
        this.#end(row, hops, ends.limit(row, "hops-max"));
        continue;
      }
      const moves = this.#movesWithin(row, limits);
      if (moves.length === 0) {
        this.#end(row, hops, ends.limit(row, "budget"));
        continue;
      }
      this.#balances.set(key, { until: row, hops });
      for (const move of moves) {
        rows.add(move);
        if (view.from(move) !== view.from(row)) queue.add(move);
      }
      onProgress(this.transfers);
    }
    this.#rows = [...rows, ...this.#deposits].toSorted((left, right) => left - right);
    this.#findBefore();
  }

  /** What of the deposits is tainted where these places are the origins; undefined by `poison`, where accounts have no amounts. */
  forward(policy: OriginPolicy, keys: ReadonlySet<number>): Arrived | undefined {
    if (policy === "poison") return undefined;
    let amount = 0n;
    this.#walk(policy, {
      taintOf: (row) => keys.has(row),
      taintBefore: (row) => keys.has(beforeKey(row)),
      onPaid: (row, pieces) => {
        if (this.#deposits.has(row)) amount += taintOf(pieces);
      },
    });
    return { amount, isLeast: false };
  }

  /** Applies all transfers in ledger order. What is paid beyond what is known is from before the ledger. */
  #walk(
    policy: OriginPolicy,
    use: {
      readonly taintOf: (row: number) => boolean;
      readonly taintBefore: (row: number) => boolean;
      readonly onPaid: (row: number, pieces: readonly Piece[], beyond: bigint) => void;
    },
  ): void {
    const view = this.#view;
    const lots = new Map<string, { readonly lots: Lots; known: bigint }>();
    const of = (key: string): { readonly lots: Lots; known: bigint } => {
      let found = lots.get(key);
      if (found === undefined) lots.set(key, (found = { lots: lotsOf(policy, () => 0), known: 0n }));
      return found;
    };
    let last = -1;
    for (const row of this.#rows) {
      if (row === last) continue;
      last = row;
      const amount = view.amount(row);
      const [from, to] = [this.#key(view.from(row), row), this.#key(view.to(row), row)];
      let pieces: readonly Piece[] = [{ amount, record: -1 }];
      let beyond = 0n;
      if (this.#balances.has(from)) {
        const payer = of(from);
        beyond = amount > payer.known ? amount - payer.known : 0n;
        payer.known -= amount - beyond;
        if (beyond > 0n && use.taintBefore(row)) {
          // By every rule a payment of more than is known takes all that is known, and this beside it.
          payer.lots.receive([{ amount: beyond, record: 0 }]);
        }
        pieces = payer.lots.pay(amount);
      }
      if (this.#found.has(row)) pieces = [{ amount, record: use.taintOf(row) ? 0 : -1 }];
      use.onPaid(row, pieces, beyond);
      if (this.#balances.has(to)) {
        const receiver = of(to);
        receiver.known += amount;
        receiver.lots.receive(pieces);
      }
    }
  }

  /** The payments of accounts on the way that had more than the ledger knows of. */
  #findBefore(): void {
    this.#walk("taint-first", {
      taintOf: () => false,
      taintBefore: () => false,
      onPaid: (row, _, beyond) => {
        if (beyond === 0n || this.#found.has(row) || !this.#isOnTheWay(row)) return;
        const source = { ...this.#ends.before(row), amount: undefined, hops: this.#hopsOf(row) };
        this.origins.push({ key: beforeKey(row), source, hasValue: true });
      },
    });
  }

  /** How far away a transfer on the way is, by the nearest of its receiver's payments. */
  #hopsOf(row: number): number {
    if (this.#deposits.has(row)) return 1;
    return (this.#balances.get(this.#key(this.#view.to(row), row))?.hops ?? 0) + 1;
  }

  /** Whether a transfer brought something that a deposit can hold. */
  #isOnTheWay(row: number): boolean {
    const receiver = this.#balances.get(this.#key(this.#view.to(row), row));
    return this.#deposits.has(row) || (receiver !== undefined && row < receiver.until);
  }

  /** The payer's transfers of the asset up to a payment; none where there are more than may be looked at. */
  #movesWithin(row: number, { budget = usualBudget }: Limits): readonly number[] {
    const view = this.#view;
    const found: number[] = [];
    for (const move of movesOf(view, view.from(row), view.asset(row), row)) {
      if (this.transfers + found.length >= budget) return [];
      found.push(move);
    }
    this.transfers += found.length;
    return found;
  }

  #key(account: number, row: number): string {
    return `${account} ${this.#view.asset(row)}`;
  }

  #end(row: number, hops: number, ended: Ended): void {
    this.#found.add(row);
    this.origins.push({ key: row, source: { ...ended, amount: undefined, hops }, hasValue: true });
  }
}

/** Transfers are numbered from 0. */
function beforeKey(row: number): number {
  return -1 - row;
}
