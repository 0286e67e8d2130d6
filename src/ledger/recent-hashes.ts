/** Bytes of a hash that tell it from another: 23, with one more byte for its kind. Two differ in them, or are equal. */
const keyBytes = 24;
const keyWords = keyBytes / 4;

/**
 * A map from hashes to numbers that remembers what was set or asked for last, as {@link RecentMap} does, for millions of
 * entries: open addressing in typed arrays, so that neither an entry nor a look-up allocates anything.
 *
 * Of a hash the first 184 bits count: making two that agree in them takes 2^92 steps.
 * Memory: 64 bytes an entry of `entriesMax`, twice.
 */
export class RecentHashes {
  readonly #entriesMax: number;
  #young: HashTable;
  #old: HashTable;

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
    this.#young = new HashTable(entriesMax);
    this.#old = new HashTable(entriesMax);
  }

  /** The number of the hash that stands in `bytes` at `at`, of a kind; undefined where it is not remembered. */
  get(bytes: Uint8Array, at: number, kind: number): number | undefined {
    loadKey(bytes, at, kind);
    const young = this.#young.get();
    if (young !== undefined) return young;
    const old = this.#old.get();
    if (old !== undefined) this.#put(old);
    return old;
  }

  set(bytes: Uint8Array, at: number, kind: number, value: number): void {
    loadKey(bytes, at, kind);
    this.#put(value);
  }

  #put(value: number): void {
    if (this.#young.size >= this.#entriesMax) {
      const emptied = this.#old;
      this.#old = this.#young;
      emptied.clear();
      this.#young = emptied;
    }
    this.#young.set(value);
  }
}

/** The key that is being looked up: one at a time, so that looking up allocates nothing. */
const wanted = new Uint32Array(keyWords);

function loadKey(bytes: Uint8Array, at: number, kind: number): void {
  for (let word = 0; word < keyWords; word += 1) {
    const from = at + word * 4;
    const low = word === keyWords - 1 ? kind : (bytes[from + 3] ?? 0);
    wanted[word] =
      ((bytes[from] ?? 0) | ((bytes[from + 1] ?? 0) << 8) | ((bytes[from + 2] ?? 0) << 16) | (low << 24)) >>> 0;
  }
}

class HashTable {
  readonly #mask: number;
  readonly #keys: Uint32Array;
  /** A value + 1; 0 in an empty place. */
  readonly #values: Float64Array;
  size = 0;

  constructor(entriesMax: number) {
    // At most half full: a look-up then takes one or two steps.
    const places = 2 ** Math.ceil(Math.log2(entriesMax * 2));
    this.#mask = places - 1;
    this.#keys = new Uint32Array(places * keyWords);
    this.#values = new Float64Array(places);
  }

  get(): number | undefined {
    const value = this.#values[this.#place()] ?? 0;
    return value === 0 ? undefined : value - 1;
  }

  set(value: number): void {
    const place = this.#place();
    if (this.#values[place] === 0) {
      this.#keys.set(wanted, place * keyWords);
      this.size += 1;
    }
    this.#values[place] = value + 1;
  }

  clear(): void {
    this.#values.fill(0);
    this.size = 0;
  }

  /** Where the wanted key is, or the empty place where it would be. A hash's own bits spread the keys. */
  #place(): number {
    const first = ((wanted[0] ?? 0) ^ ((wanted[5] ?? 0) >>> 24)) >>> 0;
    for (let place = first & this.#mask; ; place = (place + 1) & this.#mask) {
      if (this.#values[place] === 0) return place;
      const at = place * keyWords;
      let word = 0;
      while (word < keyWords && this.#keys[at + word] === wanted[word]) word += 1;
      if (word === keyWords) return place;
    }
  }
}
