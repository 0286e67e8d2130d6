import type { KnownChain } from "../base/chains.ts";
import { decodeBlock } from "../chains/bitcoin/block.ts";
import type { UtxoBlock } from "../chains/block.ts";
import { readBlk, type BlkPlace } from "./blk-index.ts";
import type { Files } from "./files.ts";

/**
 * Reads and decodes the blocks at places of a node's folder, in their order.
 *
 * @throws {Failure} `SOURCE_INVALID`, `SOURCE_UNREADABLE`, once all blocks before the broken one were given.
 */
export type BlockDecoder = (places: Iterable<BlkPlace>, key: Uint8Array) => AsyncIterable<UtxoBlock>;

/** Decodes in this thread, each block when it is asked for. */
export function decodeHere(files: Files, chain: KnownChain): BlockDecoder {
  return async function* decode(places, key) {
    for (const place of places) yield decodeBlock(chain, await readBlk(files, place, key));
  };
}
