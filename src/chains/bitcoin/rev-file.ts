import { assert } from "../../base/assert.ts";
import type { KnownChain } from "../../base/chains.ts";
import { doubleSha256 } from "./hash.ts";
import { findRecords, type FileRange, type FileRecord, type FileRecords } from "./record-file.ts";

const CHECKSUM_BYTES = 32;

/**
 * The undo data in a range of a node's `rev*.dat` file, one record a block but the first of the chain.
 *
 * They stand in the order in which blocks were connected, which is not that of the `blk*.dat` file of the same number,
 * and do not say which block they belong to: {@link undoBelongsTo} does.
 * @param range - Unmasked bytes, as for `findBlocks`.
 * Source: Bitcoin Core, `src/node/blockstorage.cpp`, `WriteBlockUndo`.
 */
export function findUndos(chain: KnownChain, range: FileRange): FileRecords {
  assert(chain.family === "bitcoin", `bitcoin rev file: ${chain.alias} is of the family ${chain.family}`);
  return findRecords(chain.alias, range, { bytesMin: 1, tailBytes: CHECKSUM_BYTES });
}

/**
 * Whether a record holds, unbroken, the undo data of a block with this parent.
 *
 * @param bytes - Those of the range in which the record was found.
 * @param parent - The hash of the block's parent, in internal order.
 * Source: Bitcoin Core, `src/node/blockstorage.cpp`, `ReadBlockUndo`: the checksum is the double SHA-256 of both.
 * Cost: one double hash of the record.
 */
export function undoBelongsTo(bytes: Uint8Array, record: FileRecord, parent: Uint8Array): boolean {
  const signed = new Uint8Array(parent.length + record.end - record.start);
  signed.set(parent);
  signed.set(bytes.subarray(record.start, record.end), parent.length);
  const checksum = bytes.subarray(record.end, record.end + CHECKSUM_BYTES);
  return doubleSha256(signed).every((byte, index) => byte === checksum[index]);
}
