export const serverTopics: readonly (readonly [string, string])[] = [
  [
    "serve",
    `fundtrail serve: the pages, and the HTTP API, described at /docs and /openapi.json

  --ledger DIR             the ledger; without it the register alone is served
  --host HOST              where to listen (default 127.0.0.1); beyond loopback tokens are required
  --port PORT              (default 8787; 0: any that is free)
  --require-token          ask for tokens on loopback too
  --state DIR              where tokens and audit log are (default: server in the ledger's folder)
  --register DIR           as for losses
  --rules FILE             the rules by which it screens (default: the bundled ones)
  --log LEVEL              info (default), warn, error or silent: JSON lines on the error stream

It ends on SIGTERM or SIGINT, when the requests that came in are answered. What ingest commits meanwhile is seen at once.
`,
  ],
  [
    "token",
    `fundtrail token create --name WHO --role ROLE    a new token, shown this once
fundtrail token list                             all tokens: whose, what they may
fundtrail token revoke ID                        from now on it is refused

  --ledger DIR             the ledger whose server it is for; or --state DIR
  --name WHO               whose it is
  --role ROLE              read, screen (also starts traces) or admin
  --per-minute N           requests a minute at most (default 6000)
  --json                   for scripts
`,
  ],
  [
    "audit",
    `fundtrail audit verify    whether the audit log is whole; names each line that was changed, or where lines are missing
fundtrail audit rerun     asks again what the log says was asked, and compares the results' digests

  --ledger DIR             the ledger whose server wrote it; to verify, --state DIR is enough
  --state DIR              where the audit log is (default: server in the ledger's folder)
  --json                   for scripts

to verify:
  --head N:HASH            a line that must be in it, as an earlier verify printed it

to run again:
  --id ID                  a screening's or a trace's, several times for several (default: all)
  --from DAY, --to DAY     those of these days, UTC
  --rules FILE             as for serve (default: the bundled ones)
  --register DIR           as for losses

A trace is run on the chain as of the block of then. A screening rests on tags, clusters and the taint index, of which the ledger
keeps the newest state only: where it has gone on, the verdict is of now, and is compared without its block.
Exit status 0: all are the same (or nothing but the block is another); 1: any differs or cannot be run again.
`,
  ],
];
