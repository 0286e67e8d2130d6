import type { KnownChain } from "../../base/chains.ts";
import type { AccountBlock, Transfer, TransferKind } from "../block.ts";
import type { TokenMove } from "./logs.ts";

/** Native value from one account to another. */
export type NativeMove = { readonly from: string; readonly to: string; readonly amount: bigint };

/** A transaction, from whatever form, checked. */
export type EvmTransaction = {
  readonly hash: string;
  readonly failed: boolean;
  /** Undefined only where nothing is known to be paid: a block of hashes without receipts. */
  readonly from: string | undefined;
  /** The created contract where it creates one; undefined where a failed creation made none. */
  readonly to: string | undefined;
  readonly value: bigint;
  readonly fee: bigint;
  /** Native value that the chain creates for the sender beforehand: a deposit on an OP Stack rollup. */
  readonly minted: bigint;
  readonly internal: readonly NativeMove[];
  readonly tokens: readonly TokenMove[];
};

/** What the protocol itself moves: a withdrawal or a reward (no payer), the DAO fork (a payer). */
export type Credit = { readonly from: string | undefined; readonly to: string; readonly amount: bigint };

/** A block, from whatever form, checked. */
export type EvmBlock = {
  readonly height: number;
  readonly hash: string;
  readonly parent: string;
  readonly time: number;
  readonly credits: readonly Credit[];
  readonly transactions: readonly EvmTransaction[];
  readonly internalTransfers: "known" | "unknown";
};

/** Something about a block that whoever uses it must know. */
export type EvmFinding = {
  readonly what:
    | "odd-transfer-event" // An event named as a transfer and not made as one: moves nothing.
    | "status-unknown" // No status, no traces, and nothing else that proves it: taken as succeeded.
    | "receipts-unknown" // No receipts at hand: no fees and no tokens are listed.
    | "fee-incomplete" // An OP Stack operator fee is not counted: the block's header does not tell by which rule it is reckoned.
    | "selfdestruct-unknown" // The tracer told no beneficiary and value.
    | "uncle-rewards-unknown" // The uncles' headers are not at hand.
    | "state-change-unknown" // Ethereum's first balances, or what the DAO fork moved: in no answer about the block.
    | "withdrawals-in-token"; // The chain pays withdrawals in a token: not listed.
  /** The transaction's index in the block; -1 for the block itself. */
  readonly transaction: number;
  /** The log's index in the block, for an event. */
  readonly log: number | undefined;
};

/** A block and what is to be said about it. */
export type EvmDecoded = { readonly block: AccountBlock; readonly findings: readonly EvmFinding[] };

/**
 * The block in ledger order.
 *
 * For each transaction: a rollup deposit's mint, the fee (payer to nobody), the transaction's own value, its internal calls
 * in the order of the trace, its tokens in the order of the log. Last what the block itself credits (transaction -1). Real
 * execution interleaves calls and events; no form tells how, and this order is the same for all. Native values of 0
 * are left out; token events of 0 stay, since poisoned address lists are made of them. `position` counts what is listed, so
 * a token's position differs between a ledger with traces and one without.
 * A failed transaction moves its fee (and mint) only.
 */
export function assembleBlock(chain: KnownChain, raw: EvmBlock): AccountBlock {
  const { height, hash, parent, time, internalTransfers } = raw;
  const transfers: Transfer[] = [];
  for (const [transaction, one] of raw.transactions.entries()) addTransfers(transfers, chain, transaction, one);
  let credits = 0;
  for (const { from, to, amount } of raw.credits) {
    if (amount === 0n) continue;
    const position = credits;
    credits += 1;
    transfers.push({ transaction: -1, position, kind: "credit", asset: chain.native, from, to, amount });
  }
  return {
    model: "account",
    chain: chain.id,
    hash,
    parent,
    height,
    time,
    transactions: raw.transactions.map(({ hash: id, failed }, index) => ({ id, index, failed })),
    transfers,
    internalTransfers,
  };
}

function addTransfers(
  transfers: Transfer[],
  { native: asset }: KnownChain,
  transaction: number,
  { failed, from, to, value, fee, minted, internal, tokens }: EvmTransaction,
): void {
  let position = 0;
  const add = (kind: TransferKind, payer: string | undefined, payee: string | undefined, amount: bigint): void => {
    if (amount === 0n) return;
    transfers.push({ transaction, position, kind, asset, from: payer, to: payee, amount });
    position += 1;
  };
  add("credit", undefined, from, minted);
  add("fee", from, undefined, fee);
  if (failed) return;
  add("native", from, to, value);
  for (const move of internal) add("internal", move.from, move.to, move.amount);
  for (const { kind, asset: token, from: payer, to: payee, amount } of tokens) {
    transfers.push({ transaction, position, kind, asset: token, from: payer, to: payee, amount });
    position += 1;
  }
}
