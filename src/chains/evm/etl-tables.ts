import type { TableColumns } from "./csv.ts";
import type { BlockRows } from "./rows.ts";

/**
 * The columns of ethereum-etl's tables that blocks are made of. Optional are those that some of its versions or some chains
 * lack.
 *
 * Source: ethereum-etl, docs/schema.md
 */
export const etlColumns = {
  blocks: {
    required: ["number", "hash", "parent_hash", "timestamp", "miner", "sha3_uncles", "transaction_count"],
    optional: ["withdrawals"],
  },
  transactions: {
    required: [
      "hash",
      "nonce",
      "block_number",
      "block_hash",
      "transaction_index",
      "from_address",
      "to_address",
      "value",
      "gas",
      "gas_price",
    ],
    optional: ["transaction_type"],
  },
  receipts: {
    required: ["transaction_hash", "block_number", "transaction_index", "gas_used", "contract_address", "status"],
    optional: ["effective_gas_price", "blob_gas_used", "blob_gas_price", "l1_fee"],
  },
  logs: {
    required: ["log_index", "transaction_hash", "block_number", "address", "data", "topics"],
    optional: [],
  },
  tokenTransfers: {
    required: ["token_address", "from_address", "to_address", "value", "transaction_hash", "log_index", "block_number"],
    optional: [],
  },
  traces: {
    required: [
      "block_number",
      "transaction_index",
      "from_address",
      "to_address",
      "value",
      "trace_type",
      "trace_address",
    ],
    optional: ["transaction_hash", "call_type", "error", "status"],
  },
} as const satisfies Readonly<Record<string, TableColumns>>;

type Columns = typeof etlColumns;
export type EtlName = keyof Columns;
export type EtlColumn<Name extends EtlName> = Columns[Name]["required"][number] | Columns[Name]["optional"][number];
/** What a table has of a block. */
export type EtlRows<Name extends EtlName> = BlockRows<EtlColumn<Name>>;
