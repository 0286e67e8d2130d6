/** Where following ends on a chain of accounts, as the documentation says it, and what then rests where. */

export type AccountLimits = {
  readonly until?: number | undefined;
  readonly hopsMax?: number | undefined;
  /** Transfers that carry less are not followed: what they carry rests where it came to. */
  readonly amountMin?: bigint | undefined;
  readonly budget?: number | undefined;
};

type Row = {
  readonly number: number;
  readonly transaction: number;
  readonly group: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
};
type Resting = {
  readonly account: string;
  readonly asset: string;
  readonly amount: bigint;
  readonly limit: "hops-max" | "amount-min" | "budget";
  /** The row from which on a transfer of the account is a later one. */
  readonly from: number;
};

/** Counts the transactions that are visited, and keeps what is not followed. */
export class Following {
  readonly resting: Resting[] = [];
  readonly #limits: AccountLimits;
  readonly #last = new Map<string, number>();
  /** Behind the budget: from which row on transfers of an account are later ones. */
  readonly #left = new Map<string, number>();
  #visited = 0;
  #group: string | undefined;
  isOver = false;

  constructor(limits: AccountLimits, rows: readonly Row[]) {
    this.#limits = limits;
    for (const { from, to, number } of rows) {
      for (const account of [from, to]) if (account !== undefined) this.#last.set(account, number);
    }
  }

  /** A transaction in which something tainted moves. */
  visit({ group, transaction }: Row): void {
    if (transaction < 0 || group !== this.#group) this.#visited += 1;
    this.#group = group;
  }

  /** Whether the budget is used up before a row, which a tainted account waits for: not within a transaction. */
  isUsedUp({ group, transaction }: Row): boolean {
    const isWithin = transaction >= 0 && group === this.#group;
    return !this.isOver && this.#visited >= (this.#limits.budget ?? Infinity) && !isWithin;
  }

  /** Leaves what an account holds when the budget is used up. */
  leave(row: Row, account: string, asset: string, amount: bigint): void {
    this.#left.set(account, row.number);
    this.resting.push({ account, asset, amount, limit: "budget", from: row.number });
  }

  /** Behind the budget a theft stays where it came to. */
  stay(row: Row, account: string, asset: string, amount: bigint): void {
    const from = this.#left.get(account) ?? row.number + 1;
    this.#left.set(account, from);
    this.resting.push({ account, asset, amount, limit: "budget", from });
  }

  /** Which limit keeps a transfer from being followed. */
  limitOf(hops: number, taint: bigint, isTheft: boolean): "hops-max" | "amount-min" | undefined {
    if (hops >= (this.#limits.hopsMax ?? Infinity)) return "hops-max";
    return !isTheft && taint < (this.#limits.amountMin ?? 0n) ? "amount-min" : undefined;
  }

  /** Whether an account has a transfer from a row on. */
  goesOn(account: string, from: number): boolean {
    return (this.#last.get(account) ?? -1) >= from;
  }
}
