import type { Sink } from "./sink.ts";

/** How many buckets the wheel has: outputs that are due more blocks ahead go round it more than once. */
const WHEEL = 16_384;
const READY = WHEEL;
const NONE = -1;
const TWO_32 = 4_294_967_296;

/** A slot's words. They stand together, since a slot is met at random: two cache lines instead of a dozen. */
const STRIDE = 20;
const TXID = 0;
const OUTPUT_INDEX = 8;
const VALUE_LOW = 9;
const VALUE_HIGH = 10;
const WALLET = 11;
const INDEX = 12;
const MATURE_AT = 13;
const DUE_AT = 14;
const BUCKET = 15;
const WHEEL_NEXT = 16;
const WHEEL_PREVIOUS = 17;
const WALLET_NEXT = 18;
const WALLET_PREVIOUS = 19;

/** An output to be kept: who owns it, when it may and when it will be spent. */
export type NewOutput = {
  readonly value: number;
  readonly wallet: number;
  readonly index: number;
  /** The first height at which a block may spend it. */
  readonly matureAt: number;
  /** The height at which its owner will want to spend it. */
  readonly dueAt: number;
};

/**
 * The unspent outputs that will be spent, in typed arrays: by the block in which their owner wants to (a timing wheel) and
 * by owner. A slot is an output's number; 80 bytes each. Every step takes constant time.
 */
export class OutputPool {
  readonly capacity: number;
  live = 0;
  ready = 0;
  readonly #words: Int32Array;
  readonly #buckets = new Int32Array(WHEEL + 1).fill(NONE);
  readonly #walletHeads: Int32Array;
  readonly #walletSizes: Uint32Array;
  readonly #free: Int32Array;
  #readyTail = NONE;
  #ahead = 0;

  constructor(capacity: number, wallets: number) {
    this.capacity = capacity;
    this.#words = new Int32Array(capacity * STRIDE);
    this.#walletSizes = new Uint32Array(wallets);
    this.#walletHeads = new Int32Array(wallets).fill(NONE);
    this.#free = new Int32Array(capacity);
    for (let slot = 0; slot < capacity; slot += 1) this.#free[slot] = capacity - 1 - slot;
  }

  /** Satoshi. */
  value(slot: number): number {
    return this.#word(slot, VALUE_HIGH) * TWO_32 + (this.#word(slot, VALUE_LOW) >>> 0);
  }

  wallet(slot: number): number {
    return this.#word(slot, WALLET);
  }

  /** The number of the owner's address. */
  index(slot: number): number {
    return this.#word(slot, INDEX);
  }

  /** How many outputs of a wallet are here. */
  walletSize(wallet: number): number {
    return this.#walletSizes[wallet] as number;
  }

  /** Writes which output a slot is: 36 bytes. */
  writeOutpoint(slot: number, sink: Sink): void {
    const at = slot * STRIDE;
    for (let word = 0; word < 8; word += 1) sink.u32(this.#words[at + TXID + word] as number);
    sink.u32(this.#words[at + OUTPUT_INDEX] as number);
  }

  /** Keeps an output of the block at `height`; its transaction's id is to be set by {@link name}. -1 where it is full. */
  add({ value, wallet, index, matureAt, dueAt }: NewOutput, height: number): number {
    if (this.live === this.capacity) return NONE;
    const slot = this.#free[this.capacity - 1 - this.live] as number;
    this.live += 1;
    const words = this.#words;
    const at = slot * STRIDE;
    words[at + VALUE_LOW] = value % TWO_32;
    words[at + VALUE_HIGH] = Math.floor(value / TWO_32);
    words[at + WALLET] = wallet;
    words[at + INDEX] = index;
    words[at + MATURE_AT] = matureAt;
    words[at + DUE_AT] = dueAt;
    const head = this.#walletHeads[wallet] as number;
    words[at + WALLET_NEXT] = head;
    words[at + WALLET_PREVIOUS] = NONE;
    if (head !== NONE) words[head * STRIDE + WALLET_PREVIOUS] = slot;
    this.#walletHeads[wallet] = slot;
    this.#walletSizes[wallet] = (this.#walletSizes[wallet] as number) + 1;
    this.#link(slot, dueAt <= height ? READY : dueAt % WHEEL);
    return slot;
  }

  /** Says which output a slot is: the transaction's id is the 8 words of `txids` from `from` on, as they are in memory. */
  name(slot: number, txids: Int32Array, from: number, outputIndex: number): void {
    const words = this.#words;
    const at = slot * STRIDE;
    for (let word = 0; word < 8; word += 1) words[at + TXID + word] = txids[from + word] as number;
    words[at + OUTPUT_INDEX] = outputIndex;
  }

  /** Begins a block: what is due becomes ready. */
  begin(height: number): void {
    this.#ahead = height + 1;
    let slot = this.#buckets[height % WHEEL] as number;
    while (slot !== NONE) {
      const next = this.#word(slot, WHEEL_NEXT);
      if (this.#word(slot, DUE_AT) <= height) {
        this.#unlink(slot);
        this.#append(slot);
      }
      slot = next;
    }
  }

  /** The next output that its owner wants to spend; where none is ready, the next that will be. -1 where none can be. */
  next(height: number): number {
    const ready = this.#buckets[READY] as number;
    if (ready !== NONE) return ready;
    for (; this.#ahead < height + WHEEL; this.#ahead += 1) {
      let slot = this.#buckets[this.#ahead % WHEEL] as number;
      while (slot !== NONE && this.#word(slot, MATURE_AT) > height) slot = this.#word(slot, WHEEL_NEXT);
      if (slot !== NONE) return slot;
    }
    return NONE;
  }

  /** Up to `limit` outputs of the owner of `slot`, itself first, put into `into` from 0; returns how many. */
  gather(slot: number, limit: number, height: number, into: Int32Array): number {
    into[0] = slot;
    let count = 1;
    let looked = 0;
    let other = limit === 1 ? NONE : (this.#walletHeads[this.wallet(slot)] as number);
    // Immature ones are passed over, but not without end.
    while (other !== NONE && count < limit && looked < limit * 2) {
      if (other !== slot && this.#word(other, MATURE_AT) <= height) {
        into[count] = other;
        count += 1;
      }
      looked += 1;
      other = this.#word(other, WALLET_NEXT);
    }
    return count;
  }

  /** Forgets an output: it is spent. */
  remove(slot: number): void {
    this.#unlink(slot);
    const words = this.#words;
    const at = slot * STRIDE;
    const wallet = words[at + WALLET] as number;
    const next = words[at + WALLET_NEXT] as number;
    const previous = words[at + WALLET_PREVIOUS] as number;
    if (next !== NONE) words[next * STRIDE + WALLET_PREVIOUS] = previous;
    if (previous === NONE) this.#walletHeads[wallet] = next;
    else words[previous * STRIDE + WALLET_NEXT] = next;
    this.#walletSizes[wallet] = (this.#walletSizes[wallet] as number) - 1;
    this.live -= 1;
    this.#free[this.capacity - 1 - this.live] = slot;
  }

  #word(slot: number, field: number): number {
    return this.#words[slot * STRIDE + field] as number;
  }

  #link(slot: number, bucket: number): void {
    const words = this.#words;
    const at = slot * STRIDE;
    const head = this.#buckets[bucket] as number;
    words[at + BUCKET] = bucket;
    words[at + WHEEL_NEXT] = head;
    words[at + WHEEL_PREVIOUS] = NONE;
    if (head !== NONE) words[head * STRIDE + WHEEL_PREVIOUS] = slot;
    else if (bucket === READY) this.#readyTail = slot;
    this.#buckets[bucket] = slot;
    if (bucket === READY) this.ready += 1;
  }

  /** To the end of what is ready. */
  #append(slot: number): void {
    const tail = this.#readyTail;
    if (tail === NONE) {
      this.#link(slot, READY);
      return;
    }
    const words = this.#words;
    const at = slot * STRIDE;
    words[at + BUCKET] = READY;
    words[tail * STRIDE + WHEEL_NEXT] = slot;
    words[at + WHEEL_PREVIOUS] = tail;
    words[at + WHEEL_NEXT] = NONE;
    this.#readyTail = slot;
    this.ready += 1;
  }

  #unlink(slot: number): void {
    const words = this.#words;
    const at = slot * STRIDE;
    const bucket = words[at + BUCKET] as number;
    const next = words[at + WHEEL_NEXT] as number;
    const previous = words[at + WHEEL_PREVIOUS] as number;
    if (next !== NONE) words[next * STRIDE + WHEEL_PREVIOUS] = previous;
    else if (bucket === READY) this.#readyTail = previous;
    if (previous === NONE) this.#buckets[bucket] = next;
    else words[previous * STRIDE + WHEEL_NEXT] = next;
    if (bucket === READY) this.ready -= 1;
  }
}
