import { bitLength, columnWords, packColumn, unpackColumn, type Column } from "./bits.ts";
import { wordLimit, type Entries } from "./entries.ts";
import { entriesPerPageMax, headWords, pageWordsMax } from "./run.ts";

/**
 * A page of entries, in words of 32 bits, lowest byte first.
 *
 * Head: format and kind, run, page; then count; the widths of keys and values; the first key (high, low); the smallest
 * value (low, high). Keys, less the first, are Elias-Fano coded: the lowest bits of each in columns of fixed width, of
 * the rest (the bucket) a bit map in which bit `bucket + index` is set. Values, less the smallest, in columns of fixed
 * width. That takes about 2 bits a key more than the entropy of random keys, 2 to 3 bits for dense ones, and any entry
 * can be read without the ones before it, which a chain of differences does not allow.
 *
 * A word of zeros ends the page, so that a column may be read two words at a time.
 */
export type Layout = {
  readonly count: number;
  /** Bits of a key that are kept in columns. */
  readonly lowBits: number;
  readonly baseHi: number;
  readonly baseLo: number;
  readonly valueMin: number;
  /** The largest bucket. */
  readonly bucketMax: number;
  readonly bitmap: number;
  readonly bitmapWords: number;
  readonly keyLow: Column;
  readonly keyHigh: Column;
  readonly valueLow: Column;
  readonly valueHigh: Column;
  readonly words: number;
};

type Shape = {
  readonly count: number;
  readonly lowBits: number;
  readonly bucketMax: number;
  readonly valueBits: number;
};

const bodyStart = headWords + 7;
/** A page's end is looked for in steps of this many entries. */
const cutStep = 16;

/** How a page's words are laid out, from its head. Undefined where the head contradicts itself. */
export function readLayout(words: Uint32Array): Layout | undefined {
  const [count = 0, widths = 0, bucketMax = 0, baseHi = 0, baseLo = 0, minLow = 0, minHigh = 0] = words.subarray(
    headWords,
    bodyStart,
  );
  const [lowBits, valueBits] = [widths & 0xff, widths >>> 8];
  if (count < 1 || count > entriesPerPageMax || lowBits > 63 || valueBits > 48) return undefined;
  const layout = layOut({ count, lowBits, bucketMax, valueBits });
  if (layout.words !== words.length) return undefined;
  return { ...layout, baseHi, baseLo, valueMin: minHigh * wordLimit + minLow };
}

function layOut({ count, lowBits, bucketMax, valueBits }: Shape): Layout {
  const low = (bits: number): number => Math.min(bits, 32);
  const high = (bits: number): number => Math.max(bits - 32, 0);
  const bitmap = bodyStart;
  const bitmapWords = (count + bucketMax + 32) >>> 5;
  const keyLow = { at: bitmap + bitmapWords, width: low(lowBits) };
  const keyHigh = { at: keyLow.at + columnWords(count, keyLow.width), width: high(lowBits) };
  const valueLow = { at: keyHigh.at + columnWords(count, keyHigh.width), width: low(valueBits) };
  const valueHigh = { at: valueLow.at + columnWords(count, valueLow.width), width: high(valueBits) };
  const words = valueHigh.at + columnWords(count, valueHigh.width) + 1;
  const columns = { bitmap, bitmapWords, keyLow, keyHigh, valueLow, valueHigh, words };
  return { count, lowBits, bucketMax, baseHi: 0, baseLo: 0, valueMin: 0, ...columns };
}

/** How many bits of the keys go to columns: so many that there are 1 to 2 buckets an entry. */
function shapeOf(rangeHi: number, rangeLo: number, valueRange: number, count: number): Shape {
  const rangeBits = rangeHi > 0 ? 32 + bitLength(rangeHi) : bitLength(rangeLo);
  let lowBits = Math.max(0, rangeBits - bitLength(count));
  if (lowBits > 0 && bucketOf(rangeHi, rangeLo, lowBits) < count) lowBits -= 1;
  const valueLow = valueRange >>> 0;
  const valueHigh = (valueRange - valueLow) / wordLimit;
  const valueBits = valueHigh > 0 ? 32 + bitLength(valueHigh) : bitLength(valueLow);
  return { count, lowBits, bucketMax: bucketOf(rangeHi, rangeLo, lowBits), valueBits };
}

/** A key, less its page's first, shifted right by `lowBits`. */
export function bucketOf(hi: number, lo: number, lowBits: number): number {
  if (lowBits >= 32) return hi >>> (lowBits - 32);
  return lowBits === 0 ? lo : ((hi << (32 - lowBits)) | (lo >>> lowBits)) >>> 0;
}

/** Makes pages out of sorted entries. Holds scratch space only. */
export class EntryPageEncoder {
  readonly #words = new Uint32Array(pageWordsMax);
  readonly #low = new Uint32Array(entriesPerPageMax);
  readonly #high = new Uint32Array(entriesPerPageMax);

  /** How many entries from `start` on, below `end`, make one page. At least one. */
  cut(entries: Entries, start: number, end: number): number {
    const { hi, lo, value } = entries;
    const baseHi = hi[start] as number;
    const baseLo = lo[start] as number;
    const stop = Math.min(end, start + entriesPerPageMax);
    let [min, max] = [value[start] as number, value[start] as number];
    let fitting = 0;
    for (let at = start; at < stop;) {
      const next = Math.min(stop, at + cutStep);
      for (; at < next; at += 1) {
        const one = value[at] as number;
        if (one < min) min = one;
        if (one > max) max = one;
      }
      const lastLo = lo[at - 1] as number;
      const rangeHi = (hi[at - 1] as number) - baseHi - (lastLo < baseLo ? 1 : 0);
      const shape = shapeOf(rangeHi, (lastLo - baseLo) >>> 0, max - min, at - start);
      if (wordsOf(shape) > pageWordsMax) break;
      fitting = at - start;
    }
    return fitting;
  }

  /** The words of a page of `count` entries from `start` on; the first three, its head, are left to the caller. Valid until the next call. */
  encode(entries: Entries, start: number, count: number): Uint32Array {
    const { hi, lo, value } = entries;
    const [baseHi, baseLo] = [hi[start] as number, lo[start] as number];
    const lastLo = lo[start + count - 1] as number;
    const rangeHi = (hi[start + count - 1] as number) - baseHi - (lastLo < baseLo ? 1 : 0);
    let [min, max] = [value[start] as number, value[start] as number];
    for (let index = start + 1; index < start + count; index += 1) {
      const one = value[index] as number;
      if (one < min) min = one;
      if (one > max) max = one;
    }
    const shape = shapeOf(rangeHi, (lastLo - baseLo) >>> 0, max - min, count);
    const layout = layOut(shape);
    const words = this.#words.subarray(0, layout.words).fill(0);
    const minLow = min >>> 0;
    const { lowBits, bucketMax } = shape;
    words.set([count, lowBits | (shape.valueBits << 8), bucketMax, baseHi, baseLo], headWords);
    words.set([minLow, (min - minLow) / wordLimit], headWords + 5);
    this.#encodeKeys(words, layout, entries, start);
    this.#encodeValues(words, layout, value.subarray(start, start + count), min);
    return words;
  }

  #encodeKeys(words: Uint32Array, layout: Layout, entries: Entries, start: number): void {
    const { count, lowBits, bitmap, keyLow, keyHigh } = layout;
    const { hi, lo } = entries;
    const [baseHi, baseLo] = [hi[start] as number, lo[start] as number];
    const [lows, highs] = [this.#low, this.#high];
    const lowMask = lowBits >= 32 ? -1 : (1 << lowBits) - 1;
    const highMask = lowBits > 32 ? (1 << (lowBits - 32)) - 1 : 0;
    for (let index = 0; index < count; index += 1) {
      const keyLo = lo[start + index] as number;
      const offLo = (keyLo - baseLo) >>> 0;
      const offHi = (hi[start + index] as number) - baseHi - (keyLo < baseLo ? 1 : 0);
      const bit = bucketOf(offHi, offLo, lowBits) + index;
      const word = bitmap + (bit >>> 5);
      words[word] = (words[word] as number) | (1 << (bit & 31));
      lows[index] = offLo & lowMask;
      highs[index] = offHi & highMask;
    }
    packColumn(words, keyLow, lows, count);
    packColumn(words, keyHigh, highs, count);
  }

  #encodeValues(words: Uint32Array, layout: Layout, value: Float64Array, min: number): void {
    const [lows, highs] = [this.#low, this.#high];
    if (layout.valueHigh.width === 0) {
      for (let index = 0; index < layout.count; index += 1) lows[index] = (value[index] as number) - min;
    } else {
      for (let index = 0; index < layout.count; index += 1) {
        const offset = (value[index] as number) - min;
        const low = offset >>> 0;
        lows[index] = low;
        highs[index] = (offset - low) / wordLimit;
      }
    }
    packColumn(words, layout.valueLow, lows, layout.count);
    packColumn(words, layout.valueHigh, highs, layout.count);
  }
}

function wordsOf({ count, lowBits, bucketMax, valueBits }: Shape): number {
  const keyWords = columnWords(count, Math.min(lowBits, 32)) + columnWords(count, Math.max(lowBits - 32, 0));
  const valueWords = columnWords(count, Math.min(valueBits, 32)) + columnWords(count, Math.max(valueBits - 32, 0));
  return bodyStart + ((count + bucketMax + 32) >>> 5) + keyWords + valueWords + 1;
}

/** Reads whole pages. Holds scratch space only. */
export class EntryPageDecoder {
  readonly #low = new Uint32Array(entriesPerPageMax);
  readonly #high = new Uint32Array(entriesPerPageMax);

  /** Decodes a page into the beginning of the columns; how many entries it has, or -1 where its bit map is wrong. */
  decode(words: Uint32Array, layout: Layout, entries: Entries): number {
    const { count, keyLow, keyHigh, valueLow, valueHigh, valueMin } = layout;
    const [lows, highs] = [this.#low, this.#high];
    unpackColumn(words, keyLow, lows, count);
    unpackColumn(words, keyHigh, highs, count);
    if (this.#decodeKeys(words, layout, entries) !== count) return -1;
    unpackColumn(words, valueLow, lows, count);
    const { value } = entries;
    for (let index = 0; index < count; index += 1) value[index] = valueMin + (lows[index] as number);
    if (valueHigh.width > 0) {
      unpackColumn(words, valueHigh, highs, count);
      for (let index = 0; index < count; index += 1) {
        value[index] = (value[index] as number) + (highs[index] as number) * wordLimit;
      }
    }
    return count;
  }

  #decodeKeys(words: Uint32Array, layout: Layout, entries: Entries): number {
    const { count, lowBits, bitmap, bitmapWords, baseHi, baseLo } = layout;
    const { hi, lo } = entries;
    const [lows, highs] = [this.#low, this.#high];
    let index = 0;
    for (let at = 0; at < bitmapWords; at += 1) {
      let word = words[bitmap + at] as number;
      while (word !== 0) {
        if (index === count) return -1;
        const bucket = (at << 5) + 31 - Math.clz32(word & -word) - index;
        word &= word - 1;
        const low = lows[index] as number;
        let [offHi, offLo] = [0, low];
        if (lowBits >= 32) {
          offHi = (bucket << (lowBits - 32)) | (highs[index] as number);
        } else {
          offLo = ((bucket << lowBits) | low) >>> 0;
          offHi = lowBits === 0 ? 0 : bucket >>> (32 - lowBits);
        }
        const keyLo = (baseLo + offLo) >>> 0;
        lo[index] = keyLo;
        hi[index] = baseHi + offHi + (keyLo < baseLo ? 1 : 0);
        index += 1;
      }
    }
    return index;
  }
}
