/**
 * A map that remembers what was set or asked for last, in bounded memory.
 *
 * Two generations: what is asked for in the old one moves to the young one; when the young one is full it becomes the
 * old one, and the old one is forgotten. So the last `entriesMax` set are always there, at most twice as many, and no
 * entry costs more than a look-up or two.
 */
export class RecentMap<Key, Value> {
  readonly #entriesMax: number;
  #young = new Map<Key, Value>();
  #old = new Map<Key, Value>();

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  get(key: Key): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: Key, value: Value): void {
    if (this.#young.size >= this.#entriesMax) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
