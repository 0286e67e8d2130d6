import type { AccountState } from "./account-state.ts";

/** The accounts that hold taint, by their next transfer: a heap. Both ends of one transfer may wait for it. */
export class RowQueue {
  #heap: AccountState[] = [];

  /** The row of the first; `Infinity` where none waits. */
  peek(): number {
    return this.#heap[0]?.nextRow ?? Infinity;
  }

  add(state: AccountState): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(state);
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      const above = heap[parent] as AccountState;
      if (above.nextRow <= state.nextRow) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = state;
  }

  /** Takes the first; one must be there. Its row must not change while it waits. */
  take(): AccountState {
    const heap = this.#heap;
    const first = heap[0] as AccountState;
    const last = heap.pop() as AccountState;
    const size = heap.length;
    if (size === 0) return first;
    let at = 0;
    for (let child = 1; child < size; child = at * 2 + 1) {
      if (child + 1 < size && (heap[child + 1] as AccountState).nextRow < (heap[child] as AccountState).nextRow)
        child += 1;
      if ((heap[child] as AccountState).nextRow >= last.nextRow) break;
      heap[at] = heap[child] as AccountState;
      at = child;
    }
    heap[at] = last;
    return first;
  }

  clear(): void {
    this.#heap = [];
  }
}
