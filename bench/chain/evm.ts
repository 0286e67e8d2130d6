import {
  evmBlock,
  madeUpHash,
  unlessZero,
  valueTransfers,
  type EvmBlock,
  type EvmCall,
  type EvmTransaction,
  type EvmWithdrawal,
  type ExpectedTransfer,
} from "./evm-block.ts";
import {
  erc1155Batch,
  erc1155Single,
  erc20Transfer,
  erc721Transfer,
  WETH,
  wethDeposit,
  wethWithdrawal,
  ZERO,
  type EvmLog,
} from "./evm-logs.ts";
import { Random } from "./random.ts";

/** How a chain of EVM blocks is made. */
export type EvmOptions = {
  readonly seed: string | number;
  readonly transactions: number;
  /** The mean of a block; 20 where not given. */
  readonly transactionsPerBlock?: number;
  /** Of the first block, unix seconds. */
  readonly startTime?: number;
};

/** A block, and what a decoder must find in it, in no particular order within a transaction. */
export type EvmStep = { readonly answers: EvmBlock; readonly expected: readonly ExpectedTransfer[] };

const GWEI = 1_000_000_000n;
const USERS = 200;
const CONTRACTS = 20;
const TOKENS = 12;

type Made = { readonly call: EvmCall; readonly logs: readonly EvmLog[]; readonly tokens: readonly ExpectedTransfer[] };
type Token = Omit<ExpectedTransfer, "txid">;

/**
 * Makes EVM blocks as a node answers them: payments, ERC-20, -721 and -1155 (single and batch, mints and burns among them),
 * wrapping, calls within calls (some undone, delegated or static), new contracts, a contract's end, failed transactions,
 * withdrawals. Accounts have what block 0 allots them, as on a test node; balances are not kept. Hashes are made up.
 */
export class EvmChain {
  readonly #options: EvmOptions;
  readonly #random: Random;
  readonly #nonces = new Map<string, number>();
  #made = 0;
  #withdrawals = 0;

  constructor(options: EvmOptions) {
    this.#options = options;
    this.#random = new Random(`evm/${options.seed}`);
  }

  /** The blocks from 0 on, which is empty; to be gone through once. */
  *blocks(): Generator<EvmStep, void, undefined> {
    const { transactions, transactionsPerBlock = 20, startTime = 1_700_000_000, seed } = this.#options;
    let parent = `0x${"0".repeat(64)}`;
    for (let number = 0; number === 0 || this.#made < transactions; number += 1) {
      const wanted = number === 0 ? 0 : this.#random.geometric(transactionsPerBlock);
      const count = Math.min(transactions - this.#made, wanted);
      const list = Array.from({ length: count }, () => this.#transaction());
      const withdrawals = number === 0 ? [] : this.#credits();
      const expected = [...list.flatMap((one) => one.expected), ...withdrawals.map(creditOf)];
      const chosen = list.map(({ transaction }) => transaction);
      const time = startTime + number * 12;
      const parts = { number, parent, time, transactions: chosen, withdrawals, salt: String(seed) };
      const answers = evmBlock(parts);
      parent = answers.hash;
      yield { answers, expected };
    }
  }

  #address(kind: "user" | "contract" | "token", count: number): string {
    return `0x${madeUpHash(this.#options.seed, kind, this.#random.zipf(count)).slice(2, 42)}`;
  }

  #user(): string {
    return this.#address("user", USERS);
  }

  #wei(): bigint {
    return BigInt(Math.floor(this.#random.logNormal(5e7, 2))) * GWEI + BigInt(this.#random.below(1_000_000_000));
  }

  #credits(): readonly EvmWithdrawal[] {
    return Array.from({ length: this.#random.below(4) }, () => {
      this.#withdrawals += 1;
      const gwei = BigInt(10_000_000 + this.#random.below(10_000_000));
      return { index: this.#withdrawals, address: this.#user(), gwei };
    });
  }

  #transaction(): { readonly transaction: EvmTransaction; readonly expected: readonly ExpectedTransfer[] } {
    const hash = madeUpHash("transaction", this.#options.seed, this.#made);
    this.#made += 1;
    const from = this.#user();
    const nonce = this.#nonces.get(from) ?? 0;
    this.#nonces.set(from, nonce + 1);
    const made = this.#choose(from);
    const failed = this.#random.chance(0.06);
    const call: EvmCall = failed ? { ...made.call, reverted: true } : made.call;
    const gasUsed = BigInt(21_000 + (made.call.input === undefined ? 0 : this.#random.below(200_000)));
    const gasPrice = BigInt(1 + this.#random.below(60)) * GWEI + BigInt(this.#random.below(1_000_000));
    const type = this.#random.chance(0.7) ? 2 : 0;
    const transaction: EvmTransaction = { hash, nonce, call, logs: failed ? [] : made.logs, gasUsed, gasPrice, type };
    const tokens = failed ? [] : made.tokens.map((token) => ({ ...token, txid: hash }));
    return { transaction, expected: [...valueTransfers(transaction), ...tokens] };
  }

  #choose(from: string): Made {
    const draw = this.#random.unit();
    if (draw < 0.34) return plain({ type: "CALL", from, to: this.#user(), value: this.#wei() });
    if (draw < 0.6) return this.#fungible(from);
    if (draw < 0.66) return this.#single(from);
    if (draw < 0.74) return this.#multi(from);
    if (draw < 0.78) return this.#wrap(from);
    if (draw < 0.82) return this.#unwrap(from);
    if (draw < 0.97) return this.#nested(from);
    return this.#create(from);
  }

  #tokenCall(from: string, to: string, logs: readonly EvmLog[], tokens: readonly Token[]): Made {
    const call: EvmCall = { type: "CALL", from, to, value: 0n, input: "0xa9059cbb" };
    return { call, logs, tokens: tokens.map((token) => ({ ...token, txid: undefined })) };
  }

  /** From and to, one of which is the zero address for a mint or a burn. */
  #ends(from: string): { readonly from: string; readonly to: string } {
    const draw = this.#random.unit();
    return { from: draw < 0.04 ? ZERO : from, to: draw > 0.96 ? ZERO : this.#user() };
  }

  #fungible(sender: string): Made {
    const token = this.#address("token", TOKENS).replace(/.$/u, "2");
    const ends = this.#ends(sender);
    const amount = BigInt(Math.floor(this.#random.logNormal(1e12, 3)));
    const log = erc20Transfer(token, ends.from, ends.to, amount);
    return this.#tokenCall(sender, token, [log], [tokenOf(`erc20:${token}`, ends, amount)]);
  }

  #single(sender: string): Made {
    const token = this.#address("token", TOKENS).replace(/.$/u, "7");
    const ends = this.#ends(sender);
    const id = BigInt(this.#random.below(10_000));
    const log = erc721Transfer(token, ends.from, ends.to, id);
    return this.#tokenCall(sender, token, [log], [tokenOf(`erc721:${token}/${id}`, ends, 1n)]);
  }

  #multi(sender: string): Made {
    const token = this.#address("token", TOKENS).replace(/.$/u, "5");
    const ends = this.#ends(sender);
    const count = 1 + this.#random.below(4);
    const items = Array.from(
      { length: count },
      (_, at) => [BigInt(at * 7 + 1), BigInt(1 + this.#random.below(50))] as const,
    );
    const [first] = items;
    const single = first !== undefined && items.length === 1;
    const log = single ? erc1155Single(token, ends, first[0], first[1]) : erc1155Batch(token, ends, items);
    const tokens = items.map(([id, amount]) => tokenOf(`erc1155:${token}/${id}`, ends, amount));
    return this.#tokenCall(sender, token, [log], tokens);
  }

  /** Value goes to the contract, and as much of the token comes from nowhere. */
  #wrap(from: string): Made {
    const value = this.#wei();
    const call: EvmCall = { type: "CALL", from, to: WETH, value, input: "0xd0e30db0" };
    const wrapped = {
      txid: undefined,
      kind: "wrap",
      asset: `erc20:${WETH}`,
      from: undefined,
      to: from,
      amount: value,
    } as const;
    return { call, logs: [wethDeposit(from, value)], tokens: [wrapped] };
  }

  #unwrap(from: string): Made {
    const value = this.#wei();
    const calls: readonly EvmCall[] = [{ type: "CALL", from: WETH, to: from, value }];
    const call: EvmCall = { type: "CALL", from, to: WETH, value: 0n, input: "0x2e1a7d4d", calls };
    const burnt = {
      txid: undefined,
      kind: "wrap",
      asset: `erc20:${WETH}`,
      from,
      to: undefined,
      amount: value,
    } as const;
    return { call, logs: [wethWithdrawal(from, value)], tokens: [burnt] };
  }

  /** A contract that pays out, asks another, lends its code, and some of whose calls fail. */
  #nested(from: string): Made {
    const contract = this.#address("contract", CONTRACTS);
    const second = this.#address("contract", CONTRACTS);
    const value = this.#wei();
    const inner: EvmCall[] = [
      { type: "STATICCALL", from: contract, to: second, value: 0n, input: "0x70a08231" },
      { type: "DELEGATECALL", from: contract, to: second, value, input: "0x12345678" },
      { type: "CALL", from: contract, to: this.#user(), value: value / 3n },
    ];
    if (this.#random.chance(0.3)) {
      const deep: EvmCall = { type: "CALL", from: second, to: this.#user(), value: value / 5n };
      const reverted = this.#random.chance(0.5);
      inner.push({
        type: "CALL",
        from: contract,
        to: second,
        value: value / 4n,
        reverted,
        input: "0x9abcdef0",
        calls: [deep],
      });
    }
    if (this.#random.chance(0.05))
      inner.push({ type: "SELFDESTRUCT", from: contract, to: this.#user(), value: value / 7n });
    return plain({ type: "CALL", from, to: contract, value, input: "0xdeadbeef", calls: inner });
  }

  #create(from: string): Made {
    const to = `0x${madeUpHash("created", this.#options.seed, this.#made).slice(2, 42)}`;
    const value = this.#random.chance(0.5) ? this.#wei() : 0n;
    return plain({ type: "CREATE", from, to, value, input: "0x6080604052" });
  }
}

const plain = (call: EvmCall): Made => ({ call, logs: [], tokens: [] });

const tokenOf = (asset: string, ends: { readonly from: string; readonly to: string }, amount: bigint): Token => ({
  kind: "token",
  asset,
  from: unlessZero(ends.from),
  to: unlessZero(ends.to),
  amount,
});

const creditOf = ({ address, gwei }: EvmWithdrawal): ExpectedTransfer => ({
  txid: undefined,
  kind: "credit",
  asset: "native",
  from: undefined,
  to: address,
  amount: gwei * GWEI,
});

/** A whole chain; see {@link EvmChain}. */
export function evmBlocks(options: EvmOptions): Generator<EvmStep, void, undefined> {
  return new EvmChain(options).blocks();
}
