import { numberAt, popCount } from "./bits.ts";
import { bucketOf, type Layout } from "./entry-page.ts";
import { wordLimit } from "./entries.ts";

/** The bit map's zeros are counted for every so many words. */
const wordsPerSample = 4;
const bitsPerSample = wordsPerSample * 32;

/**
 * A page of entries as it is kept in the cache: any entry is found and read without the others. A look-up waits for
 * memory more than for anything else, so all of it is one object and one array.
 */
export class EntryView {
  /** The page's words; after them, for every four words of the bit map, how many zeros come before. */
  readonly #words: Uint32Array;
  /** Whether it was read since the cache last went by. */
  used = true;
  readonly #baseHi: number;
  readonly #baseLo: number;
  readonly #lowBits: number;
  readonly #bucketMax: number;
  readonly #bitmap: number;
  readonly #bitmapWords: number;
  readonly #samplesAt: number;
  readonly #samples: number;
  readonly #samplesPerBucket: number;
  readonly #keyLowAt: number;
  readonly #keyLowBits: number;
  readonly #keyHighAt: number;
  readonly #keyHighBits: number;
  readonly #valueMin: number;
  readonly #valueLowAt: number;
  readonly #valueLowBits: number;
  readonly #valueHighAt: number;
  readonly #valueHighBits: number;
  /** Of the key that was sought: the end of its bucket, and what its bucket leaves of it. */
  #end = 0;
  #low = 0;
  #high = 0;

  constructor(words: Uint32Array, layout: Layout) {
    this.#baseHi = layout.baseHi;
    this.#baseLo = layout.baseLo;
    this.#lowBits = layout.lowBits;
    this.#bucketMax = layout.bucketMax;
    this.#bitmap = layout.bitmap;
    this.#bitmapWords = layout.bitmapWords;
    this.#samplesAt = words.length;
    this.#samples = (layout.bitmapWords + wordsPerSample - 1) >>> 2;
    this.#samplesPerBucket = (layout.count + layout.bucketMax) / (layout.bucketMax + 1) / bitsPerSample;
    this.#keyLowAt = layout.keyLow.at;
    this.#keyLowBits = layout.keyLow.width;
    this.#keyHighAt = layout.keyHigh.at;
    this.#keyHighBits = layout.keyHigh.width;
    this.#valueMin = layout.valueMin;
    this.#valueLowAt = layout.valueLow.at;
    this.#valueLowBits = layout.valueLow.width;
    this.#valueHighAt = layout.valueHigh.at;
    this.#valueHighBits = layout.valueHigh.width;
    this.#words = new Uint32Array(words.length + this.#samples);
    this.#words.set(words);
    for (let word = 0, zeros = 0; word < layout.bitmapWords; word += 1) {
      if (word % wordsPerSample === 0) this.#words[this.#samplesAt + word / wordsPerSample] = zeros;
      zeros += 32 - popCount(words[layout.bitmap + word] as number);
    }
  }

  get bytes(): number {
    return this.#words.byteLength;
  }

  /**
   * The first entry of this key with a value of `from` or more; -1 where there is none. {@link isSame} then tells of the
   * entries that follow whether they are of the same key.
   */
  seek(hi: number, lo: number, from: number): number {
    const [baseHi, baseLo, lowBits] = [this.#baseHi, this.#baseLo, this.#lowBits];
    if (hi < baseHi || (hi === baseHi && lo < baseLo)) return -1;
    const offLo = (lo - baseLo) >>> 0;
    const offHi = hi - baseHi - (lo < baseLo ? 1 : 0);
    if (lowBits < 32 && offHi >= 2 ** lowBits) return -1;
    const bucket = bucketOf(offHi, offLo, lowBits);
    if (bucket > this.#bucketMax) return -1;
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

  /**
   * Lowers `values` to the smallest value of each key from (hi, lo) on that is here; one below 0 is none yet. For keys that are
   * numbers below 2^53.
   */
  firsts(hi: number, lo: number, values: Float64Array): void {
    const from = (hi - this.#baseHi) * wordLimit + (lo - this.#baseLo);
    const end = from + values.length;
    const scale = 2 ** this.#lowBits;
    const bucket = from <= 0 ? 0 : (from - (from % scale)) / scale;
    if (end <= 0 || bucket > this.#bucketMax) return;
    const [words, bitmap] = [this.#words, this.#bitmap];
    const start = bucket === 0 ? 0 : this.#zeroAt(bucket) + 1;
    let index = start - bucket;
    let word = start >>> 5;
    let ones = (words[bitmap + word] as number) & (-1 << (start & 31));
    for (;;) {
      while (ones === 0) {
        word += 1;
        if (word >= this.#bitmapWords) return;
        ones = words[bitmap + word] as number;
      }
      const bit = (word << 5) + 31 - Math.clz32(ones & -ones);
      ones &= ones - 1;
      let key = (bit - index) * scale + numberAt(words, this.#keyLowAt, this.#keyLowBits, index);
      if (this.#keyHighBits > 0) key += numberAt(words, this.#keyHighAt, this.#keyHighBits, index) * wordLimit;
      if (key >= end) return;
      if (key >= from) {
        const value = this.valueAt(index);
        const known = values[key - from] as number;
        if (known < 0 || value < known) values[key - from] = value;
      }
      index += 1;
    }
  }

  /** Whether an entry at or after the one that was found is of the key that was sought. */
  isSame(index: number): boolean {
    if (index >= this.#end) return false;
    return (
      numberAt(this.#words, this.#keyLowAt, this.#keyLowBits, index) === this.#low &&
      numberAt(this.#words, this.#keyHighAt, this.#keyHighBits, index) === this.#high
    );
  }

  valueAt(index: number): number {
    const low = this.#valueMin + numberAt(this.#words, this.#valueLowAt, this.#valueLowBits, index);
    if (this.#valueHighBits === 0) return low;
    return low + numberAt(this.#words, this.#valueHighAt, this.#valueHighBits, index) * wordLimit;
  }

  /** Whether an entry of the sought key's bucket comes before that key with this value. */
  #isBefore(index: number, value: number): boolean {
    const high = numberAt(this.#words, this.#keyHighAt, this.#keyHighBits, index);
    if (high !== this.#high) return high < this.#high;
    const low = numberAt(this.#words, this.#keyLowAt, this.#keyLowBits, index);
    if (low !== this.#low) return low < this.#low;
    return value > 0 && this.valueAt(index) < value;
  }

  /** The first entry of a bucket; leaves in `end` the one after its last. */
  #bucketStart(bucket: number): number {
    const [words, bitmap] = [this.#words, this.#bitmap];
    const bit = bucket === 0 ? 0 : this.#zeroAt(bucket) + 1;
    let word = bit >>> 5;
    let zeros = ~(words[bitmap + word] as number) & (-1 << (bit & 31));
    while (zeros === 0 && word + 1 < this.#bitmapWords) {
      word += 1;
      zeros = ~(words[bitmap + word] as number);
    }
    this.#end = (word << 5) + 31 - Math.clz32(zeros & -zeros) - bucket;
    return bit - bucket;
  }

  /** Where in the bit map the n-th zero stands, counted from 1; there are that many. */
  #zeroAt(nth: number): number {
    const [words, samples, last] = [this.#words, this.#samplesAt, this.#samples - 1];
    let sample = Math.min(last, (nth * this.#samplesPerBucket) >>> 0);
    while ((words[samples + sample] as number) >= nth) sample -= 1;
    while (sample < last && (words[samples + sample + 1] as number) < nth) sample += 1;
    let left = nth - (words[samples + sample] as number);
    let word = this.#bitmap + sample * wordsPerSample;
    let zeros = ~(words[word] as number);
    for (let inWord = popCount(zeros); inWord < left; inWord = popCount(zeros)) {
      left -= inWord;
      word += 1;
      zeros = ~(words[word] as number);
    }
    for (; left > 1; left -= 1) zeros &= zeros - 1;
    return ((word - this.#bitmap) << 5) + 31 - Math.clz32(zeros & -zeros);
  }
}
