import { assert } from "../base/assert.ts";
import { assertChanges, assertKey, assertRange, compareKeys } from "./key-rules.ts";
import type { Change, Entry, KeyRange, PageStore, StoreSnapshot } from "./page-store.ts";

/**
 * A store that lives as long as the process: for tests, and the reference that other stores are compared with.
 *
 * All entries are one sorted array that is never altered; a commit makes the next one, a snapshot keeps the one that it
 * was taken of. Cost: a commit copies the array.
 */
export function openMemoryStore(): PageStore {
  let entries: readonly Entry[] = [];
  let open = true;
  return {
    snapshot() {
      assert(open, "store: a snapshot of a closed store");
      return snapshotOf(entries, () => open);
    },
    async commit(changes) {
      assert(open, "store: a commit to a closed store");
      assertChanges(changes);
      entries = changed(entries, changes);
    },
    async trim() {
      assert(open, "store: a closed store");
    },
    async close() {
      open = false;
    },
  };
}

function snapshotOf(entries: readonly Entry[], storeIsOpen: () => boolean): StoreSnapshot {
  let released = false;
  const assertHeld = (): void => assert(!released && storeIsOpen(), "store: a read from a released snapshot");
  const get = (key: Uint8Array): Uint8Array | undefined => {
    assertHeld();
    assertKey(key);
    const entry = entries[place(entries, key)];
    return entry !== undefined && compareKeys(entry.key, key) === 0 ? entry.value : undefined;
  };
  return {
    get,
    lend: get,
    range(range) {
      assertHeld();
      assertRange(range);
      return { [Symbol.iterator]: () => whileHeld(within(entries, range), assertHeld) };
    },
    release() {
      assert(!released, "store: a snapshot is released twice");
      released = true;
    },
  };
}

function* whileHeld(entries: readonly Entry[], assertHeld: () => void): Generator<Entry, void, void> {
  assertHeld();
  for (const entry of entries) {
    yield entry;
    assertHeld();
  }
}

function within(entries: readonly Entry[], { from, to, order }: KeyRange): readonly Entry[] {
  const found = entries.slice(place(entries, from), place(entries, to));
  return order === "ascending" ? found : found.toReversed();
}

/** Where the first entry at or after a key stands. */
function place(entries: readonly Entry[], key: Uint8Array): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    if (entry !== undefined && compareKeys(entry.key, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Merges two sorted lists; the changes are copied, since who made them may use the bytes again. */
function changed(entries: readonly Entry[], changes: readonly Change[]): readonly Entry[] {
  // A stable sort keeps several changes of one key in their order, so that the last one is the one that is kept.
  const sorted = changes.toSorted((left, right) => compareKeys(left.key, right.key));
  const result: Entry[] = [];
  let next = 0;
  for (const [index, { key, value }] of sorted.entries()) {
    const following = sorted[index + 1];
    if (following !== undefined && compareKeys(following.key, key) === 0) continue;
    const end = place(entries, key);
    for (; next < end; next += 1) result.push(entries[next] as Entry);
    const old = entries[end];
    if (old !== undefined && compareKeys(old.key, key) === 0) next = end + 1;
    if (value !== undefined) result.push({ key: Uint8Array.from(key), value: Uint8Array.from(value) });
  }
  for (; next < entries.length; next += 1) result.push(entries[next] as Entry);
  return result;
}
