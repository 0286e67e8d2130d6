import { AccountState } from "../account/account-state.ts";
import type { AccountView } from "../account/account-view.ts";
import { AccountWalk } from "../account/account-walk.ts";
import type { PriceRule } from "../account/swap.ts";
import type { TransferRecord } from "../account/transfer-trail.ts";
import type { Policy } from "../policy.ts";
import type { AccountVersions } from "./account-versions.ts";
import { sealAccount, sealNothing, sealNumbers } from "./pieces.ts";
import type { StrandWriter } from "./strand-writer.ts";
import type { StrandTables } from "./tables.ts";

/** A policy's walk over a chain of accounts, from what was tainted before on, whose results go into a strand's tables. */
export class AccountCarry {
  readonly #view: AccountView;
  readonly #policy: Policy;
  readonly #walk: AccountWalk;
  readonly #strand: StrandWriter;
  readonly #versions: AccountVersions;
  readonly #before: StrandTables;
  readonly #isStop: (account: number) => boolean;
  readonly #longHistory: number;
  /** Accounts of which a version is stored. */
  readonly #stored = new Set<number>();
  readonly #hops: number[] = [];
  readonly #base: number;
  #burnt = 0;
  #unpriced = 0;
  #idle = 0;
  /** Whether a price was asked for: then what was found rests on prices. */
  hasAsked = false;

  constructor(
    strand: StrandWriter,
    by: {
      readonly view: AccountView;
      readonly policy: Policy;
      readonly versions: AccountVersions;
      readonly isStop: (account: number) => boolean;
      readonly price: PriceRule;
      /** An account with so many transfers is kept also while it holds nothing tainted. */
      readonly longHistory: number;
    },
  ) {
    this.#view = by.view;
    this.#policy = by.policy;
    this.#strand = strand;
    this.#versions = by.versions;
    this.#before = strand.tables();
    this.#base = strand.counts.records;
    this.#isStop = by.isStop;
    this.#longHistory = by.longHistory;
    this.#walk = new AccountWalk(
      by.view,
      {
        policy: by.policy,
        swaps: "on",
        price: (asset, time) => {
          this.hasAsked = true;
          return by.price(asset, time);
        },
        isStop: by.isStop,
        hubTransfers: undefined,
        endRow: Infinity,
        hopsMax: Infinity,
        amountMin: 0n,
        budget: Infinity,
        onProgress: () => undefined,
      },
      {
        records: this.#base,
        hopsOf: (record) =>
          record < this.#base
            ? this.#before.records.value("hops", record)
            : (this.#hops[record - this.#base] as number),
        stateOf: (account) => this.#restored(account),
      },
    );
  }

  /** Has an account wait for its next transfer where it holds something tainted. */
  resume(account: number): void {
    if (this.#isStop(account) || this.#walk.states.has(account)) return;
    const state = this.#restored(account);
    if (state?.isTainted === true) this.#walk.resume(state);
  }

  /** Walks up to a row, which begins a block. @returns As {@link AccountWalk.go}. */
  go(origins: readonly number[], end: number): number {
    return this.#walk.go(origins, end);
  }

  /** Gives the strand the receipts since the last time. `last`: a row of the block that was walked last. */
  drain(last: number): void {
    const walk = this.#walk;
    for (const record of walk.drain()) this.#receive(record);
    if (walk.burnt > this.#burnt) this.#strand.gap("burnt", last, BigInt(walk.burnt - this.#burnt));
    this.#burnt = walk.burnt;
    for (; this.#unpriced < walk.unpriced.length; this.#unpriced += 1) {
      this.#strand.gap("unpriced", walk.unpriced[this.#unpriced] as number, 1n);
    }
    for (; this.#idle < walk.idle.length; this.#idle += 1) {
      this.#strand.gap("idle", walk.idle[this.#idle] as number, 1n);
    }
  }

  /**
   * Keeps what the accounts have that were brought a transfer since the last time, as a version of a block.
   *
   * @param end - The first row behind the block.
   */
  keep(height: number, end: number): void {
    const kept: number[] = [];
    for (const state of this.#walk.touched) {
      const { number } = state;
      for (const [asset, lots] of state.lots) this.#strand.hold(number + 1, asset, lots.taint);
      const isKept = state.isTainted || state.passed >= this.#longHistory;
      if (!isKept && !this.#stored.has(number)) continue;
      const row = state.nextRow < end ? state.nextRow : end;
      this.#strand.put(this.#strand.key("accounts", number, height), isKept ? sealAccount(state, row) : sealNothing());
      this.#stored.add(number);
      kept.push(number);
    }
    this.#walk.touched.clear();
    if (kept.length === 0) return;
    kept.sort((left, right) => left - right);
    this.#strand.put(this.#strand.key("accountsAt", height), sealNumbers(kept));
  }

  #receive({ row, to, asset, amount, hops, parent }: TransferRecord): void {
    this.#strand.receive({ row, owner: to + 1, asset, amount, hops, parent });
    this.#hops.push(hops);
  }

  #restored(account: number): AccountState | undefined {
    const stored = this.#versions.newest(account, Infinity);
    if (stored === undefined) return undefined;
    this.#stored.add(account);
    const state = new AccountState(account, { view: this.#view, policy: this.#policy, hopsOf: this.#walk.hopsOf });
    state.restore(stored.row, stored.lots);
    if (!stored.isTainted) state.passed = this.#longHistory;
    return state;
  }
}
