/** What `fundtrail help screen` prints. */
export const screenTopic = `fundtrail screen ADDRESS|TX --ledger DIR: flagged, clear or unknown, with the evidence

  --ledger DIR             the ledger's folder
  --chain CHAIN            where the ledger holds several
  --file FILE              instead of one: an address or id a line, a CSV whose first column it is, or JSON lines with
                           "subject" and perhaps "direction"; a verdict a line comes out, as JSON
  --direction WHICH        deposit (default) or withdrawal
  --policy RULE            only exposure by fifo or haircut (default both)
  --rules FILE             instead of the bundled rules
  --register DIR           as for losses
  --json                   for scripts
`;

/** What `fundtrail help rules` prints. */
export const rulesTopic = `fundtrail rules check FILE: whether a file of screening rules is right

  --json                   for scripts
`;
