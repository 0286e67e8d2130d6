/** What `fundtrail help screen` prints. */
export const screenTopic = `fundtrail screen ADDRESS|TX --ledger DIR: flagged, clear or unknown, with the evidence

  --ledger DIR             the ledger's folder
  --chain CHAIN            where several chains of the ledger may be meant
  --direction WHICH        deposit: where does this come from; withdrawal: who is this going to; either: both
                           (default: deposit of a transaction, either of an address)
  --to WHICH               of a transaction: the payments to an address, or one of them as TXID:VOUT or TXID:INDEX
  --block HEIGHT           the block that it is said to be in: unknown where the ledger has not come so far
  --rules FILE             instead of the bundled rules
  --register DIR           as for losses
  --json                   the verdict as data/schema/verdict.schema.json has it

  --file FILE              instead of one: CSV with a header of address, tx or subject, and perhaps chain, direction, to, block;
                           or JSON lines with these names (.jsonl); also packed (.gz). A verdict a line comes out
  --input csv|jsonl        where the file's name does not say
  --format jsonl|csv       what comes out (default jsonl)
  --out FILE               written whole or not at all

Lines that are nothing to screen are named on the error stream and in the answer; the rest is answered, and the status is 1.
`;

/** What `fundtrail help rules` prints. */
export const rulesTopic = `fundtrail rules check FILE | show [FILE] | test FILE --against CSV --ledger DIR: screening rules

  check                    whether a file of rules is right
  show                     what rules ask for; without a file the bundled ones
  test                     what rules say of past transactions
  --against CSV            as for screen --file
  --before FILE            the rules before: which rows changed
  --decisions COLUMN       the column with illicit, licit or nothing: false positives and negatives by rule
  --rows FILE              every row with its outcome, as CSV, written whole or not at all
  --format table|json|csv  csv: a line a rule (default table)
  --ledger, --chain, --direction, --input, --register   as for screen
  --json                   for scripts
`;
