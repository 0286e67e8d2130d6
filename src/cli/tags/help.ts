/** What `fundtrail help tags` prints. */
export const tagsTopic = `fundtrail tags import FILE..     tags and actors from files into a ledger; again, to bring them up to date
fundtrail tags show ADDRESS      all tags of an address or a transaction, with their sources; no tag means unknown
fundtrail tags list              the sets of tags; with options that select, those tags
fundtrail tags export            the tags that stand, to be imported again
fundtrail tags dispute ADDRESS   says that a tag is wrong: it then decides nothing; also: correct, support
fundtrail tags check             reads every tag; names those that contradict each other; 1 where the store is damaged

  --ledger DIR             the ledger's folder; import makes it where it is not there
  --chain CHAIN            show, dispute: the address's chain; list, export: tags on it; import: where the file names none
  --json                   for scripts
  --register DIR           whose actors names are resolved to, beside the bundled register's

import:
  --format FORMAT          tagpack, actorpack, ofac-classic, ofac-advanced, ofac-json, stix, etherscan-labels, csv,
                           address-list, address-list-json (default: recognised by the content)
  --set NAME               what tells a file's tags from others', at each import (default: the file's name)
  --label --category --source --url --licence TEXT, --confidence LEVEL
                           for tags of which the file does not say it
  --vanishing HOW          guarded (default): a file that lost more than half of its tags is refused; allowed
  --findings COUNT         how many findings of a file to print (default 5)

list, export:
  --set NAME --category ID --actor ACTOR --confidence LEVEL
                           only these
  --limit COUNT            list: how many to print (default 100)
  --format FORMAT          export: csv (default), tagpack or stix
  --out FILE               export: write there instead of printing

dispute, correct, support:
  --tag ID                 which of the address's tags; its first digits are enough
  --by NAME --why TEXT     who says so, and why
  --label --category --abuse --actor TEXT, --confidence LEVEL
                           correct: what is right
  --incident ID            instead of an address: the tags of an incident; show too
`;
