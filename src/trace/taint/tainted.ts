import type { ChainReader } from "../../ledger/reader.ts";
import type { Strand, TaintOrigin } from "./state.ts";

/** What an owner received, or a transaction moved, of one strand in one asset. Amounts are base units. */
export type Tainted = {
  readonly strand: Strand;
  /** 0 on a chain of outputs. */
  readonly asset: number;
  /** The sum of all tainted receipts. Value that comes twice counts twice. */
  readonly amount: bigint;
  /** Of that, what came directly: at most one transaction from the origin's own addresses, or what the theft itself paid. */
  readonly direct: bigint;
  /**
   * Of an owner: what has not been paid on, as the trace follows it; at a service where tracing ends, all of it. Undefined of a
   * transaction, and on chains of accounts under poison, which has no amounts.
   */
  readonly held: bigint | undefined;
  readonly count: number;
  /** The least number of transactions between a receipt and the origin's first output or transfer, which has 0. */
  readonly hops: number;
  /** Rows (outputs, or transfers) of the first and the last receipt. */
  readonly first: number;
  readonly last: number;
  /** The record with the largest amount, for a path. */
  readonly largest: number;
};

/**
 * The most hops of a receipt that is direct. On chains of accounts a tagged entity's own payments are the origin, so that who
 * receives one has 0; on chains of outputs what the entity was paid has 0, and who it pays has 1.
 */
export function directHops(origin: TaintOrigin, { model }: Pick<ChainReader, "model">): number {
  return origin.kind === "tag" && model === "account" ? 0 : 1;
}

/** A tainted receipt: an output, or a transfer's part. Owners, assets and transactions are numbers; -1 is nobody, or none. */
export type TaintRecord = {
  readonly row: number;
  readonly transaction: number;
  readonly owner: number;
  /** 0 on a chain of outputs. */
  readonly asset: number;
  /** Base units. */
  readonly amount: bigint;
  readonly hops: number;
  /** The record that its first tainted part came from; -1 for an origin. */
  readonly parent: number;
};
