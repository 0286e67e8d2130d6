import type { Database, Transaction } from "lmdb";
import { assert } from "../base/assert.ts";
import { assertKey, assertRange } from "./key-rules.ts";
import type { Entry, KeyRange, StoreSnapshot } from "./page-store.ts";

/** LMDB's first possible key: an empty bound means it. */
const lowest = Uint8Array.of(0);

/** `getBinaryFast` takes the options of `get`, which the package's types leave out (`read.js`). */
type Lending = {
  getBinaryFast(key: Uint8Array, options: { readonly transaction: Transaction }): Buffer | undefined;
};

/** What the store is told of: a read that LMDB refused, to be thrown as its failure, what was read, and the release. */
export type SnapshotEvents = {
  readonly refused: (thrown: unknown) => Error;
  readonly read: (bytes: number) => void;
  readonly released: () => void;
};

/**
 * A read transaction of LMDB as a snapshot. Its pages are not used again until it is released, so that a snapshot which is
 * held for long lets the file grow.
 *
 * Values are copies. The package has no way to lend the map's bytes: without V8's own interface, which its prebuilt binary
 * for current Nodes lacks, every read ends in one buffer that the next read overwrites (`valToBinaryFast` in `dbi.cpp`).
 */
export function lmdbSnapshot(
  db: Database<Buffer, Uint8Array>,
  { refused, read: whenRead, released: whenReleased }: SnapshotEvents,
): StoreSnapshot {
  // Reads of one turn of the event loop share a transaction; without this, one that is older than the newest commit.
  db.resetReadTxn();
  const transaction = db.useReadTransaction();
  const within = { transaction };
  const lending = db as unknown as Lending;
  const cursors = new Set<Iterator<Entry>>();
  let released = false;
  const assertHeld = (): void => assert(!released, "store: a read from a released snapshot");

  const reading = <Result>(read: () => Result): Result => {
    try {
      return read();
    } catch (error) {
      throw refused(error);
    }
  };

  function lent(key: Uint8Array): Buffer | undefined {
    assertHeld();
    assertKey(key);
    const value = reading(() => lending.getBinaryFast(key, within));
    if (value !== undefined) whenRead(value.length);
    return value;
  }

  return {
    get(key) {
      const value = lent(key);
      return value === undefined ? undefined : copied(value);
    },
    lend(key) {
      const value = lent(key);
      return value === undefined ? undefined : new Uint8Array(value.buffer, value.byteOffset, value.length);
    },
    range(range) {
      assertHeld();
      assertRange(range);
      const options = rangeOptions(range);
      return {
        [Symbol.iterator]: () => entries(db, { ...options, transaction }, { assertHeld, reading, whenRead, cursors }),
      };
    },
    release() {
      assert(!released, "store: a snapshot is released twice");
      released = true;
      // A cursor must not outlive its transaction: closing it later would touch freed memory.
      for (const cursor of cursors) cursor.return?.();
      cursors.clear();
      transaction.done();
      whenReleased();
    },
  };
}

/** What a snapshot lends its ranges. */
type Held = {
  readonly assertHeld: () => void;
  readonly reading: <Result>(read: () => Result) => Result;
  readonly whenRead: SnapshotEvents["read"];
  /** Those that are open. */
  readonly cursors: Set<Iterator<Entry>>;
};

function* entries(
  db: Database<Buffer, Uint8Array>,
  options: Parameters<typeof db.getRange>[0],
  { assertHeld, reading, whenRead, cursors }: Held,
): Generator<Entry, void, void> {
  assertHeld();
  const cursor = reading(() => db.getRange(options)[Symbol.iterator]());
  cursors.add(cursor);
  try {
    for (;;) {
      assertHeld();
      const next = reading(() => cursor.next());
      if (next.done === true) return;
      const value = plain(next.value.value);
      whenRead(value.length);
      yield { key: next.value.key, value };
    }
  } finally {
    if (cursors.delete(cursor)) cursor.return?.();
  }
}

/** Bounds as the package wants them: `start` is where reading begins, in either direction. */
function rangeOptions({ from, to, order }: KeyRange): Parameters<Database<Buffer, Uint8Array>["getRange"]>[0] {
  const first = from.length === 0 ? lowest : from;
  // Nothing is before an empty bound.
  if (to.length === 0) return { start: lowest, end: lowest };
  return order === "ascending"
    ? { start: first, end: to }
    : { reverse: true, start: to, exclusiveStart: true, end: first, inclusiveEnd: true };
}

/** Its `length` is the value's, though the buffer behind it is longer. Measured: 1.4 times as fast as `get`. */
function copied(lent: Buffer): Uint8Array {
  const copy = Buffer.allocUnsafe(lent.length);
  lent.copy(copy, 0, 0, lent.length);
  return copy;
}

/** Long values come in a buffer whose `length` the package has made a property of its own. */
function plain(value: Buffer): Uint8Array {
  return Object.hasOwn(value, "length") ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : value;
}
