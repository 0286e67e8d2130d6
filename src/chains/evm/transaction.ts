import { keccak_256 } from "@noble/hashes/sha3.js";
import { hex } from "@scure/base";
import type { KnownChain } from "../../base/chains.ts";
import type { EvmFinding, EvmTransaction } from "./assemble.ts";
import { tokenMoves, type EvmLog } from "./logs.ts";
import { operatorFee, type OperatorFeeRule } from "./op-stack.ts";
import {
  invalid,
  isAbsent,
  readAddress,
  readCount,
  readData,
  readFields,
  readHash,
  readList,
  readQuantity,
  type Fields,
  type ReadPlace,
} from "./read.ts";
import type { TransactionTrace } from "./traces.ts";

/** What is known of a transaction beside the block's own list. */
export type TransactionContext = {
  readonly chain: KnownChain;
  readonly receipt: Fields | undefined;
  readonly trace: TransactionTrace | undefined;
  readonly index: number;
  readonly operatorFees: OperatorFeeRule;
  readonly findings: EvmFinding[];
  readonly place: ReadPlace;
};

/**
 * Reads one entry of a block's transactions: the whole of it, or its hash alone, whose value the trace then tells.
 *
 * @throws {Failure} `SOURCE_INVALID` where it is malformed, or its receipt or trace is another's.
 */
export function readTransaction(listed: unknown, context: TransactionContext): EvmTransaction {
  const { receipt, trace, place } = context;
  const whole = typeof listed === "string" ? undefined : readFields(listed, "a transaction", place);
  const hash = readHash(whole === undefined ? listed : whole["hash"], "hash", place);
  const told = receipt === undefined ? hash : readHash(receipt["transactionHash"], "transactionHash", place);
  if (told !== hash || (trace?.hash ?? hash) !== hash) {
    throw invalid(place, "its receipt or trace is of another transaction");
  }
  const failed = readFailed(whole, context);
  if (trace?.incomplete === true && !failed) {
    context.findings.push({ what: "selfdestruct-unknown", transaction: context.index, log: undefined });
  }
  const rest = { hash, failed, internal: trace?.moves ?? [], tokens: readTokens(failed, context) };
  return { ...rest, ...(whole === undefined ? readByHash(context) : readWhole(whole, failed, context)) };
}

type Paid = Pick<EvmTransaction, "from" | "to" | "value" | "fee" | "minted">;

function readByHash(context: TransactionContext): Paid {
  const { receipt, trace, place } = context;
  if (trace === undefined) throw invalid(place, "only its hash is listed", "ask for full transactions, or for traces");
  const { outer } = trace;
  const from = receipt === undefined ? outer?.from : readAddress(receipt["from"], "from", place);
  const fee = receipt === undefined ? 0n : readFee({ type: receipt["type"] }, receipt, context);
  return { from, to: outer?.to, value: outer?.amount ?? 0n, fee, minted: 0n };
}

function readWhole(fields: Fields, failed: boolean, context: TransactionContext): Paid {
  const { receipt, trace, index, place } = context;
  if (!isAbsent(fields["transactionIndex"]) && readCount(fields["transactionIndex"], "its index", place) !== index) {
    throw invalid(place, "the block's transactions are out of order");
  }
  const value = readQuantity(fields["value"], "value", place);
  const from = readAddress(fields["from"], "from", place);
  const to = isAbsent(fields["to"])
    ? (readCreated(receipt, trace, place) ?? createdBy(from, fields["nonce"], place))
    : readAddress(fields["to"], "to", place);
  if (trace !== undefined && !failed) {
    const outer = trace.outer ?? { from, to, amount: 0n };
    if (outer.from !== from || outer.to !== to || outer.amount !== value) {
      throw invalid(place, "its trace moves another value than it");
    }
  }
  return {
    from,
    to,
    value,
    fee: receipt === undefined ? 0n : readFee(fields, receipt, context),
    minted: isDeposit(fields) && !isAbsent(fields["mint"]) ? readQuantity(fields["mint"], "mint", place) : 0n,
  };
}

function readFailed(whole: Fields | undefined, context: TransactionContext): boolean {
  const { receipt, trace, index, findings, place } = context;
  if (receipt === undefined || isAbsent(receipt["status"])) {
    if (trace !== undefined) return trace.failed;
    if (!provesSuccess(whole, receipt, place)) {
      findings.push({ what: "status-unknown", transaction: index, log: undefined });
    }
    return false;
  }
  const status = readQuantity(receipt["status"], "status", place);
  if (status > 1n) throw invalid(place, `its status is ${status}, neither 0 nor 1`);
  if (trace !== undefined && trace.failed !== (status === 0n)) {
    throw invalid(place, "its receipt and its trace disagree on whether it failed");
  }
  return status === 0n;
}

/** Before Byzantium a failure took all gas (REVERT came with EIP-140) and left no events. */
function provesSuccess(whole: Fields | undefined, receipt: Fields | undefined, place: ReadPlace): boolean {
  if (receipt === undefined) return false;
  if (readList(receipt["logs"], "logs", place).length > 0) return true;
  if (whole === undefined) return false;
  return readQuantity(receipt["gasUsed"], "gasUsed", place) < readQuantity(whole["gas"], "gas", place);
}

function readCreated(
  receipt: Fields | undefined,
  trace: TransactionTrace | undefined,
  place: ReadPlace,
): string | undefined {
  if (receipt === undefined || isAbsent(receipt["contractAddress"])) return trace?.created;
  return readAddress(receipt["contractAddress"], "contractAddress", place);
}

/**
 * The contract that an account's transaction creates: the last 20 bytes of the keccak-256 of the RLP list [sender, nonce].
 *
 * @throws {Failure} `SOURCE_INVALID` for a nonce that is none.
 * Source: Ethereum Yellow Paper, 7 "Contract Creation", and appendix B, RLP
 */
export function createdBy(from: string, nonce: unknown, place: ReadPlace): string {
  const digits = readCount(nonce, "nonce", place).toString(16);
  const bytes = digits === "0" ? "" : digits.padStart(digits.length + (digits.length % 2), "0");
  const single = bytes.length === 2 && bytes < "80";
  const item = single ? bytes : (0x80 + bytes.length / 2).toString(16) + bytes;
  const list = `94${from.slice(2)}${item}`;
  const encoded = (0xc0 + list.length / 2).toString(16) + list;
  return `0x${hex.encode(keccak_256(hex.decode(encoded))).slice(24)}`;
}

/** OP Stack: a transaction that the first layer sent; it pays no gas here and may bring new ether. */
function isDeposit(fields: Fields): boolean {
  return fields["type"] === "0x7e";
}

/** A rollup's receipts tell `blobGasUsed` of transactions without blobs too (Jovian), by which nothing is paid. */
function paysForBlobs({ type }: Fields, receipt: Fields): boolean {
  if (type === "0x3") return true;
  return isAbsent(type) && !isAbsent(receipt["blobGasUsed"]) && !isAbsent(receipt["blobGasPrice"]);
}

function readFee(fields: Fields, receipt: Fields, context: TransactionContext): bigint {
  const { operatorFees, findings, index, place } = context;
  const gasUsed = readQuantity(receipt["gasUsed"], "gasUsed", place);
  const price = isAbsent(receipt["effectiveGasPrice"]) ? fields["gasPrice"] : receipt["effectiveGasPrice"];
  let fee = gasUsed * (isDeposit(fields) && isAbsent(price) ? 0n : readQuantity(price, "the gas price", place));
  if (paysForBlobs(fields, receipt)) {
    const blobGas = readQuantity(receipt["blobGasUsed"], "blobGasUsed", place);
    if (blobGas > 0n) fee += blobGas * readQuantity(receipt["blobGasPrice"], "blobGasPrice", place);
  }
  if (!isAbsent(receipt["l1Fee"])) fee += readQuantity(receipt["l1Fee"], "l1Fee", place);
  if (!isDeposit(fields)) {
    const more = operatorFee(operatorFees, receipt, place);
    if (more === undefined) findings.push({ what: "fee-incomplete", transaction: index, log: undefined });
    fee += more ?? 0n;
  }
  if (fee >> 256n !== 0n) throw invalid(place, "its fee is over 256 bits");
  return fee;
}

/** The tokens that a transaction's events move; an odd event is a finding. */
export function readTokens(
  failed: boolean,
  { chain, receipt, index, findings, place }: Omit<TransactionContext, "trace" | "operatorFees">,
): EvmTransaction["tokens"] {
  if (failed || receipt === undefined) return [];
  const { moves, odd } = tokenMoves(chain.id, readLogs(receipt["logs"], place));
  findings.push(...odd.map((log) => ({ what: "odd-transfer-event" as const, transaction: index, log })));
  return moves;
}

function readLogs(value: unknown, place: ReadPlace): readonly EvmLog[] {
  const logs = readList(value, "logs", place)
    .map((one): EvmLog => {
      const log = readFields(one, "a log", place);
      if (log["removed"] === true)
        throw invalid(place, "a log was removed by a reorganisation", "fetch the block again");
      return {
        index: readCount(log["logIndex"], "logIndex", place),
        contract: readAddress(log["address"], "a log's address", place),
        topics: readList(log["topics"], "topics", place).map((topic) => readHash(topic, "a topic", place)),
        data: readData(log["data"], "a log's data", place),
      };
    })
    .toSorted((left, right) => left.index - right.index);
  if (logs.some(({ index }, at) => logs[at + 1]?.index === index)) throw invalid(place, "two logs have one index");
  return logs;
}
