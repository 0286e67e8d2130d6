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

/** Adds an amount to a sum by asset. */
export function addTo(sums: Map<string, bigint>, asset: string, amount: bigint): void {
  sums.set(asset, (sums.get(asset) ?? 0n) + amount);
}
