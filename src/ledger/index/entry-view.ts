import { numberAt, popCount } from "./bits.ts";
import { bucketOf, type Layout } from "./entry-page.ts";
import { wordLimit } from "./entries.ts";

/** The bit map's zeros are counted for every four words. */
const wordsPerSample = 4;

/** A page of entries as it is kept in the cache: any entry is found and read without the others. */
export class EntryView {
  readonly words: Uint32Array;
  /** Whether it was read since the cache last went by. */
  used = true;
  readonly #layout: Layout;
  readonly #zerosBefore: Uint16Array;
  /** Where {@link seek} ended: the entries from `at` to `end` are of the bucket of the key that was sought. */
  #end = 0;
  #low = 0;
  #high = 0;

  constructor(words: Uint32Array, layout: Layout) {
    this.words = words;
    this.#layout = layout;
    this.#zerosBefore = new Uint16Array(((layout.bitmapWords + wordsPerSample - 1) / wordsPerSample) | 0);
    for (let word = 0, zeros = 0; word < layout.bitmapWords; word += 1) {
      if (word % wordsPerSample === 0) this.#zerosBefore[word / wordsPerSample] = zeros;
      zeros += 32 - popCount(words[layout.bitmap + word] as number);
    }
  }

  get bytes(): number {
    return this.words.byteLength + this.#zerosBefore.byteLength;
  }

  get count(): number {
    return this.#layout.count;
  }

  /**
   * The first entry of this key with a value of `from` or more; -1 where there is none. {@link isSame} then tells of the
   * entries that follow whether they are of the same key.
   */
  seek(hi: number, lo: number, from: number): number {
    const { baseHi, baseLo, lowBits, bucketMax } = this.#layout;
    if (hi < baseHi || (hi === baseHi && lo < baseLo)) return -1;
    const offLo = (lo - baseLo) >>> 0;
    const offHi = hi - baseHi - (lo < baseLo ? 1 : 0);
    if (lowBits < 32 && offHi >= 2 ** lowBits) return -1;
    const bucket = bucketOf(offHi, offLo, lowBits);
    if (bucket > bucketMax) return -1;
    this.#low = lowBits >= 32 ? offLo : (offLo & ((1 << lowBits) - 1)) >>> 0;
    this.#high = lowBits > 32 ? offHi & ((1 << (lowBits - 32)) - 1) : 0;
    const start = this.#bucketStart(bucket);
    let [least, most] = [start, this.#end];
    while (least < most) {
      const middle = (least + most) >>> 1;
      if (this.#isBefore(middle, from)) least = middle + 1;
      else most = middle;
    }
    return this.isSame(least) ? least : -1;
  }

  /** Whether an entry at or after the one that was found is of the key that was sought. */
  isSame(index: number): boolean {
    if (index >= this.#end) return false;
    const { keyLow, keyHigh } = this.#layout;
    return (
      (keyLow.width === 0 || numberAt(this.words, keyLow, index) === this.#low) &&
      (keyHigh.width === 0 || numberAt(this.words, keyHigh, index) === this.#high)
    );
  }

  valueAt(index: number): number {
    const { valueLow, valueHigh, valueMin } = this.#layout;
    const low = valueLow.width === 0 ? 0 : numberAt(this.words, valueLow, index);
    const high = valueHigh.width === 0 ? 0 : numberAt(this.words, valueHigh, index);
    return valueMin + high * wordLimit + low;
  }

  /** Whether an entry of the sought key's bucket comes before that key with this value. */
  #isBefore(index: number, value: number): boolean {
    const { keyLow, keyHigh } = this.#layout;
    if (keyHigh.width > 0) {
      const high = numberAt(this.words, keyHigh, index);
      if (high !== this.#high) return high < this.#high;
    }
    if (keyLow.width > 0) {
      const low = numberAt(this.words, keyLow, index);
      if (low !== this.#low) return low < this.#low;
    }
    return value > 0 && this.valueAt(index) < value;
  }

  /** The first entry of a bucket; leaves in `end` the one after its last. */
  #bucketStart(bucket: number): number {
    const { bitmap, bitmapWords } = this.#layout;
    const bit = bucket === 0 ? 0 : this.#zeroAt(bucket) + 1;
    const start = bit - bucket;
    let word = bit >>> 5;
    let zeros = ~(this.words[bitmap + word] as number) & (-1 << (bit & 31));
    while (zeros === 0 && word + 1 < bitmapWords) {
      word += 1;
      zeros = ~(this.words[bitmap + word] as number);
    }
    const endBit = (word << 5) + 31 - Math.clz32(zeros & -zeros);
    this.#end = endBit - bucket;
    return start;
  }

  /** Where in the bit map the n-th zero stands, counted from 1. */
  #zeroAt(nth: number): number {
    const samples = this.#zerosBefore;
    const { bitmap, count, bucketMax } = this.#layout;
    let sample = ((nth / (bucketMax + 1)) * (count + bucketMax)) >>> 7;
    if (sample >= samples.length) sample = samples.length - 1;
    while ((samples[sample] as number) >= nth) sample -= 1;
    while (sample + 1 < samples.length && (samples[sample + 1] as number) < nth) sample += 1;
    let left = nth - (samples[sample] as number);
    let word = sample * wordsPerSample;
    let zeros = ~(this.words[bitmap + word] as number);
    for (let inWord = popCount(zeros); inWord < left; inWord = popCount(zeros)) {
      left -= inWord;
      word += 1;
      zeros = ~(this.words[bitmap + word] as number);
    }
    for (; left > 1; left -= 1) zeros &= zeros - 1;
    return (word << 5) + 31 - Math.clz32(zeros & -zeros);
  }
}
