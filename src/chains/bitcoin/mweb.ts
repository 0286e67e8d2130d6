import { invalid, readByte, readCompactSize, readCount, readVarint, skip, type Cursor } from "./reader.ts";

/** Bytes of commitments and public keys, of hashes, of signatures, of range proofs: `src/libmw/include/mw/models/crypto`. */
const SIZE = { key: 33, hash: 32, signature: 64, rangeProof: 675 } as const;
const INPUT = { inputKey: 1, extra: 2 } as const;
const MESSAGE = { standard: 1, extra: 2 } as const;
const KERNEL = { fee: 1, pegIn: 2, pegOut: 4, lockHeight: 8, stealthExcess: 16, extra: 32 } as const;

/**
 * Moves over the extension block behind a Litecoin block's HogEx. What moves inside it is hidden; what enters and
 * leaves stands in the block's own transactions.
 *
 * Its contents are not verified: no hash of it stands in the block's Merkle tree but by way of the HogEx.
 * @throws {Failure} `SOURCE_INVALID` where it is cut off or missing.
 * Source: LIP-2, LIP-3; Litecoin, `src/mweb/mweb_models.h`, `src/libmw/include/mw/models/{block,tx}`.
 */
export function skipExtensionBlock(cursor: Cursor): void {
  if (readByte(cursor) !== 1) throw invalid(cursor, "the extension block behind its HogEx is missing");
  readVarint(cursor); // Height.
  skip(cursor, 5 * SIZE.hash);
  readVarint(cursor); // Outputs so far.
  readVarint(cursor); // Kernels so far.
  repeat(cursor, "MWEB inputs", skipInput);
  repeat(cursor, "MWEB outputs", skipOutput);
  repeat(cursor, "MWEB kernels", skipKernel);
}

function repeat(cursor: Cursor, what: string, skipOne: (cursor: Cursor) => void): void {
  const count = readCount(cursor, SIZE.key, what);
  for (let index = 0; index < count; index += 1) skipOne(cursor);
}

const skipVector = (cursor: Cursor): void => skip(cursor, readCompactSize(cursor));

function skipInput(cursor: Cursor): void {
  const features = readByte(cursor);
  skip(cursor, SIZE.hash + 2 * SIZE.key);
  if ((features & INPUT.inputKey) !== 0) skip(cursor, SIZE.key);
  if ((features & INPUT.extra) !== 0) skipVector(cursor);
  skip(cursor, SIZE.signature);
}

function skipOutput(cursor: Cursor): void {
  skip(cursor, 3 * SIZE.key);
  const features = readByte(cursor);
  if ((features & MESSAGE.standard) !== 0) skip(cursor, SIZE.key + 1 + 8 + 16);
  if ((features & MESSAGE.extra) !== 0) skipVector(cursor);
  skip(cursor, SIZE.rangeProof + SIZE.signature);
}

function skipKernel(cursor: Cursor): void {
  const features = readByte(cursor);
  if ((features & KERNEL.fee) !== 0) readVarint(cursor);
  if ((features & KERNEL.pegIn) !== 0) readVarint(cursor);
  if ((features & KERNEL.pegOut) !== 0) {
    const count = readCount(cursor, 2, "MWEB peg-outs");
    for (let index = 0; index < count; index += 1) {
      readVarint(cursor);
      skipVector(cursor);
    }
  }
  if ((features & KERNEL.lockHeight) !== 0) readVarint(cursor);
  if ((features & KERNEL.stealthExcess) !== 0) skip(cursor, SIZE.key);
  if ((features & KERNEL.extra) !== 0) skipVector(cursor);
  skip(cursor, SIZE.key + SIZE.signature);
}
