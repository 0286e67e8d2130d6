/** What the processes of the store's tests write: known from a number alone, so that any of them can check it. */
import { createHash } from "node:crypto";
import type { Change, StoreSnapshot } from "../../src/store/page-store.ts";

export const pairs = 500;
export const pairsTotal = 1_000_000_000;
/** The records of one batch. */
export const batchRecords = 60;

export function numberKey(prefix: string, number: number): Uint8Array {
  return Buffer.from(`${prefix}${String(number).padStart(12, "0")}`);
}

/** Up to 6 kB that no other number has. */
export function anyBytes(number: number): Uint8Array {
  const seed = createHash("sha256").update(`${number}`).digest();
  return Buffer.alloc((number * 769) % 6_000, seed);
}

/** New records at places in no order, and one that every batch changes. */
export function batchOf(number: number): readonly Change[] {
  const first = number * batchRecords;
  const records = Array.from({ length: batchRecords }, (_none, index) => record(first + index));
  return [...records, { key: Buffer.from("last"), value: numberKey("", number) }];
}

/** Whether exactly the batches before this number are there, whole. */
export function holdsBatches(snapshot: StoreSnapshot, count: number): boolean {
  const last = snapshot.get(Buffer.from("last"));
  if (Buffer.from(last ?? []).toString() !== (count === 0 ? "" : Buffer.from(numberKey("", count - 1)).toString()))
    return false;
  let records = 0;
  for (const { key, value } of snapshot.range({ from: Buffer.from("n"), to: Buffer.from("o"), order: "ascending" })) {
    const number = Number(Buffer.from(key).toString().slice(14));
    if (number >= count * batchRecords || Buffer.compare(value, anyBytes(number)) !== 0) return false;
    records += 1;
  }
  return records === count * batchRecords;
}

function record(number: number): Change {
  const scattered = createHash("sha256").update(`key ${number}`).digest("hex").slice(0, 13);
  return { key: Buffer.from(`n${scattered}${String(number).padStart(12, "0")}`), value: anyBytes(number) };
}
