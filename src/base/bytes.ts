import { assert } from "./assert.ts";

const amountMax = (1n << 256n) - 1n;

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

  /** An integer of 0 to 2^256 − 1: one byte of length, then as many bytes, the lowest first. */
  amount(value: bigint): void {
    assert(value >= 0n && value <= amountMax, "bytes: an amount is an integer of 0 to 2^256 - 1");
    this.#reserve(33);
    const start = this.#length;
    this.#length += 1;
    let rest = value;
    // Six bytes at a time leave the slow arithmetic of large integers soon; most amounts never need it.
    for (; rest > 0xffff_ffff_ffffn; rest >>= 48n) this.#low(Number(rest & 0xffff_ffff_ffffn), 6);
    const last = Number(rest);
    this.#low(last, bytesOf(last));
    this.#bytes[start] = this.#length - start - 1;
  }

  /** The `count` low bytes of a number below 2^48. */
  #low(value: number, count: number): void {
    let rest = value;
    for (let index = 0; index < count; index += 1) {
      const byte = rest % 256;
      this.#bytes[this.#length] = byte;
      this.#length += 1;
      rest = (rest - byte) / 256;
    }
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

  amount(): bigint {
    const length = this.byte();
    let value = 0n;
    for (let index = length - 1; index >= 0; index -= 1) {
      value = (value << 8n) | BigInt(this.#bytes[this.#at + index] ?? 0);
    }
    this.#at += length;
    assert(this.#at <= this.#bytes.length, "bytes: read past the end");
    return value;
  }
}

function bytesOf(value: number): number {
  let count = 0;
  for (let rest = value; rest > 0; rest = (rest - (rest % 256)) / 256) count += 1;
  return count;
}
