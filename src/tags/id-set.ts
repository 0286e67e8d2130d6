/** Ids of 64 bits, in memory: 8 bytes each at twice their number, so that tens of millions fit. */
export class IdSet {
  #high = new Uint32Array(1024);
  #low = new Uint32Array(1024);
  /** Zero marks a free place, so the id of zeros is remembered apart. */
  #hasZero = false;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param id - 16 hexadecimal digits. */
  has(id: string): boolean {
    const [high, low] = halvesOf(id);
    if (high === 0 && low === 0) return this.#hasZero;
    const place = this.#place(high, low);
    return this.#high[place] === high && this.#low[place] === low;
  }

  /** @returns Whether it was new. */
  add(id: string): boolean {
    const [high, low] = halvesOf(id);
    if (high === 0 && low === 0) {
      const isNew = !this.#hasZero;
      this.#hasZero = true;
      this.#size += isNew ? 1 : 0;
      return isNew;
    }
    const place = this.#place(high, low);
    if (this.#high[place] === high && this.#low[place] === low) return false;
    this.#high[place] = high;
    this.#low[place] = low;
    this.#size += 1;
    if (this.#size * 2 > this.#high.length) this.#grow();
    return true;
  }

  #place(high: number, low: number): number {
    const mask = this.#high.length - 1;
    let place = low & mask;
    while (
      (this.#high[place] !== 0 || this.#low[place] !== 0) &&
      (this.#high[place] !== high || this.#low[place] !== low)
    ) {
      place = (place + 1) & mask;
    }
    return place;
  }

  #grow(): void {
    const [high, low] = [this.#high, this.#low];
    this.#high = new Uint32Array(high.length * 2);
    this.#low = new Uint32Array(low.length * 2);
    for (const [index, top] of high.entries()) {
      const bottom = low[index] ?? 0;
      if (top === 0 && bottom === 0) continue;
      const place = this.#place(top, bottom);
      this.#high[place] = top;
      this.#low[place] = bottom;
    }
  }
}

function halvesOf(id: string): readonly [number, number] {
  return [Number.parseInt(id.slice(0, 8), 16), Number.parseInt(id.slice(8), 16)];
}
