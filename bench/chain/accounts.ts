import { mix, type Random } from "./random.ts";

/** An amount of up to about 9 × 10^24 base units: `high` × 10^9 + `low`, both exact. */
export type Amount = { readonly high: number; readonly low: number };

const BILLION = 1_000_000_000;
const NONE = -1;

/**
 * Who holds how much of what: accounts' native balances, and holdings of tokens by (token, account).
 *
 * Balances are exact; none is ever below zero. Both lists stop growing at their capacity; from then on only those who hold
 * something already are paid. 24 and about 40 bytes each.
 */
export class Balances {
  readonly accountsMax: number;
  readonly holdingsMax: number;
  accounts = 0;
  holdings = 0;
  readonly #high: Float64Array;
  readonly #low: Uint32Array;
  readonly #holders: Uint32Array;
  readonly #tokens: Uint16Array;
  readonly #holdingHigh: Float64Array;
  readonly #holdingLow: Uint32Array;
  readonly #table: Int32Array;

  constructor(accountsMax: number, holdingsMax: number) {
    this.accountsMax = accountsMax;
    this.holdingsMax = holdingsMax;
    this.#high = new Float64Array(accountsMax);
    this.#low = new Uint32Array(accountsMax);
    this.#holders = new Uint32Array(holdingsMax);
    this.#tokens = new Uint16Array(holdingsMax);
    this.#holdingHigh = new Float64Array(holdingsMax);
    this.#holdingLow = new Uint32Array(holdingsMax);
    this.#table = new Int32Array(2 ** Math.ceil(Math.log2(holdingsMax * 2))).fill(NONE);
  }

  /** A new account's number; -1 where there is no room. */
  open(): number {
    if (this.accounts === this.accountsMax) return NONE;
    this.accounts += 1;
    return this.accounts - 1;
  }

  /** 10^9 base units of the native asset, rounded down. */
  high(account: number): number {
    return this.#high[account] as number;
  }

  /** Changes a native balance; `sign` is 1 or -1. */
  change(account: number, amount: Amount, sign: 1 | -1): void {
    change(this.#high, this.#low, account, { high: sign * amount.high, low: sign * amount.low });
  }

  /** The holding of a token by an account, made where it is new; -1 where there is no room for it. */
  holding(token: number, account: number): number {
    const mask = this.#table.length - 1;
    let at = mix(0, token, account) & mask;
    for (; ; at = (at + 1) & mask) {
      const found = this.#table[at] as number;
      if (found === NONE) break;
      if (this.#holders[found] === account && this.#tokens[found] === token) return found;
    }
    if (this.holdings === this.holdingsMax) return NONE;
    const made = this.holdings;
    this.holdings += 1;
    this.#table[at] = made;
    this.#holders[made] = account;
    this.#tokens[made] = token;
    return made;
  }

  /** Any holding. */
  anyHolding(random: Random): number {
    return random.below(this.holdings);
  }

  holder(holding: number): number {
    return this.#holders[holding] as number;
  }

  token(holding: number): number {
    return this.#tokens[holding] as number;
  }

  held(holding: number): Amount {
    return { high: this.#holdingHigh[holding] as number, low: this.#holdingLow[holding] as number };
  }

  changeHolding(holding: number, amount: Amount, sign: 1 | -1): void {
    change(this.#holdingHigh, this.#holdingLow, holding, { high: sign * amount.high, low: sign * amount.low });
  }
}

function change(highs: Float64Array, lows: Uint32Array, at: number, { high, low }: Amount): void {
  const sum = (lows[at] as number) + low;
  const carry = sum >= BILLION ? 1 : sum < 0 ? -1 : 0;
  lows[at] = sum - carry * BILLION;
  const left = (highs[at] as number) + high + carry;
  highs[at] = left;
  if (left < 0) throw new Error(`chain: balance ${at} is below zero`);
}
