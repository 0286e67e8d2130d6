import { asset } from "../../src/base/assets.ts";
import { chain as chainNamed } from "../../src/base/chains.ts";
import type { PlannedCall } from "./account-stories.ts";
import { Balances, type Amount } from "./accounts.ts";
import { mix, Random } from "./random.ts";
import { accountAddress, NOBODY, RowWriter } from "./rows.ts";

/** How a transfers file is made. The same options give the same bytes. */
export type TransfersOptions = {
  readonly seed: string | number;
  /** Transactions; a transaction has about two rows, its fee first. */
  readonly transactions: number;
  /** The mean of a block; 150 where not given; 0: the plan only. */
  readonly transactionsPerBlock?: number;
  readonly form?: "csv" | "jsonl";
  /** An EVM chain's alias; Ethereum where not given. */
  readonly chain?: string;
  /** Accounts and holdings of tokens that are kept in mind, at most: 25 and 40 bytes each. 2^20 where not given. */
  readonly liveMax?: number;
  /** Of the first block, unix seconds. */
  readonly startTime?: number;
  /** Ends the chain at so many blocks. */
  readonly blocks?: number;
  /** Transactions at the end of their blocks, by height; from 1 on. */
  readonly plan?: ReadonlyMap<number, readonly PlannedCall[]>;
};

const TOKENS = 60;
const EXCHANGES = 12;
const POOLS = 8;
const SERVICES = EXCHANGES + POOLS;
const FOUNDERS = 500;
const RECENT = 4_096;
const BLOCK_SECONDS = 12;
const BILLION = 1_000_000_000;
/** 10^9 base units for a unit of gas, less than. */
const PRICE_MAX = 79;
/** What an account needs to be chosen as a payer, in 10^9 base units: the dearest fee. */
const PAYER_HIGH = 20_000_000;

const exactly = (high: number): Amount => ({ high, low: 0 });

/**
 * Makes the transfers of an account chain as rows: payments, token transfers, swaps against pools, mints, burns, fees.
 *
 * Exchanges (their hot accounts pay and are paid all the time; users pay in through deposit accounts, which are swept),
 * pools, and users chosen by zipf and by how lately they were paid. No balance is ever below zero: a validator that applies
 * the rows in order finds each one covered. Amounts are exact to the base unit. Block 0 mints what the founders have.
 *
 * Cost: under 2 µs a row; memory by `liveMax`, whatever the chain's length.
 */
export class TransfersChain {
  readonly #options: TransfersOptions;
  readonly #random: Random;
  readonly #salt: number;
  readonly #balances: Balances;
  readonly #rows: RowWriter;
  readonly #native: string;
  readonly #tokens: readonly string[];
  readonly #recent = new Int32Array(RECENT).fill(NOBODY);
  /** By account: the exchange that sweeps it, plus one. */
  readonly #sweptBy: Uint8Array;
  /** By account: its deposit account, plus one. */
  readonly #depositOf: Int32Array;
  readonly #chainId: string;
  readonly #references = new Map<string, string>();
  #made = 0;
  #price = 20;

  constructor(options: TransfersOptions) {
    this.#options = options;
    const { transactions, form = "csv", chain = "ethereum" } = options;
    const known = chainNamed(chain);
    if (known.family !== "evm") throw new Error(`transfers: accounts are written as EVM's, which ${chain} has not`);
    const live = Math.max(2_048, options.liveMax ?? Math.min(1 << 20, transactions * 2));
    this.#random = new Random(`transfers/${options.seed}`);
    this.#salt = this.#random.u32();
    this.#balances = new Balances(live, Math.max(TOKENS * SERVICES * 2, live));
    this.#rows = new RowWriter(this.#salt, chain, form);
    this.#chainId = known.id;
    this.#native = asset(known.native).symbol;
    this.#tokens = Array.from(
      { length: TOKENS },
      (_, token) => `${known.id}/erc20:${accountAddress(this.#salt ^ 0x746f6b, token)}`,
    );
    this.#sweptBy = new Uint8Array(live);
    this.#depositOf = new Int32Array(live);
  }

  /** The file's bytes; to be gone through once. */
  *chunks(): Generator<Buffer, void, undefined> {
    const { transactions, transactionsPerBlock = 150, startTime = 1_600_000_000 } = this.#options;
    const { blocks = Number.POSITIVE_INFINITY } = this.#options;
    for (let block = 0; this.#made < transactions && block < blocks; block += 1) {
      this.#rows.beginBlock(block, startTime + block * BLOCK_SECONDS);
      this.#price = Math.min(PRICE_MAX, this.#random.logNormal(20, 0.6));
      if (transactionsPerBlock > 0) {
        if (block === 0) this.#found();
        const wanted =
          block === 0 ? 0 : Math.max(1, Math.round(this.#random.logNormal(transactionsPerBlock * 0.95, 0.35)));
        const end = Math.min(transactions, this.#made + wanted);
        while (this.#made < end) {
          this.#transaction();
          if (this.#rows.full) yield this.#rows.take();
        }
      }
      for (const call of this.#options.plan?.get(block) ?? []) {
        this.#plannedCall(call);
        if (this.#rows.full) yield this.#rows.take();
      }
    }
    yield this.#rows.take();
  }

  /** The plan's named transfers so far, as `TXID:INDEX`. */
  plannedReferences(): ReadonlyMap<string, string> {
    return this.#references;
  }

  /** The addresses of the exchanges' accounts that take what is paid in. */
  exchanges(): readonly string[] {
    return Array.from({ length: EXCHANGES }, (_, exchange) => accountAddress(this.#salt, exchange));
  }

  /** The deposit accounts opened so far, each with the user for whom it was, by address. */
  deposits(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (const [user, deposit] of this.#depositOf.entries()) {
      if (deposit > 0) found.set(accountAddress(this.#salt, deposit - 1), accountAddress(this.#salt, user));
    }
    return found;
  }

  #plannedCall({ txid, payer, fee, moves }: PlannedCall): void {
    if (fee > 0n) this.#rows.planned(txid, [payer, "", this.#native, String(fee)]);
    for (const { from = "", to = "", token, amount, label } of moves) {
      const name = token === undefined ? this.#native : `${this.#chainId}/erc20:${token}`;
      const index = this.#rows.planned(txid, [from, to, name, String(amount)]);
      if (label !== undefined) this.#references.set(label, `${txid}:${index}`);
    }
  }

  #begin(): void {
    this.#rows.beginTransaction(this.#made >>> 0, Math.floor(this.#made / 2 ** 32));
    this.#made += 1;
  }

  /** One transaction of many rows: what everybody has at the beginning. */
  #found(): void {
    this.#begin();
    for (let number = 0; number < SERVICES + FOUNDERS; number += 1) {
      const account = this.#balances.open();
      this.#mint(account, undefined, exactly(account < SERVICES ? 1e14 : 2e10));
      if (account >= SERVICES) continue;
      for (let token = 0; token < TOKENS; token += 1) this.#mint(account, token, exactly(1e13));
    }
  }

  #mint(account: number, token: number | undefined, amount: Amount): void {
    this.#move(NOBODY, account, token, amount);
  }

  /** Writes a row and changes the balances; a holder who cannot be kept in mind gets nothing. */
  #move(from: number, to: number, token: number | undefined, amount: Amount): void {
    if (token === undefined) {
      this.#rows.row(from, to, this.#native, amount);
      if (from !== NOBODY) this.#balances.change(from, amount, -1);
      if (to !== NOBODY) this.#balances.change(to, amount, 1);
    } else {
      this.#rows.row(from, to, this.#tokens[token] as string, amount);
      if (from !== NOBODY) this.#balances.changeHolding(this.#balances.holding(token, from), amount, -1);
      if (to !== NOBODY) this.#balances.changeHolding(this.#balances.holding(token, to), amount, 1);
    }
    if (to >= SERVICES) this.#recent[this.#random.below(RECENT)] = to;
  }

  #fee(payer: number, gas: number): void {
    const high = Math.floor(this.#price);
    const low = Math.floor((this.#price - high) * BILLION);
    const rest = gas * low;
    const carry = Math.floor(rest / BILLION);
    this.#move(payer, NOBODY, undefined, { high: gas * high + carry, low: rest - carry * BILLION });
  }

  #transaction(): void {
    this.#begin();
    const draw = this.#random.unit();
    if (draw < 0.45) this.#pay();
    else if (draw < 0.87) this.#transferToken();
    else if (draw < 0.97) this.#swap();
    else this.#mintOrBurn(draw < 0.985);
  }

  /** Somebody who can pay: lately paid, or any; where none is found, an exchange. */
  #payer(): number {
    for (let tries = 0; tries < 6; tries += 1) {
      const recent = this.#recent[this.#random.below(RECENT)] as number;
      const account = tries < 4 && recent !== NOBODY ? recent : this.#random.zipf(this.#balances.accounts);
      if (this.#balances.high(account) > PAYER_HIGH) return account;
    }
    return this.#random.zipf(EXCHANGES);
  }

  /** Somebody to be paid: a new account, a popular one, any, or an exchange by the payer's deposit account. */
  #payee(payer: number): number {
    const draw = this.#random.unit();
    if (draw < 0.2 && payer >= SERVICES) return this.#deposit(payer);
    if (draw < 0.5) {
      const opened = this.#balances.open();
      if (opened >= 0) return opened;
    }
    const { accounts } = this.#balances;
    return draw < 0.75 ? this.#random.zipf(accounts) : this.#random.below(accounts);
  }

  #deposit(user: number): number {
    const known = this.#depositOf[user] as number;
    if (known > 0) return known - 1;
    const exchange = this.#random.zipf(EXCHANGES);
    const opened = this.#balances.open();
    if (opened < 0) return exchange;
    this.#sweptBy[opened] = exchange + 1;
    this.#depositOf[user] = opened + 1;
    return opened;
  }

  #pay(): void {
    const from = this.#payer();
    this.#fee(from, 21_000);
    const swept = (this.#sweptBy[from] as number) - 1;
    const left = this.#balances.high(from);
    if (swept >= 0) {
      this.#move(from, swept, undefined, { high: Math.max(0, left - 1), low: 0 });
    } else {
      this.#move(from, this.#payee(from), undefined, this.#nativeAmount(left));
    }
  }

  /** Half of all payments are below 0.05 of the native asset; never more than half of what one has. */
  #nativeAmount(left: number): Amount {
    if (left < 2) return exactly(0);
    const high = Math.floor(Math.min(this.#random.logNormal(5e7, 2), left / 2));
    const round = this.#random.chance(0.25) && high > 1e7;
    return round ? exactly(Math.floor(high / 1e7) * 1e7) : { high, low: this.#random.below(BILLION) };
  }

  /** A holder pays somebody; one who cannot pay the fee is sent some of the native asset instead. */
  #transferToken(): void {
    const service = this.#random.chance(0.35);
    const token = this.#random.zipf(TOKENS);
    const holding = service
      ? this.#balances.holding(token, this.#random.zipf(EXCHANGES))
      : this.#balances.anyHolding(this.#random);
    const from = this.#balances.holder(holding);
    if (this.#balances.high(from) < PAYER_HIGH) {
      const exchange = this.#random.zipf(EXCHANGES);
      this.#fee(exchange, 21_000);
      this.#move(exchange, from, undefined, exactly(PAYER_HIGH * 3));
      return;
    }
    this.#fee(from, 40_000 + this.#random.below(25_000));
    const moved = this.#tokenAmount(holding);
    const to = this.#payee(from);
    const kept = this.#balances.holding(this.#balances.token(holding), to) >= 0;
    this.#move(from, kept ? to : from, this.#balances.token(holding), moved);
  }

  /** All of it, or a part. The two first tokens have six decimals, the others eighteen. */
  #tokenAmount(holding: number): Amount {
    const held = this.#balances.held(holding);
    if (this.#random.chance(0.3) && this.#balances.holder(holding) >= SERVICES) return held;
    const six = this.#balances.token(holding) < 2;
    const high = Math.floor(Math.min(this.#random.logNormal(six ? 0.3 : 3e11, 2), held.high / 2));
    return { high, low: Math.min(this.#random.below(BILLION), high < held.high ? BILLION : held.low) };
  }

  /** Native for a token of a pool, or a token for native, which the pool's contract pays: two rows after the fee. */
  #swap(): void {
    const pool = EXCHANGES + this.#random.zipf(POOLS);
    const from = this.#payer();
    this.#fee(from, 120_000 + this.#random.below(130_000));
    const token = this.#random.zipf(TOKENS);
    const holding = this.#balances.holding(token, from);
    const poolHolding = this.#balances.holding(token, pool);
    if (holding < 0 || from === pool) return;
    const held = this.#balances.held(holding);
    if (held.high > 0 && this.#random.chance(0.5)) {
      this.#move(from, pool, token, this.#tokenAmount(holding));
      this.#move(pool, from, undefined, this.#nativeAmount(this.#balances.high(pool) / 1_000));
    } else {
      this.#move(from, pool, undefined, this.#nativeAmount(this.#balances.high(from)));
      this.#move(pool, from, token, this.#tokenAmount(poolHolding));
    }
  }

  #mintOrBurn(mints: boolean): void {
    const exchange = this.#random.zipf(EXCHANGES);
    const token = this.#random.zipf(TOKENS);
    this.#fee(exchange, 60_000);
    const holding = this.#balances.holding(token, exchange);
    const amount = { high: 1 + this.#random.below(1_000), low: mix(this.#salt, this.#made, 0) % BILLION };
    if (mints) this.#mint(exchange, token, amount);
    else this.#move(exchange, NOBODY, token, this.#tokenAmount(holding));
  }
}

/** A whole file's bytes; see {@link TransfersChain}. */
export function transferChunks(options: TransfersOptions): Generator<Buffer, void, undefined> {
  return new TransfersChain(options).chunks();
}
