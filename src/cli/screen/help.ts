/** What `fundtrail help taint` prints. */
export const taintTopic = `fundtrail taint build --ledger DIR: carries taint from every origin to the ledger's tip

Origins are the register's thefts whose transactions the ledger holds, and every entity whose tags are illicit, or a mixer's.
Each is followed by fifo and haircut; tags of pooled services are where following ends.

  --ledger DIR             the ledger's folder
  --chain CHAIN            one chain only
  --register DIR           as for losses
  --json                   for scripts
`;

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

/** What `fundtrail help retro` prints. */
export const retroTopic = `fundtrail retro ID --ledger DIR --addresses FILE: past transactions of addresses with an origin's money in them

ID is an incident's id, or an origin's key as screen shows it; it must be in the taint index.

  --ledger DIR             the ledger's folder
  --chain CHAIN            where the ledger holds several
  --addresses FILE         an address a line
  --policy RULE            fifo (default) or haircut
  --json                   for scripts
`;
