import { Failure } from "../../base/failure.ts";

/**
 * A place in bytes that come from outside, moved forward by the functions below.
 *
 * Every one of them checks its bounds first and throws a `SOURCE_INVALID` that names the byte; none allocates. Numbers
 * are little-endian.
 */
export type Cursor = {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** The next byte to be read. */
  at: number;
  /** What the bytes are, for failures: "Bitcoin block". */
  readonly source: string;
  readonly mend: string;
};

/** `src/serialize.h`, `MAX_SIZE`: no count and no length in the serialisation of Bitcoin's family is larger. */
export const SIZE_MAX = 0x0200_0000;

/**
 * A cursor at the first byte.
 *
 * @param source - What the bytes are, as a failure names them.
 * @param mend - What to do where they are broken.
 */
export function cursorOf(bytes: Uint8Array, source: string, mend: string): Cursor {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0, source, mend };
}

/** What to throw for broken bytes at the cursor's place. */
export function invalid(cursor: Cursor, why: string): Failure<"SOURCE_INVALID"> {
  const { source, mend } = cursor;
  return new Failure("SOURCE_INVALID", { source, where: `byte ${cursor.at}`, why, mend });
}

/** How many bytes are left. */
export function remaining(cursor: Cursor): number {
  return cursor.bytes.length - cursor.at;
}

/**
 * Moves over bytes.
 *
 * @throws {Failure} `SOURCE_INVALID` where fewer are left.
 */
export function skip(cursor: Cursor, count: number): void {
  if (count > cursor.bytes.length - cursor.at) throw truncated(cursor, count);
  cursor.at += count;
}

/** @throws {Failure} `SOURCE_INVALID` at the end. */
export function readByte(cursor: Cursor): number {
  if (cursor.at >= cursor.bytes.length) throw truncated(cursor, 1);
  return cursor.bytes[cursor.at++] ?? 0;
}

/** @throws {Failure} `SOURCE_INVALID` where fewer than 4 bytes are left. */
export function readUint32(cursor: Cursor): number {
  if (cursor.bytes.length - cursor.at < 4) throw truncated(cursor, 4);
  const value = cursor.view.getUint32(cursor.at, true);
  cursor.at += 4;
  return value;
}

/**
 * Reads a compact size: a count or a length.
 *
 * @returns An integer up to {@link SIZE_MAX}.
 * @throws {Failure} `SOURCE_INVALID` where it is cut off, not in its shortest form, or larger than any node takes.
 * Source: Bitcoin Core, `src/serialize.h`, `ReadCompactSize`.
 */
export function readCompactSize(cursor: Cursor): number {
  const first = readByte(cursor);
  if (first < 0xfd) return first;
  const width = 1 << (first - 0xfc);
  if (cursor.bytes.length - cursor.at < width) throw truncated(cursor, width);
  const { at, view } = cursor;
  const value = width === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
  if (width === 8 && view.getUint32(at + 4, true) !== 0) throw invalid(cursor, "a count is absurdly large");
  const least = width === 2 ? 0xfd : width === 4 ? 0x1_0000 : 0x1_0000_0000;
  if (value < least) throw invalid(cursor, "a count is not in its shortest form");
  if (value > SIZE_MAX) throw invalid(cursor, `a count of ${value} is absurdly large`);
  cursor.at += width;
  return value;
}

/**
 * Reads how many records follow, and checks that there is room for them, so that memory may be taken for them.
 *
 * @param bytesEach - The least that one of them takes.
 * @throws {Failure} `SOURCE_INVALID` as {@link readCompactSize}, and where they cannot be there.
 */
export function readCount(cursor: Cursor, bytesEach: number, what: string): number {
  const count = readCompactSize(cursor);
  if (count * bytesEach > cursor.bytes.length - cursor.at) {
    throw invalid(cursor, `it claims ${count} ${what}, for which ${remaining(cursor)} bytes are too few`);
  }
  return count;
}

/**
 * Reads Bitcoin Core's VARINT (base 128, most significant digit first, each continuation adding one).
 *
 * @returns An integer up to 2^53 − 1.
 * @throws {Failure} `SOURCE_INVALID` where it is cut off, or larger than that.
 * Source: Bitcoin Core, `src/serialize.h`, `ReadVarInt`.
 */
export function readVarint(cursor: Cursor): number {
  let value = 0;
  for (;;) {
    const byte = readByte(cursor);
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return value;
    value += 1;
    if (value > VARINT_SAFE) throw invalid(cursor, "a variable-length number is absurdly large");
  }
}
const VARINT_SAFE = 2 ** 46 - 2;

/**
 * As {@link readVarint}, for compressed amounts: up to 2^64 − 1.
 *
 * @throws {Failure} `SOURCE_INVALID` where it is cut off, or larger than that.
 */
export function readWideVarint(cursor: Cursor): bigint {
  let value = 0n;
  for (;;) {
    const byte = readByte(cursor);
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (value >= 1n << 64n) throw invalid(cursor, "a variable-length number exceeds 64 bits");
    if (byte < 0x80) return value;
    value += 1n;
  }
}

function truncated(cursor: Cursor, count: number): Failure<"SOURCE_INVALID"> {
  return invalid(cursor, `it ends ${count - remaining(cursor)} bytes too soon`);
}
