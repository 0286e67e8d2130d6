import { assert } from "../../base/assert.ts";
import type { KnownChain } from "../../base/chains.ts";
import { BLOCK_HEADER_BYTES } from "./header.ts";
import { findLeads, findRecords, type FileRange, type FileRecords, type SparseRange } from "./record-file.ts";

/** A header alone. */
const BLOCK_BYTES_MIN = 80;

/**
 * The blocks in a range of a node's `blk*.dat` file.
 *
 * Garbage between records is skipped to the next magic number and reported, a cut-off last record is reported, zeros at
 * the file's end are not. Blocks stand in the order in which they arrived: neither by height, nor on one chain only.
 * @param range - Unmasked bytes (`unmask`). With `last` false what may continue is left for the next range, which
 *   begins at the byte `next` of this one.
 * Source: Bitcoin Core, `src/node/blockstorage.cpp`; `src/validation.cpp`, `LoadExternalBlockFile`.
 */
export function findBlocks(chain: KnownChain, range: FileRange): FileRecords {
  assert(chain.family === "bitcoin", `bitcoin blk file: ${chain.alias} is of the family ${chain.family}`);
  return findRecords(chain.alias, range, { bytesMin: BLOCK_BYTES_MIN, tailBytes: 0 });
}

/** The blocks that begin in a range, each with its header in the range: see {@link findBlocks}. */
export function findHeaders(chain: KnownChain, range: SparseRange): FileRecords {
  assert(chain.family === "bitcoin", `bitcoin blk file: ${chain.alias} is of the family ${chain.family}`);
  const leadBytes = BLOCK_HEADER_BYTES[chain.alias];
  return findLeads(chain.alias, range, { bytesMin: BLOCK_BYTES_MIN, tailBytes: 0, leadBytes });
}
