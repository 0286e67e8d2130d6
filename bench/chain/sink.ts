import { hash } from "node:crypto";
import type { Random } from "./random.ts";

const TWO_32 = 4_294_967_296;

/** Bytes that are being written, at a place that moves on. Its memory grows by `reserve` only. */
export class Sink {
  bytes: Uint8Array<ArrayBuffer>;
  at = 0;
  #view: DataView;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.bytes.buffer);
  }

  /** Makes room for so many more bytes; without it a write past the end is lost or throws. */
  reserve(more: number): void {
    if (this.at + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.at + more));
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  u8(value: number): void {
    this.bytes[this.at] = value;
    this.at += 1;
  }

  u16(value: number): void {
    this.#view.setUint16(this.at, value, true);
    this.at += 2;
  }

  u32(value: number): void {
    this.#view.setUint32(this.at, value, true);
    this.at += 4;
  }

  /** A safe integer in 8 bytes. */
  u64(value: number): void {
    const low = value >>> 0;
    this.#view.setUint32(this.at, low, true);
    this.#view.setUint32(this.at + 4, (value - low) / TWO_32, true);
    this.at += 8;
  }

  /** Bitcoin's compact size. */
  count(value: number): void {
    if (value < 0xfd) {
      this.u8(value);
    } else if (value <= 0xffff) {
      this.u8(0xfd);
      this.u16(value);
    } else {
      this.u8(0xfe);
      this.u32(value);
    }
  }

  /** Random bytes. Up to three bytes behind them are written too: there must be room, and they are not to be relied on. */
  noise(random: Random, length: number): void {
    random.write(this.#view, this.at, (length + 3) >> 2);
    this.at += length;
  }

  /** A range of other bytes; short ones byte by byte, which is faster than a view. */
  copy(from: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (length > 128) {
      this.bytes.set(from.subarray(start, end), this.at);
    } else {
      const { bytes, at } = this;
      for (let index = 0; index < length; index += 1) bytes[at + index] = from[start + index] as number;
    }
    this.at += length;
  }

  /** What was written so far, as a copy. */
  slice(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.at);
  }
}

const scratch = Buffer.alloc(32);

/** Writes the double SHA-256 of bytes at a place. The binary form is the cheapest that `node:crypto` gives. */
export function doubleHashInto(bytes: Uint8Array, target: Uint8Array, at: number): void {
  scratch.write(hash("sha256", bytes, "binary"), "latin1");
  const digest = hash("sha256", scratch, "binary");
  for (let index = 0; index < 32; index += 1) target[at + index] = digest.charCodeAt(index);
}

/** The Merkle root of hashes of 32 bytes each, in place: what is left of the list is of no use. */
export function merkleRoot(list: Uint8Array, count: number): Uint8Array {
  let width = count;
  const pair = new Uint8Array(64);
  while (width > 1) {
    const pairs = (width + 1) >> 1;
    for (let index = 0; index < pairs; index += 1) {
      const left = index * 64;
      if (index * 2 + 1 < width) {
        doubleHashInto(list.subarray(left, left + 64), list, index * 32);
      } else {
        pair.set(list.subarray(left, left + 32), 0);
        pair.set(list.subarray(left, left + 32), 32);
        doubleHashInto(pair, list, index * 32);
      }
    }
    width = pairs;
  }
  return list.slice(0, 32);
}

/** A hash as explorers print it: reversed, in hexadecimal. */
export function printedHash(hashBytes: Uint8Array): string {
  return Buffer.from(hashBytes.toReversed()).toString("hex");
}
