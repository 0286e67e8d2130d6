/**
 * Which of the things that are kept goes when another one comes and there is room for no more: any of them, as a fixed sequence of
 * pseudo-random numbers says. Who goes through more than there is room for, again and again in the same order, still finds a good part
 * of it; of the ones that came or were read last, it would find none.
 */
export class KeepSome {
  readonly #most: number;
  readonly #kept: number[] = [];
  #random = 0x9e37_79b9;

  /** @param most - How many are kept, 1 or more. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Keeps one; the one that goes for it, -1 where there is room. */
  keep(one: number): number {
    if (this.#kept.length < this.#most) {
      this.#kept.push(one);
      return -1;
    }
    // Xorshift, of 32 bits (Marsaglia 2003).
    this.#random ^= this.#random << 13;
    this.#random ^= this.#random >>> 17;
    this.#random ^= this.#random << 5;
    const place = (this.#random >>> 0) % this.#most;
    const gone = this.#kept[place] as number;
    this.#kept[place] = one;
    return gone;
  }
}
