/**
 * Where pages are kept: an ordered map from short keys to bytes, changed by atomic commits. The only thing that ledger
 * code knows of a database; every store passes the one contract suite in `test/store`.
 *
 * Reading is synchronous, since following money is millions of look-ups. Keys are ordered byte by byte.
 */
export type PageStore = {
  /** A view of the newest committed state that no later commit changes, until it is released. */
  snapshot(): StoreSnapshot;
  /**
   * Applies all changes or none, durably: when it returns they survive a crash of the process and of the machine.
   *
   * @throws {Failure} `STORE_READ_ONLY`, `STORE_FULL`.
   */
  commit(changes: readonly Change[]): Promise<void>;
  /** Gives back what reading has taken of the process's memory, unless a snapshot is held. Cost: some milliseconds. */
  trim(): Promise<void>;
  close(): Promise<void>;
};

export type StoreSnapshot = {
  /** The bytes at a key; undefined where there are none. Valid until the snapshot is released; not to be altered. */
  get(key: Uint8Array): Uint8Array | undefined;
  /** As `get`, without a copy: the bytes are valid only until the next read of any kind from this store. */
  lend(key: Uint8Array): Uint8Array | undefined;
  /** Entries with `from` ≤ key < `to`, in ascending order of keys, or descending. Cost: one seek, then sequential. */
  range(range: KeyRange): Iterable<Entry>;
  release(): void;
};

/** Where single pages are read from: a snapshot, or what stands for one. */
export type PageSource = Pick<StoreSnapshot, "get" | "lend">;

/** A bound may be empty (before all keys) and one byte longer than the longest key (behind all that begin with it). */
export type KeyRange = {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly order: "ascending" | "descending";
};

export type Entry = { readonly key: Uint8Array; readonly value: Uint8Array };

/** A value to put at a key, or undefined to remove the key. Of several changes of one key the last counts. */
export type Change = { readonly key: Uint8Array; readonly value: Uint8Array | undefined };

/** Keys are 1 to 64 bytes long. */
export const keyBytesMax = 64;
/** A value is at most this long: pages are small, so that a reader touches little. */
export const valueBytesMax = 16 * 1024 * 1024;
