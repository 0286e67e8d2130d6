import { WORD_LIMIT } from "./column.ts";

/** Words of a hash that tell it from another: 23 bytes, with one more for its kind. Two differ in them, or are equal. */
const keyWords = 6;
/** A key, the low word of a number, and its high half with the tag above: 32 bytes, so that a look-up touches one cache line. */
const entryWords = 8;
/** Of hashes in a column. */
const hashWordsEach = 8;
const placesMin = 1024;
/** Fuller than this, in thousandths, and looking for a place takes long. */
const loadMax = 800;

/** The largest number that can be remembered; tags are of 0 to {@link tagMax}. */
export const rememberedMax = 2 ** 48 - 2;
export const tagMax = 0xffff;

/**
 * A map from hashes to numbers for millions of entries, in bounded memory: open addressing in one typed array, so that
 * neither an entry nor a look-up allocates anything. Each entry has a tag of 16 bits, by which its owner decides what is
 * forgotten at the next {@link HashMemory.sweep}.
 *
 * Of a hash the first 184 bits count: making two that agree in them takes 2^92 steps. Where an entry lies depends on a
 * secret of this process, so that nobody can make hashes that crowd one place; what is found does not.
 * Memory: 32 bytes a place, of which at most four fifths are used; as much again for a moment when it grows.
 */
export class HashMemory {
  readonly #placesMax: number;
  readonly #seed: Uint32Array;
  #words: Uint32Array;
  #mask: number;
  #size = 0;
  /** What {@link HashMemory.warm} has read: of no meaning, and kept so that reading it is not optimised away. */
  warmed = 0;

  /** @param placesMax - A power of two. More are taken where nothing was swept in time, until the next sweep. */
  constructor(placesMax: number) {
    this.#placesMax = placesMax;
    this.#seed = crypto.getRandomValues(new Uint32Array(2));
    this.#mask = Math.min(placesMin, placesMax) - 1;
    this.#words = new Uint32Array((this.#mask + 1) * entryWords);
  }

  /** How many hashes are remembered. */
  get size(): number {
    return this.#size;
  }

  /** How full it is, in thousandths of all the places that it may have. */
  get load(): number {
    return (this.#size * 1_000) / this.#placesMax;
  }

  /**
   * Where the hash is remembered whose words begin at `at`, of a kind below 256; -1 where it is not. Places are valid
   * until the next `put` or `sweep`.
   */
  find(hash: Uint32Array, at: number, kind: number): number {
    const place = this.#placeOf(hash, at, kind);
    return this.#isEmpty(place) ? -1 : place;
  }

  /**
   * Has the places of hashes that will be looked for next brought near, all at once: a look-up waits for memory more than
   * for anything else, and the processor waits for many places together as long as for one.
   */
  warm(hashes: Uint32Array): void {
    const words = this.#words;
    let sum = 0;
    for (let at = 0; at + keyWords <= hashes.length; at += hashWordsEach) {
      sum ^= words[this.#firstPlace(hashes, at) * entryWords] as number;
    }
    this.warmed = sum;
  }

  valueAt(place: number): number {
    const at = place * entryWords + keyWords;
    return ((this.#words[at + 1] as number) & 0xffff) * WORD_LIMIT + (this.#words[at] as number) - 1;
  }

  tagAt(place: number): number {
    return (this.#words[place * entryWords + keyWords + 1] as number) >>> 16;
  }

  setTag(place: number, tag: number): void {
    const at = place * entryWords + keyWords + 1;
    this.#words[at] = ((this.#words[at] as number) & 0xffff) | (tag << 16);
  }

  /** Remembers a number of 0 to {@link rememberedMax}, in the place of an older one of the same hash. */
  put(hash: Uint32Array, at: number, { kind, value, tag }: Remembered): void {
    if (this.#size * 1_000 >= (this.#mask + 1) * loadMax) this.#resize((this.#mask + 1) * 2);
    const place = this.#placeOf(hash, at, kind);
    if (this.#isEmpty(place)) this.#size += 1;
    const words = this.#words;
    const to = place * entryWords;
    for (let word = 0; word < keyWords - 1; word += 1) words[to + word] = hash[at + word] as number;
    words[to + keyWords - 1] = lastWord(hash, at, kind);
    // One more than the number: an empty place has zeros there.
    const low = (value + 1) >>> 0;
    words[to + keyWords] = low;
    words[to + keyWords + 1] = ((value + 1 - low) / WORD_LIMIT) | (tag << 16);
  }

  /**
   * Asks of each entry whether it is kept, and forgets the others.
   *
   * @param keep - Gets an entry's number and tag; may be asked more than once.
   */
  sweep(keep: (value: number, tag: number) => boolean): void {
    for (let place = 0; place <= this.#mask; place += 1) {
      // What moves into the place of an entry that goes is looked at next.
      while (!this.#isEmpty(place) && !keep(this.valueAt(place), this.tagAt(place))) this.#remove(place);
    }
    if (this.#mask >= this.#placesMax) this.#resize(this.#placesMax);
  }

  /** Calls back with each entry's number and tag, in no particular order. */
  each(seen: (value: number, tag: number) => void): void {
    for (let place = 0; place <= this.#mask; place += 1) {
      if (!this.#isEmpty(place)) seen(this.valueAt(place), this.tagAt(place));
    }
  }

  #resize(places: number): void {
    const old = this.#words;
    this.#words = new Uint32Array(places * entryWords);
    this.#mask = places - 1;
    for (let from = 0; from < old.length; from += entryWords) {
      if (old[from + keyWords] === 0 && ((old[from + keyWords + 1] as number) & 0xffff) === 0) continue;
      let place = this.#firstPlace(old, from);
      while (!this.#isEmpty(place)) place = (place + 1) & this.#mask;
      for (let word = 0; word < entryWords; word += 1)
        this.#words[place * entryWords + word] = old[from + word] as number;
    }
  }

  /**
   * Removes an entry, and moves those behind it that would no longer be found to where they are (Knuth, The Art of
   * Computer Programming, volume 3, 6.4, algorithm R).
   */
  #remove(place: number): void {
    const words = this.#words;
    this.#size -= 1;
    let hole = place;
    for (let next = (hole + 1) & this.#mask; !this.#isEmpty(next); next = (next + 1) & this.#mask) {
      const first = this.#firstPlace(words, next * entryWords);
      // It stays where its own place lies between the hole and it.
      if (((next - first) & this.#mask) < ((next - hole) & this.#mask)) continue;
      words.copyWithin(hole * entryWords, next * entryWords, (next + 1) * entryWords);
      hole = next;
    }
    words.fill(0, hole * entryWords, (hole + 1) * entryWords);
  }

  #isEmpty(place: number): boolean {
    const at = place * entryWords + keyWords;
    return this.#words[at] === 0 && ((this.#words[at + 1] as number) & 0xffff) === 0;
  }

  #firstPlace(hash: Uint32Array, at: number): number {
    const first = Math.imul((hash[at] as number) ^ (this.#seed[0] as number), 0x9e37_79b1);
    const mixed = Math.imul((first >>> 15) ^ first ^ (hash[at + 1] as number) ^ (this.#seed[1] as number), 0x85eb_ca6b);
    return (mixed ^ (mixed >>> 13)) & this.#mask;
  }

  /** Where the hash is, or the empty place where it would be. */
  #placeOf(hash: Uint32Array, at: number, kind: number): number {
    const words = this.#words;
    const [w0, w1, w2, w3, w4] = [hash[at], hash[at + 1], hash[at + 2], hash[at + 3], hash[at + 4]];
    const w5 = lastWord(hash, at, kind);
    for (let place = this.#firstPlace(hash, at); ; place = (place + 1) & this.#mask) {
      const to = place * entryWords;
      if (
        words[to] === w0 &&
        words[to + 1] === w1 &&
        words[to + 2] === w2 &&
        words[to + 3] === w3 &&
        words[to + 4] === w4 &&
        words[to + 5] === w5
      ) {
        // All zeros is a hash too: an empty place looks like it, and is the right place for it.
        return place;
      }
      if (this.#isEmpty(place)) return place;
    }
  }
}

/** What is remembered of a hash. */
export type Remembered = { readonly kind: number; readonly value: number; readonly tag: number };

/** The hash's last three bytes that count, and the kind. */
function lastWord(hash: Uint32Array, at: number, kind: number): number {
  return (((hash[at + keyWords - 1] as number) & 0xff_ffff) | (kind << 24)) >>> 0;
}

/** Bytes as words, in this machine's order; copied where they do not begin at a word's boundary. */
export function hashWords(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >>> 2);
}
