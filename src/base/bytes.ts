import { assert } from "./assert.ts";

const integerMax = (1n << 256n) - 1n;
const wordsMax = (1n << 64n) - 1n;

/** Bytes that grow as they are written. Integers are LEB128 varints, so that small ones are short. */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** A copy of what was written. */
  toBytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** A view of what was written, until the next write. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Forgets what was written, and keeps the room. */
  clear(): void {
    this.#length = 0;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** An integer of 0 to 2^53 − 1. */
  varint(value: number): void {
    assert(Number.isSafeInteger(value) && value >= 0, "bytes: a varint is an integer of 0 to 2^53 - 1");
    this.#reserve(8);
    let rest = value;
    // Beyond 31 bits the bitwise operators would cut the number.
    while (rest > 0x7fff_ffff) {
      this.#bytes[this.#length] = (rest & 0x7f) | 0x80;
      this.#length += 1;
      rest = (rest - (rest % 128)) / 128;
    }
    while (rest > 0x7f) {
      this.#bytes[this.#length] = (rest & 0x7f) | 0x80;
      this.#length += 1;
      rest >>>= 7;
    }
    this.#bytes[this.#length] = rest;
    this.#length += 1;
  }

  /** An integer of 0 to 2^256 − 1 in as few bytes as it needs, the lowest first; how many. */
  integer(value: bigint): number {
    assert(value >= 0n && value <= integerMax, "bytes: an integer is of 0 to 2^256 - 1");
    const start = this.#length;
    let rest = value;
    // Two words at a time leave the slow arithmetic of large integers soon; most amounts never need it.
    for (; rest > wordsMax; rest >>= 64n) {
      this.#word(Number(rest & 0xffff_ffffn), 4);
      this.#word(Number((rest >> 32n) & 0xffff_ffffn), 4);
    }
    this.words(Number(rest & 0xffff_ffffn), Number(rest >> 32n));
    return this.#length - start;
  }

  /** An integer below 2^64, as its low and high 32 bits, in as few bytes as it needs, the lowest first; how many. */
  words(low: number, high: number): number {
    const start = this.#length;
    this.#word(low, high === 0 ? bytesOf(low) : 4);
    this.#word(high, bytesOf(high));
    return this.#length - start;
  }

  /** The `count` low bytes of a word. */
  #word(value: number, count: number): void {
    this.#reserve(4);
    for (let index = 0; index < count; index += 1) this.#bytes[this.#length + index] = value >>> (8 * index);
    this.#length += count;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** Reads what a {@link ByteWriter} wrote. Reading past the end is a fault in the program: pages are checked before. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get position(): number {
    return this.#at;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    assert(value !== undefined, "bytes: read past the end");
    this.#at += 1;
    return value;
  }

  /** A view of the next bytes. */
  bytes(length: number): Uint8Array {
    assert(this.#at + length <= this.#bytes.length, "bytes: read past the end");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Passes over bytes. */
  skip(length: number): void {
    assert(this.#at + length <= this.#bytes.length, "bytes: read past the end");
    this.#at += length;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }
}

/** How many bytes a word needs. */
function bytesOf(word: number): number {
  return (39 - Math.clz32(word)) >>> 3;
}
