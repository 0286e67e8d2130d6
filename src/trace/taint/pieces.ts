import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { sealPage } from "../../ledger/page.ts";
import type { AccountState } from "../account/account-state.ts";
import type { Piece } from "../account/lots.ts";
import { openTaintPage } from "./open-page.ts";

/** An account's holdings as they are stored: which transfers have been applied, and what it has of each asset. */
export type StoredAccount = {
  /** All transfers before this row have been applied. */
  readonly row: number;
  readonly isTainted: boolean;
  readonly lots: ReadonlyMap<number, readonly Piece[]>;
};

/** What an output is made of, tainted parts above 0 and clean ones below, as a page. */
export function sealSegments(segments: readonly bigint[]): Uint8Array {
  const bytes = new ByteWriter(64);
  bytes.varint(segments.length);
  for (const segment of segments) {
    bytes.byte(segment > 0n ? 1 : 0);
    writeAmount(bytes, segment > 0n ? segment : -segment);
  }
  return sealPage(bytes.written());
}

/** @throws {Failure} `TAINT_DAMAGED`. */
export function openSegments(stored: Uint8Array, what: string): readonly bigint[] {
  const bytes = new ByteReader(openTaintPage(stored, what));
  return Array.from({ length: bytes.varint() }, () => {
    const isTainted = bytes.byte() === 1;
    const amount = readAmount(bytes);
    return isTainted ? amount : -amount;
  });
}

/** What an account has, as a page. */
export function sealAccount(state: AccountState, row: number): Uint8Array {
  const bytes = new ByteWriter(256);
  bytes.byte(state.isTainted ? 1 : 0);
  bytes.varint(row);
  bytes.varint(state.lots.size);
  for (const [asset, lots] of state.lots) {
    const pieces = lots.save();
    bytes.varint(asset);
    bytes.varint(pieces.length);
    for (const { amount, record } of pieces) {
      bytes.varint(record + 1);
      writeAmount(bytes, amount);
    }
  }
  return sealPage(bytes.written());
}

/** An account of which nothing tainted is left: what stands in the place of earlier versions. */
export function sealNothing(): Uint8Array {
  return sealPage(new Uint8Array(0));
}

/** @returns Undefined for an account of which nothing is left. @throws {Failure} `TAINT_DAMAGED`. */
export function openAccount(stored: Uint8Array, what: string): StoredAccount | undefined {
  const content = openTaintPage(stored, what);
  if (content.length === 0) return undefined;
  const bytes = new ByteReader(content);
  const isTainted = bytes.byte() === 1;
  const row = bytes.varint();
  const lots = new Map<number, readonly Piece[]>();
  for (let assets = bytes.varint(); assets > 0; assets -= 1) {
    const asset = bytes.varint();
    const pieces = Array.from({ length: bytes.varint() }, (): Piece => {
      const record = bytes.varint() - 1;
      return { record, amount: readAmount(bytes) };
    });
    lots.set(asset, pieces);
  }
  return { row, isTainted, lots };
}

/** Numbers one after the other, as a page. */
export function sealNumbers(numbers: readonly number[]): Uint8Array {
  const bytes = new ByteWriter(numbers.length * 4 + 8);
  bytes.varint(numbers.length);
  for (const number of numbers) bytes.varint(number);
  return sealPage(bytes.written());
}

/** @throws {Failure} `TAINT_DAMAGED`. */
export function openNumbers(stored: Uint8Array | undefined, what: string): readonly number[] {
  const bytes = new ByteReader(openTaintPage(stored, what));
  return Array.from({ length: bytes.varint() }, () => bytes.varint());
}

/** How many bytes, then these, the lowest first. */
export function writeAmount(bytes: ByteWriter, amount: bigint): void {
  own.clear();
  const length = own.integer(amount);
  bytes.byte(length);
  bytes.bytes(own.written());
}
const own = new ByteWriter(40);

export function readAmount(bytes: ByteReader): bigint {
  const length = bytes.byte();
  const digits = bytes.bytes(length);
  let low = 0;
  const most = length < 6 ? length : 6;
  for (let at = most - 1; at >= 0; at -= 1) low = low * 256 + (digits[at] ?? 0);
  if (length <= 6) return BigInt(low);
  let high = 0n;
  for (let at = length - 1; at >= 6; at -= 1) high = (high << 8n) | BigInt(digits[at] ?? 0);
  return (high << 48n) | BigInt(low);
}
