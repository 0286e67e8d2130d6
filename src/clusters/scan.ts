/** What rules find, in chain order. Owners are numbers. */
export type ScanSink = {
  /** Two owners are one. `at`: the transaction (chains of outputs) or the transfer (accounts); `rule`: its place. */
  readonly link: (at: number, rule: number, left: number, right: number) => void;
  /** A transaction is a CoinJoin; `detector`: its rule's place. */
  readonly coinjoin: (transaction: number, detector: number) => void;
};

/** Applies rules to a chain's rows: transactions of a chain of outputs, transfers of one of accounts. */
export type Scan = {
  /** Rows from `from` up to but not `to`; each once, in order. */
  rows(from: number, to: number, sink: ScanSink): void;
  /** How many owners have been seen, where a rule asks for it; to be set where reading begins in the middle. */
  ownersSeen: number;
};
