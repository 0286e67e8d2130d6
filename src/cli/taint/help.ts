/** What `fundtrail help taint` prints. */
export const taintTopic = `fundtrail taint ACTION --ledger DIR: the taint index, by which screening is a look-up

  build                    makes it, or carries it to the ledger's last block; ingest does so as well where there is one
  info                     what it covers, whether it is current, and its origins
  drop                     removes it

Origins are the register's thefts whose transactions the ledger holds, or else what came to their thief's addresses; and every
entity whose tags are illicit, or a mixer's. Each is followed by fifo and haircut; tags of pooled services are where following ends.

  --ledger DIR             the ledger's folder
  --chain CHAIN            one chain only
  --register DIR           as for losses
  --json                   for scripts
`;

/** What `fundtrail help retro` prints. */
export const retroTopic = `fundtrail retro ID --ledger DIR --addresses FILE: past transactions of addresses with an origin's money in them

ID is an incident's id, or an origin's key as taint info shows it. The taint index must be current. After a theft was added to
the register: fundtrail taint build, then this.

  --ledger DIR             the ledger's folder
  --chain CHAIN            where the ledger holds several
  --addresses FILE         an address a line, or a CSV whose first column it is; what follows a # is a remark
  --policy RULE            fifo (default) or haircut
  --format FORMAT          table (default), json or csv
  --register DIR           as for losses
  --json                   for scripts
`;
