import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { KnownChain } from "../base/chains.ts";
import type { UtxoBlock } from "../chains/block.ts";
import type { BlkPlace } from "../ingest/blk-index.ts";
import { decodeHere, type BlockDecoder } from "../ingest/block-decoder.ts";
import type { Files } from "../ingest/files.ts";

/** What the thread is told at its start. */
export type DecodingWork = { readonly chain: string; readonly key: Uint8Array };
/** What it is sent, one batch after the other. */
export type DecodingOrder = readonly Pick<BlkPlace, "file" | "offset" | "length">[];
/** What it answers, in the same order: the blocks of a batch, up to the first that cannot be decoded. */
export type DecodedBatch = readonly UtxoBlock[];

/** Bytes of blocks in a batch: one block of today's, many of the first ones. */
const batchBytes = 1024 * 1024;
/** Batches that are under way while one is used: enough that neither thread waits for the other. */
const batchesAhead = 4;

/**
 * Decodes in a thread of its own, some blocks ahead of whoever uses them.
 *
 * Hashing and reading take about a third of ingestion's time and need nothing of the ledger. The columns of a block are
 * handed over, not copied. Memory: a few batches.
 */
export function decodeInThread(files: Files, chain: KnownChain): BlockDecoder {
  const here = decodeHere(files, chain);
  return async function* decode(places, key) {
    const worker = new Worker(workerFile(), { workerData: { chain: chain.alias, key } satisfies DecodingWork });
    const arrived: DecodedBatch[] = [];
    let failed: Error | undefined;
    worker.on("message", (batch: DecodedBatch) => arrived.push(batch));
    worker.on("error", (error: Error) => void (failed = error));
    const batches = batchesOf(places);
    const underWay: (readonly BlkPlace[])[] = [];
    const send = (): void => {
      const next = batches.next();
      if (next.done === true) return;
      underWay.push(next.value);
      const order: DecodingOrder = next.value.map(({ file, offset, length }) => ({ file, offset, length }));
      // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage(order);
    };
    try {
      for (let ahead = 0; ahead < batchesAhead; ahead += 1) send();
      for (let order = underWay.shift(); order !== undefined; order = underWay.shift()) {
        while (arrived.length === 0) {
          if (failed !== undefined) throw failed;
          // Rejects where the thread itself fails meanwhile.
          await once(worker, "message");
        }
        const blocks = arrived.shift() ?? [];
        send();
        yield* blocks;
        if (blocks.length < order.length) yield* here(order.slice(blocks.length), key);
      }
    } finally {
      await worker.terminate();
    }
  };
}

/** The file beside this one, which is TypeScript in the sources and JavaScript in a package. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "decoding-worker.ts" : "decoding-worker.js", import.meta.url);
}

function* batchesOf(places: Iterable<BlkPlace>): Generator<readonly BlkPlace[], void> {
  let batch: BlkPlace[] = [];
  let bytes = 0;
  for (const place of places) {
    batch.push(place);
    bytes += place.length;
    if (bytes < batchBytes) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}
