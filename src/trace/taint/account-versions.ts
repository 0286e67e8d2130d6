import type { Change, StoreSnapshot } from "../../store/page-store.ts";
import { taintKey } from "../../ledger/keys.ts";
import { openAccount, openNumbers, type StoredAccount } from "./pieces.ts";

type Pages = Pick<StoreSnapshot, "get" | "range">;

/** What accounts of a strand had, by the block after which they had it. A later version hides an earlier one. */
export class AccountVersions {
  readonly #pages: Pages;
  readonly #chain: number;
  readonly #strand: number;

  constructor(pages: Pages, chain: number, strand: number) {
    this.#pages = pages;
    this.#chain = chain;
    this.#strand = strand;
  }

  /** The newest version of up to a height; undefined where there is none, or nothing is left. */
  newest(account: number, height: number): StoredAccount | undefined {
    const [from, to] = [
      this.#key(account),
      height === Infinity ? this.#key(account + 1) : this.#key(account, height + 1),
    ];
    for (const { value } of this.#pages.range({ from, to, order: "descending" })) {
      return openAccount(value, `strand ${this.#strand}, account ${account}`);
    }
    return undefined;
  }

  /**
   * Takes back the versions of blocks above a height.
   *
   * @returns The accounts that had one.
   */
  takeBack(height: number): { readonly accounts: ReadonlySet<number>; readonly changes: readonly Change[] } {
    const accounts = new Set<number>();
    const changes: Change[] = [];
    for (const { at, changed, key } of this.#changedFrom(height + 1, undefined)) {
      changes.push({ key, value: undefined });
      for (const account of changed) {
        accounts.add(account);
        changes.push({ key: this.#key(account, at), value: undefined });
      }
    }
    return { accounts, changes };
  }

  /** Removes versions up to a height that another one of up to that height hides; only one is left of each account. */
  fold(height: number): readonly Change[] {
    const changes: Change[] = [];
    const newest = new Map<number, number>();
    for (const { at, changed, key } of this.#changedFrom(0, height + 1)) {
      changes.push({ key, value: undefined });
      for (const account of changed) newest.set(account, at);
    }
    for (const [account, at] of newest) {
      const range = { from: this.#key(account), to: this.#key(account, at + 1), order: "ascending" } as const;
      for (const { key, value } of this.#pages.range(range)) {
        const own = Buffer.from(key).readUIntBE(key.length - 6, 6);
        const isLeft = own === at && openAccount(value, `strand ${this.#strand}, account ${account}`) !== undefined;
        if (!isLeft) changes.push({ key: Uint8Array.from(key), value: undefined });
      }
    }
    return changes;
  }

  *#changedFrom(
    from: number,
    to: number | undefined,
  ): Generator<{ readonly at: number; readonly changed: readonly number[]; readonly key: Uint8Array }> {
    const range = {
      from: taintKey(this.#chain, "accountsAt", this.#strand, from),
      to:
        to === undefined
          ? taintKey(this.#chain, "accountsAt", this.#strand + 1)
          : taintKey(this.#chain, "accountsAt", this.#strand, to),
      order: "ascending",
    } as const;
    for (const { key, value } of this.#pages.range(range)) {
      const at = Buffer.from(key).readUIntBE(9, 6);
      yield { at, changed: openNumbers(value, `strand ${this.#strand}, block ${at}`), key: Uint8Array.from(key) };
    }
  }

  #key(...numbers: readonly number[]): Uint8Array {
    return taintKey(this.#chain, "accounts", this.#strand, ...numbers);
  }
}
