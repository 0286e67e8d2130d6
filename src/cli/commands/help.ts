import { Failure } from "../../base/failure.ts";
import { nearest } from "../../base/nearest.ts";
import { clustersTopic } from "../clusters/help.ts";
import { rulesTopic, screenTopic } from "../screen/help.ts";
import { serverTopics } from "../server/help.ts";
import { tagsTopic } from "../tags/help.ts";
import { retroTopic, taintTopic } from "../taint/help.ts";
import type { Command } from "../terminal.ts";

const selection = `  --actor ACTOR            an actor, with its subgroups, or all (default lazarus-group)
  --from DAY --to DAY      the period (default 2017-01-01 to 2022-12-31)
  --value KIND             theft, disclosed or now: valued when (default theft)
  --confidence LEVEL       low, medium, high or confirmed: least confidence in the attribution (default medium)
  --country-rule RULE      published, operator or seat: which country a victim counts under (default published)
  --technique ID           only thefts by this MITRE ATT&CK technique
  --register DIR           a register folder instead of the bundled one; with --register bundled too, beside it`;

const topics: ReadonlyMap<string, string> = new Map([
  [
    "losses",
    `fundtrail losses: who lost what, each figure with its range

${selection}
  --by GROUP               country, year, actor, victim, sector or technique (default country)
  --open KEY               list the thefts of one row, such as JP
  --format FORMAT          table, json, csv, md or html (default table); --json for short
  --out FILE               write there instead of printing
`,
  ],
  [
    "reconcile",
    `fundtrail reconcile [ID]: published figures beside the register's; without an id, all sets, one line each

  --confidence LEVEL       as for losses (default medium)
  --country-rule RULE      as for losses (default published)
  --register DIR           as for losses
  --json                   for scripts
`,
  ],
  [
    "incident",
    `fundtrail incident ID      one theft: amounts, prices, values, attribution, sources
fundtrail incident list    all thefts of the register
fundtrail incident check   validate the register; every finding with file and line; 1 where one is an error
fundtrail incident verify ID --ledger DIR
                           what the theft's transactions took on chain, against the register's figures

  --ledger DIR             verify: the ledger's folder
  --transactions FILE      verify: the theft's transactions, TXID or CHAIN:TXID a line, instead of the register's
  --register DIR           as for losses
  --json                   for scripts
`,
  ],
  [
    "ingest",
    `fundtrail ingest --ledger DIR --chain CHAIN --from KIND SOURCE: blocks into a ledger; again, to go on

  --ledger DIR             the ledger's folder; made where it is not there
  --chain CHAIN            such as bitcoin, ethereum, ripple, or a CAIP-2 id
  --from KIND SOURCE       bitcoin-blk      a node's blocks folder (blk*.dat; rev*.dat and xor.dat where there are any)
                           bitcoin-rpc      a node's address, such as http://user:password@127.0.0.1:8332
                           bitcoin-etl      its JSON lines, a folder or a file
                           evm-rpc          a node's address, such as http://127.0.0.1:8545
                           ethereum-etl     a folder of its CSV exports
                           etherscan        an explorer's CSV
                           transfers        CSV or JSON lines; exports and lists also packed, as .gz
  --start HEIGHT           evm-rpc: where an empty ledger begins (default 0)
  --until TAG              evm-rpc: latest, safe or finalized (default latest)
  --traces HOW             evm-rpc: auto, debug, trace or none (default auto)
  --receipts HOW           evm-rpc: auto, block or transaction (default auto)
  --finality BLOCKS        how deep a reorganisation may be (default 100, accounts 128)
  --commit TRANSACTIONS    how many to keep in memory before they are committed (default 200000)
  --register DIR           as for losses; a taint index that is there is carried forward by it
  --addresses HOW          of transfers: checked (default) or as-written
  --simulated              the blocks are made up: the chain is marked so for good, in ledger info and in the API
  --json                   for scripts

A node's Authorization header may be given in the environment, as FUNDTRAIL_RPC_AUTHORIZATION.
`,
  ],
  [
    "trace",
    `fundtrail trace --ledger DIR --chain CHAIN --origin REF[,REF..]: where stolen value is now

  --origin REF             TXID:VOUT, of accounts TXID:INDEX, or TXID for all of it; with commas, or by --origin-file FILE
  --incident ID            instead: the theft transactions of a theft of the register
  --policy RULE            fifo, lifo, taint-first, taint-last, tiho, haircut or poison (default fifo)
  --patterns               peel chains, fan-out, fan-in, round amounts, dormancy, return to the victim, commingling
  --compare                all policies side by side, with the least and the most for each destination
  --backward               where the value at REF came from, by entity and category, directly and by others
  --sources-max N          backward by taint-first, taint-last, tiho or poison: how many entities at most (default 100)
  --stops FILE             CSV address,entity,category: where tracing ends
  --tags on|off            services that the ledger's tags name are stops, too (default on)
  --swaps on|off           accounts: follow value that changes its form (default on)
  --prices FILE            CSV asset,date,usd: your own prices, before those of the register
  --hub N                  accounts: take one with more than N transfers as a service (default: none)
  --until BLOCK            the last block that is looked at
  --hops-max N             how many transactions away from its origin value is followed
  --amount-min UNITS       the least amount, in base units, that is followed
  --budget N               how many transactions may be visited (default all; backward by origin 100000)
  --path WHAT              the ways to a holding or an exit: its reference, address or entity
  --format FORMAT          table, json, graphml, gexf, dot or csv (default table); --json for short
`,
  ],
  [
    "links",
    `fundtrail links --ledger DIR [--chain CHAIN]: where and when the funds of different thefts met

  --origin-file FILE       thefts beside the register's: a line [ID], then its TXID:VOUT or TXID:INDEX, one a line
  --policy RULE            as for trace (default fifo)
  --stops FILE, --tags, --hub N  as for trace: where value comes to a service, meeting there is no link
  --prices FILE, --swaps, --until, --hops-max, --amount-min, --budget: as for trace
  --register DIR           as for losses
  --json                   for scripts
`,
  ],
  [
    "ledger",
    `fundtrail ledger info     what is in a ledger
fundtrail ledger check    verify every record, link and checksum; 1 where something is wrong
fundtrail ledger dump     every record in chain order, as JSON lines

  --ledger DIR             the ledger's folder
  --chain CHAIN            one chain only
  --json                   info and check for scripts
`,
  ],
  ["tags", tagsTopic],
  ["clusters", clustersTopic],
  ...serverTopics,
  ["taint", taintTopic],
  ["screen", screenTopic],
  ["rules", rulesTopic],
  ["retro", retroTopic],
  [
    "start",
    `fundtrail start: prints the losses table, then serves the pages on this machine with a simulated ledger to try

${selection}
  --by GROUP               as for losses
  --port PORT              where to listen (default 8787, or any that is free)
  --demo DIR               where the simulated ledger is kept
`,
  ],
]);

const overview = `Fundtrail follows stolen cryptocurrency: who lost what to whom, and every figure open to its sources.

fundtrail losses            thefts totalled by country, year, actor, victim, sector or technique
fundtrail reconcile [ID]    the register beside what others published
fundtrail incident ID       one theft, with its sources; also: list, check, verify
fundtrail ingest            blocks from a node's files, or a list of transfers, into a ledger
fundtrail ledger ACTION     what a ledger holds: info, check, dump
fundtrail tags ACTION       who an address is, by whose word: import, show, list, export, dispute, check
fundtrail clusters ACTION   which addresses are one wallet, and why: build, show, why, held, strike, rules
fundtrail trace             where stolen value is now, from its origin through a ledger
fundtrail links             where the funds of different thefts met
fundtrail serve             all of it over HTTP, and as pages
fundtrail token ACTION      who may use the server: create, list, revoke
fundtrail audit verify      whether the server's audit log is whole
fundtrail taint ACTION      where every known theft's and illicit entity's money went, ready to look up: build, info, drop
fundtrail screen ADDRESS    is this stolen or illicit money, says who, by which path: flagged, clear or unknown
fundtrail rules ACTION      screening rules: check, show, test against past transactions
fundtrail retro ID          every past transaction of given addresses that an origin's money is in
fundtrail start             the losses table, and the pages in a browser
fundtrail help COMMAND      a command's options
fundtrail version           the version

Exit status: 0 done, 1 could not be done, 2 wrong usage.
`;

/** `fundtrail help [COMMAND]`. */
export const help: Command = async (args, terminal) => {
  const [topic] = args.filter((arg) => !arg.startsWith("-"));
  const text = topic === undefined || topic === "help" || topic === "version" ? overview : topics.get(topic);
  if (text === undefined) {
    const mend = nearest(topic ?? "", [...topics.keys()], "see fundtrail help");
    throw new Failure("UNKNOWN_NAME", { kind: "command", name: topic ?? "", where: "help", mend });
  }
  terminal.out(text);
  return Promise.resolve(0);
};
