import type { ChainReader } from "./reader.ts";
import { blocksShape } from "./shapes.ts";

/** What a ledger holds of a chain. */
export type ChainInfo = {
  readonly chain: string;
  readonly alias: string;
  readonly model: ChainReader["model"];
  readonly blocks: number;
  readonly firstHeight: number | null;
  readonly tip: { readonly height: number; readonly hash: string | null; readonly time: number } | null;
  readonly transactions: number;
  /** Outputs, or transfers. */
  readonly rows: number;
  /** Owners of outputs, or accounts. */
  readonly owners: number;
  /** Spent outputs that were created before the ledger begins. */
  readonly unseen: number;
  /** Spans of heights that are not in the ledger, between its first block and its tip. */
  readonly gaps: number;
  /** The first of them: the heights between which blocks are missing. */
  readonly gapsAt: readonly { readonly after: number; readonly before: number }[];
  readonly internalUnknown: number;
  /** Bytes of the indexes' runs as stored. */
  readonly indexBytes: number;
  /** Whether its blocks were ingested as made-up ones. */
  readonly simulated: boolean;
};

/** So many gaps are told one by one. */
const gapsMax = 100;

/** Counts from the manifest, and the gaps between blocks. Cost: one pass over the blocks where there are any. */
export function chainInfo(reader: ChainReader): ChainInfo {
  const { counts, tip, runs, internalUnknown } = reader.state;
  const blocks = reader.table(blocksShape);
  let gaps = 0;
  const gapsAt: { readonly after: number; readonly before: number }[] = [];
  // Heights rise, so that where there are as many blocks as heights none is left out.
  const first = blocks.count === 0 ? 0 : blocks.value("height", 0);
  const isWhole = tip !== undefined && tip.height - first + 1 === blocks.count;
  for (let block = isWhole ? blocks.count : 1; block < blocks.count; block += 1) {
    const [after, before] = [blocks.value("height", block - 1), blocks.value("height", block)];
    if (before === after + 1) continue;
    gaps += 1;
    if (gapsAt.length < gapsMax) gapsAt.push({ after, before });
  }
  const allRuns = Object.values(runs).flat();
  return {
    chain: reader.chain.id,
    alias: reader.chain.alias,
    model: reader.model,
    blocks: blocks.count,
    firstHeight: blocks.count === 0 ? null : blocks.value("height", 0),
    tip: tip === undefined ? null : { height: tip.height, hash: tip.hash ?? null, time: tip.time },
    transactions: counts.transactions ?? 0,
    rows: (reader.model === "utxo" ? counts.outputs : counts.transfers) ?? 0,
    owners: (reader.model === "utxo" ? counts.owners : counts.accounts) ?? 0,
    unseen: counts.unseen ?? 0,
    gaps,
    gapsAt,
    internalUnknown,
    indexBytes: allRuns.reduce((sum, { bytes }) => sum + bytes, 0),
    simulated: reader.simulated,
  };
}
