/** So many numbers are kept in a table; more as bits. */
const tableMax = 8_192;
const pageBits = 1 << 16;
const pageWords = pageBits / 32;
/** A number of 32 bits that is multiplied by this is spread over all of them (Fibonacci hashing). */
const golden = 0x9e37_79b1;

/** A set of whole numbers, as bits in pages that are there where one of their numbers is. */
export class BitPages {
  readonly #pages: (Uint32Array | undefined)[] = [];

  has(number: number): boolean {
    const page = (number / pageBits) | 0;
    const words = this.#pages[page];
    if (words === undefined) return false;
    const rest = number - page * pageBits;
    return ((words[rest >>> 5] as number) & (1 << (rest & 31))) !== 0;
  }

  /** False where it was there already. */
  add(number: number): boolean {
    const page = (number / pageBits) | 0;
    const words = this.#pages[page] ?? this.#make(page);
    const rest = number - page * pageBits;
    const [at, bit] = [rest >>> 5, 1 << (rest & 31)];
    const word = words[at] as number;
    if ((word & bit) !== 0) return false;
    words[at] = word | bit;
    return true;
  }

  /** The least of its numbers that is not below this one; -1 where there is none. */
  from(number: number): number {
    let page = (number / pageBits) | 0;
    let rest = number - page * pageBits;
    for (; page < this.#pages.length; page += 1, rest = 0) {
      const words = this.#pages[page];
      if (words === undefined) continue;
      let at = rest >>> 5;
      let word = (words[at] as number) & (-1 << (rest & 31));
      while (word === 0 && at + 1 < pageWords) {
        at += 1;
        word = words[at] as number;
      }
      if (word !== 0) return page * pageBits + (at << 5) + 31 - Math.clz32(word & -word);
    }
    return -1;
  }

  #make(page: number): Uint32Array {
    while (this.#pages.length <= page) this.#pages.push(undefined);
    const words = new Uint32Array(pageWords);
    this.#pages[page] = words;
    return words;
  }
}

/** A set of whole numbers below 2^32 - 1: a hash table while it is small, then bits. */
export class NumberSet {
  size = 0;
  /** Numbers + 1 at, or behind, their place; undefined once there are bits. */
  #table: Uint32Array | undefined = new Uint32Array(512);
  #shift = 32 - 9;
  readonly #bits = new BitPages();

  has(number: number): boolean {
    const table = this.#table;
    return table === undefined ? this.#bits.has(number) : table[placeOf(table, number, this.#shift)] !== 0;
  }

  /** False where it was there already. */
  add(number: number): boolean {
    const table = this.#table;
    if (table === undefined) {
      if (!this.#bits.add(number)) return false;
      this.size += 1;
      return true;
    }
    const place = placeOf(table, number, this.#shift);
    if (table[place] !== 0) return false;
    table[place] = number + 1;
    this.size += 1;
    if (this.size * 2 > table.length) this.#grow(table);
    return true;
  }

  #grow(table: Uint32Array): void {
    if (this.size < tableMax) {
      const twice = new Uint32Array(table.length * 2);
      this.#shift -= 1;
      for (const word of table) if (word !== 0) twice[placeOf(twice, word - 1, this.#shift)] = word;
      this.#table = twice;
      return;
    }
    this.#table = undefined;
    for (const word of table) if (word !== 0) this.#bits.add(word - 1);
  }
}

/** Where a number is, or would be, in a table that has room. */
function placeOf(table: Uint32Array, number: number, shift: number): number {
  const mask = table.length - 1;
  let place = Math.imul(number, golden) >>> shift;
  for (let word = table[place] as number; word !== 0 && word !== number + 1; word = table[place] as number) {
    place = (place + 1) & mask;
  }
  return place;
}
