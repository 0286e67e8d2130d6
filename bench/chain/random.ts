import { createHash } from "node:crypto";

const TWO_32 = 4_294_967_296;

/**
 * A fast stream of pseudo-random numbers: sfc32 (Chris Doty-Humphrey's PractRand, "Small Fast Counting", 32 bits).
 *
 * State: `a`, `b`, `c` are the first 12 bytes, little endian, of the SHA-256 of the seed's UTF-8 text; the counter is 1;
 * the first 12 outputs are thrown away. The same seed gives the same numbers everywhere. Distributions that need `exp`,
 * `log` or `cos` are as equal as V8's own implementation of these makes them.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: string | number) {
    const digest = createHash("sha256").update(String(seed)).digest();
    this.#a = digest.readInt32LE(0);
    this.#b = digest.readInt32LE(4);
    this.#c = digest.readInt32LE(8);
    for (let round = 0; round < 12; round += 1) this.u32();
  }

  /** An integer from 0 to 2^32 - 1. */
  u32(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** Writes numbers of 32 bits, little endian; the same ones that `u32` would give. */
  write(view: DataView, from: number, words: number): void {
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    let counter = this.#counter;
    for (let at = from; at < from + words * 4; at += 4) {
      const result = (a + b + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + result) | 0;
      view.setInt32(at, result, true);
    }
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#counter = counter;
  }

  /** From 0 up to but not 1, in steps of 2^-32. */
  unit(): number {
    return this.u32() / TWO_32;
  }

  /** An integer from 0 up to but not `limit` (at most 2^32), each as likely but for a bias below `limit` / 2^32. */
  below(limit: number): number {
    return Math.floor(this.unit() * limit);
  }

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** Geometric, from 0: how many failures before the first success; its mean is `mean`. */
  geometric(mean: number): number {
    return Math.floor(Math.log(1 - this.unit()) / Math.log(mean / (1 + mean)));
  }

  /** Exponential of a mean. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  /** Zipf of exponent 1 over the ranks from 0 up to but not `count`: P(rank) ≈ 1 / ((rank + 1) ln(count + 1)). */
  zipf(count: number): number {
    return Math.min(count - 1, Math.floor((count + 1) ** this.unit()) - 1);
  }

  /** Power law from `least` up: P(x > t) = (least / t)^exponent. */
  powerLaw(least: number, exponent: number): number {
    return least * (1 - this.unit()) ** (-1 / exponent);
  }

  /** Log-normal by Box and Muller: half of the values are below `median`; `sigma` is that of the logarithm. */
  logNormal(median: number, sigma: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.unit()));
    return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * this.unit()));
  }
}

/**
 * A pure function from a key of three numbers to 32 bits: the same key always gives the same bits, with no memory kept.
 *
 * Mixed by MurmurHash3's rounds and finalizer (Austin Appleby, public domain).
 */
export function mix(salt: number, first: number, second: number): number {
  let hash = salt | 0;
  let word = Math.imul(first | 0, 0xcc9e2d51);
  hash ^= Math.imul((word << 15) | (word >>> 17), 0x1b873593);
  hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  word = Math.imul(second | 0, 0xcc9e2d51);
  hash ^= Math.imul((word << 15) | (word >>> 17), 0x1b873593);
  hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
