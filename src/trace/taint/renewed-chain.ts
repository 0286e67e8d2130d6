import { IndexReader } from "../../ledger/index/index-reader.ts";
import { indexPrefix } from "../../ledger/keys.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { remembering } from "../../ledger/remembering.ts";
import { RenewedPages } from "../../ledger/renewed-pages.ts";
import { TableReader } from "../../ledger/table.ts";
import type { Change, Entry, KeyRange, PageStore, StoreSnapshot } from "../../store/page-store.ts";

/**
 * A chain as its only writer reads it while it commits other things: no snapshot is held across commits, which would keep the
 * store from using replaced pages again.
 */
export class RenewedChain {
  readonly reader: ChainReader;
  readonly pages: StoreSnapshot;
  readonly #store: PageStore;
  readonly #renewed: RenewedPages;

  /** @param reader - The chain at the state that is to be read; its own snapshot is not used. */
  constructor(store: PageStore, reader: ChainReader) {
    this.#store = store;
    this.#renewed = new RenewedPages(store);
    const pages = new RenewedSnapshot(store, this.#renewed);
    this.pages = pages;
    const { number, state } = reader;
    this.reader = remembering({
      ...reader,
      snapshot: pages,
      table: (shape) => new TableReader(shape, number, pages, state.counts[shape.name] ?? 0),
      index: (name, of = state) => new IndexReader(pages, indexPrefix(number, name), of.runs[name] ?? []),
    });
  }

  async commit(changes: readonly Change[]): Promise<void> {
    this.#renewed.release();
    await this.#store.commit(changes);
    if (this.#renewed.isTrimDue) await this.#renewed.trim();
  }

  close(): void {
    this.#renewed.release();
  }
}

/** What stands for a snapshot: pages from one that is renewed, ranges from one of their own. */
class RenewedSnapshot implements StoreSnapshot {
  readonly #store: PageStore;
  readonly #pages: RenewedPages;

  constructor(store: PageStore, pages: RenewedPages) {
    this.#store = store;
    this.#pages = pages;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#pages.get(key);
  }

  lend(key: Uint8Array): Uint8Array | undefined {
    return this.#pages.lend(key);
  }

  *range(range: KeyRange): Generator<Entry, void, void> {
    const snapshot = this.#store.snapshot();
    try {
      yield* snapshot.range(range);
    } finally {
      snapshot.release();
    }
  }

  release(): void {
    this.#pages.release();
  }
}
