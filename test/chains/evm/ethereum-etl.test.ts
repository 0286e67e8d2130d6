import { describe, expect, it } from "vitest";
import { chain } from "../../../src/base/chains.ts";
import { decodeBlock } from "../../../src/chains/evm/block.ts";
import type { EvmDecoded } from "../../../src/chains/evm/assemble.ts";
import { decodeExport, etlTable, type EtlTable, type EtlTables } from "../../../src/chains/evm/ethereum-etl.ts";
import { AddressTexts } from "../../../src/chains/evm/digits.ts";
import { etlColumns, type EtlName } from "../../../src/chains/evm/etl-tables.ts";
import { readTraceRows, type TraceRows } from "../../../src/chains/evm/etl-traces.ts";
import { groupByBlock } from "../../../src/chains/evm/csv.ts";
import { blockRewards } from "../../../src/chains/evm/rewards.ts";
import { readTraces } from "../../../src/chains/evm/traces.ts";
import { answer, answers, chunks, csv, csvRows, fixture, jsonLines, listed, resources } from "./etl-tables.ts";

const ethereum = chain("ethereum");
const eth = ethereum.native;
const place = { source: "test", where: "" };
const traced = (answered: unknown): ReturnType<typeof readTraces> => {
  const [first] = answered as readonly { readonly blockHash?: string; readonly blockNumber?: number }[];
  return readTraces(answered, { hash: first?.blockHash ?? "", height: first?.blockNumber ?? 0, place });
};
const text = (value: unknown): string => (typeof value === "string" ? value : "");
type Row = Readonly<Record<string, unknown>>;

/** What a table of traces of one block says. */
async function traceRows(bytes: Uint8Array): Promise<TraceRows> {
  for await (const rows of groupByBlock(chunks(bytes), "traces.csv", etlColumns.traces, "block_number")) {
    return readTraceRows(rows, new AddressTexts());
  }
  return { transactions: new Map(), credits: [], changesState: false };
}

async function exported(tables: Partial<Record<keyof EtlTables, Uint8Array>>): Promise<EvmDecoded[]> {
  const none = <Name extends EtlName>(name: Name): EtlTable<Name> => etlTable(name, "none", chunks(Buffer.from("")));
  const open = <Name extends EtlName>(name: Name): EtlTable<Name> | undefined =>
    tables[name] && etlTable(name, name, chunks(tables[name]));
  const found: EvmDecoded[] = [];
  const all = {
    blocks: open("blocks") ?? none("blocks"),
    transactions: open("transactions") ?? none("transactions"),
    receipts: open("receipts") ?? none("receipts"),
    logs: open("logs"),
    tokenTransfers: open("tokenTransfers"),
    traces: open("traces"),
  };
  for await (const decoded of decodeExport(ethereum, all)) found.push(decoded);
  return found;
}

/** What an expected transactions table says of native value; [hash, asset, from, to, value]. */
const values = (rows: readonly Row[]): unknown[] =>
  rows
    .filter((row) => row["value"] !== "0")
    .map((row) => [row["hash"], eth, row["from_address"], row["to_address"], BigInt(text(row["value"]))]);
const tokens = (rows: readonly Row[]): unknown[] =>
  rows.map((row) => [
    row["transaction_hash"],
    `eip155:1/erc20:${text(row["token_address"])}`,
    row["from_address"],
    row["to_address"],
    BigInt(text(row["value"])),
  ]);
const fieldsOf = async (name: string): Promise<Row[]> => (await csvRows(fixture(name))).map(({ fields }) => fields);

describe.skipIf(resources === undefined)("ethereum-etl's fixtures", () => {
  it("block 483920: blocks, transactions, receipts, logs, token transfers, from the node and from CSV alike", async () => {
    const blocks = "test_export_blocks_job/block_with_logs";
    const receipts = "test_export_receipts_job/receipts_with_logs";
    const transfers = "test_export_token_transfers_job/block_with_transfers";
    const node = decodeBlock(ethereum, {
      block: answer(`${blocks}/web3_response.eth_getBlockByNumber_0x76250_true.json`),
      receipts: answers(receipts, "web3_response.eth_getTransactionReceipt"),
      traces: undefined,
      uncles: undefined,
    });
    expect(node.findings).toEqual([]); // Events or unused gas prove that each succeeded.
    expect(listed(node.block, "native")).toEqual(values(await fieldsOf(`${blocks}/expected_transactions.csv`)));
    const expected = await fieldsOf(`${transfers}/expected_token_transfers.csv`);
    expect(listed(node.block, "token")).toEqual(tokens(expected));
    const fees = (await fieldsOf(`${receipts}/expected_receipts.csv`))
      .toSorted((left, right) => Number(left["transaction_index"]) - Number(right["transaction_index"]))
      .map((row) => BigInt(text(row["gas_used"])) * BigInt(text(row["effective_gas_price"])));
    expect(node.block.transfers.filter(({ kind }) => kind === "fee").map(({ amount }) => amount)).toEqual(fees);
    const [header] = await fieldsOf(`${blocks}/expected_blocks.csv`);
    expect(listed(node.block, "credit")).toEqual([[undefined, eth, undefined, header?.["miner"], 5n * 10n ** 18n]]);
    const tables = {
      blocks: fixture(`${blocks}/expected_blocks.csv`),
      transactions: fixture(`${blocks}/expected_transactions.csv`),
      receipts: fixture(`${receipts}/expected_receipts.csv`),
    };
    const logs = fixture(`${receipts}/expected_logs.csv`);
    expect(await exported({ ...tables, logs })).toEqual([node]);
    const tokenTransfers = fixture(`${transfers}/expected_token_transfers.csv`);
    expect(await exported({ ...tables, tokenTransfers })).toEqual([node]);
  });

  it("blocks 47218 and 47219, and genesis: headers and values", async () => {
    const folder = "test_export_blocks_job/blocks_with_transactions";
    const found = ["0xb872", "0xb873"].map((number) => {
      const block = answer(`${folder}/web3_response.eth_getBlockByNumber_${number}_true.json`) as {
        readonly hash: string;
        readonly transactions: readonly { readonly hash: string }[];
      };
      const receipts = block.transactions.map(({ hash }, index) => ({
        blockHash: block.hash,
        transactionHash: hash,
        transactionIndex: index,
        gasUsed: "0x5208",
        logs: [],
      }));
      return decodeBlock(ethereum, { block, receipts, traces: undefined, uncles: undefined });
    });
    const rows = await fieldsOf(`${folder}/expected_transactions.csv`);
    expect(found.flatMap(({ block }) => listed(block, "native"))).toEqual(values(rows));
    const headers = await fieldsOf(`${folder}/expected_blocks.csv`);
    expect(
      found.map(({ block }) =>
        [block.height, block.hash, block.parent, block.time, block.transactions.length].map(String),
      ),
    ).toEqual(
      headers.map((row) =>
        ["number", "hash", "parent_hash", "timestamp", "transaction_count"].map((name) => row[name]),
      ),
    );
    const receipts = rows.map((row) => ({
      transaction_hash: row["hash"],
      transaction_index: row["transaction_index"],
      block_number: row["block_number"],
      gas_used: "21000",
      contract_address: "",
      status: "",
    }));
    const tables = {
      blocks: fixture(`${folder}/expected_blocks.csv`),
      transactions: fixture(`${folder}/expected_transactions.csv`),
      receipts: csv(receipts),
      logs: Buffer.from("log_index,transaction_hash,block_number,address,data,topics\n"),
    };
    expect(await exported(tables)).toEqual(found);

    const none = "test_export_blocks_job/block_without_transactions";
    const genesis = decodeBlock(ethereum, {
      block: answer(`${none}/web3_response.eth_getBlockByNumber_0x0_true.json`),
      receipts: undefined,
      traces: undefined,
      uncles: undefined,
    });
    expect(genesis.block).toMatchObject({ height: 0, transfers: [], internalTransfers: "known" });
    const bare = { blocks: fixture(`${none}/expected_blocks.csv`), logs: tables.logs };
    expect(await exported(bare)).toEqual([genesis]);
  });

  it("blocks 1755634 and 1755635: a node's whole answers", () => {
    const folder = "test_stream/blocks_1755634_1755635";
    const found = ["0x1ac9f2", "0x1ac9f3"].map((number) => {
      const block = answer(`${folder}/web3_response.eth_getBlockByNumber_${number}_true.json`);
      const receipts = number === "0x1ac9f2" ? [] : answers(folder, "web3_response.eth_getTransactionReceipt");
      return decodeBlock(ethereum, { block, receipts, traces: undefined, uncles: undefined }).block;
    });
    expect(found.flatMap((block) => listed(block, "native"))).toEqual(
      values(jsonLines(`${folder}/expected_transactions.json`)),
    );
    expect(found.flatMap((block) => listed(block, "token"))).toEqual(
      tokens(jsonLines(`${folder}/expected_token_transfers.json`)),
    );
  });

  it("blocks 17173049 and 17173050: withdrawals, 681 events, 298 transactions, from both forms alike", async () => {
    const folder = "test_stream/blocks_17173049_17173050";
    const table = (name: string): Row[] => jsonLines(`${folder}/expected_${name}.json`);
    const [blocks, transactions, logs] = [table("blocks"), table("transactions"), table("logs")];
    const receipts = transactions.map((row) => ({
      transaction_hash: row["hash"],
      transaction_index: row["transaction_index"],
      block_number: row["block_number"],
      gas_used: row["receipt_gas_used"],
      effective_gas_price: row["receipt_effective_gas_price"],
      contract_address: row["receipt_contract_address"],
      status: row["receipt_status"],
    }));
    const found = await exported({
      blocks: fixture("test_export_blocks_job/blocks_with_transactions_and_withdrawals/expected_blocks.csv"),
      transactions: fixture(
        "test_export_blocks_job/blocks_with_transactions_and_withdrawals/expected_transactions.csv",
      ),
      receipts: csv(receipts),
      logs: csv(logs),
    });
    const hex = (value: unknown): string => `0x${BigInt(text(value)).toString(16)}`;
    const node = blocks.map((block) => {
      const own = transactions.filter((row) => row["block_number"] === block["number"]);
      return decodeBlock(ethereum, {
        traces: undefined,
        uncles: undefined,
        block: {
          number: hex(block["number"]),
          hash: block["hash"],
          parentHash: block["parent_hash"],
          timestamp: hex(block["timestamp"]),
          miner: block["miner"],
          uncles: [],
          withdrawals: (block["withdrawals"] as readonly Row[]).map(({ address, amount }) => ({
            address,
            amount: hex(amount),
          })),
          transactions: own.map((row) => ({
            hash: row["hash"],
            from: row["from_address"],
            to: row["to_address"],
            value: hex(row["value"]),
            nonce: hex(row["nonce"]),
            gas: hex(row["gas"]),
            type: hex(row["transaction_type"]),
          })),
        },
        receipts: own.map((row) => ({
          blockHash: block["hash"],
          transactionHash: row["hash"],
          transactionIndex: hex(row["transaction_index"]),
          gasUsed: hex(row["receipt_gas_used"]),
          effectiveGasPrice: hex(row["receipt_effective_gas_price"]),
          contractAddress: row["receipt_contract_address"],
          status: hex(row["receipt_status"]),
          logs: logs
            .filter((log) => log["transaction_hash"] === row["hash"])
            .map((log) => ({ ...log, logIndex: hex(log["log_index"]) })),
        })),
      });
    });
    expect(found).toEqual(node);
    // ethereum-etl gives an ERC-721's id as its value, and does not tell the two standards apart.
    const nobody = `0x${"0".repeat(40)}`;
    const plain = node.flatMap(({ block }) =>
      (listed(block, "token") as [string, string, string | undefined, string | undefined, bigint][]).map(
        ([hash, asset, from, to, amount]): unknown[] => {
          const [, contract = "", id] = /erc(?:20|721):(0x[0-9a-f]{40})(?:\/(\d+))?$/u.exec(asset) ?? [];
          const value = id === undefined ? amount : BigInt(id);
          return [hash, `eip155:1/erc20:${contract}`, from ?? nobody, to ?? nobody, value];
        },
      ),
    );
    const multi = (row: unknown[]): boolean => text(row[1]) !== "eip155:1/erc20:";
    expect(plain.filter(multi)).toEqual(tokens(table("token_transfers")));
    expect(node.flatMap(({ findings }) => findings)).toEqual([]);
    const paid = blocks.flatMap((block) =>
      (block["withdrawals"] as readonly Row[]).map(({ address, amount }) => [
        undefined,
        eth,
        undefined,
        address,
        BigInt(text(amount)) * 10n ** 9n,
      ]),
    );
    expect(node.flatMap(({ block }) => listed(block, "credit"))).toEqual(paid);
    const failed = new Set(transactions.filter((row) => row["receipt_status"] === "0").map((row) => row["hash"]));
    expect(failed.size).toBeGreaterThan(0);
    expect(node.flatMap(({ block }) => listed(block, "native"))).toEqual(
      values(transactions.filter((row) => !failed.has(row["hash"]))),
    );
  });

  it("logs of test_extract_token_transfers_job", async () => {
    const folder = "test_extract_token_transfers_job/logs";
    const { tokenMoves } = await import("../../../src/chains/evm/logs.ts");
    const rows = await fieldsOf(`${folder}/logs.csv`);
    const moves = rows.flatMap((row) => {
      const log = { index: 0, contract: text(row["address"]), data: text(row["data"]).slice(2) };
      const found = tokenMoves(ethereum.id, [{ ...log, topics: text(row["topics"]).split(",") }]);
      return found.moves.map(({ asset, from, to, amount }) => [row["transaction_hash"], asset, from, to, amount]);
    });
    expect(moves).toEqual(tokens(await fieldsOf(`${folder}/expected_token_transfers.csv`)));
  });

  const traceCases = [
    ["test_export_traces_job/block_with_create", "trace_block_0xf44f2"],
    ["test_export_traces_job/block_with_error", "trace_block_0xf45bf"],
    ["test_export_traces_job/block_with_subtraces", "trace_block_0xf4240"],
    ["test_export_traces_job/block_with_suicide", "trace_block_0xf7105"],
    ["test_export_traces_job/block_without_transactions", "trace_block_0x0"],
    ["test_extract_geth_traces_job/block_with_create", "debug_traceBlockByNumber_0xf44f2_tracer_calltracer"],
    ["test_extract_geth_traces_job/block_with_error", "debug_traceBlockByNumber_0xf45bf_tracer_calltracer"],
    ["test_extract_geth_traces_job/block_with_subtraces", "debug_traceBlockByNumber_0xf4240_tracer_calltracer"],
    ["test_extract_geth_traces_job/block_with_suicide", "debug_traceBlockByNumber_0xf7105_tracer_calltracer"],
    ["test_extract_geth_traces_job/block_without_transactions", "debug_traceBlockByNumber_0x1_tracer_calltracer"],
    ["test_stream/blocks_508110_508110", "trace_block_0x7c0ce"],
    ["test_stream/blocks_2112234_2112234", "trace_block_0x203aea"],
  ] as const;

  it.each(traceCases)("traces of %s", async (folder, name) => {
    const stream = folder.startsWith("test_stream");
    const bytes = stream ? csv(jsonLines(`${folder}/expected_traces.json`)) : fixture(`${folder}/expected_traces.csv`);
    const rows = await csvRows(bytes);
    const node = traced(answer(`${folder}/web3_response.${name}.json`));
    const table = await traceRows(bytes);
    expect(node.transactions).toEqual(table.transactions);
    expect(node.rewards ?? []).toEqual(table.credits);
    // And what the table says by itself, without the program's reading of it.
    const inner = rows
      .map(({ fields }) => fields)
      .filter((row) => text(row["trace_address"]) !== "" && text(row["error"]) === "" && text(row["to_address"]) !== "")
      .filter((row) => row["value"] !== "0" && !["callcode", "delegatecall"].includes(text(row["call_type"])))
      .map((row) => ({ from: row["from_address"], to: row["to_address"], amount: BigInt(text(row["value"])) }));
    expect([...node.transactions.values()].flatMap(({ moves }) => moves)).toEqual(inner);
    if (folder.startsWith("test_extract")) {
      const { transaction_traces: bare } = JSON.parse(fixture(`${folder}/geth_traces.json`).toString()) as {
        readonly transaction_traces: unknown;
      };
      expect(traced(bare)).toEqual(node);
      expect([...node.transactions.values()].some(({ incomplete }) => incomplete)).toBe(folder.endsWith("suicide"));
    }
  });

  it("rewards by the schedule are those of the traces, uncles' too", () => {
    const { rewards } = traced(answer("test_stream/blocks_508110_508110/web3_response.trace_block_0x7c0ce.json"));
    const [own, uncle] = rewards ?? [];
    const mined = { height: 508_110, miner: own?.to ?? "" };
    const uncles = [{ height: 508_108, miner: uncle?.to ?? "" }];
    expect(blockRewards(ethereum.id, mined, uncles, 1)).toEqual(rewards);
  });
});
