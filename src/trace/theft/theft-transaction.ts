import type { ChainReader } from "../../ledger/reader.ts";
import { AccountThefts } from "./account-theft.ts";
import { UtxoThefts } from "./utxo-theft.ts";

/** Whose moves in a theft's transactions are told apart, as addresses in any form that the chain takes. */
export type TheftParties = { readonly victims: readonly string[]; readonly thieves: readonly string[] };

/**
 * How it was told what a transaction took. `victim`: what addresses named as the victim's paid others. `thief`: what
 * addresses named as the thief's received. `others`: none is named, so what came to others than those who paid.
 */
export type TheftRule = "victim" | "thief" | "others";

/** What a transaction took. */
export type TheftTransaction = {
  readonly txid: string;
  readonly height: number;
  /** Unix seconds. */
  readonly time: number;
  readonly rule: TheftRule;
  /** The outputs or transfers that took it: a trace begins with them. */
  readonly rows: readonly number[];
  /** Their values by asset, in base units. */
  readonly taken: ReadonlyMap<string, bigint>;
  /** Of accounts: what those who received it paid others of the same asset in the same transaction (loans, swaps). */
  readonly paidAway: ReadonlyMap<string, bigint>;
  /** Of outputs: how many inputs are from before the ledger and of an unknown owner, whose change cannot be told. */
  readonly unknownInputs: number;
};

/** The transactions of a theft in a ledger. */
export type TheftOnChain = {
  readonly found: readonly TheftTransaction[];
  /** Ids that the ledger does not hold. */
  readonly missing: readonly string[];
};

/**
 * What the transactions of a theft took, in chain order. The rules stand in `docs/methods/verify.md`.
 *
 * Cost: the rows of the transactions.
 *
 * @param txids - In the chain's canonical form.
 * @throws {Failure} `INVALID_VALUE` for a party's address that is none on the chain.
 */
export function theftOnChain(reader: ChainReader, txids: readonly string[], parties: TheftParties): TheftOnChain {
  const thefts = reader.model === "utxo" ? new UtxoThefts(reader, parties) : new AccountThefts(reader, parties);
  const missing: string[] = [];
  const numbers = new Set<number>();
  for (const txid of txids) {
    const known = thefts.find(txid);
    if (known.length === 0) missing.push(txid);
    for (const number of known) numbers.add(number);
  }
  const found = [...numbers].toSorted((left, right) => left - right).map((number) => thefts.at(number));
  return { found, missing };
}

/** Adds an amount to a sum by asset. */
export function addTo(sums: Map<string, bigint>, asset: string, amount: bigint): void {
  sums.set(asset, (sums.get(asset) ?? 0n) + amount);
}
