import type { PageSource, PageStore, StoreSnapshot } from "../store/page-store.ts";

/** How much may be mapped by reading before the store is asked to let go of it. */
const mappedBytesMax = 96 * 1024 * 1024;
/** So much is mapped around what is read (Linux, `fault_around_bytes`). */
const mappedBytesEach = 64 * 1024;

/**
 * What the only writer of a chain reads of it: pages that were committed and never change. It can therefore read them
 * from one snapshot after the other, and hold none while the store gives memory back.
 */
export class RenewedPages implements PageSource {
  readonly #store: PageStore;
  #snapshot: StoreSnapshot | undefined;
  #mapped = 0;

  constructor(store: PageStore) {
    this.#store = store;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    this.#snapshot ??= this.#store.snapshot();
    const value = this.#snapshot.get(key);
    this.#mapped += mappedBytesEach;
    return value;
  }

  lend(key: Uint8Array): Uint8Array | undefined {
    this.#snapshot ??= this.#store.snapshot();
    const value = this.#snapshot.lend(key);
    this.#mapped += mappedBytesEach;
    return value;
  }

  /** Whether so much was read that {@link RenewedPages.trim} is worth its milliseconds. */
  get isTrimDue(): boolean {
    return this.#mapped > mappedBytesMax;
  }

  async trim(): Promise<void> {
    this.release();
    this.#mapped = 0;
    await this.#store.trim();
  }

  /** Holds no snapshot until the next read. */
  release(): void {
    this.#snapshot?.release();
    this.#snapshot = undefined;
  }
}
