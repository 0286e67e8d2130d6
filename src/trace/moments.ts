import type { ChainReader } from "../ledger/reader.ts";
import { blocksShape } from "../ledger/shapes.ts";
import type { TableReader } from "../ledger/table.ts";

/** Block and time of a transaction, by the numbers of both. Cost: a search over the blocks. */
export class Moments {
  readonly #blocks: TableReader<typeof blocksShape>;
  #last = 0;

  constructor(reader: ChainReader) {
    this.#blocks = reader.table(blocksShape);
  }

  of(transaction: number): { readonly height: number; readonly time: number } {
    return this.#at(this.#search("firstTransaction", transaction));
  }

  /** Of a transfer, which need not belong to a transaction. */
  ofRow(row: number): { readonly height: number; readonly time: number } {
    return this.#at(this.#search("firstRow", row));
  }

  /** The first row of the block that a row is in, and of the next block; undefined where there is none. */
  rowsAround(row: number): { readonly first: number; readonly end: number | undefined } {
    const block = this.#search("firstRow", row);
    const isLast = block + 1 === this.#blocks.count;
    return {
      first: this.#blocks.value("firstRow", block),
      end: isLast ? undefined : this.#blocks.value("firstRow", block + 1),
    };
  }

  /** The first transaction and row behind a height; undefined where the ledger does not go so far. */
  after(height: number): { readonly transaction: number; readonly row: number } | undefined {
    let [low, high] = [0, this.#blocks.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#blocks.value("height", middle) <= height) low = middle + 1;
      else high = middle;
    }
    if (low === this.#blocks.count) return undefined;
    return { transaction: this.#blocks.value("firstTransaction", low), row: this.#blocks.value("firstRow", low) };
  }

  #at(block: number): { readonly height: number; readonly time: number } {
    return { height: this.#blocks.value("height", block), time: this.#blocks.value("time", block) };
  }

  /** The last block that begins at or before a row; what is asked for is mostly near what was asked for last. */
  #search(column: "firstTransaction" | "firstRow", row: number): number {
    const blocks = this.#blocks;
    const isIn = (block: number): boolean =>
      blocks.value(column, block) <= row && (block + 1 === blocks.count || blocks.value(column, block + 1) > row);
    if (isIn(this.#last)) return this.#last;
    let [low, high] = [0, blocks.count - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (blocks.value(column, middle) <= row) low = middle;
      else high = middle - 1;
    }
    this.#last = low;
    return low;
  }
}
