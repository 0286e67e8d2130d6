/** Numbers, the largest first, each once: what is to be looked at next on a way back. */
export class FallingQueue {
  readonly #heap: number[] = [];
  readonly #known = new Set<number>();

  add(number: number): void {
    if (this.#known.has(number)) return;
    this.#known.add(number);
    const heap = this.#heap;
    let at = heap.length;
    heap.push(number);
    for (; at > 0; at = (at - 1) >>> 1) {
      const above = heap[(at - 1) >>> 1] as number;
      if (above >= number) break;
      heap[at] = above;
    }
    heap[at] = number;
  }

  /** Takes the largest; undefined where there is none. */
  take(): number | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return undefined;
    this.#known.delete(first);
    const size = heap.length;
    if (size === 0) return first;
    let at = 0;
    for (let child = 1; child < size; child = at * 2 + 1) {
      if (child + 1 < size && (heap[child + 1] as number) > (heap[child] as number)) child += 1;
      if ((heap[child] as number) <= last) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}
