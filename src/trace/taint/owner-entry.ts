import { ByteReader, type ByteWriter } from "../../base/bytes.ts";
import { readAmount, writeAmount } from "./pieces.ts";

/** What one owner received of one strand in one asset. `owner`: 0 nobody, else the owner's number + 1. */
export type OwnerEntry = {
  readonly owner: number;
  readonly strand: number;
  readonly asset: number;
  amount: bigint;
  direct: bigint;
  held: bigint;
  count: number;
  hops: number;
  /** Rows of the first and the last receipt. */
  first: number;
  last: number;
  /** Records: the one with the largest amount, and the last one. */
  largest: number;
  lastRecord: number;
  /** The largest amount. */
  most: bigint;
};

/** What most entries have, so that it takes a bit. */
const flags = { once: 1, native: 2, noneDirect: 4, allDirect: 8, noneHeld: 16, allHeld: 32 } as const;

/** An owner's entries one after the other, by strand and asset: those from one place on to another. */
export function writeEntries(bytes: ByteWriter, entries: readonly OwnerEntry[], from: number, end: number): void {
  for (let at = from; at < end; at += 1) {
    const { strand, asset, amount, direct, held, count, hops, first, last, largest, lastRecord, most } = entries[
      at
    ] as OwnerEntry;
    const directFlag = direct === 0n ? flags.noneDirect : direct === amount ? flags.allDirect : 0;
    const heldFlag = held === 0n ? flags.noneHeld : held === amount ? flags.allHeld : 0;
    bytes.byte((count === 1 ? flags.once : 0) | (asset === 0 ? flags.native : 0) | directFlag | heldFlag);
    bytes.varint(strand);
    if (asset !== 0) bytes.varint(asset);
    writeAmount(bytes, amount);
    if (directFlag === 0) writeAmount(bytes, direct);
    if (heldFlag === 0) writeAmount(bytes, held);
    bytes.varint(hops);
    bytes.varint(first);
    bytes.varint(lastRecord);
    if (count === 1) continue;
    bytes.varint(count);
    bytes.varint(last - first);
    bytes.varint(lastRecord - largest);
    writeAmount(bytes, most);
  }
}

export function readEntries(content: Uint8Array, owner: number): OwnerEntry[] {
  const bytes = new ByteReader(content);
  const found: OwnerEntry[] = [];
  while (bytes.position < content.length) {
    const flag = bytes.byte();
    const strand = bytes.varint();
    const asset = (flag & flags.native) === 0 ? bytes.varint() : 0;
    const amount = readAmount(bytes);
    const part = (none: number, all: number): bigint =>
      (flag & none) !== 0 ? 0n : (flag & all) !== 0 ? amount : readAmount(bytes);
    const direct = part(flags.noneDirect, flags.allDirect);
    const held = part(flags.noneHeld, flags.allHeld);
    const [hops, first, lastRecord] = [bytes.varint(), bytes.varint(), bytes.varint()];
    const one = { owner, strand, asset, amount, direct, held, hops, first, lastRecord };
    if ((flag & flags.once) !== 0) {
      found.push({ ...one, count: 1, last: first, largest: lastRecord, most: amount });
      continue;
    }
    const [count, span, back] = [bytes.varint(), bytes.varint(), bytes.varint()];
    found.push({ ...one, count, last: first + span, largest: lastRecord - back, most: readAmount(bytes) });
  }
  return found;
}
