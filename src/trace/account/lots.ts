import { isOrdered, type Policy } from "../policy.ts";

/** A part of a balance or of a payment. `record`: the tainted record that brought it; -1 where it is clean. */
export type Piece = { readonly amount: bigint; readonly record: number };

/** What an account has of one asset, as far as the ledger knows, under a policy. */
export type Lots = {
  readonly taint: bigint;
  /** Whether it counts as tainted; under `poison` also without an amount. */
  readonly isTainted: boolean;
  /**
   * The record by which its taint came: of the first tainted part that is still there or, where parts are not kept apart, the
   * one of the least hops since it was last clean, the first of several.
   */
  readonly lead: number;
  /** The first record by which taint came since it was last clean; -1 where it has none. */
  readonly since: number;
  /** Its tainted parts by what brought them; undefined where the policy does not keep them apart. */
  taintedPieces(): readonly Piece[] | undefined;
  /** Takes an amount out. What it pays beyond what is known is clean. */
  pay(amount: bigint): readonly Piece[];
  receive(pieces: readonly Piece[]): void;
  /** Makes `amount` of what was received last, of so many units at most, tainted; returns how much became it. */
  retaint(received: bigint, amount: bigint, record: number): bigint;
  /** All that it is made of, for {@link Lots.load}. */
  save(): readonly Piece[];
  /** Makes an empty one what another was when it was saved. */
  load(pieces: readonly Piece[]): void;
};

/** @param hopsOf - How far a record is from its origin; asked of each that brings taint. */
export function lotsOf(policy: Policy, hopsOf: (record: number) => number): Lots {
  if (isOrdered(policy)) return new OrderedLots(policy);
  return policy === "poison" ? new PoisonLots(hopsOf) : new PooledLots(policy, hopsOf);
}

/** `fifo` and `lifo`: lots in the order of their arrival. Clean neighbours merge; tainted ones are kept by what brought them. */
class OrderedLots implements Lots {
  readonly #policy: "fifo" | "lifo";
  #lots: Piece[] = [];
  /** Lots before this one are used up (`fifo`). */
  #first = 0;
  taint = 0n;

  constructor(policy: "fifo" | "lifo") {
    this.#policy = policy;
  }

  get isTainted(): boolean {
    return this.taint > 0n;
  }

  get lead(): number {
    for (let at = this.#first; at < this.#lots.length; at += 1) {
      const { record } = this.#lots[at] as Piece;
      if (record >= 0) return record;
    }
    return -1;
  }

  get since(): number {
    return this.lead;
  }

  taintedPieces(): readonly Piece[] {
    return this.#lots.slice(this.#first).filter(({ record }) => record >= 0);
  }

  save(): readonly Piece[] {
    return this.#lots.slice(this.#first);
  }

  load(pieces: readonly Piece[]): void {
    this.receive(pieces);
  }

  pay(amount: bigint): readonly Piece[] {
    const taken: Piece[] = [];
    let left = amount;
    while (left > 0n && this.#first < this.#lots.length) {
      const at = this.#policy === "fifo" ? this.#first : this.#lots.length - 1;
      const lot = this.#lots[at] as Piece;
      const part = lot.amount < left ? lot.amount : left;
      left -= part;
      append(taken, { amount: part, record: lot.record });
      if (lot.record >= 0) this.taint -= part;
      if (part < lot.amount) this.#lots[at] = { amount: lot.amount - part, record: lot.record };
      else if (this.#policy === "fifo") this.#first += 1;
      else this.#lots.pop();
    }
    if (left > 0n) append(taken, { amount: left, record: -1 });
    if (this.#first > 64 && this.#first * 2 > this.#lots.length) this.#dropUsed();
    return taken;
  }

  #dropUsed(): void {
    if (this.#first > 0) this.#lots = this.#lots.slice(this.#first);
    this.#first = 0;
  }

  receive(pieces: readonly Piece[]): void {
    this.#dropUsed();
    for (const piece of pieces) {
      append(this.#lots, piece);
      if (piece.record >= 0) this.taint += piece.amount;
    }
  }

  retaint(received: bigint, amount: bigint, record: number): bigint {
    if (amount === 0n) return 0n;
    this.#dropUsed();
    const tail: Piece[] = [];
    let left = received;
    while (left > 0n && this.#lots.length > 0) {
      const lot = this.#lots.pop() as Piece;
      const part = lot.amount < left ? lot.amount : left;
      left -= part;
      if (part < lot.amount) this.#lots.push({ amount: lot.amount - part, record: lot.record });
      tail.unshift({ amount: part, record: lot.record });
    }
    const tainted = tail.filter((one) => one.record >= 0);
    const clean = tail.reduce((sum, one) => (one.record < 0 ? sum + one.amount : sum), 0n);
    const made = amount < clean ? amount : clean;
    for (const piece of tainted) append(this.#lots, piece);
    if (made > 0n) append(this.#lots, { amount: made, record });
    if (clean > made) append(this.#lots, { amount: clean - made, record: -1 });
    this.taint += made;
    return made;
  }
}

/** Policies in which the tainted part of a balance says all. */
class PooledLots implements Lots {
  readonly #policy: Exclude<Policy, "fifo" | "lifo" | "poison">;
  readonly #hopsOf: (record: number) => number;
  #clean = 0n;
  taint = 0n;
  lead = -1;
  since = -1;

  constructor(policy: Exclude<Policy, "fifo" | "lifo" | "poison">, hopsOf: (record: number) => number) {
    this.#policy = policy;
    this.#hopsOf = hopsOf;
  }

  get isTainted(): boolean {
    return this.taint > 0n;
  }

  taintedPieces(): undefined {
    return undefined;
  }

  save(): readonly Piece[] {
    const clean = this.#clean === 0n ? [] : [{ amount: this.#clean, record: -1 }];
    return this.taint === 0n ? clean : [...clean, { amount: this.taint, record: this.lead }];
  }

  load(pieces: readonly Piece[]): void {
    this.receive(pieces);
  }

  pay(amount: bigint): readonly Piece[] {
    const tainted = this.#taintIn(amount);
    const rest = amount - tainted;
    this.taint -= tainted;
    this.#clean -= rest < this.#clean ? rest : this.#clean;
    const pieces: Piece[] = [];
    if (tainted > 0n) pieces.push({ amount: tainted, record: this.lead });
    if (rest > 0n) pieces.push({ amount: rest, record: -1 });
    if (this.taint === 0n) {
      this.lead = -1;
      this.since = -1;
    }
    return pieces;
  }

  receive(pieces: readonly Piece[]): void {
    for (const { amount, record } of pieces) {
      if (record < 0) this.#clean += amount;
      else {
        this.#cameBy(record);
        this.taint += amount;
      }
    }
  }

  #cameBy(record: number): void {
    if (this.taint === 0n) this.since = record;
    if (this.taint === 0n || this.#hopsOf(record) < this.#hopsOf(this.lead)) this.lead = record;
  }

  retaint(received: bigint, amount: bigint, record: number): bigint {
    const open = received < this.#clean ? received : this.#clean;
    const made = amount < open ? amount : open;
    if (made === 0n) return 0n;
    this.#cameBy(record);
    this.#clean -= made;
    this.taint += made;
    return made;
  }

  #taintIn(amount: bigint): bigint {
    const { taint } = this;
    const clean = this.#clean;
    switch (this.#policy) {
      case "taint-first":
      case "tiho":
        return taint < amount ? taint : amount;
      case "taint-last": {
        const behind = amount > clean ? amount - clean : 0n;
        return taint < behind ? taint : behind;
      }
      case "haircut":
        return amount >= taint + clean ? taint : (taint * amount) / (taint + clean);
      default:
        return this.#policy satisfies never;
    }
  }
}

/** `poison`: once it has received any taint, all that is paid is tainted in full. */
class PoisonLots implements Lots {
  readonly #hopsOf: (record: number) => number;
  readonly taint = 0n;
  isTainted = false;
  lead = -1;
  since = -1;

  constructor(hopsOf: (record: number) => number) {
    this.#hopsOf = hopsOf;
  }

  taintedPieces(): undefined {
    return undefined;
  }

  save(): readonly Piece[] {
    return this.isTainted ? [{ amount: 0n, record: this.lead }] : [];
  }

  load(pieces: readonly Piece[]): void {
    this.receive(pieces);
  }

  pay(amount: bigint): readonly Piece[] {
    return [{ amount, record: this.isTainted ? this.lead : -1 }];
  }

  receive(pieces: readonly Piece[]): void {
    for (const { record } of pieces) if (record >= 0) this.#poison(record);
  }

  retaint(_received: bigint, amount: bigint, record: number): bigint {
    if (amount > 0n) this.#poison(record);
    return amount;
  }

  #poison(record: number): void {
    if (!this.isTainted) this.since = record;
    if (!this.isTainted || this.#hopsOf(record) < this.#hopsOf(this.lead)) this.lead = record;
    this.isTainted = true;
  }
}

function append(pieces: Piece[], piece: Piece): void {
  const last = pieces.at(-1);
  if (last?.record === piece.record) {
    pieces[pieces.length - 1] = { amount: last.amount + piece.amount, record: piece.record };
  } else pieces.push(piece);
}

/** The tainted part of pieces. */
export function taintOf(pieces: readonly Piece[]): bigint {
  let sum = 0n;
  for (const { amount, record } of pieces) if (record >= 0) sum += amount;
  return sum;
}
