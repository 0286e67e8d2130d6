import type { KnownChain } from "../base/chains.ts";
import { Failure } from "../base/failure.ts";
import { decodeBlock } from "../chains/bitcoin/block.ts";
import type { Tip } from "../ledger/manifest.ts";
import { hexOf, indexBlkFiles, readBlk, type BlkIndex, type BlkPlace } from "./blk-index.ts";
import { UndoFiles } from "./blk-undo.ts";
import { decodeHere, type BlockDecoder } from "./block-decoder.ts";
import type { Files } from "./files.ts";
import type { Source, SourceBlock } from "./source.ts";

/** The parent of a chain's first block. */
const noBlock = "0".repeat(64);
const keyBytes = 8;
/** Marks a cursor in a ledger that does not begin with the chain's first block. */
const partial = " partial";

/**
 * A Bitcoin node's blocks folder (`blk*.dat`, with `xor.dat` where its files are masked) as a source.
 *
 * In a ledger that does not begin with the chain's first block, what a block spends is taken from `rev*.dat` too, where
 * these are there: else nobody knows the value and owner of an output from before.
 *
 * @param decoder - By whom blocks are decoded; the result is the same.
 */
export function bitcoinBlkSource(
  files: Files,
  chain: KnownChain,
  folder: string,
  decoder: BlockDecoder = decodeHere(files, chain),
): Source {
  let index: BlkIndex | undefined;
  let undo: UndoFiles | undefined;
  return {
    name: folder,
    model: "utxo",
    async *open({ tip, cursor: from }) {
      const key = await xorKey(files, folder);
      index ??= await indexBlkFiles(files, chain, folder, key);
      const { best, all } = index;
      if (best.length === 0) throw noBlocks(chain, folder);
      const lowest = await lowestHeight(files, chain, index, key);
      const first = start(best, all, tip, lowest);
      const isPartial = lowest > 0 || (tip !== undefined && (from.endsWith(partial) || !all.has(from)));
      if (isPartial) undo ??= new UndoFiles(files, chain, key, all);
      let position = first;
      for await (const decoded of decoder(best.slice(first), key)) {
        const place = best[position];
        if (place === undefined) return;
        if (hexOf(decoded.hash) !== place.hash) throw changed(place);
        const height = lowest + position;
        position += 1;
        const block = isPartial && undo !== undefined ? await undo.complete(decoded, place.file) : decoded;
        yield { block, height, cursor: `${place.hash}${isPartial ? partial : ""}` } satisfies SourceBlock;
      }
    },
    progress: () => ({ bytes: 0, bytesTotal: undefined, lastHeight: index && index.best.length - 1 }),
    findings: () => [...(index?.findings ?? []), ...(undo?.findings ?? [])],
  };
}

function noBlocks(chain: KnownChain, folder: string): Failure {
  const why = `it holds no block of ${chain.name}`;
  const mend = "name the blocks folder of a node, and the chain that the node follows";
  return new Failure("SOURCE_INVALID", { source: folder, where: "", why, mend });
}

function changed({ file, offset }: BlkPlace): Failure {
  const why = "another block stands there than when the folder was read";
  const mend = "stop whatever changes the folder, and run again";
  return new Failure("SOURCE_INVALID", { source: file, where: `byte ${offset}`, why, mend });
}

async function xorKey(files: Files, folder: string): Promise<Uint8Array> {
  const file = `${folder}/xor.dat`;
  const size = await files.size(file);
  if (size === undefined) return new Uint8Array();
  if (size === keyBytes) return files.read(file, 0, keyBytes);
  const mend = "take it from the node together with its blk files";
  throw new Failure("SOURCE_INVALID", { source: file, where: "", why: `it has ${size} bytes, not ${keyBytes}`, mend });
}

/** The height of the best chain's first block: 0, or what that block states. */
async function lowestHeight(files: Files, chain: KnownChain, { best }: BlkIndex, key: Uint8Array): Promise<number> {
  const [first] = best;
  if (first === undefined || first.parent === noBlock) return 0;
  // Not every block states its height: the first one that does tells those of the blocks before it.
  for (const [position, place] of best.entries()) {
    const { height } = decodeBlock(chain, await readBlk(files, place, key));
    if (height !== undefined) return height - position;
  }
  const why = "the chain does not begin with the first block, and no block states its height";
  throw new Failure("SOURCE_INVALID", { source: first.file, where: "", why, mend: "add the files before it" });
}

/** Where in the best chain to go on: after the ledger's tip, or after the last block that both have. */
function start(best: BlkIndex["best"], all: BlkIndex["all"], tip: Tip | undefined, lowest: number): number {
  if (tip?.hash === undefined) return 0;
  const positions = new Map(best.map(({ hash }, position) => [hash, position]));
  for (let hash: string | undefined = tip.hash; hash !== undefined; hash = all.get(hash)?.parent) {
    const position = positions.get(hash);
    if (position !== undefined) return position + 1;
  }
  // The folder does not know the ledger's tip: show the block at its height, and the ledger sees the fork.
  return Math.max(0, Math.min(tip.height - lowest, best.length));
}
