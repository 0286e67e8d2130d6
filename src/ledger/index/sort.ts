import { bitLength } from "./bits.ts";
import { isAfter, wordLimit, type Entries } from "./entries.ts";

const digitBits = 11;
const digits = 1 << digitBits;
const digitMask = digits - 1;
/** Many entries are first parted by 8 bits of their keys, so that what is then sorted lies close together. */
const partBits = 8;
const partedMin = 16_384;
/** Entries that stand out of order among equal or nearly equal keys are moved at most this far one by one. */
const shiftsMax = 32;

/**
 * Sorts the first `count` entries, in place, by key, then value. Cost: a few linear passes, whatever the keys are.
 *
 * Random keys are sorted by their high halves only, and the few that agree in these are put right one by one; only
 * where that turns out to be more than a little work are all columns sorted.
 *
 * @param spare - Scratch, at least as long as the entries.
 */
export function sortEntries(entries: Entries, count: number, spare: Entries): void {
  const parted = part(entries, count, spare);
  const sorter = new ColumnSorter();
  for (const [index, start] of parted.entries()) {
    const end = parted[index + 1] ?? count;
    if (end > start) sortPart(sorter, slice(spare, start, end), slice(entries, start, end));
  }
  if (settle(entries, count)) return;
  copy(entries, spare, count);
  const all = slice(spare, 0, count);
  const { low, high } = halves(all.value);
  sorter.begin(count);
  for (const column of [low, high, all.lo, all.hi]) sorter.sort(column);
  sorter.gather(all, entries);
}

/** Moves the entries to `spare`, parted by a key's highest bits that vary; where each part begins. */
function part(entries: Entries, count: number, spare: Entries): readonly number[] {
  const column = isConstant(entries.hi, count) ? entries.lo : entries.hi;
  let [min, max] = [0xffff_ffff, 0];
  for (let index = 0; index < count; index += 1) {
    const key = column[index] as number;
    if (key < min) min = key;
    if (key > max) max = key;
  }
  if (count < partedMin || max - min < 1 << partBits) {
    copy(entries, spare, count);
    return [0];
  }
  const shift = bitLength(max - min) - partBits;
  const next = new Uint32Array(1 << partBits);
  for (let index = 0; index < count; index += 1) {
    const which = ((column[index] as number) - min) >>> shift;
    next[which] = (next[which] as number) + 1;
  }
  let start = 0;
  for (let which = 0; which < next.length; which += 1) {
    const size = next[which] as number;
    next[which] = start;
    start += size;
  }
  const starts = [...next];
  for (let index = 0; index < count; index += 1) {
    const which = ((column[index] as number) - min) >>> shift;
    const to = next[which] as number;
    next[which] = to + 1;
    spare.hi[to] = entries.hi[index] as number;
    spare.lo[to] = entries.lo[index] as number;
    spare.value[to] = entries.value[index] as number;
  }
  return starts;
}

function sortPart(sorter: ColumnSorter, from: Entries, to: Entries): void {
  const count = from.hi.length;
  sorter.begin(count);
  if (varyingBits(from.hi) < bitLength(count) + 4) sorter.sort(from.lo);
  sorter.sort(from.hi);
  sorter.gather(from, to);
}

function isConstant(column: Uint32Array, count: number): boolean {
  const first = column[0] as number;
  for (let index = 1; index < count; index += 1) if (column[index] !== first) return false;
  return true;
}

/** How many bits are not the same in all numbers. */
function varyingBits(column: Uint32Array): number {
  const first = column[0] as number;
  let varying = 0;
  for (let index = 1; index < column.length; index += 1) varying |= (column[index] as number) ^ first;
  let bits = 0;
  for (let rest = varying >>> 0; rest !== 0; rest >>>= 1) bits += rest & 1;
  return bits;
}

function slice({ hi, lo, value }: Entries, start: number, end: number): Entries {
  return { hi: hi.subarray(start, end), lo: lo.subarray(start, end), value: value.subarray(start, end) };
}

function copy(from: Entries, to: Entries, count: number): void {
  const { hi, lo, value } = slice(from, 0, count);
  to.hi.set(hi);
  to.lo.set(lo);
  to.value.set(value);
}

function halves(values: Float64Array): { readonly low: Uint32Array; readonly high: Uint32Array } {
  const [low, high] = [new Uint32Array(values.length), new Uint32Array(values.length)];
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    const rest = value >>> 0;
    low[index] = rest;
    high[index] = (value - rest) / wordLimit;
  }
  return { low, high };
}

/** Insertion sort of nearly sorted entries; false where it gave up, with the entries in no good order. */
function settle(entries: Entries, count: number): boolean {
  const { hi } = entries;
  for (let index = 1; index < count; index += 1) {
    if ((hi[index] as number) > (hi[index - 1] as number)) continue;
    const least = Math.max(0, index - shiftsMax);
    for (let at = index; at > 0 && isAfter(entries, at - 1, at); at -= 1) {
      if (at === least) return false;
      swap(entries, at - 1, at);
    }
  }
  return true;
}

function swap({ hi, lo, value }: Entries, left: number, right: number): void {
  for (const column of [hi, lo, value]) {
    const kept = column[left] as number;
    column[left] = column[right] as number;
    column[right] = kept;
  }
}

/** Sorts an order of entries by one column after another, the least significant first. Stable. */
class ColumnSorter {
  readonly #counts = [new Uint32Array(digits), new Uint32Array(digits), new Uint32Array(digits)] as const;
  #count = 0;
  #order = new Uint32Array(0);
  #orderSpare = new Uint32Array(0);
  #keys = new Uint32Array(0);
  #keysSpare = new Uint32Array(0);

  begin(count: number): void {
    if (count > this.#order.length) {
      const capacity = count + (count >>> 1);
      this.#order = new Uint32Array(capacity);
      this.#orderSpare = new Uint32Array(capacity);
      this.#keys = new Uint32Array(capacity);
      this.#keysSpare = new Uint32Array(capacity);
    }
    this.#count = count;
    for (let index = 0; index < count; index += 1) this.#order[index] = index;
  }

  sort(column: Uint32Array): void {
    const [first, second, third] = this.#counts;
    for (const counts of this.#counts) counts.fill(0);
    const [order, keys] = [this.#order, this.#keys];
    for (let index = 0; index < this.#count; index += 1) {
      const key = column[order[index] as number] as number;
      keys[index] = key;
      const [low, middle, high] = [key & digitMask, (key >>> digitBits) & digitMask, key >>> (2 * digitBits)];
      first[low] = (first[low] as number) + 1;
      second[middle] = (second[middle] as number) + 1;
      third[high] = (third[high] as number) + 1;
    }
    for (const [digit, counts] of this.#counts.entries()) {
      const firstDigit = ((keys[0] as number) >>> (digit * digitBits)) & digitMask;
      if (counts[firstDigit] !== this.#count) this.#scatter(digit * digitBits, counts);
    }
  }

  gather({ hi, lo, value }: Entries, to: Entries): void {
    const order = this.#order;
    for (let index = 0; index < this.#count; index += 1) {
      const from = order[index] as number;
      to.hi[index] = hi[from] as number;
      to.lo[index] = lo[from] as number;
      to.value[index] = value[from] as number;
    }
  }

  #scatter(shift: number, counts: Uint32Array): void {
    let start = 0;
    for (let digit = 0; digit < digits; digit += 1) {
      const size = counts[digit] as number;
      counts[digit] = start;
      start += size;
    }
    const [order, keys, orderTo, keysTo] = [this.#order, this.#keys, this.#orderSpare, this.#keysSpare];
    for (let index = 0; index < this.#count; index += 1) {
      const key = keys[index] as number;
      const digit = (key >>> shift) & digitMask;
      const to = counts[digit] as number;
      counts[digit] = to + 1;
      keysTo[to] = key;
      orderTo[to] = order[index] as number;
    }
    [this.#order, this.#orderSpare] = [orderTo, order];
    [this.#keys, this.#keysSpare] = [keysTo, keys];
  }
}
