import type { Trail } from "./trail.ts";

/** Inputs of one bucket; numbers of inputs are far apart in a sparse trace and close in a dense one. */
const bucketSize = 4_096;
const bucketWords = bucketSize / 32;
/** Buckets of which the heads lie together. */
const headsTogether = 256;

/**
 * The records that wait for the transaction that spends them, the earliest first. No two wait for one input.
 *
 * What is added never lies before what was taken, but for what origins bring; so only the bucket at hand is kept in order (a place
 * for each of its inputs), and the later ones are plain lists. Cost: near constant an entry, however many wait.
 */
export class SpendQueue {
  readonly #trail: Trail;
  /** Of each later bucket, the record that was added last, + 1; the others follow by `#next`. */
  readonly #heads: (Int32Array | undefined)[] = [];
  /** The later buckets, a heap. */
  readonly #buckets: number[] = [];
  #next = new Int32Array(1_024);
  #bucket = -1;
  /** Of the bucket at hand, by input, the record that waits for it; and a bit for each input that has one. */
  readonly #places = new Int32Array(bucketSize);
  readonly #bits = new Uint32Array(bucketWords);
  /** The words of bits before this one are 0. */
  #word = bucketWords;
  #count = 0;

  constructor(trail: Trail) {
    this.#trail = trail;
  }

  get count(): number {
    return this.#count;
  }

  /** Adds a record by its spender. */
  add(record: number): void {
    const input = this.#trail.spenders[record] as number;
    const bucket = bucketOf(input);
    this.#count += 1;
    if (bucket === this.#bucket) {
      this.#put(input - bucket * bucketSize, record);
      return;
    }
    // An origin may lie before all that waits, and with it what it leads to.
    if (bucket < this.#bucket) this.#close();
    this.#list(bucket, record);
  }

  /** The input of the first record; -1 where none waits for an input before `end`. */
  peek(end: number): number {
    const bits = this.#bits;
    for (;;) {
      for (; this.#word < bucketWords; this.#word += 1) {
        const word = bits[this.#word] as number;
        if (word === 0) continue;
        const input = this.#bucket * bucketSize + (this.#word << 5) + lowestBit(word);
        return input < end ? input : -1;
      }
      if (!this.#open(end)) return -1;
    }
  }

  /** Takes the record that was peeked at. */
  take(): number {
    const word = this.#bits[this.#word] as number;
    this.#bits[this.#word] = word & (word - 1);
    this.#count -= 1;
    return this.#places[(this.#word << 5) + lowestBit(word)] as number;
  }

  /** All that wait, in no order. */
  forEach(use: (record: number) => void): void {
    this.#eachAtHand(use);
    for (const bucket of this.#buckets) this.#eachOf(bucket, use);
  }

  clear(): void {
    for (const bucket of this.#buckets) this.#setHead(bucket, 0);
    this.#buckets.length = 0;
    this.#bits.fill(0);
    this.#word = bucketWords;
    this.#bucket = -1;
    this.#count = 0;
  }

  #list(bucket: number, record: number): void {
    if (record >= this.#next.length) {
      const larger = new Int32Array(Math.max(record + 1, this.#next.length * 2));
      larger.set(this.#next);
      this.#next = larger;
    }
    const head = this.#headOf(bucket);
    if (head === 0) pushNumber(this.#buckets, bucket);
    this.#next[record] = head;
    this.#setHead(bucket, record + 1);
  }

  #headOf(bucket: number): number {
    const heads = this.#heads[(bucket / headsTogether) | 0];
    return heads === undefined ? 0 : (heads[bucket % headsTogether] as number);
  }

  #setHead(bucket: number, head: number): void {
    const at = (bucket / headsTogether) | 0;
    while (this.#heads.length <= at) this.#heads.push(undefined);
    const heads = (this.#heads[at] ??= new Int32Array(headsTogether));
    heads[bucket % headsTogether] = head;
  }

  #eachOf(bucket: number, use: (record: number) => void): void {
    for (let head = this.#headOf(bucket); head > 0; head = this.#next[head - 1] as number) use(head - 1);
  }

  #eachAtHand(use: (record: number) => void): void {
    for (let at = this.#word; at < bucketWords; at += 1) {
      for (let word = this.#bits[at] as number; word !== 0; word &= word - 1) {
        use(this.#places[(at << 5) + lowestBit(word)] as number);
      }
    }
  }

  /** Opens the next bucket; false where there is none that begins before `end`. */
  #open(end: number): boolean {
    const bucket = this.#buckets[0];
    if (bucket === undefined || bucket * bucketSize >= end) return false;
    popNumber(this.#buckets);
    this.#bucket = bucket;
    const { spenders } = this.#trail;
    const [first, next] = [bucket * bucketSize, this.#next];
    for (let head = this.#headOf(bucket); head > 0; head = next[head - 1] as number) {
      this.#put((spenders[head - 1] as number) - first, head - 1);
    }
    this.#setHead(bucket, 0);
    return true;
  }

  /** Makes the bucket at hand one of the later ones again. */
  #close(): void {
    this.#eachAtHand((record) => this.#list(this.#bucket, record));
    this.#bits.fill(0);
    this.#word = bucketWords;
    this.#bucket = -1;
  }

  #put(place: number, record: number): void {
    const at = place >>> 5;
    this.#places[place] = record;
    this.#bits[at] = (this.#bits[at] as number) | (1 << (place & 31));
    if (at < this.#word) this.#word = at;
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

function bucketOf(input: number): number {
  return (input - (input % bucketSize)) / bucketSize;
}

function pushNumber(heap: number[], value: number): void {
  let at = heap.length;
  heap.push(value);
  while (at > 0) {
    const parent = (at - 1) >>> 1;
    if ((heap[parent] as number) <= value) break;
    heap[at] = heap[parent] as number;
    at = parent;
  }
  heap[at] = value;
}

function popNumber(heap: number[]): number | undefined {
  const first = heap[0];
  const last = heap.pop();
  const size = heap.length;
  if (last === undefined || size === 0) return first;
  let at = 0;
  for (let child = 1; child < size; child = at * 2 + 1) {
    if (child + 1 < size && (heap[child + 1] as number) < (heap[child] as number)) child += 1;
    if ((heap[child] as number) >= last) break;
    heap[at] = heap[child] as number;
    at = child;
  }
  heap[at] = last;
  return first;
}
