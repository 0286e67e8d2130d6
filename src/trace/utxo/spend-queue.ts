import type { Trail } from "./trail.ts";

/** Inputs of one bucket; numbers of inputs are far apart in a sparse trace and close in a dense one. */
const bucketSize = 4_096;

/**
 * The records that wait for the transaction that spends them, the earliest first.
 *
 * What is added never lies before what was taken, so only the bucket at hand is kept in order (a heap that fits into the
 * processor's cache), and the later ones are plain lists. Cost: near constant an entry, however many wait.
 */
export class SpendQueue {
  readonly #trail: Trail;
  /** Of each later bucket the record that was added last; the others follow by `#next`. */
  readonly #heads = new Map<number, number>();
  /** The later buckets, a heap. */
  readonly #buckets: number[] = [];
  #next = new Int32Array(1_024);
  #bucket = -1;
  #heap = new Int32Array(64);
  #size = 0;
  #count = 0;

  constructor(trail: Trail) {
    this.#trail = trail;
  }

  get count(): number {
    return this.#count;
  }

  /** Adds a record by its spender. */
  add(record: number): void {
    const bucket = bucketOf(this.#trail.spenders[record] as number);
    this.#count += 1;
    if (bucket === this.#bucket) {
      this.#push(record);
      return;
    }
    // An origin may lie before all that waits, and with it what it leads to.
    if (bucket < this.#bucket) this.#close();
    this.#list(bucket, record);
  }

  #list(bucket: number, record: number): void {
    const head = this.#heads.get(bucket);
    if (head === undefined) pushNumber(this.#buckets, bucket);
    if (record >= this.#next.length) {
      const larger = new Int32Array(Math.max(record + 1, this.#next.length * 2));
      larger.set(this.#next);
      this.#next = larger;
    }
    this.#next[record] = head ?? -1;
    this.#heads.set(bucket, record);
  }

  /** The input of the first record; -1 where none waits for an input before `end`. */
  peek(end: number): number {
    if (this.#size === 0 && !this.#open(end)) return -1;
    const input = this.#trail.spenders[this.#heap[0] as number] as number;
    return input < end ? input : -1;
  }

  /** Takes the first record; one must be there. */
  take(): number {
    const heap = this.#heap;
    const { spenders } = this.#trail;
    const first = heap[0] as number;
    this.#size -= 1;
    this.#count -= 1;
    const size = this.#size;
    const last = heap[size] as number;
    const key = spenders[last] as number;
    let at = 0;
    for (let child = 1; child < size; child = at * 2 + 1) {
      if (child + 1 < size && keyAt(spenders, heap, child + 1) < keyAt(spenders, heap, child)) child += 1;
      if (keyAt(spenders, heap, child) >= key) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = last;
    return first;
  }

  /** All that wait, in no order. */
  forEach(use: (record: number) => void): void {
    for (let at = 0; at < this.#size; at += 1) use(this.#heap[at] as number);
    for (const head of this.#heads.values()) {
      for (let record = head; record >= 0; record = this.#next[record] as number) use(record);
    }
  }

  clear(): void {
    this.#heads.clear();
    this.#buckets.length = 0;
    this.#bucket = -1;
    this.#size = 0;
    this.#count = 0;
  }

  /** Opens the next bucket; false where there is none that begins before `end`. */
  #open(end: number): boolean {
    const bucket = this.#buckets[0];
    if (bucket === undefined || bucket * bucketSize >= end) return false;
    popNumber(this.#buckets);
    this.#bucket = bucket;
    const head = this.#heads.get(bucket) ?? -1;
    this.#heads.delete(bucket);
    for (let record = head; record >= 0; record = this.#next[record] as number) this.#push(record);
    return true;
  }

  /** Makes the bucket at hand one of the later ones again. */
  #close(): void {
    for (let at = 0; at < this.#size; at += 1) this.#list(this.#bucket, this.#heap[at] as number);
    this.#size = 0;
    this.#bucket = -1;
  }

  #push(record: number): void {
    if (this.#size === this.#heap.length) {
      const larger = new Int32Array(this.#size * 2);
      larger.set(this.#heap);
      this.#heap = larger;
    }
    const heap = this.#heap;
    const { spenders } = this.#trail;
    const key = spenders[record] as number;
    let at = this.#size;
    this.#size += 1;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (keyAt(spenders, heap, parent) <= key) break;
      heap[at] = heap[parent] as number;
      at = parent;
    }
    heap[at] = record;
  }
}

function bucketOf(input: number): number {
  return (input - (input % bucketSize)) / bucketSize;
}

function keyAt(spenders: Float64Array, heap: Int32Array, at: number): number {
  return spenders[heap[at] as number] as number;
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
