import type { TableShape } from "./table.ts";

/**
 * The tables of a chain. Records are numbered in chain order; numbers are how records refer to each other. Changing a
 * shape is a new {@link ledgerFormat}.
 *
 * Records that are looked up one by one, here and there, lie in pages of a little less than 4 KiB (one of LMDB's), so that
 * little is read for each; those that are read in order, in larger ones.
 */
const shape = <const Shape extends TableShape>(of: Shape): Shape => of;

/** Blocks of either model; `firstRow` is its first output or transfer. `hashed`: 0 neither hash nor parent is known, 1 both are, 2 and internal transfers too. */
export const blocksShape = shape({
  name: "blocks",
  pageRecords: 256,
  columns: {
    height: "rising",
    time: "number",
    known: "number",
    hash: "hash",
    parent: "hash",
    firstTransaction: "rising",
    firstRow: "rising",
  },
});

/** Transactions of a chain of outputs. The rows of a transaction end where those of the next begin. */
export const utxoTransactionsShape = shape({
  name: "transactions",
  pageRecords: 1_024,
  columns: { firstInput: "rising", firstOutput: "rising" },
});

/** The ids of a chain of outputs' transactions: apart from their rows, which are asked for far more often. */
export const utxoIdsShape = shape({ name: "transactionIds", pageRecords: 126, columns: { id: "hash" } });

/** `spent`: 0 a coinbase; 2n + 1 the output n; 2n + 2 the unseen output n. */
export const inputsShape = shape({ name: "inputs", pageRecords: 4_096, columns: { spent: "number" } });

/** `owner`: 0 nobody, else the owner's number + 1. */
export const outputsShape = shape({
  name: "outputs",
  pageRecords: 4_096,
  columns: { value: "amount", owner: "number" },
});

/**
 * Outputs that were spent in the ledger and created before it begins. `spentBy`: the input that
 * spends it; `known`: 1 where value and owner are known.
 */
export const unseenShape = shape({
  name: "unseen",
  pageRecords: 1_024,
  columns: { id: "hash", index: "number", spentBy: "rising", known: "number", value: "amount", owner: "number" },
});

/** Owners by number: kind and identity as in `chains/block.ts`. */
export const ownersShape = shape({ name: "owners", pageRecords: 120, columns: { kind: "number", identity: "hash" } });

/** Transactions of a chain of accounts. `failed`: 1 where it moved its fee only. */
export const accountTransactionsShape = shape({
  name: "transactions",
  pageRecords: 108,
  columns: { id: "text", index: "number", failed: "number", firstTransfer: "rising" },
});

/** `transaction`: 0 the block itself, else its number + 1; `from`, `to`: 0 nobody, else the account's number + 1. */
export const transfersShape = shape({
  name: "transfers",
  pageRecords: 2_048,
  columns: {
    transaction: "number",
    position: "number",
    kind: "number",
    asset: "number",
    from: "number",
    to: "number",
    amount: "amount",
  },
});

export const accountsShape = shape({ name: "accounts", pageRecords: 176, columns: { text: "text" } });
export const assetsShape = shape({ name: "assets", pageRecords: 256, columns: { text: "text" } });
