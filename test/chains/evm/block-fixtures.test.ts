/** What the decoder makes of a node's answers beside what ethereum-etl made of the same: every pair in its fixtures. */
import { describe, expect, test } from "vitest";
import { chain } from "../../../src/base/chains.ts";
import type { AccountBlock, Transfer } from "../../../src/chains/block.ts";
import type { EvmDecoded } from "../../../src/chains/evm/assemble.ts";
import { decodeBlock, type BlockAnswers } from "../../../src/chains/evm/block.ts";
import { tokenMoves, type EvmLog } from "../../../src/chains/evm/logs.ts";
import { answer, answers, csv, jsonLines, resources, type Json, type Row } from "./node-answers.ts";

const ethereum = chain("ethereum");
const none = { receipts: undefined, traces: undefined, uncles: undefined };
const decode = (given: Partial<BlockAnswers>): EvmDecoded =>
  decodeBlock(ethereum, { ...none, block: undefined, ...given });

/** A transfer without what the expectation does not name. */
const shown = ({ transaction, kind, asset, from, to, amount }: Transfer): readonly unknown[] => [
  transaction,
  kind,
  asset.replace("eip155:1/", ""),
  from,
  to,
  amount,
];
const listed = ({ transfers }: AccountBlock, ...kinds: readonly string[]): readonly unknown[] =>
  transfers.filter(({ kind }) => kinds.includes(kind)).map(shown);

/** What rows of ethereum-etl's traces move, by the rule and not by the decoder's code. */
function expectedOfTraces(rows: readonly Readonly<Record<string, unknown>>[]): readonly unknown[] {
  const text = (row: Readonly<Record<string, unknown>>, key: string): string => {
    const value = row[key] ?? "";
    if (Array.isArray(value)) return value.join(",");
    return typeof value === "number" ? value.toString() : typeof value === "string" ? value : "";
  };
  const failed = rows
    .filter((row) => text(row, "error") !== "")
    .map((row) => ({ index: text(row, "transaction_index"), path: text(row, "trace_address") }));
  const calls = rows.filter((row) => {
    const type = text(row, "trace_type");
    if (type === "reward" || text(row, "value") === "" || BigInt(text(row, "value")) === 0n) return false;
    if (type === "call" && text(row, "call_type") !== "call") return false;
    return !failed.some(
      ({ index, path }) =>
        index === text(row, "transaction_index") &&
        (path === "" || `${text(row, "trace_address")},`.startsWith(`${path},`)),
    );
  });
  const rewards = rows.filter((row) => text(row, "trace_type") === "reward");
  return [
    ...calls.map((row) => [
      Number(text(row, "transaction_index")),
      text(row, "trace_address") === "" ? "native" : "internal",
      "slip44:60",
      text(row, "from_address"),
      text(row, "to_address"),
      BigInt(text(row, "value")),
    ]),
    ...rewards.map((row) => [
      -1,
      "credit",
      "slip44:60",
      undefined,
      text(row, "to_address"),
      BigInt(text(row, "value")),
    ]),
  ];
}

const hash = (index: number): string => `0x${index.toString(16).padStart(64, "0")}`;

/** A block that lists hashes, for fixtures that have traces alone. */
const bare = (number: number, hashes: readonly string[], own = hash(1)): Json => ({
  number: `0x${number.toString(16)}`,
  hash: own,
  parentHash: hash(2),
  timestamp: "0x1",
  transactions: hashes,
});

const cases = ["block_with_create", "block_with_error", "block_with_subtraces", "block_with_suicide"];

describe.skipIf(resources === undefined)("ethereum-etl's fixtures", () => {
  test.each(cases)("trace_block, %s", (name) => {
    const folder = `test_export_traces_job/${name}`;
    const traces = answer(folder, "trace_block") as readonly Json[];
    const rows = csv(folder, "expected_traces.csv");
    const hashes = [...new Set(rows.map((row) => row["transaction_hash"] ?? "").filter((one) => one !== ""))];
    const block = bare(Number(rows[0]?.["block_number"]), hashes, String(traces[0]?.["blockHash"]));
    const decoded = decode({ block, traces }).block;
    expect(decoded.transfers.map(shown)).toEqual(expectedOfTraces(rows));
    expect(decoded.internalTransfers).toBe("known");
    expect(decoded.transactions.map(({ id }) => id)).toEqual(hashes);
    // The schedule says what the node says.
    const miner = traces.find(({ type }) => type === "reward")?.["action"] as Json;
    const alone = decode({ block: { ...bare(Number(rows[0]?.["block_number"]), []), miner: miner["author"] } }).block;
    expect(listed(alone, "credit")).toEqual(listed(decoded, "credit"));
  });

  test.each(cases)("debug_traceBlockByNumber, %s", (name) => {
    const folder = `test_extract_geth_traces_job/${name}`;
    const rows = csv(folder, "expected_traces.csv");
    const traces = answer(folder, "debug_traceBlockByNumber") as readonly Json[];
    const block = bare(
      Number(rows[0]?.["block_number"]),
      traces.map((_, index) => hash(index + 10)),
    );
    const { block: decoded, findings } = decode({ block, traces });
    expect(decoded.transfers.map(shown)).toEqual(expectedOfTraces(rows));
    // That tracer was too old to tell who gets what a contract leaves behind.
    const old = name === "block_with_suicide";
    expect(decoded.internalTransfers).toBe(old ? "unknown" : "known");
    expect(findings.some(({ what }) => what === "selfdestruct-unknown")).toBe(old);
    // The file form of the same: the bare calls.
    const [file] = jsonLines(folder, "geth_traces.json");
    expect(decode({ block, traces: file?.["transaction_traces"] })).toEqual({ block: decoded, findings });
  });

  test("the two tracers tell the same but what the older one leaves out", () => {
    for (const name of cases.slice(0, 3)) {
      const flat = answer(`test_export_traces_job/${name}`, "trace_block") as readonly Json[];
      const hashes = [...new Set(flat.map(({ transactionHash }) => String(transactionHash)))].filter(
        (one) => one !== "null",
      );
      const block = bare(Number(flat[0]?.["blockNumber"]), hashes, String(flat[0]?.["blockHash"]));
      const tree = answer(`test_extract_geth_traces_job/${name}`, "debug_traceBlockByNumber");
      const moved = (traces: unknown): unknown => listed(decode({ block, traces }).block, "native", "internal");
      expect(moved(flat)).toEqual(moved(tree));
    }
  });

  test.each(["test_export_traces_job", "test_extract_geth_traces_job"])("%s without transactions", (job) => {
    const traces = answer(`${job}/block_without_transactions`, "web3_response");
    expect(decode({ block: bare(1, []), traces }).block.transfers).toEqual([]);
  });

  test.each(["2112234", "508110"])("test_stream, block %s: a node's block of hashes and its traces", (height) => {
    const folder = `test_stream/blocks_${height}_${height}`;
    const block = answer(folder, `eth_getBlockByNumber_0x${Number(height).toString(16)}_false`) as Json;
    const traces = answer(folder, "trace_block");
    const rows = jsonLines(folder, "expected_traces.json");
    const decoded = decode({ block, traces }).block;
    expect(decoded.transfers.map(shown)).toEqual(expectedOfTraces(rows));
    expect(decoded.transactions.map(({ id }) => id)).toEqual(block["transactions"]);
    expect(decoded.height).toBe(Number(height));
    // The schedule, with what it can know: the uncle's own reward is a finding where its header is missing.
    const { findings, block: mined } = decode({ block: { ...block, transactions: [] } });
    expect(listed(mined, "credit")[0]).toEqual(listed(decoded, "credit")[0]);
    const uncles = (block["uncles"] as readonly string[]).length;
    expect(findings.map(({ what }) => what)).toEqual(uncles === 0 ? [] : ["uncle-rewards-unknown"]);
  });

  test("an uncle's reward by the schedule is the node's", () => {
    const folder = "test_stream/blocks_508110_508110";
    const block = answer(folder, "eth_getBlockByNumber_0x7c0ce_false") as Json;
    const credits = listed(decode({ block, traces: answer(folder, "trace_block") }).block, "credit");
    const [own] = block["uncles"] as readonly string[];
    // 0x340aad21b3b70000 is 6/8 of 5 ether: the uncle is two blocks before. Its miner is the nephew's.
    const uncle = { hash: own, number: "0x7c0cc", miner: block["miner"] };
    const given = decode({ block: { ...block, transactions: [] }, uncles: [uncle] });
    expect(listed(given.block, "credit")).toEqual(credits);
    expect(given.findings).toEqual([]);
  });

  const nodeBlocks: readonly (readonly [folder: string, ...heights: readonly string[]])[] = [
    ["test_export_blocks_job/block_with_logs", "0x76250"],
    ["test_export_blocks_job/blocks_with_transactions", "0xb872", "0xb873"],
    ["test_export_blocks_job/block_without_transactions", "0x0"],
  ];
  test.each(nodeBlocks)("%s: the blocks and what their transactions say", (folder, ...heights) => {
    const rows = csv(folder, "expected_transactions.csv");
    const headers = csv(folder, "expected_blocks.csv");
    for (const height of heights) {
      const { block, findings } = decode({ block: answer(folder, `eth_getBlockByNumber_${height}_true`) });
      const header = headers.find((row) => Number(row["number"]) === Number(height));
      expect([block.height, block.hash, block.parent, block.time].map(String)).toEqual([
        header?.["number"],
        header?.["hash"],
        header?.["parent_hash"],
        header?.["timestamp"],
      ]);
      const own = rows.filter((row) => Number(row["block_number"]) === Number(height));
      expect(block.transactions.map(({ id, index }) => [id, `${index}`])).toEqual(
        own.map((row) => [row["hash"], row["transaction_index"]]),
      );
      expect(listed(block, "native")).toEqual(nativeOf(own));
      expect(findings.some(({ what }) => what === "receipts-unknown")).toBe(own.length > 0);
      expect(block.internalTransfers).toBe(own.length > 0 ? "unknown" : "known");
    }
  });

  test("block 483920 with its receipts: fees and tokens", () => {
    const block = answer("test_export_blocks_job/block_with_logs", "eth_getBlockByNumber");
    const receipts = answers("test_export_receipts_job/receipts_with_logs", "eth_getTransactionReceipt");
    const decoded = decode({ block, receipts });
    const expected = csv("test_export_receipts_job/receipts_with_logs", "expected_receipts.csv");
    const fees = expected.map((row) => [
      Number(row["transaction_index"]),
      BigInt(row["gas_used"] ?? "") * BigInt(row["effective_gas_price"] ?? ""),
    ]);
    const found = decoded.block.transfers.filter(({ kind }) => kind === "fee");
    expect(found.map(({ transaction, amount }) => [transaction, amount])).toEqual(
      fees.toSorted((left, right) => Number(left[0]) - Number(right[0])),
    );
    const tokens = csv("test_export_token_transfers_job/block_with_transfers", "expected_token_transfers.csv");
    expect(tokenRows(decoded.block)).toEqual(tokens.map(tokenRow));
    // Two took less gas than they were given, the others logged: all are known to have succeeded.
    expect(decoded.findings).toEqual([]);
    expect(decoded.block.transfers.filter(({ transaction }) => transaction === 0).map(({ kind }) => kind)).toEqual([
      "fee",
      "token",
    ]);
  });

  test("test_stream, blocks 1755634 and 1755635", () => {
    const folder = "test_stream/blocks_1755634_1755635";
    const receipts = answers(folder, "eth_getTransactionReceipt");
    const blocks = ["0x1ac9f2", "0x1ac9f3"].map((height, index) =>
      decode({ block: answer(folder, `ByNumber_${height}_true`), receipts: index === 0 ? [] : receipts }),
    );
    const headers = jsonLines(folder, "expected_blocks.json");
    expect(blocks.map(({ block }) => [block.height, block.hash, block.parent, block.time])).toEqual(
      headers.map((row) => [row["number"], row["hash"], row["parent_hash"], row["timestamp"]]),
    );
    const rows = jsonLines(folder, "expected_transactions.json").map(texts);
    const second = blocks[1]?.block as AccountBlock;
    expect(listed(second, "native")).toEqual(nativeOf(rows));
    expect(second.transfers.filter(({ kind }) => kind === "fee").map(({ amount }) => amount)).toEqual(
      rows.map((row) => BigInt(row["receipt_gas_used"] ?? "") * BigInt(row["receipt_effective_gas_price"] ?? "")),
    );
    expect(tokenRows(second)).toEqual(jsonLines(folder, "expected_token_transfers.json").map(texts).map(tokenRow));
  });

  test("logs alone: a node's filter, a CSV, and 1,000 logs of 2023", () => {
    const filtered = answer(
      "test_export_token_transfers_job/block_with_transfers",
      "eth_getFilterLogs",
    ) as readonly Json[];
    const fromNode = filtered.map((log) => logOf(log["logIndex"], log["address"], [log["topics"], log["data"]]));
    const nodeRows = csv("test_export_token_transfers_job/block_with_transfers", "expected_token_transfers.csv");
    expect(movesOf(fromNode)).toEqual(nodeRows.map((row) => tokenRow(row).slice(1)));

    const rows = csv("test_extract_token_transfers_job/logs", "logs.csv").map((row) =>
      logOf(row["log_index"], row["address"], [(row["topics"] ?? "").split(","), row["data"]]),
    );
    const csvRows = csv("test_extract_token_transfers_job/logs", "expected_token_transfers.csv");
    expect(movesOf(rows)).toEqual(csvRows.map((row) => tokenRow(row).slice(1)));
  });

  test("test_stream, blocks 17173049 and 17173050: each transfer event is a move, or odd, or a wrap", () => {
    const folder = "test_stream/blocks_17173049_17173050";
    const logs = jsonLines(folder, "expected_logs.json");
    const expected = new Map(
      jsonLines(folder, "expected_token_transfers.json")
        .map(texts)
        .map((row) => [logKey(row), row]),
    );
    let [compared, wraps, multiple] = [0, 0, 0];
    for (const log of logs) {
      const read = logOf(log["log_index"], log["address"], [log["topics"], log["data"]]);
      const { moves, odd } = tokenMoves(ethereum.id, [read]);
      const row = expected.get(logKey(texts(log)));
      const isTransfer = read.topics[0]?.startsWith("0xddf252ad") === true;
      if (!isTransfer) {
        expect(row).toBeUndefined();
        wraps += moves.filter(({ kind }) => kind === "wrap").length;
        multiple += moves.filter(({ asset }) => asset.includes("/erc1155:")).length;
        continue;
      }
      expect(row).toBeDefined();
      expect(odd).toEqual([]);
      const [move] = moves;
      // ethereum-etl writes an ERC-721's number as its value, and the zero address as an account.
      const [namespace, , id] = move?.asset.replace("eip155:1/", "").split(/[:/]/u) ?? [];
      const value = namespace === "erc721" ? id : `${move?.amount}`;
      expect([move?.from ?? zero, move?.to ?? zero, value]).toEqual([
        row?.["from_address"],
        row?.["to_address"],
        row?.["value"],
      ]);
      compared += 1;
    }
    expect(compared).toBe(expected.size);
    expect([compared, wraps, multiple]).toMatchInlineSnapshot(`
      [
        291,
        61,
        1,
      ]
    `);
  });
});

const zero = `0x${"0".repeat(40)}`;
const texts = (row: Json): Row =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [key, String(value as string | number)]));
const logKey = (row: Row): string => `${row["block_number"]}:${row["log_index"]}`;

function nativeOf(rows: readonly Row[]): readonly unknown[] {
  return rows
    .filter((row) => row["value"] !== "0")
    .map((row) => [
      Number(row["transaction_index"]),
      "native",
      "slip44:60",
      row["from_address"],
      row["to_address"],
      BigInt(row["value"] ?? ""),
    ]);
}

const tokenRow = (row: Row): readonly unknown[] => [
  row["transaction_hash"],
  `eip155:1/erc20:${row["token_address"]}`,
  row["from_address"],
  row["to_address"],
  BigInt(row["value"] ?? ""),
];
const tokenRows = (block: AccountBlock): readonly unknown[] =>
  block.transfers
    .filter(({ kind }) => kind === "token")
    .map(({ transaction, asset, from, to, amount }) => [block.transactions[transaction]?.id, asset, from, to, amount]);

function logOf(index: unknown, contract: unknown, [topics, data]: readonly [unknown, unknown]): EvmLog {
  return {
    index: Number(index),
    contract: String(contract),
    topics: topics as readonly string[],
    data: String(data).slice(2),
  };
}

function movesOf(logs: readonly EvmLog[]): readonly unknown[] {
  return tokenMoves(ethereum.id, logs).moves.map(({ asset, from, to, amount }) => [asset, from, to, amount]);
}
