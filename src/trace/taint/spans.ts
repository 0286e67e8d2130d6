import { ChainBlocks, seenBlocksMax } from "../../clusters/blocks.ts";
import type { SeenBlock } from "../../clusters/state.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { UtxoView } from "../utxo/utxo-view.ts";
import type { BranchEnd } from "./take-back.ts";
import type { Keeping } from "./utxo-carry.ts";

/** How much is kept, and done at a time. */
export type CarrySizes = {
  /** To the end of each of so many last blocks a reorganisation may go back. */
  readonly depth: number;
  /** So many transactions, or transfers, are walked and committed at a time. */
  readonly rows: number;
  /** So many records of a strand are in memory before its walk is begun anew from what may still be spent. */
  readonly records: number;
  /** So many bytes of owners' entries, nearly, are in memory before they are committed. */
  readonly bytes: number;
  /** An account with more transfers is kept also while it holds nothing tainted: to read them all again would take long. */
  readonly history: number;
};

export const usualSizes: CarrySizes = {
  depth: seenBlocksMax,
  rows: 100_000,
  records: 2_000_000,
  bytes: 64 * 1024 * 1024,
  history: 512,
};

/** Blocks that are carried forward in one commit. `frontier`: no reorganisation that is reckoned with reaches them. */
export type Span = { readonly from: number; readonly to: number; readonly keeping: Keeping };

/** The blocks of a chain as the taint index goes over them. */
export class Spans {
  readonly blocks: ChainBlocks;
  readonly sizes: CarrySizes;
  readonly #view: UtxoView | undefined;

  constructor(reader: ChainReader, view: UtxoView | undefined, sizes: CarrySizes) {
    this.blocks = new ChainBlocks(reader);
    this.#view = view;
    this.sizes = sizes;
  }

  get count(): number {
    return this.blocks.count;
  }

  /** Transactions, or transfers, before a block. */
  rowsBefore(block: number): number {
    return block === 0 ? 0 : this.blocks.rowsEnd(block - 1);
  }

  /** Where a block begins, in the rows of the index. */
  beginOf(block: number): BranchEnd {
    const row = this.rowsBefore(block);
    if (this.#view === undefined) return { row, input: row };
    return { row: this.#view.firstOutput(row), input: this.#view.firstInput(row) };
  }

  /** The block that holds a transaction, or transfer. */
  blockOf(row: number): number {
    return this.#firstEnding(0, row + 1);
  }

  pointOf(block: number): SeenBlock {
    const { blocks } = this;
    const [height, fingerprint] = [blocks.height(block), blocks.fingerprint(block)];
    return { height, fingerprint, rows: blocks.rowsEnd(block), ownersSeen: 0 };
  }

  /** The first of the last blocks, to each of which a reorganisation may go back. */
  get firstRecent(): number {
    return Math.max(0, this.count - this.sizes.depth);
  }

  /** The blocks from one on, in spans: first those that are final, then the last ones. */
  *from(block: number): Generator<Span> {
    const recent = Math.max(block, this.firstRecent);
    for (const [first, end, keeping] of [
      [block, recent, "frontier"],
      [recent, this.count, "all"],
    ] as const) {
      for (let from = first; from < end;) {
        const to = Math.min(end, this.#firstEnding(from, this.rowsBefore(from) + this.sizes.rows) + 1);
        yield { from, to, keeping };
        from = to;
      }
    }
  }

  /** The points after a span, the newest last. */
  pointsAfter(before: readonly SeenBlock[], { from, to, keeping }: Span): readonly SeenBlock[] {
    if (keeping === "frontier") return [this.pointOf(to - 1)];
    const points = [...before];
    for (let block = from; block < to; block += 1) points.push(this.pointOf(block));
    return points.slice(-this.sizes.depth - 1);
  }

  /** The first block from one on at whose end there are so many rows; the last one where there are not. */
  #firstEnding(from: number, rows: number): number {
    let [low, high] = [from, this.count - 1];
    while (low < high) {
      const middle = low + ((high - low) >>> 1);
      if (this.blocks.rowsEnd(middle) < rows) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
