import { assert } from "../../base/assert.ts";
import type { KnownChain } from "../../base/chains.ts";
import { assembleBlock, type Credit, type EvmDecoded, type EvmFinding } from "./assemble.ts";
import { readWithdrawals } from "./block.ts";
import { BlockCursor, groupByBlock, readBatches, type CsvRow, type TableColumns } from "./csv.ts";
import { eventTopics } from "./logs.ts";
import {
  invalid,
  isAbsent,
  readAddress,
  readCount,
  readHash,
  readQuantity,
  textOf,
  type Fields,
  type ReadPlace,
} from "./read.ts";
import { blockRewards } from "./rewards.ts";
import { joinCalls, valueMove, type TraceCall, type TransactionTrace } from "./traces.ts";
import { readTransaction } from "./transaction.ts";

/** A table's bytes, and its file's name for messages. */
export type EtlTable = { readonly name: string; readonly chunks: AsyncIterable<Uint8Array> };

/** An export's CSV files. */
export type EtlTables = {
  readonly blocks: EtlTable;
  readonly transactions: EtlTable;
  readonly receipts: EtlTable;
  /** Preferred to token transfers: it alone tells ERC-721 from ERC-20, and has ERC-1155 and wrapping. */
  readonly logs: EtlTable | undefined;
  /** ERC-20, and ERC-721 as if it were ERC-20 with the token's id for an amount: the export does not tell them apart. */
  readonly tokenTransfers: EtlTable | undefined;
  readonly traces: EtlTable | undefined;
};

const columns = {
  blocks: ["number", "hash", "parent_hash", "timestamp", "miner", "sha3_uncles", "transaction_count"],
  transactions: [
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
  receipts: ["transaction_hash", "block_number", "transaction_index", "gas_used", "contract_address", "status"],
  logs: ["log_index", "transaction_hash", "block_number", "address", "data", "topics"],
  tokenTransfers: [
    "token_address",
    "from_address",
    "to_address",
    "value",
    "transaction_hash",
    "log_index",
    "block_number",
  ],
  traces: ["block_number", "transaction_index", "from_address", "to_address", "value", "trace_type", "trace_address"],
} as const;

/** Columns that some versions or some chains of ethereum-etl lack. */
const optional = {
  blocks: ["withdrawals"],
  transactions: ["transaction_type"],
  receipts: ["effective_gas_price", "blob_gas_used", "blob_gas_price", "l1_fee"],
  logs: [],
  tokenTransfers: [],
  traces: ["transaction_hash", "call_type", "error", "status"],
} as const;

function tableColumns(name: keyof typeof columns): TableColumns {
  return { required: columns[name], optional: optional[name] };
}

/**
 * Reads an export of ethereum-etl as blocks, in ascending order; the rules and the order are `decodeBlock`'s.
 *
 * The tables are read side by side and must be of the same blocks; within 1,000 blocks their rows may stand in any order.
 * Counts tell a cut-off table of transactions, receipts or traces; one of logs or token transfers that lacks rows cannot be
 * told. With token transfers alone neither wrapping nor ERC-1155 is seen.
 * The uncles of a block are not exported: their rewards come from the traces or, with a finding, not at all.
 *
 * @throws {Failure} `SOURCE_INVALID` where a table is malformed or lacks rows that another needs.
 * Source: ethereum-etl, docs/schema.md
 * Cost: streaming; memory for the rows of some 1,000 blocks.
 */
export async function* decodeExport(chain: KnownChain, tables: EtlTables): AsyncGenerator<EvmDecoded, void, undefined> {
  assert(chain.family === "evm", `ethereum-etl: ${chain.alias} is of the family ${chain.family}`);
  if (tables.logs === undefined && tables.tokenTransfers === undefined) {
    throw invalid(
      { source: tables.blocks.name, where: "" },
      "it has neither logs nor token transfers",
      "export one of them",
    );
  }
  const open = (kind: keyof EtlTables, table: EtlTable | undefined): BlockCursor =>
    new BlockCursor(table && groupByBlock(readBatches(table.chunks, table.name, tableColumns(kind)), "block_number"));
  const cursors = {
    transactions: open("transactions", tables.transactions),
    receipts: open("receipts", tables.receipts),
    logs: open("logs", tables.logs),
    tokenTransfers: open("tokenTransfers", tables.logs === undefined ? tables.tokenTransfers : undefined),
    traces: open("traces", tables.traces),
  };
  try {
    for await (const { height, rows } of groupByBlock(
      readBatches(tables.blocks.chunks, tables.blocks.name, tableColumns("blocks")),
      "number",
    )) {
      const [block, second] = rows;
      if (block === undefined || second !== undefined) {
        throw invalid(second?.place ?? { source: tables.blocks.name, where: "" }, `block ${height} stands twice`);
      }
      const traces = await cursors.traces.rowsOf(height);
      yield decodeRows(chain, {
        block,
        transactions: await cursors.transactions.rowsOf(height),
        receipts: await cursors.receipts.rowsOf(height),
        logs: tables.logs === undefined ? undefined : await cursors.logs.rowsOf(height),
        tokenTransfers: await cursors.tokenTransfers.rowsOf(height),
        traces: tables.traces === undefined ? undefined : traces,
      });
    }
    for (const cursor of Object.values(cursors)) await cursor.finish();
  } finally {
    for (const cursor of Object.values(cursors)) await cursor.close();
  }
}

/** Ethereum's first block, and that of the DAO fork (EIP-779): only traces of their own kinds tell what they moved. */
const changesState: ReadonlySet<number> = new Set([0, 1_920_000]);

/** One block's rows. */
type EtlBlock = {
  readonly block: CsvRow;
  readonly transactions: readonly CsvRow[];
  readonly receipts: readonly CsvRow[];
  readonly logs: readonly CsvRow[] | undefined;
  readonly tokenTransfers: readonly CsvRow[];
  readonly traces: readonly CsvRow[] | undefined;
};

function decodeRows(chain: KnownChain, rows: EtlBlock): EvmDecoded {
  const { fields, place } = rows.block;
  const findings: EvmFinding[] = [];
  const hash = readHash(fields["hash"], "hash", place);
  const height = readCount(fields["number"], "number", place);
  const listed = byIndex(rows.transactions);
  const count = readCount(fields["transaction_count"], "transaction_count", place);
  if (listed.length !== count) throw invalid(place, `it has ${count} transactions and rows of ${listed.length}`);
  const receipts = byIndex(rows.receipts);
  if (receipts.length !== count) throw invalid(place, `it has ${count} transactions and ${receipts.length} receipts`);
  const traces = rows.traces && readTraceRows(rows.traces);
  if (traces !== undefined && traces.transactions.size !== count) {
    throw invalid(place, `it has ${count} transactions and traces of ${traces.transactions.size}`);
  }
  const logs = byTransaction(rows.logs ?? rows.tokenTransfers);
  const asEvent = rows.logs === undefined ? asTransferLog : asLog;
  const transactions = listed.map((row, index) => {
    const receipt = receipts[index] ?? row;
    if (row.fields["block_hash"] !== fields["hash"]) throw invalid(row.place, "it is of another block");
    const id = readHash(row.fields["hash"], "hash", row.place);
    const events = (logs.get(id) ?? []).map(asEvent);
    logs.delete(id);
    const trace = traces?.transactions.get(index);
    const context = { chain, receipt: asReceipt(receipt, events), trace, index, findings, place: row.place };
    return readTransaction(asTransaction(row), context);
  });
  const [stray] = logs.values();
  if (stray?.[0] !== undefined) throw invalid(stray[0].place, "it is of no transaction of its block");
  if (chain.id === "eip155:1" && changesState.has(height) && traces?.changesState !== true) {
    findings.push({ what: "state-change-unknown", transaction: -1, log: undefined });
  }
  const unknown = findings.some(({ what }) => what === "selfdestruct-unknown");
  const block = assembleBlock(chain, {
    height,
    hash,
    parent: readHash(fields["parent_hash"], "parent_hash", place),
    time: readCount(fields["timestamp"], "timestamp", place),
    credits: [...readRewards(chain, rows.block, traces?.credits, findings), ...readPaid(chain, rows.block, findings)],
    transactions,
    internalTransfers: (traces === undefined && count > 0) || unknown ? "unknown" : "known",
  });
  return { block, findings };
}

/** A row of transactions as a node would tell it. */
function asTransaction({ fields }: CsvRow): Fields {
  const type = textOf(fields["transaction_type"]);
  return {
    hash: fields["hash"],
    transactionIndex: fields["transaction_index"],
    from: fields["from_address"],
    to: fields["to_address"],
    value: fields["value"],
    nonce: fields["nonce"],
    gas: fields["gas"],
    gasPrice: fields["gas_price"],
    type: /^[0-9]{1,3}$/u.test(type) ? `0x${BigInt(type).toString(16)}` : type,
  };
}

/** A row of receipts, and the events of its transaction, as a node would tell them. */
function asReceipt({ fields }: CsvRow, logs: readonly Fields[]): Fields {
  return {
    transactionHash: fields["transaction_hash"],
    status: fields["status"],
    gasUsed: fields["gas_used"],
    effectiveGasPrice: fields["effective_gas_price"],
    contractAddress: fields["contract_address"],
    blobGasUsed: fields["blob_gas_used"],
    blobGasPrice: fields["blob_gas_price"],
    l1Fee: fields["l1_fee"],
    logs,
  };
}

function asLog({ fields }: CsvRow): Fields {
  return {
    logIndex: fields["log_index"],
    address: fields["address"],
    topics: isAbsent(fields["topics"]) ? [] : textOf(fields["topics"]).split(","),
    data: isAbsent(fields["data"]) ? "0x" : fields["data"],
  };
}

/** The event that an ERC-20 token would have logged for a token transfer. */
function asTransferLog({ fields, place }: CsvRow): Fields {
  const word = (digits: string): string => `0x${digits.padStart(64, "0")}`;
  const account = (name: string): string => word(readAddress(fields[name], name, place).slice(2));
  return {
    logIndex: fields["log_index"],
    address: fields["token_address"],
    topics: [eventTopics.transfer, account("from_address"), account("to_address")],
    data: word(readQuantity(fields["value"], "value", place).toString(16)),
  };
}

type TraceRows = {
  readonly transactions: ReadonlyMap<number, TransactionTrace>;
  readonly credits: readonly Credit[];
  /** Whether first balances, or what the DAO fork moved, are among the credits. */
  readonly changesState: boolean;
};

/**
 * Reads the rows of `traces.csv` of one block, of either of ethereum-etl's makers (Parity's traces, or geth's).
 *
 * @throws {Failure} `SOURCE_INVALID` as `readTraces` does.
 */
export function readTraceRows(rows: readonly CsvRow[]): TraceRows {
  const calls = new Map<number, { readonly place: ReadPlace; readonly hash: string | undefined; list: TraceCall[] }>();
  const credits: Credit[] = [];
  for (const { fields, place } of rows) {
    const ends = [fields["from_address"], fields["to_address"], fields["value"]] as const;
    if (["reward", "genesis", "daofork"].includes(textOf(fields["trace_type"]))) {
      const from = isAbsent(ends[0]) ? undefined : readAddress(ends[0], "from_address", place);
      credits.push({
        from,
        to: readAddress(ends[1], "to_address", place),
        amount: readQuantity(ends[2], "value", place),
      });
      continue;
    }
    const index = readCount(fields["transaction_index"], "transaction_index", place);
    const { transaction_hash: text } = fields as { readonly transaction_hash?: unknown };
    const known = calls.get(index) ?? {
      place,
      hash: isAbsent(text) ? undefined : readHash(text, "transaction_hash", place),
      list: [],
    };
    calls.set(index, known);
    known.list.push(readCall({ fields, place }, ends));
  }
  const transactions = new Map<number, TransactionTrace>();
  for (const [index, { place, hash, list }] of calls) transactions.set(index, { hash, ...joinCalls(list, place) });
  const changes = rows.some(({ fields }) => fields["trace_type"] === "genesis" || fields["trace_type"] === "daofork");
  return { transactions, credits, changesState: changes };
}

function readCall({ fields, place }: CsvRow, ends: readonly [unknown, unknown, unknown]): TraceCall {
  const steps = isAbsent(fields["trace_address"]) ? [] : textOf(fields["trace_address"]).split(",");
  const path = steps.map((step) => readCount(step, "trace_address", place));
  const failed = !isAbsent(fields["error"]) || fields["status"] === "0";
  const none: TraceCall = { path, failed, move: "none", created: undefined };
  if (failed) return none;
  const type = fields["trace_type"];
  if (type === "suicide" || type === "selfdestruct") {
    return ends.some(isAbsent) ? { ...none, move: "unknown" } : { ...none, move: valueMove(ends, place) };
  }
  if (type === "create" || type === "create2") {
    return { ...none, move: valueMove(ends, place), created: readAddress(ends[1], "to_address", place) };
  }
  if (type !== "call") throw invalid(place, `its trace_type is "${textOf(type).slice(0, 40)}"`);
  const kind = fields["call_type"];
  if (kind === "call") return { ...none, move: valueMove(ends, place) };
  if (["delegatecall", "staticcall", "callcode"].includes(textOf(kind))) return none;
  throw invalid(place, `its call_type is "${textOf(kind).slice(0, 40)}"`);
}

const noUncles = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"; // keccak-256 of an empty RLP list.

function readRewards(
  chain: KnownChain,
  { fields, place }: CsvRow,
  traced: readonly Credit[] | undefined,
  findings: EvmFinding[],
): readonly Credit[] {
  if (traced !== undefined && traced.length > 0) return traced;
  const height = readCount(fields["number"], "number", place);
  const mined = { height, miner: readAddress(fields["miner"], "miner", place) };
  const rewards = blockRewards(chain.id, mined, [], 0) ?? [];
  if (rewards.length > 0 && fields["sha3_uncles"] !== noUncles) {
    findings.push({ what: "uncle-rewards-unknown", transaction: -1, log: undefined });
  }
  return rewards;
}

/** Withdrawals: the export writes JSON objects with commas between them. */
function readPaid(chain: KnownChain, { fields, place }: CsvRow, findings: EvmFinding[]): readonly Credit[] {
  const text = fields["withdrawals"];
  if (isAbsent(text)) return [];
  let list: unknown;
  try {
    list = JSON.parse(textOf(text).startsWith("[") ? textOf(text) : `[${textOf(text)}]`);
  } catch {
    throw invalid(place, "its withdrawals are no JSON");
  }
  return readWithdrawals(chain, list, findings, place);
}

/** Rows by their transaction's index, from 0 without a gap. */
function byIndex(rows: readonly CsvRow[]): readonly CsvRow[] {
  const sorted = rows
    .map((row) => ({ row, index: readCount(row.fields["transaction_index"], "transaction_index", row.place) }))
    .toSorted((left, right) => left.index - right.index);
  const wrong = sorted.find(({ index }, at) => index !== at);
  if (wrong !== undefined) throw invalid(wrong.row.place, `its transaction_index ${wrong.index} is doubled or a gap`);
  return sorted.map(({ row }) => row);
}

function byTransaction(rows: readonly CsvRow[]): Map<string, CsvRow[]> {
  const found = new Map<string, CsvRow[]>();
  for (const row of rows) {
    const hash = readHash(row.fields["transaction_hash"], "transaction_hash", row.place);
    const known = found.get(hash);
    if (known === undefined) found.set(hash, [row]);
    else known.push(row);
  }
  return found;
}
