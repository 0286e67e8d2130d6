import type { OutputPool } from "./pool.ts";
import type { Population } from "./population.ts";
import type { Random } from "./random.ts";
import { scriptKinds } from "./scripts.ts";

/** Inputs or outputs of one transaction, at most. */
export const SIDE_MAX = 512;
/** Less than this is not worth an output of its own. */
const DUST = 546;
const LIFETIME_MAX = 100_000;

/** A transaction that was decided on; used again for the next one. */
export class Draft {
  readonly slots = new Int32Array(SIDE_MAX);
  inputs = 0;
  outputs = 0;
  total = 0;
  fee = 0;
  readonly values = new Float64Array(SIDE_MAX);
  readonly wallets = new Uint32Array(SIDE_MAX);
  readonly indexes = new Uint32Array(SIDE_MAX);
  readonly kinds = new Uint8Array(SIDE_MAX);
  /** After how many blocks each output's owner wants to spend it; -1: never. */
  readonly lifetimes = new Int32Array(SIDE_MAX);
}

/** Decides how the owner of an output spends it: as a user, as an exchange that sweeps deposits, or that pays out. */
export class Spender {
  readonly #random: Random;
  readonly #people: Population;
  readonly #pool: OutputPool;
  /** Satoshi a virtual byte in this block. */
  #feeRate = 8;

  constructor(random: Random, people: Population, pool: OutputPool) {
    this.#random = random;
    this.#people = people;
    this.#pool = pool;
  }

  /** Begins a block: its fees are its own. */
  begin(): void {
    this.#feeRate = Math.min(300, this.#random.logNormal(9, 0.8));
  }

  /** The transaction by which the output in a slot is spent; its inputs are still in the pool. */
  decide(slot: number, height: number, draft: Draft): void {
    const wallet = this.#pool.wallet(slot);
    const role = this.#people.role(wallet);
    draft.outputs = 0;
    draft.inputs = this.#pool.gather(slot, this.#fanIn(role, this.#pool.walletSize(wallet)), height, draft.slots);
    let total = 0;
    for (let input = 0; input < draft.inputs; input += 1) {
      total += this.#pool.value(draft.slots[input] as number);
    }
    draft.total = total;
    if (role === "deposit") this.#sweep(draft, this.#people.hotOf(wallet));
    else if (role === "hot") this.#payOut(draft, wallet);
    else this.#pay(draft, wallet);
  }

  /** How long an output rests: most for hours or a few days, with a long tail; -1: for ever. */
  lifetime(wallet: number, value: number): number {
    const role = this.#people.role(wallet);
    const random = this.#random;
    if (role === "hot") return Math.floor(random.exponential(1.5));
    if (role === "deposit") return Math.floor(random.logNormal(5, 1));
    if (value < 1_000 || random.chance(0.02)) return -1;
    const blocks = Math.min(LIFETIME_MAX, Math.floor(random.logNormal(45, 2.2)));
    const full = this.#pool.live / this.#pool.capacity;
    return full > 0.85 && blocks > (1 - full) * 7_000 ? -1 : blocks;
  }

  #fanIn(role: Role, has: number): number {
    const random = this.#random;
    if (has === 1) return 1;
    if (role === "deposit") {
      return Math.min(has, random.chance(0.04) ? 100 + random.below(300) : 2 + random.geometric(18));
    }
    if (role === "hot") return Math.min(has, 1 + random.geometric(0.7));
    if (has > 30 && random.chance(0.08)) return Math.min(has, 20 + random.below(230));
    return random.chance(0.55) ? 1 : Math.min(has, 2 + random.geometric(1.1));
  }

  /** Sets the fee for so many outputs, never more than a fifth of the money; returns what is left. */
  #afterFee(draft: Draft, outputs: number): number {
    const bytes = 11 + 78 * draft.inputs + 33 * outputs;
    draft.fee = Math.min(Math.floor(bytes * this.#feeRate), Math.floor(draft.total / 5));
    return draft.total - draft.fee;
  }

  #output(draft: Draft, wallet: number, index: number, value: number): void {
    const at = draft.outputs;
    draft.outputs = at + 1;
    draft.values[at] = value;
    draft.wallets[at] = wallet;
    draft.indexes[at] = index;
    draft.kinds[at] = this.#people.kinds[wallet] as number;
    draft.lifetimes[at] = this.lifetime(wallet, value);
  }

  #sweep(draft: Draft, hot: number): void {
    this.#output(draft, hot, this.#people.address(hot), this.#afterFee(draft, 1));
  }

  /** A batch: mostly a few, now and then more than fifty. */
  #payOut(draft: Draft, wallet: number): void {
    const draw = this.#random.unit();
    const random = this.#random;
    const count = draw < 0.6 ? 1 + random.below(4) : draw < 0.9 ? 5 + random.geometric(9) : 50 + random.geometric(40);
    const outputs = Math.min(count, SIDE_MAX - 2);
    let left = this.#afterFee(draft, outputs + 1);
    for (let paid = 0; paid < outputs && left > 20 * DUST; paid += 1) {
      const amount = Math.max(DUST, Math.floor(Math.min(this.#amount(), left / 4)));
      const to = this.#people.anyone();
      this.#output(draft, to, this.#people.address(to), amount);
      left -= amount;
    }
    this.#output(draft, wallet, this.#people.address(wallet), left);
    this.#swapLast(draft);
  }

  #pay(draft: Draft, wallet: number): void {
    const random = this.#random;
    const outputs = random.chance(0.06) ? 2 + random.geometric(2) : 1;
    let left = this.#afterFee(draft, outputs + 1);
    const everything = random.chance(0.17);
    for (let paid = 0; paid < outputs; paid += 1) {
      const wanted = Math.floor(Math.min(this.#amount(), left * (0.05 + 0.9 * random.unit())));
      const all = (everything && paid === outputs - 1) || wanted < DUST || left - wanted < DUST;
      const amount = all ? left : wanted;
      this.#outputToSomebody(draft, wallet, amount);
      left -= amount;
      if (left === 0) break;
    }
    if (left > 0) this.#output(draft, wallet, this.#people.address(wallet), left);
    this.#swapLast(draft);
    if (random.chance(0.04)) this.#unspendable(draft);
  }

  #outputToSomebody(draft: Draft, payer: number, amount: number): void {
    if (this.#random.chance(0.22)) {
      const exchange = this.#people.exchange();
      this.#output(draft, exchange, this.#people.depositAddress(exchange, payer), amount);
    } else {
      const to = this.#people.anyone();
      this.#output(draft, to, this.#people.address(to), amount);
    }
  }

  /** An OP_RETURN without value, or rarely a script that is no standard one. */
  #unspendable(draft: Draft): void {
    const at = draft.outputs;
    draft.outputs = at + 1;
    draft.values[at] = 0;
    draft.wallets[at] = this.#random.u32();
    draft.indexes[at] = this.#random.u32();
    draft.kinds[at] = this.#random.below(50) === 0 ? scriptKinds.nonstandard : scriptKinds.data;
    draft.lifetimes[at] = -1;
  }

  /** Satoshi: half of all payments are below 0.004 BTC; one in five is a round number. */
  #amount(): number {
    const amount = this.#random.logNormal(400_000, 2);
    if (!this.#random.chance(0.2)) return Math.floor(amount);
    const unit = amount < 1e6 ? 1e4 : amount < 1e8 ? 1e6 : 1e8;
    return Math.ceil(amount / unit) * unit;
  }

  /** The change stands anywhere, not always last. */
  #swapLast(draft: Draft): void {
    const last = draft.outputs - 1;
    const other = this.#random.below(draft.outputs);
    swap(draft.values, last, other);
    swap(draft.wallets, last, other);
    swap(draft.indexes, last, other);
    swap(draft.kinds, last, other);
    swap(draft.lifetimes, last, other);
  }
}

function swap(column: Float64Array | Uint32Array | Uint8Array | Int32Array, left: number, right: number): void {
  const kept = column[left] as number;
  column[left] = column[right] as number;
  column[right] = kept;
}

type Role = ReturnType<Population["role"]>;
