import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import path from "node:path";
import type { EvmBlock, Json } from "./evm-block.ts";

type Answer = Readonly<Record<string, Json>>;

/** The columns of each table, as the exporter writes them. Source: ethereum-etl 2.4, `docs/schema.md`. */
const columns = {
  blocks:
    "number,hash,parent_hash,nonce,sha3_uncles,logs_bloom,transactions_root,state_root,receipts_root,miner,difficulty," +
    "total_difficulty,size,extra_data,gas_limit,gas_used,timestamp,transaction_count,base_fee_per_gas,withdrawals_root," +
    "withdrawals",
  transactions:
    "hash,nonce,block_hash,block_number,transaction_index,from_address,to_address,value,gas,gas_price,input," +
    "block_timestamp,max_fee_per_gas,max_priority_fee_per_gas,transaction_type",
  receipts:
    "transaction_hash,transaction_index,block_hash,block_number,cumulative_gas_used,gas_used,contract_address,root," +
    "status,effective_gas_price",
  logs: "log_index,transaction_hash,transaction_index,block_hash,block_number,address,data,topics",
  token_transfers: "token_address,from_address,to_address,value,transaction_hash,log_index,block_number",
  traces:
    "block_number,transaction_hash,transaction_index,from_address,to_address,value,input,output,trace_type,call_type," +
    "reward_type,gas,gas_used,subtraces,trace_address,error,status,trace_id",
} as const;
export type EtlTableName = keyof typeof columns;
export const etlTableNames = Object.keys(columns) as readonly EtlTableName[];

const transferTopic = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const noUncles = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";

const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const decimal = (value: Json | undefined): string =>
  typeof value === "number" ? String(value) : text(value) === "" ? "" : BigInt(text(value)).toString();
const list = (value: Json | undefined): readonly Answer[] => (Array.isArray(value) ? (value as readonly Answer[]) : []);
const field = (value: string): string => (/[",\n]/u.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** A table's first line. */
export const etlHeader = (name: EtlTableName): string => `${columns[name]}\n`;

/** Rows of the tables of one block, each a line with its end; block 0 is left out, for its balances are in no answer. */
export function etlRows({ block, receipts, traces }: EvmBlock): Readonly<Record<EtlTableName, readonly string[]>> {
  const header = block as Answer;
  const logs = receipts.flatMap((receipt) => list((receipt as Answer)["logs"]).map((log) => ({ log, receipt })));
  return {
    blocks: [blockRow(header)],
    transactions: list(header["transactions"]).map((one) => transactionRow(one, header)),
    receipts: receipts.map((one) => receiptRow(one as Answer)),
    logs: logs.map(({ log, receipt }) => logRow(log, receipt as Answer)),
    token_transfers: logs.flatMap(({ log }) => tokenTransferRow(log)),
    traces: traces.map((one) => traceRow(one as Answer)),
  };
}

const row = (...fields: readonly (string | readonly string[])[]): string => `${fields.flat().map(field).join(",")}\n`;

function blockRow(header: Answer): string {
  const withdrawals = list(header["withdrawals"]).map(({ index, validatorIndex, address, amount }) =>
    JSON.stringify({
      index: decimal(index),
      validator_index: decimal(validatorIndex),
      address,
      amount: decimal(amount),
    }),
  );
  const get = (name: string): string => text(header[name]);
  return row(
    decimal(header["number"]),
    ["hash", "parentHash", "nonce"].map(get),
    noUncles,
    ["logsBloom", "transactionsRoot", "stateRoot", "receiptsRoot", "miner"].map(get),
    [decimal(header["difficulty"]), "0", decimal(header["size"]), get("extraData")],
    ["gasLimit", "gasUsed", "timestamp"].map((name) => decimal(header[name])),
    String(list(header["transactions"]).length),
    decimal(header["baseFeePerGas"]),
    get("withdrawalsRoot"),
    withdrawals.join(","),
  );
}

function transactionRow(one: Answer, header: Answer): string {
  return row(
    [text(one["hash"]), decimal(one["nonce"]), text(header["hash"]), decimal(header["number"])],
    [decimal(one["transactionIndex"]), text(one["from"]), text(one["to"])],
    [decimal(one["value"]), decimal(one["gas"]), decimal(one["gasPrice"]), text(one["input"])],
    [decimal(header["timestamp"]), decimal(one["maxFeePerGas"]), decimal(one["maxPriorityFeePerGas"])],
    decimal(one["type"]),
  );
}

function receiptRow(one: Answer): string {
  return row(
    [text(one["transactionHash"]), decimal(one["transactionIndex"]), text(one["blockHash"])],
    ["blockNumber", "cumulativeGasUsed", "gasUsed"].map((name) => decimal(one[name])),
    [text(one["contractAddress"]), "", decimal(one["status"]), decimal(one["effectiveGasPrice"])],
  );
}

function logRow(log: Answer, receipt: Answer): string {
  const topics = (log["topics"] as readonly string[]).join(",");
  return row(
    [decimal(log["logIndex"]), text(log["transactionHash"]), decimal(receipt["transactionIndex"])],
    [text(receipt["blockHash"]), decimal(receipt["blockNumber"]), text(log["address"]), text(log["data"]), topics],
  );
}

/** The exporter takes ERC-721's transfers for ERC-20's, with the token's number as the amount. */
function tokenTransferRow(log: Answer): readonly string[] {
  const [topic, from = "", to = "", id = ""] = log["topics"] as readonly string[];
  if (topic !== transferTopic) return [];
  const [payer, payee] = [from, to].map((one) => `0x${one.slice(-40)}`) as [string, string];
  const value = decimal(text(log["data"]) === "0x" ? id : log["data"]);
  const place = [text(log["transactionHash"]), decimal(log["logIndex"]), decimal(log["blockNumber"])];
  return [row(text(log["address"]), payer, payee, value, place)];
}

function traceRow(one: Answer): string {
  const action = one["action"] as Answer;
  const result = (one["result"] ?? {}) as Answer;
  const type = text(one["type"]);
  const dies = type === "suicide";
  const failed = one["error"] !== undefined;
  const to = dies ? action["refundAddress"] : type === "create" ? result["address"] : action["to"];
  const [hash, at] = [text(one["transactionHash"]), (one["traceAddress"] as readonly number[]).join(",")];
  const id = [type, hash, at.replaceAll(",", "_")].filter((part) => part !== "").join("_");
  return row(
    [decimal(one["blockNumber"]), hash, decimal(one["transactionPosition"])],
    [text(dies ? action["address"] : action["from"]), text(to)],
    [decimal(dies ? action["balance"] : action["value"]), text(action["input"] ?? action["init"])],
    [text(result["output"]), type, text(action["callType"]), "", decimal(action["gas"]), decimal(result["gasUsed"])],
    [decimal(one["subtraces"]), at, text(one["error"]), failed ? "0" : "1", id],
  );
}

/** Writes an export's tables into a folder; returns how many transactions and bytes they have. */
export function writeEtlFolder(
  folder: string,
  steps: Iterable<{ readonly answers: EvmBlock }>,
  onBlock: (transactions: number) => void,
): { readonly transactions: number; readonly bytes: number } {
  mkdirSync(folder, { recursive: true });
  const files = etlTableNames.map((name) => ({ name, file: openSync(path.join(folder, `${name}.csv`), "w") }));
  const pending = new Map(etlTableNames.map((name) => [name, [etlHeader(name)]]));
  let [transactions, bytes, waiting] = [0, 0, 0];
  const flush = (): void => {
    for (const { name, file } of files) {
      const piece = Buffer.from((pending.get(name) ?? []).join(""));
      for (let written = 0; written < piece.length;) written += writeSync(file, piece, written);
      bytes += piece.length;
      pending.set(name, []);
    }
    waiting = 0;
  };
  for (const { answers: block } of steps) {
    if (block.number === 0) continue;
    for (const [name, rows] of Object.entries(etlRows(block))) pending.get(name as EtlTableName)?.push(...rows);
    transactions += block.receipts.length;
    waiting += block.receipts.length;
    if (waiting > 2_000) flush();
    onBlock(transactions);
  }
  flush();
  for (const { file } of files) closeSync(file);
  return { transactions, bytes };
}
