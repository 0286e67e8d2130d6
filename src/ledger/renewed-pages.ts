import type { PageSource, PageStore, StoreSnapshot } from "../store/page-store.ts";

/**
 * How much is read before the store is asked to let go of it. Around a page that is read the system maps others, up to
 * 64 KiB.
 */
const readBytesMax = 32 * 1024 * 1024;

/**
 * What the only writer of a chain reads of it: pages that were committed and never change. It can therefore read them
 * from one snapshot after the other, and hold none while the store gives memory back.
 */
export class RenewedPages implements PageSource {
  readonly #store: PageStore;
  #snapshot: StoreSnapshot | undefined;
  #read = 0;

  constructor(store: PageStore) {
    this.#store = store;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    this.#snapshot ??= this.#store.snapshot();
    const value = this.#snapshot.get(key);
    this.#read += value?.length ?? 0;
    return value;
  }

  lend(key: Uint8Array): Uint8Array | undefined {
    this.#snapshot ??= this.#store.snapshot();
    const value = this.#snapshot.lend(key);
    this.#read += value?.length ?? 0;
    return value;
  }

  /** Whether so much was read that {@link RenewedPages.trim} is worth its milliseconds. */
  get isTrimDue(): boolean {
    return this.#read > readBytesMax;
  }

  async trim(): Promise<void> {
    this.release();
    this.#read = 0;
    await this.#store.trim();
  }

  /** Holds no snapshot until the next read. */
  release(): void {
    this.#snapshot?.release();
    this.#snapshot = undefined;
  }
}
