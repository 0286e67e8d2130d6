import { assert } from "../../base/assert.ts";
import { makeEntries, valueLimit, type Entries } from "./entries.ts";
import { mixKey } from "./filter.ts";
import { sortEntries } from "./sort.ts";

const capacityMin = 1024;

/**
 * Entries that are in no run yet, in no particular order; 16 bytes each, and as much again for sorting. They can be
 * looked up by key: the table for that (8 bytes an entry) is only made once somebody asks.
 */
export class PendingEntries {
  #entries: Entries = makeEntries(capacityMin);
  /** Scratch for sorting. */
  #spare: Entries = makeEntries(0);
  #count = 0;
  /** By the key's hash, one more than the newest entry; for each entry, one more than the next older one. */
  #heads = new Uint32Array(0);
  #older = new Uint32Array(0);
  #linked = 0;

  get count(): number {
    return this.#count;
  }

  add(hi: number, lo: number, value: number): void {
    assert(value >= 0 && value < valueLimit, "index: a value is a whole number below 2^48");
    if (this.#count === this.#entries.hi.length) this.#grow();
    const index = this.#count;
    const { hi: his, lo: los, value: values } = this.#entries;
    his[index] = hi;
    los[index] = lo;
    values[index] = value;
    this.#count = index + 1;
  }

  /** Calls back with each value of a key, in no particular order. */
  each(hi: number, lo: number, found: (value: number) => void): void {
    if (this.#linked < this.#count) this.#link();
    if (this.#count === 0) return;
    const { hi: his, lo: los, value } = this.#entries;
    let at = this.#heads[mixKey(hi, lo) & (this.#heads.length - 1)] as number;
    while (at !== 0) {
      if (los[at - 1] === lo && his[at - 1] === hi) found(value[at - 1] as number);
      at = this.#older[at - 1] as number;
    }
  }

  /** The smallest value of a key; -1 where there is none. */
  first(hi: number, lo: number): number {
    let least = -1;
    this.each(hi, lo, (value) => {
      if (least === -1 || value < least) least = value;
    });
    return least;
  }

  /** All entries in order, their columns cut to their number; valid until the next change. */
  sorted(): Entries {
    if (this.#spare.hi.length < this.#count) this.#spare = makeEntries(this.#entries.hi.length);
    sortEntries(this.#entries, this.#count, this.#spare);
    this.#linked = 0;
    this.#heads.fill(0);
    const { hi, lo, value } = this.#entries;
    const count = this.#count;
    return { hi: hi.subarray(0, count), lo: lo.subarray(0, count), value: value.subarray(0, count) };
  }

  clear(): void {
    this.#count = 0;
    this.#linked = 0;
    this.#heads.fill(0);
  }

  #grow(): void {
    const { hi, lo, value } = this.#entries;
    const entries = makeEntries(this.#count * 2);
    entries.hi.set(hi);
    entries.lo.set(lo);
    entries.value.set(value);
    this.#entries = entries;
  }

  #link(): void {
    const capacity = this.#entries.hi.length;
    if (this.#heads.length !== capacity) {
      this.#heads = new Uint32Array(capacity);
      this.#older = new Uint32Array(capacity);
      this.#linked = 0;
    }
    const [heads, older, mask] = [this.#heads, this.#older, capacity - 1];
    const { hi, lo } = this.#entries;
    for (let index = this.#linked; index < this.#count; index += 1) {
      const bucket = mixKey(hi[index] as number, lo[index] as number) & mask;
      older[index] = heads[bucket] as number;
      heads[bucket] = index + 1;
    }
    this.#linked = this.#count;
  }
}
