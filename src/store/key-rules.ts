/** What every store asks of keys, values and bounds, and the order of keys. A breach is a mistake in the program. */
import { assert } from "../base/assert.ts";
import { keyBytesMax, valueBytesMax, type Change, type KeyRange } from "./page-store.ts";

/** Byte by byte; a key that another begins with comes before it. */
export function compareKeys(left: Uint8Array, right: Uint8Array): number {
  return Buffer.compare(left, right);
}

/** @throws {InvariantError} unless the key has 1 to {@link keyBytesMax} bytes. */
export function assertKey(key: Uint8Array): void {
  assert(
    key.length >= 1 && key.length <= keyBytesMax,
    () => `store: a key of ${key.length} bytes; 1 to ${keyBytesMax} can be`,
  );
}

/** @throws {InvariantError} at the first change with a key or a value of a wrong size. */
export function assertChanges(changes: readonly Change[]): void {
  for (const { key, value } of changes) {
    assertKey(key);
    assert(
      value === undefined || value.length <= valueBytesMax,
      () => `store: a value of ${value?.length ?? 0} bytes; ${valueBytesMax} at most can be`,
    );
  }
}

/** @throws {InvariantError} where a bound is longer than the longest key and the byte that ends behind it. */
export function assertRange({ from, to }: KeyRange): void {
  const longest = keyBytesMax + 1;
  assert(from.length <= longest && to.length <= longest, `store: a bound of a range is over ${longest} bytes`);
}
