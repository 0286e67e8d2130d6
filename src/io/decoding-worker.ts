/** The thread of `decoding-thread.ts`: reads and decodes the batches that it is sent. */
import { parentPort, workerData } from "node:worker_threads";
import { chain as knownChain } from "../base/chains.ts";
import { decodeBlock } from "../chains/bitcoin/block.ts";
import type { UtxoBlock } from "../chains/block.ts";
import { readBlk } from "../ingest/blk-index.ts";
import { isFailure } from "../base/failure.ts";
import type { DecodedBatch, DecodingOrder, DecodingWork } from "./decoding-thread.ts";
import { diskFiles } from "./disk-files.ts";

const { chain: alias, key } = workerData as DecodingWork;
const chain = knownChain(alias);
const files = diskFiles();

/** Batches are answered in the order in which they come, so the next one waits for the one before. */
let last: Promise<void> = Promise.resolve();
parentPort?.on("message", (places: DecodingOrder) => {
  last = last.then(async () => decodeBatch(places));
});

async function decodeBatch(places: DecodingOrder): Promise<void> {
  const blocks: UtxoBlock[] = [];
  try {
    for (const place of places) blocks.push(decodeBlock(chain, await readBlk(files, place, key)));
  } catch (thrown) {
    // A block that cannot be read or decoded is missing from the batch: the main thread tries it itself, and fails there.
    if (!isFailure(thrown)) throw thrown;
  }
  const batch: DecodedBatch = blocks;
  parentPort?.postMessage(
    batch,
    blocks.flatMap((block) => columnsOf(block)),
  );
}

/** The memory that is handed over instead of being copied. */
function columnsOf(block: UtxoBlock): ArrayBuffer[] {
  const { txids, inputStart, outputStart, spentTxids, spentIndexes, values, owners } = block;
  return [txids, inputStart, outputStart, spentTxids, spentIndexes, values, owners.kinds, owners.identities].map(
    ({ buffer }) => buffer as ArrayBuffer,
  );
}
