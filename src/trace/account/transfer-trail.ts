/** What became of a tainted transfer. */
export type TransferFate = "held" | "exit" | "fee" | "hops-max" | "amount-min";

/** A tainted amount on its way: a transfer, or a change of form within an account. */
export type TransferRecord = {
  /** The transfer; for a swap the account's last one in the transaction. */
  readonly row: number;
  readonly what: "origin" | "payment" | "swap";
  /** -1: nobody. */
  readonly from: number;
  readonly to: number;
  readonly asset: number;
  readonly amount: bigint;
  /** The record that its first tainted part came by; -1 for an origin. */
  readonly parent: number;
  readonly hops: number;
  readonly fate: TransferFate;
};
