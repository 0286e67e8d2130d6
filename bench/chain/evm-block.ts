import { createHash } from "node:crypto";
import { ZERO, type EvmLog } from "./evm-logs.ts";

/** Any JSON as a node answers it. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
type JsonObject = { readonly [key: string]: Json };

/** A message call within a transaction; the outermost is the transaction itself. */
export type EvmCall = {
  readonly type: "CALL" | "DELEGATECALL" | "STATICCALL" | "CREATE" | "SELFDESTRUCT";
  readonly from: string;
  /** Of a CREATE, the new contract. */
  readonly to: string;
  readonly value: bigint;
  /** Whether it and all within it were undone. */
  readonly reverted?: boolean;
  readonly input?: string;
  readonly calls?: readonly EvmCall[];
};

/** A transaction before it is in a block. */
export type EvmTransaction = {
  readonly hash: string;
  readonly nonce: number;
  readonly call: EvmCall;
  readonly logs: readonly EvmLog[];
  readonly gasUsed: bigint;
  readonly gasPrice: bigint;
  readonly type: 0 | 2;
};

/** A validator's withdrawal, in gwei. Source: EIP-4895. */
export type EvmWithdrawal = { readonly index: number; readonly address: string; readonly gwei: bigint };

/** What a block is made of. */
export type EvmBlockParts = {
  readonly number: number;
  readonly parent: string;
  readonly time: number;
  readonly transactions: readonly EvmTransaction[];
  readonly withdrawals: readonly EvmWithdrawal[];
  /** Tells a block from another of the same number. */
  readonly salt: string;
};

/** A transfer that a decoder must find; `asset` is `native`, or a token as `erc20:CONTRACT`, `erc721:CONTRACT/ID`, … */
export type ExpectedTransfer = {
  readonly txid: string | undefined;
  readonly kind: "fee" | "native" | "internal" | "token" | "wrap" | "credit";
  readonly asset: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly amount: bigint;
};

/** A block as JSON-RPC answers it, by method. */
export type EvmBlock = {
  readonly number: number;
  readonly hash: string;
  readonly parent: string;
  /** `eth_getBlockByNumber` with full transactions. */
  readonly block: Json;
  /** `eth_getBlockReceipts`. */
  readonly receipts: readonly Json[];
  /** `trace_block`, without block rewards. */
  readonly traces: readonly Json[];
  /** `debug_traceBlockByNumber` with `callTracer`. */
  readonly callTraces: readonly Json[];
};

const hexOf = (value: bigint | number): string => `0x${value.toString(16)}`;
const BLOOM = `0x${"0".repeat(512)}`;
const BASE_FEE = 7n;
const GAS_LIMIT = 30_000_000n;

/** A made-up hash: of the right form, but of nothing that a node would hash. */
export function madeUpHash(...parts: readonly (string | number)[]): string {
  return `0x${createHash("sha256").update(parts.join("/")).digest("hex")}`;
}

/** Puts a block's answers together. */
export function evmBlock(parts: EvmBlockParts): EvmBlock {
  const { number, parent, transactions, salt } = parts;
  const hash = madeUpHash("block", number, parent, salt, ...transactions.map((one) => one.hash));
  const place = { blockHash: hash, blockNumber: hexOf(number) };
  let gas = 0n;
  let logs = 0;
  const receipts = transactions.map((transaction, index) => {
    gas += transaction.gasUsed;
    const answer = receipt(transaction, { ...place, transactionIndex: hexOf(index) }, { gas, logs });
    logs += transaction.logs.length;
    return answer;
  });
  return {
    number,
    hash,
    parent,
    block: header(parts, hash, gas),
    receipts,
    traces: transactions.flatMap((one, index) => flatTraces(one, { blockHash: hash, blockNumber: number, index })),
    callTraces: transactions.map((one) => ({ txHash: one.hash, result: callTrace(one.call, one.gasUsed) })),
  };
}

function header(parts: EvmBlockParts, hash: string, gasUsed: bigint): Json {
  const { number, parent, time, transactions, withdrawals } = parts;
  const place = { blockHash: hash, blockNumber: hexOf(number) };
  const root = (name: string): string => madeUpHash(name, hash);
  return {
    number: hexOf(number),
    hash,
    parentHash: parent,
    timestamp: hexOf(time),
    nonce: "0x0000000000000000",
    difficulty: "0x0",
    extraData: "0x",
    gasLimit: hexOf(GAS_LIMIT),
    gasUsed: hexOf(gasUsed),
    baseFeePerGas: hexOf(BASE_FEE),
    miner: `0x${madeUpHash("miner").slice(2, 42)}`,
    mixHash: root("mix"),
    logsBloom: BLOOM,
    receiptsRoot: root("receipts"),
    sha3Uncles: root("uncles"),
    stateRoot: root("state"),
    transactionsRoot: root("transactions"),
    withdrawalsRoot: root("withdrawals"),
    size: hexOf(1_000 + transactions.length * 200),
    uncles: [],
    transactions: transactions.map((one, index) => ({ ...place, ...transactionAnswer(one, index) })),
    withdrawals: withdrawals.map(({ index, address, gwei }) => ({
      index: hexOf(index),
      validatorIndex: hexOf(index % 1_000),
      address,
      amount: hexOf(gwei),
    })),
  };
}

function transactionAnswer({ hash, nonce, call, gasUsed, gasPrice, type }: EvmTransaction, index: number): JsonObject {
  const dynamic = {
    maxFeePerGas: hexOf(gasPrice * 2n),
    maxPriorityFeePerGas: hexOf(gasPrice - BASE_FEE),
    accessList: [],
  };
  return {
    hash,
    nonce: hexOf(nonce),
    transactionIndex: hexOf(index),
    from: call.from,
    to: call.type === "CREATE" ? null : call.to,
    value: hexOf(call.value),
    gas: hexOf(gasUsed + 10_000n),
    gasPrice: hexOf(gasPrice),
    input: call.input ?? "0x",
    type: hexOf(type),
    chainId: "0x1",
    v: "0x0",
    r: madeUpHash("r", hash),
    s: madeUpHash("s", hash),
    ...(type === 2 ? dynamic : {}),
  };
}

type Place = { readonly blockHash: string; readonly blockNumber: string; readonly transactionIndex: string };

function receipt(one: EvmTransaction, place: Place, before: { readonly gas: bigint; readonly logs: number }): Json {
  const create = one.call.type === "CREATE";
  return {
    ...place,
    transactionHash: one.hash,
    from: one.call.from,
    to: create ? null : one.call.to,
    contractAddress: create && one.call.reverted !== true ? one.call.to : null,
    status: one.call.reverted === true ? "0x0" : "0x1",
    gasUsed: hexOf(one.gasUsed),
    cumulativeGasUsed: hexOf(before.gas),
    effectiveGasPrice: hexOf(one.gasPrice),
    type: hexOf(one.type),
    logsBloom: BLOOM,
    logs: one.logs.map(({ address, topics, data }, index) => ({
      ...place,
      transactionHash: one.hash,
      address,
      topics,
      data: `0x${data}`,
      logIndex: hexOf(before.logs + index),
      removed: false,
    })),
  };
}

/** Geth's `callTracer`. Source: https://geth.ethereum.org/docs/developers/evm-tracing/built-in-tracers */
function callTrace(call: EvmCall, gasUsed: bigint): Json {
  const { type, from, to, value, input = "0x", calls = [] } = call;
  return {
    type,
    from,
    to,
    ...(type === "STATICCALL" ? {} : { value: hexOf(value) }),
    gas: hexOf(gasUsed + 10_000n),
    gasUsed: hexOf(gasUsed),
    input,
    ...(call.reverted === true ? { error: "execution reverted" } : { output: "0x" }),
    ...(calls.length > 0 ? { calls: calls.map((inner) => callTrace(inner, gasUsed / 2n)) } : {}),
  };
}

type FlatPlace = { readonly blockHash: string; readonly blockNumber: number; readonly index: number };

/** OpenEthereum's traces, the outer call first. Source: https://openethereum.github.io/JSONRPC-trace-module */
function flatTraces({ hash, call, gasUsed }: EvmTransaction, { index, ...place }: FlatPlace): readonly Json[] {
  const list: Json[] = [];
  const visit = (one: EvmCall, traceAddress: readonly number[]): void => {
    const calls = one.calls ?? [];
    list.push({
      ...place,
      ...flatParts(one, gasUsed),
      subtraces: calls.length,
      traceAddress,
      transactionHash: hash,
      transactionPosition: index,
    });
    for (const [at, inner] of calls.entries()) visit(inner, [...traceAddress, at]);
  };
  visit(call, []);
  return list;
}

function flatParts(one: EvmCall, gas: bigint): JsonObject {
  const value = hexOf(one.value);
  const { from, to, input = "0x" } = one;
  if (one.type === "SELFDESTRUCT") {
    return { type: "suicide", action: { address: from, refundAddress: to, balance: value }, result: null };
  }
  const create = one.type === "CREATE";
  const action = create
    ? { from, value, gas: hexOf(gas), init: input }
    : { from, to, value, gas: hexOf(gas), input, callType: one.type.toLowerCase() };
  const type = create ? "create" : "call";
  if (one.reverted === true) return { type, action, error: "Reverted", result: null };
  const made = create ? { address: to, code: "0x00", gasUsed: hexOf(gas) } : { gasUsed: hexOf(gas), output: "0x" };
  return { type, action, result: made };
}

/** What a transaction moves by value and by fee, read off its calls; what tokens it moves is for its maker to say. */
export function valueTransfers({ hash: txid, call, gasUsed, gasPrice }: EvmTransaction): readonly ExpectedTransfer[] {
  const of = { txid, asset: "native" } as const;
  const list: ExpectedTransfer[] = [{ ...of, kind: "fee", from: call.from, to: undefined, amount: gasUsed * gasPrice }];
  const visit = (one: EvmCall, outer: boolean): void => {
    if (one.reverted === true) return;
    // A delegate call hands on its caller's value: nothing moves.
    if (one.value > 0n && one.type !== "DELEGATECALL" && one.type !== "STATICCALL") {
      list.push({ ...of, kind: outer ? "native" : "internal", from: one.from, to: one.to, amount: one.value });
    }
    for (const inner of one.calls ?? []) visit(inner, false);
  };
  visit(call, true);
  return list;
}

/** Nobody, where an address is the zero one. */
export const unlessZero = (address: string): string | undefined => (address === ZERO ? undefined : address);
