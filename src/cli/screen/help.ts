/** What `fundtrail help taint` prints. */
export const taintTopic = `fundtrail taint build --ledger DIR: carries taint from every origin to the ledger's tip

Origins are the register's thefts whose transactions the ledger holds, and every entity whose tags are illicit, or a mixer's.
Each is followed by fifo and haircut; tags of pooled services are where following ends.

  --ledger DIR             the ledger's folder
  --chain CHAIN            one chain only
  --register DIR           as for losses
  --json                   for scripts
`;
