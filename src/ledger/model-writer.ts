import type { Block } from "../chains/block.ts";
import type { Change } from "../store/page-store.ts";
import type { ChainIndexes } from "./indexes.ts";
import type { TableName } from "./keys.ts";

/** What a model's records are written through: the tables of outputs and spends, or those of accounts and transfers. */
export type ModelWriter = {
  readonly indexes: ChainIndexes;
  /** Appends a block after all that were appended before. */
  append(block: Block, height: number): void;
  /** Transactions appended since the last commit. */
  readonly pendingTransactions: number;
  /** Whether a commit is due, since more than is remembered now could not be remembered before it. */
  readonly isFull: boolean;
  /** How many records each table has now. */
  counts(): Readonly<Partial<Record<TableName, number>>>;
  /** The tables' changed pages. */
  flush(): readonly Change[];
};
