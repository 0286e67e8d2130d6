/**
 * Entries of an index in columns: a key of 64 bits in two unsigned halves, and a value below 2^48. Sorted by key, then
 * value.
 */
export type Entries = {
  readonly hi: Uint32Array;
  readonly lo: Uint32Array;
  readonly value: Float64Array;
};

/** One more than the largest value. */
export const valueLimit = 0x1_0000_0000_0000;
/** What the low half of a value is taken modulo. */
export const wordLimit = 0x1_0000_0000;

export function makeEntries(capacity: number): Entries {
  return { hi: new Uint32Array(capacity), lo: new Uint32Array(capacity), value: new Float64Array(capacity) };
}

/** Whether the entry at `left` comes after the one at `right`. */
export function isAfter(entries: Entries, left: number, right: number): boolean {
  const [leftHi, rightHi] = [entries.hi[left] as number, entries.hi[right] as number];
  if (leftHi !== rightHi) return leftHi > rightHi;
  const [leftLo, rightLo] = [entries.lo[left] as number, entries.lo[right] as number];
  if (leftLo !== rightLo) return leftLo > rightLo;
  return (entries.value[left] as number) > (entries.value[right] as number);
}
