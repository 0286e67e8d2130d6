import type { Change, StoreSnapshot } from "../../../src/store/page-store.ts";

/** Pages in a map: what an index needs of a store. Not a whole store: one state, and no ranges. */
export class MapStore implements StoreSnapshot {
  readonly pages = new Map<string, Uint8Array>();

  apply(changes: Iterable<Change>): void {
    for (const { key, value } of changes) {
      if (value === undefined) this.pages.delete(name(key));
      else this.pages.set(name(key), value);
    }
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.pages.get(name(key));
  }

  lend(key: Uint8Array): Uint8Array | undefined {
    return this.get(key);
  }

  range(): never {
    throw new Error("an index asks for no ranges");
  }

  release(): void {}
}

function name(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString("latin1");
}
