import { assert } from "../../base/assert.ts";
import type { KnownChain } from "../../base/chains.ts";
import { assembleBlock, type Credit, type EvmDecoded, type EvmFinding } from "./assemble.ts";
import {
  invalid,
  isAbsent,
  readAddress,
  readCount,
  readFields,
  readHash,
  readList,
  readQuantity,
  type Fields,
  type ReadPlace,
} from "./read.ts";
import { operatorFeeRule } from "./op-stack.ts";
import { blockRewards, changesState, type Mined } from "./rewards.ts";
import { readTraces, type BlockTraces } from "./traces.ts";
import { readTransaction } from "./transaction.ts";

/** A node's answers about one block: the `result` of each call, as JSON. Undefined: not asked for. */
export type BlockAnswers = {
  /** `eth_getBlockByNumber`, with full transactions or with their hashes. */
  readonly block: unknown;
  /** `eth_getBlockReceipts`, or each transaction's `eth_getTransactionReceipt`, in any order. */
  readonly receipts: unknown;
  /** `debug_traceBlockByNumber` (callTracer) or `trace_block`; undefined where the node offers neither. */
  readonly traces: unknown;
  /** The uncles' headers (`eth_getUncleByBlockNumberAndIndex`). */
  readonly uncles: unknown;
};

/**
 * Decodes a block of an EVM chain from a node's answers; the order is {@link assembleBlock}'s.
 *
 * Fee: gas used × effective gas price (before London, the gas price), blob gas × blob gas price, and a rollup's `l1Fee` and
 * operator fee ({@link operatorFeeRule}). Failed: `status` 0; where a receipt has none (before
 * Byzantium) the trace decides; without traces, events or unused gas prove that it succeeded (a failure then took all gas
 * and logged nothing), and else it counts as succeeded, with a finding.
 *
 * Credits: withdrawals (EIP-4895), and rewards from `trace_block`, else by Ethereum's own schedule; on another chain without
 * `trace_block` rewards are omitted. Gnosis pays withdrawals in GNO, which is not listed. Without traces the block's
 * internal transfers are unknown. Without receipts it has neither fees nor tokens, and a finding says so. A block that
 * lists its transactions by hash needs traces: they tell each one's value.
 *
 * @throws {Failure} `SOURCE_INVALID` where an answer is null or malformed, or the answers are not all about one block.
 * Source: Ethereum JSON-RPC; EIP-1559, EIP-4844, EIP-4895; OP Stack specification, "Deposits"
 * Cost: linear; no I/O.
 */
export function decodeBlock(chain: KnownChain, answers: BlockAnswers): EvmDecoded {
  assert(chain.family === "evm", `evm block: ${chain.alias} is of the family ${chain.family}`);
  const source = `${chain.name} node`;
  const header = readFields(answers.block, "the block", { source, where: "" });
  const height = readCount(header["number"], "number", { source, where: "block" });
  const place = { source, where: `block ${height}` };
  const findings: EvmFinding[] = [];
  const listed = readList(header["transactions"], "transactions", place);
  const hash = readHash(header["hash"], "hash", place);
  const receipts = readReceipts(answers.receipts, { hash, count: listed.length, place });
  const traces = answers.traces === undefined ? undefined : readTraces(answers.traces, { hash, height, place });
  if (traces !== undefined && traces.transactions.size !== listed.length) {
    throw invalid(place, `it has ${listed.length} transactions and traces of ${traces.transactions.size}`);
  }
  if (receipts === undefined && listed.length > 0) findings.push(ofBlock("receipts-unknown"));
  const operatorFees = operatorFeeRule(header["extraData"]);
  const transactions = listed.map((one, index) => {
    const at = { source, where: `${place.where}, transaction ${index}` };
    const receipt = receipts?.[index];
    if (receipts !== undefined && receipt === undefined) throw invalid(at, "its receipt is missing");
    const trace = traces?.transactions.get(index);
    if (traces !== undefined && trace === undefined) throw invalid(at, "it has no traces");
    return readTransaction(one, { chain, receipt, trace, index, operatorFees, findings, place: at });
  });
  if (new Set(transactions.map((one) => one.hash)).size !== transactions.length) {
    throw invalid(place, "it lists a transaction twice");
  }
  if (changesState(chain.id, height)) findings.push(ofBlock("state-change-unknown"));
  const unknown = findings.some(({ what }) => what === "selfdestruct-unknown");
  const block = assembleBlock(chain, {
    height,
    hash,
    parent: readHash(header["parentHash"], "parentHash", place),
    time: readCount(header["timestamp"], "timestamp", place),
    credits: [
      ...readRewards(header, { chain, height, uncles: answers.uncles, traces, findings, place }),
      ...readWithdrawals(chain, header["withdrawals"], findings, place),
    ],
    transactions,
    internalTransfers: (traces === undefined && listed.length > 0) || unknown ? "unknown" : "known",
  });
  return { block, findings };
}

function ofBlock(what: EvmFinding["what"]): EvmFinding {
  return { what, transaction: -1, log: undefined };
}

const reorganised = "the chain was reorganised meanwhile: fetch the block again";

type ReceiptContext = { readonly hash: string; readonly count: number; readonly place: ReadPlace };

/** Receipts by their transaction's index. */
function readReceipts(answer: unknown, { hash, count, place }: ReceiptContext): readonly Fields[] | undefined {
  if (answer === undefined) return undefined;
  const receipts: Fields[] = [];
  for (const one of readList(answer, "the list of receipts", place)) {
    const receipt = readFields(one, "a receipt", place);
    const index = readCount(receipt["transactionIndex"], "a receipt's transactionIndex", place);
    if (index >= count) throw invalid(place, `a receipt is of transaction ${index} of ${count}`);
    if (receipts[index] !== undefined) throw invalid(place, `two receipts are of transaction ${index}`);
    if (readHash(receipt["blockHash"], "a receipt's blockHash", place) !== hash) {
      throw invalid(place, "a receipt is of another block", reorganised);
    }
    receipts[index] = receipt;
  }
  return receipts;
}

type RewardContext = {
  readonly chain: KnownChain;
  readonly height: number;
  readonly uncles: unknown;
  readonly traces: BlockTraces | undefined;
  readonly findings: EvmFinding[];
  readonly place: ReadPlace;
};

function readRewards(header: Fields, context: RewardContext): readonly Credit[] {
  const { chain, height, traces, findings, place } = context;
  if (traces?.rewards !== undefined && traces.rewards.length > 0) return traces.rewards;
  if (isAbsent(header["miner"])) return [];
  const named = isAbsent(header["uncles"]) ? [] : readList(header["uncles"], "uncles", place);
  const uncles = context.uncles === undefined ? [] : readList(context.uncles, "uncles", place);
  if (uncles.length > 0 && uncles.length !== named.length) throw invalid(place, "it has another number of uncles");
  const mined = (fields: Fields): Mined => ({
    height: readCount(fields["number"], "an uncle's number", place),
    miner: readAddress(fields["miner"], "miner", place),
  });
  const headers = uncles.map((one, index) => {
    const uncle = readFields(one, "an uncle", place);
    if (readHash(uncle["hash"], "an uncle's hash", place) !== named[index]) throw invalid(place, "it has other uncles");
    return mined(uncle);
  });
  if (headers.some((uncle) => uncle.height >= height || uncle.height + 6 < height)) {
    throw invalid(place, "an uncle is not within six blocks before it");
  }
  const rewards = blockRewards(chain.id, mined(header), headers, named.length) ?? [];
  if (rewards.length > 0 && named.length > headers.length) {
    findings.push(ofBlock("uncle-rewards-unknown"));
  }
  return rewards;
}

const gwei = 10n ** 9n; // EIP-4895: amounts of withdrawals are in gwei.

/** The withdrawals of a block, in its order; none where the chain pays them in a token (Gnosis, in GNO). */
export function readWithdrawals(
  chain: KnownChain,
  value: unknown,
  findings: EvmFinding[],
  place: ReadPlace,
): readonly Credit[] {
  if (isAbsent(value)) return [];
  const withdrawals = readList(value, "withdrawals", place);
  if (chain.id === "eip155:100" && withdrawals.length > 0) {
    findings.push(ofBlock("withdrawals-in-token"));
    return [];
  }
  return withdrawals.map((one) => {
    const { address, amount } = readFields(one, "a withdrawal", place);
    const units = readQuantity(amount, "a withdrawal's amount", place);
    if (units >> 64n !== 0n) throw invalid(place, "a withdrawal's amount is over 64 bits");
    return { from: undefined, to: readAddress(address, "a withdrawal's address", place), amount: units * gwei };
  });
}
