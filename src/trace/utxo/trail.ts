/** What became of a tainted output. */
export const fates = {
  /** Nothing spends it, or nothing yet. */
  unspent: 0,
  /** A transaction that was visited spends it. */
  spent: 1,
  /** It reached a stop. */
  exit: 2,
  /** It is spent, and a limit kept the trace from following. */
  until: 3,
  hops: 4,
  amount: 5,
  budget: 6,
} as const;
export type Fate = (typeof fates)[keyof typeof fates];

/**
 * The tainted outputs in the order in which they came about, and the transactions that were visited: columns of numbers,
 * since a trace may have millions of them. An output of the trail is called a record, a visited transaction a step.
 */
export class Trail {
  records = 0;
  steps = 0;
  /** Of a record: the output's number. */
  outputs = new Float64Array(1_024);
  /** The step that created it. */
  madeBy = new Int32Array(1_024);
  /** The record that its first tainted part (haircut, poison: the largest) came from; -1 for an origin. */
  parents = new Int32Array(1_024);
  /** How many transactions lie between it and an origin, by the shortest way. */
  hops = new Int32Array(1_024);
  /** The input that spends it; -1 where none does or it was not looked up. */
  spenders = new Float64Array(1_024);
  fates = new Uint8Array(1_024);
  /** Of a step: the transaction's number. */
  transactions = new Float64Array(256);
  /** The first record that it made; those of the next step follow its own. */
  firstRecords = new Int32Array(256);

  /** Begins a step; what is added until the next one was made by it. */
  step(transaction: number): void {
    if (this.steps === this.transactions.length) {
      this.transactions = grown(this.transactions, new Float64Array(this.steps * 2));
      this.firstRecords = grown(this.firstRecords, new Int32Array(this.steps * 2));
    }
    this.transactions[this.steps] = transaction;
    this.firstRecords[this.steps] = this.records;
    this.steps += 1;
  }

  /** Adds a record to the last step; its number. */
  add(output: number, parent: number, hop: number): number {
    if (this.records === this.outputs.length) this.#grow();
    const record = this.records;
    this.outputs[record] = output;
    this.madeBy[record] = this.steps - 1;
    this.parents[record] = parent;
    this.hops[record] = hop;
    this.spenders[record] = -1;
    this.records += 1;
    return record;
  }

  #grow(): void {
    const size = this.records * 2;
    this.outputs = grown(this.outputs, new Float64Array(size));
    this.madeBy = grown(this.madeBy, new Int32Array(size));
    this.parents = grown(this.parents, new Int32Array(size));
    this.hops = grown(this.hops, new Int32Array(size));
    this.spenders = grown(this.spenders, new Float64Array(size));
    this.fates = grown(this.fates, new Uint8Array(size));
  }
}

/** The larger array with the content of the smaller one. */
export function grown<Numbers extends Float64Array | Int32Array | Uint8Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
