import type { BitcoinAlias } from "../../base/chains.ts";
import { doubleSha256 } from "./hash.ts";
import { invalid, readCompactSize, readCount, skip, type Cursor } from "./reader.ts";
import { layoutOf, measureTransaction } from "./transaction.ts";

/** What a block's header says. Hashes are in internal order. */
export type Header = {
  readonly hash: Uint8Array;
  readonly version: number;
  readonly parent: Uint8Array;
  readonly merkleRoot: Uint8Array;
  readonly time: number;
};

const HEADER_BYTES = 80;
/** Zcash protocol specification, section 7.6: a third hash, a nonce of 32 bytes, and Equihash's solution. */
const ZCASH_HEADER_BYTES = 140;
const EQUIHASH_BYTES = 1344;
/** How many bytes at a block's beginning its hash is made of. What a merge-mined block proves its work by comes behind. */
export const BLOCK_HEADER_BYTES: Readonly<Record<BitcoinAlias, number>> = {
  bitcoin: HEADER_BYTES,
  testnet4: HEADER_BYTES,
  signet: HEADER_BYTES,
  regtest: HEADER_BYTES,
  litecoin: HEADER_BYTES,
  dogecoin: HEADER_BYTES,
  "bitcoin-cash": HEADER_BYTES,
  zcash: ZCASH_HEADER_BYTES + 3 + EQUIHASH_BYTES,
  monacoin: HEADER_BYTES,
};
/** Dogecoin, `src/primitives/pureheader.h`, `VERSION_AUXPOW`. */
const AUXPOW_BIT = 0x100;

/**
 * Reads a block's header, and moves over what proves its work: Equihash's solution, a merge-mined parent.
 *
 * The work itself is not verified.
 * @throws {Failure} `SOURCE_INVALID` where it is cut off or of no known form.
 * Source: Bitcoin Core, `src/primitives/block.h`; Dogecoin, `src/auxpow.h`; Zcash protocol specification, section 7.6.
 */
export function readHeader(cursor: Cursor, alias: BitcoinAlias): Header {
  const start = cursor.at;
  if (alias === "zcash") skipZcashHeader(cursor);
  else skip(cursor, HEADER_BYTES);
  const end = cursor.at;
  const { bytes, view } = cursor;
  const version = view.getInt32(start, true);
  if (alias === "dogecoin" && (version & AUXPOW_BIT) !== 0) skipAuxPow(cursor);
  return {
    hash: doubleSha256(bytes.subarray(start, end)),
    version,
    // Copies: `slice` of a Buffer is a view, and would keep the whole block.
    parent: new Uint8Array(bytes.subarray(start + 4, start + 36)),
    merkleRoot: new Uint8Array(bytes.subarray(start + 36, start + 68)),
    time: view.getUint32(start + (alias === "zcash" ? 100 : 68), true),
  };
}

/**
 * A block's hash and its parent's, in internal order, and the compact form of its target, from its beginning alone.
 *
 * @param bytes - At least {@link BLOCK_HEADER_BYTES}.
 */
export function readLead(
  bytes: Uint8Array,
  alias: BitcoinAlias,
): { readonly hash: Uint8Array; readonly parent: Uint8Array; readonly bits: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    hash: doubleSha256(bytes.subarray(0, BLOCK_HEADER_BYTES[alias])),
    parent: bytes.subarray(4, 36),
    bits: view.getUint32(alias === "zcash" ? 104 : 72, true),
  };
}

function skipZcashHeader(cursor: Cursor): void {
  skip(cursor, ZCASH_HEADER_BYTES);
  const length = readCompactSize(cursor);
  if (length !== EQUIHASH_BYTES)
    throw invalid(cursor, `its Equihash solution has ${length} bytes, not ${EQUIHASH_BYTES}`);
  skip(cursor, length);
}

/** The parent chain's coinbase, its place in the parent's block, the place in the parent's tree of chains, the header. */
function skipAuxPow(cursor: Cursor): void {
  measureTransaction(cursor, layoutOf(1), 0, 1);
  skip(cursor, 32);
  skipBranch(cursor);
  skipBranch(cursor);
  skip(cursor, HEADER_BYTES);
}

/** A Merkle branch and the index of its leaf. */
function skipBranch(cursor: Cursor): void {
  const hashes = readCount(cursor, 32, "hashes of a Merkle branch");
  skip(cursor, hashes * 32 + 4);
}

/**
 * The height from which on a chain's blocks must begin their coinbase with it; undefined where that is not known.
 *
 * Before, whatever stands there may look like a height. Source: `src/kernel/chainparams.cpp` (`src/chainparams.cpp`) of
 * each node, `BIP34Height`; Zcash protocol specification, section 7.6 (from height 1).
 */
const HEIGHT_STATED_FROM: Readonly<Record<BitcoinAlias, number | undefined>> = {
  bitcoin: 227_931,
  testnet4: 1,
  signet: 1,
  regtest: 1,
  litecoin: 710_000,
  dogecoin: 1_034_383,
  "bitcoin-cash": 227_931,
  zcash: 1,
  monacoin: undefined,
};
/**
 * 2013-03-26: all later Bitcoin blocks are above BIP-34's height. Blocks of version 2 from before its rule was enforced
 * can begin with any number.
 */
const BIP34_SINCE = 1_364_256_000;
/** Three bytes of a script's number; a larger one is no height yet, but may be something else. */
const HEIGHT_MAX = 0x7f_ffff;

/**
 * The height that a coinbase states, where that can be relied on; undefined otherwise. A chain's first block is at 0.
 *
 * @param script - The coinbase's script: the block's bytes from `start` up to `end`.
 * Source: BIP-34.
 */
export function statedHeight(
  header: Header,
  alias: BitcoinAlias,
  script: { readonly bytes: Uint8Array; readonly start: number; readonly end: number },
): number | undefined {
  if (header.parent.every((byte) => byte === 0)) return 0;
  const from = HEIGHT_STATED_FROM[alias];
  if (from === undefined || header.version < 2) return undefined;
  if ((alias === "bitcoin" || alias === "bitcoin-cash") && header.time < BIP34_SINCE) return undefined;
  const height = leadingNumber(script.bytes, script.start, script.end);
  return height !== undefined && height >= from && height <= HEIGHT_MAX ? height : undefined;
}

/** The number that a script pushes first, where it is pushed as `CScript() << height` does: in its shortest form. */
function leadingNumber(bytes: Uint8Array, start: number, end: number): number | undefined {
  const opcode = start < end ? (bytes[start] ?? 0) : 0;
  if (opcode >= 0x51 && opcode <= 0x60) return opcode - 0x50;
  if (opcode < 1 || opcode > 3 || start + 1 + opcode > end) return undefined;
  let value = 0;
  for (let index = opcode; index >= 1; index -= 1) value = value * 256 + (bytes[start + index] ?? 0);
  const negative = (bytes[start + opcode] ?? 0) >= 0x80;
  const least = opcode === 1 ? 17 : 1 << (8 * (opcode - 1) - 1);
  return negative || value < least ? undefined : value;
}
