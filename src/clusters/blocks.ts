import type { ChainReader } from "../ledger/reader.ts";
import { accountTransactionsShape, blocksShape, transfersShape, utxoIdsShape } from "../ledger/shapes.ts";
import type { TableReader } from "../ledger/table.ts";
import { firstNotBelow } from "./search.ts";
import type { SeenBlock } from "./state.ts";

/** How many of the last clustered blocks are kept in mind: a deeper reorganisation has the clusters built anew. */
export const seenBlocksMax = 256;

/** The rows that rules are applied to: transactions of a chain of outputs, transfers of one of accounts. */
export function rowsOf(reader: ChainReader): number {
  return (reader.model === "utxo" ? reader.state.counts.transactions : reader.state.counts.transfers) ?? 0;
}

/** The height of the block that a row is in. */
export function blockOfRow(reader: ChainReader, row: number): number {
  const blocks = reader.table(blocksShape);
  const column = reader.model === "utxo" ? "firstTransaction" : "firstRow";
  return blocks.value("height", firstNotBelow((block) => blocks.value(column, block), blocks.count, row + 1) - 1);
}

/** The blocks of a chain as clusters see them. */
export class ChainBlocks {
  readonly count: number;
  readonly #reader: ChainReader;
  readonly #blocks: TableReader<typeof blocksShape>;

  constructor(reader: ChainReader) {
    this.#reader = reader;
    this.#blocks = reader.table(blocksShape);
    this.count = this.#blocks.count;
  }

  height(block: number): number {
    return this.#blocks.value("height", block);
  }

  /** The rows up to a block's end. */
  rowsEnd(block: number): number {
    if (block + 1 === this.count) return rowsOf(this.#reader);
    return this.#blocks.value(this.#reader.model === "utxo" ? "firstTransaction" : "firstRow", block + 1);
  }

  /** What two blocks share only where they are the same: the hash, or where none is known what the block holds. */
  fingerprint(block: number): string {
    const blocks = this.#blocks;
    if (blocks.value("known", block) % 2 === 1) return Buffer.from(blocks.value("hash", block)).toString("hex");
    const isLast = block + 1 === this.count;
    const counts = this.#reader.state.counts;
    const transactions = isLast ? (counts.transactions ?? 0) : blocks.value("firstTransaction", block + 1);
    const rows = isLast ? (counts.transfers ?? 0) : blocks.value("firstRow", block + 1);
    const lastId = transactions === 0 ? "" : this.#transactionId(transactions - 1);
    const last = rows === 0 ? "" : this.#lastTransfer(rows - 1);
    return JSON.stringify([blocks.value("time", block), transactions, rows, lastId, last]);
  }

  /** The newest of the seen blocks that is still part of the chain: its place among them and in the chain. */
  common(seen: readonly SeenBlock[]): { readonly place: number; readonly block: number } | undefined {
    for (let place = seen.length - 1; place >= 0; place -= 1) {
      const { height, fingerprint } = seen[place] as SeenBlock;
      const block = firstNotBelow((record) => this.height(record), this.count, height);
      if (block < this.count && this.height(block) === height && this.fingerprint(block) === fingerprint) {
        return { place, block };
      }
    }
    return undefined;
  }

  #transactionId(number: number): string {
    if (this.#reader.model === "account") return this.#reader.table(accountTransactionsShape).value("id", number);
    return Buffer.from(this.#reader.table(utxoIdsShape).value("id", number)).toString("hex");
  }

  #lastTransfer(number: number): string {
    if (this.#reader.model === "utxo") return "";
    const { from, to, asset, amount } = this.#reader.table(transfersShape).record(number);
    return `${from} ${to} ${asset} ${amount}`;
  }
}
