import { assert } from "../../base/assert.ts";
import type { KnownChain } from "../../base/chains.ts";
import { assembleBlock, type Credit, type EvmDecoded, type EvmFinding, type EvmTransaction } from "./assemble.ts";
import { readWithdrawals } from "./block.ts";
import { BlockCursor, groupByBlock, type CsvRow, type TableColumns } from "./csv.ts";
import { AddressTexts } from "./digits.ts";
import { LogEvents, noEvents, TokenAssets, TokenTransferEvents } from "./etl-events.ts";
import { etlColumns, type EtlColumn, type EtlName, type EtlRows } from "./etl-tables.ts";
import { readTraceRows, type TraceRows } from "./etl-traces.ts";
import { byIndex, EtlTransactions } from "./etl-transactions.ts";
import { invalid, isAbsent, readAddress, readCount, readHash, textOf } from "./read.ts";
import { blockRewards, changesState } from "./rewards.ts";

/** A table's rows by block, and its file for messages. */
export type EtlTable<Name extends EtlName> = {
  readonly file: string;
  readonly rows: AsyncIterable<EtlRows<Name>>;
};

/** A table from the bytes of its file. */
export function etlTable<Name extends EtlName>(
  name: Name,
  file: string,
  chunks: AsyncIterable<Uint8Array>,
): EtlTable<Name> {
  const key = (name === "blocks" ? "number" : "block_number") as EtlColumn<Name>;
  return { file, rows: groupByBlock(chunks, file, etlColumns[name] as TableColumns<EtlColumn<Name>>, key) };
}

/** An export's CSV files. */
export type EtlTables = {
  readonly blocks: EtlTable<"blocks">;
  readonly transactions: EtlTable<"transactions">;
  readonly receipts: EtlTable<"receipts">;
  /** Preferred to token transfers: it alone tells ERC-721 from ERC-20, and has ERC-1155 and wrapping. */
  readonly logs: EtlTable<"logs"> | undefined;
  /** ERC-20, and ERC-721 as if it were ERC-20 with the token's id for an amount: the export does not tell them apart. */
  readonly tokenTransfers: EtlTable<"tokenTransfers"> | undefined;
  readonly traces: EtlTable<"traces"> | undefined;
};

/**
 * Reads an export of ethereum-etl as blocks, in ascending order; the rules and the order are `decodeBlock`'s.
 *
 * The tables are read side by side and must be of the same blocks; within 1,000 blocks (or 256 MiB) their rows may stand in
 * any order.
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
      { source: tables.blocks.file, where: "" },
      "it has neither logs nor token transfers",
      "export one of them",
    );
  }
  const cursors = {
    transactions: new BlockCursor(tables.transactions.rows),
    receipts: new BlockCursor(tables.receipts.rows),
    logs: new BlockCursor(tables.logs?.rows),
    tokenTransfers: new BlockCursor(tables.logs === undefined ? tables.tokenTransfers?.rows : undefined),
    traces: new BlockCursor(tables.traces?.rows),
  };
  try {
    const reader = new EtlReader(chain);
    let isEmpty = true;
    for await (const block of tables.blocks.rows) {
      isEmpty = false;
      const { height } = block;
      if (block.count > 1) throw invalid(block.place(1), `block ${height} stands twice`);
      yield reader.decode({
        block,
        transactions: await cursors.transactions.rowsOf(height),
        receipts: await cursors.receipts.rowsOf(height),
        logs: await cursors.logs.rowsOf(height),
        tokenTransfers: await cursors.tokenTransfers.rowsOf(height),
        traces: await cursors.traces.rowsOf(height),
        isTraced: tables.traces !== undefined,
      });
    }
    if (isEmpty) throw invalid({ source: tables.blocks.file, where: "" }, "it holds no block");
    for (const cursor of Object.values(cursors)) await cursor.finish();
  } finally {
    for (const cursor of Object.values(cursors)) await cursor.close();
  }
}

/** One block's rows; undefined where a table has none. */
type EtlBlock = {
  readonly block: EtlRows<"blocks">;
  readonly transactions: EtlRows<"transactions"> | undefined;
  readonly receipts: EtlRows<"receipts"> | undefined;
  readonly logs: EtlRows<"logs"> | undefined;
  readonly tokenTransfers: EtlRows<"tokenTransfers"> | undefined;
  readonly traces: EtlRows<"traces"> | undefined;
  /** Whether there is a table of traces at all. */
  readonly isTraced: boolean;
};

class EtlReader {
  readonly #chain: KnownChain;
  readonly #addresses = new AddressTexts();
  readonly #assets: TokenAssets;

  constructor(chain: KnownChain) {
    this.#chain = chain;
    this.#assets = new TokenAssets(chain.id);
  }

  decode(rows: EtlBlock): EvmDecoded {
    const chain = this.#chain;
    const fields = rows.block.fields(0);
    const place = rows.block.place(0);
    const findings: EvmFinding[] = [];
    const hash = readHash(fields["hash"], "hash", place);
    const { height } = rows.block;
    const count = readCount(fields["transaction_count"], "transaction_count", place);
    const listed = byIndex(rows.transactions);
    if (listed.length !== count) throw invalid(place, `it has ${count} transactions and rows of ${listed.length}`);
    const receipts = byIndex(rows.receipts);
    if (receipts.length !== count) throw invalid(place, `it has ${count} transactions and ${receipts.length} receipts`);
    const traces = rows.traces && readTraceRows(rows.traces, this.#addresses);
    if (rows.isTraced && (traces?.transactions.size ?? 0) !== count) {
      throw invalid(place, `it has ${count} transactions and traces of ${traces?.transactions.size ?? 0}`);
    }
    const transactions = this.#transactions(rows, { listed, receipts, traces, findings });
    if (changesState(chain.id, height) && traces?.changesState !== true) {
      findings.push({ what: "state-change-unknown", transaction: -1, log: undefined });
    }
    const unknown = findings.some(({ what }) => what === "selfdestruct-unknown");
    const block = assembleBlock(chain, {
      height,
      hash,
      parent: readHash(fields["parent_hash"], "parent_hash", place),
      time: readCount(fields["timestamp"], "timestamp", place),
      credits: [
        ...readRewards(chain, { fields, place }, traces?.credits, findings),
        ...readPaid(chain, { fields, place }, findings),
      ],
      transactions,
      internalTransfers: (!rows.isTraced && count > 0) || unknown ? "unknown" : "known",
    });
    return { block, findings };
  }

  #transactions(
    { block, transactions, receipts, logs, tokenTransfers }: EtlBlock,
    by: {
      readonly listed: readonly number[];
      readonly receipts: readonly number[];
      readonly traces: TraceRows | undefined;
      readonly findings: EvmFinding[];
    },
  ): readonly EvmTransaction[] {
    const events = logs
      ? new LogEvents(logs, this.#addresses, this.#assets)
      : tokenTransfers
        ? new TokenTransferEvents(tokenTransfers, this.#addresses, this.#assets)
        : noEvents;
    if (transactions === undefined || receipts === undefined) {
      events.group([], undefined);
      return [];
    }
    const tables = { block, transactions, receipts, traces: by.traces, events };
    return new EtlTransactions(this.#chain, tables, this.#addresses, by.findings).read(by.listed, by.receipts);
  }
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
  if (rewards.length > 0 && textOf(fields["sha3_uncles"]).toLowerCase() !== noUncles) {
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
