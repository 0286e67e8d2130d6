const innerSize = 256;
const outerSize = 65_536;

type Inner = Int32Array | undefined;

/**
 * Records by the number of their output, for a walk that reads the inputs in their order and asks of each output that is
 * spent whether it is tainted. Memory: 1 KiB for each 256 neighbouring outputs of which one is there.
 */
export class SpendMap {
  readonly #outer: (Inner[] | undefined)[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  set(output: number, record: number): void {
    const outer = (output / outerSize) | 0;
    const rest = output - outer * outerSize;
    const list = (this.#outer[outer] ??= Array.from({ length: outerSize / innerSize }, (): Inner => undefined));
    const inner = (list[rest >> 8] ??= new Int32Array(innerSize));
    inner[rest & 255] = record + 1;
    this.#count += 1;
  }

  has(output: number): boolean {
    return this.get(output) >= 0;
  }

  /** The record of an output; -1 where there is none. */
  get(output: number): number {
    const outer = (output / outerSize) | 0;
    const list = this.#outer[outer];
    if (list === undefined) return -1;
    const rest = output - outer * outerSize;
    const inner = list[rest >> 8];
    return inner === undefined ? -1 : (inner[rest & 255] as number) - 1;
  }

  /** Removes what is there for an output. */
  remove(output: number): void {
    const outer = (output / outerSize) | 0;
    const rest = output - outer * outerSize;
    const inner = this.#outer[outer]?.[rest >> 8];
    if (inner === undefined || inner[rest & 255] === 0) return;
    inner[rest & 255] = 0;
    this.#count -= 1;
  }

  /** All records, by their outputs' numbers. */
  forEach(use: (record: number) => void): void {
    for (const list of this.#outer) {
      if (list === undefined) continue;
      for (const inner of list) {
        if (inner === undefined) continue;
        for (const held of inner) if (held > 0) use(held - 1);
      }
    }
  }

  clear(): void {
    this.#outer.length = 0;
    this.#count = 0;
  }
}
