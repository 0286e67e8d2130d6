/** What `fundtrail help clusters` prints. */
export const clustersTopic = `fundtrail clusters build        which addresses are one wallet, up to the ledger's tip; again, to go on
fundtrail clusters show ADDRESS the cluster of an address, who it is, and what links its members
fundtrail clusters why A B      the shortest chain of evidence that links two addresses; 1 where nothing does
fundtrail clusters held         merges held back because they would join two differently tagged services
fundtrail clusters strike       record that a rule, or what it found in a transaction, links nothing; computes the rest anew
fundtrail clusters strikes      what was struck out, by whom and why
fundtrail clusters rules        all rules, each with its page

  --ledger DIR             the ledger's folder
  --chain CHAIN            one chain; needed where the ledger holds several
  --rules RULES            build: names with commas; default for the default ones; change rules combine by & and |:
                           --rules "default,change:fresh&optimal-change" (kept for later builds)
  --limit N --from ADDRESS show: how many members, from which on (default 20, from the oldest)
  --rule RULE              strike: the rule; alone, all that it links
  --tx TXID                strike: only what it made of this transaction (of a CoinJoin rule: that it is none)
  --between A,B            strike: only the link of these two addresses in the transaction
  --withdraw N             strike: take the strike of this number back
  --by NAME --why TEXT     strike: who decides, and why
  --json                   for scripts
`;
