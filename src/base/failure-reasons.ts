/**
 * Why a call failed, finer than its code, where that can be said without a sentence: for clients that say it in another language
 * than English. A closed list; the pages have a text for each.
 */
export const failureReasons = [
  // INVALID_VALUE: what is wrong with an address or an id.
  "checksum",
  "length",
  "characters",
  "letter-case",
  "other-chain",
  "secret-key",
  "form",
  // USAGE
  "several-chains",
  // UNKNOWN_NAME
  "transaction-absent",
  "address-absent",
  "chain-absent",
  // NOT_FOUND
  "no-ledger",
  "no-screening",
  "no-trace",
  // SERVER_BUSY
  "lists-running",
  "traces-waiting",
] as const;
export type FailureReason = (typeof failureReasons)[number];

/** What a failure may say of itself beside its sentence. */
export type Reasoned = {
  readonly reason?: FailureReason;
  /** What stands in the sentence for the reason: names and numbers, never prose. */
  readonly values?: Readonly<Record<string, string | number>>;
};
