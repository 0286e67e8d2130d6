import type { Reasoned } from "./failure-reasons.ts";

/**
 * Every way in which the outside can fail Fundtrail: code → exit status and the one line that is printed.
 *
 * A closed map. The codes are API: scripts and the HTTP problem documents rely on them. `docs/errors.md` has one entry
 * for each and no other; a test proves it. Exit 2: the call was wrong. Exit 1: the call was right and could not be done.
 */
type Spec<Data> = { readonly exit: 1 | 2; readonly message: (data: Data) => string };
const spec = <Data>(exit: 1 | 2, message: (data: Data) => string): Spec<Data> => ({ exit, message });

/** Where in a file something stands; `line` counts from 1. */
export type Place = { readonly file: string; readonly line?: number };
const at = ({ file, line }: Place): string => (line === undefined ? file : `${file}:${line}`);

export const failureCodes = {
  USAGE: spec<{ what: string; mend: string } & Reasoned>(2, (d) => `${d.what}; ${d.mend}`),
  UNKNOWN_NAME: spec<{ kind: string; name: string; where: string; mend: string } & Reasoned>(
    2,
    (d) => `unknown ${d.kind} "${d.name}" in ${d.where}; ${d.mend}`,
  ),
  INVALID_VALUE: spec<{ kind: string; text: string; why: string } & Reasoned>(
    2,
    (d) => `"${d.text}" is not ${d.kind}: ${d.why}`,
  ),
  REGISTER_UNREADABLE: spec<{ place: Place; why: string; mend: string }>(
    1,
    (d) => `${at(d.place)}: ${d.why}; ${d.mend}`,
  ),
  REGISTER_INVALID: spec<{ place: Place; why: string; mend: string; more: number }>(
    1,
    (d) =>
      `${at(d.place)}: ${d.why}; ${d.mend}` +
      (d.more === 0 ? "" : ` (and ${d.more} more: run \`fundtrail incident check\`)`),
  ),
  SOURCE_INVALID: spec<{ source: string; where: string; why: string; mend: string }>(
    1,
    (d) => `${d.source}${d.where === "" ? "" : `, ${d.where}`}: ${d.why}; ${d.mend}`,
  ),
  SOURCE_UNREADABLE: spec<{ source: string; why: string; mend: string }>(1, (d) => `${d.source}: ${d.why}; ${d.mend}`),
  SOURCE_UNAVAILABLE: spec<{ source: string; why: string; attempts: number }>(
    1,
    (d) =>
      `${d.source} does not answer: ${d.why} (${d.attempts} tries); check that it runs, then run this again to go on`,
  ),
  SOURCE_REFUSED: spec<{ source: string; method: string; why: string; mend: string }>(
    1,
    (d) => `${d.source} refuses ${d.method}: ${d.why}; ${d.mend}`,
  ),
  STORE_UNREADABLE: spec<{ folder: string; why: string; mend: string }>(1, (d) => `${d.folder}: ${d.why}; ${d.mend}`),
  STORE_READ_ONLY: spec<{ folder: string }>(1, (d) => `${d.folder} was opened for reading only; open it for writing`),
  STORE_FULL: spec<{ folder: string }>(
    1,
    (d) => `${d.folder}: the disk is full; nothing of the last commit was kept, free some space and go on`,
  ),
  LEDGER_DAMAGED: spec<{ what: string; why: string }>(
    1,
    (d) => `the ledger is damaged: ${d.what}: ${d.why}; run \`fundtrail ledger check\`, then restore it or ingest anew`,
  ),
  LEDGER_FORMAT: spec<{ folder: string; found: string; known: string; mend: string }>(
    1,
    (d) => `${d.folder} holds a ledger of format ${d.found}, and this Fundtrail knows ${d.known}; ${d.mend}`,
  ),
  LEDGER_BUSY: spec<{ folder: string; what: string }>(
    1,
    (d) => `another process is writing ${d.what} in ${d.folder}; wait until it has ended, nothing of this was kept`,
  ),
  REORG_TOO_DEEP: spec<{ chain: string; height: number; depth: number; finality: number }>(
    1,
    (d) =>
      `${d.chain} was reorganised ${d.depth} blocks deep, below height ${d.height}, and the ledger holds ${d.finality} ` +
      "blocks as not final; check the source, or ingest anew with a larger --finality",
  ),
  CLUSTERS_UNBUILT: spec<{ chain: string; folder: string; why: string }>(
    1,
    (d) =>
      `the clusters of ${d.chain} in ${d.folder} cannot be read: ${d.why}; run \`fundtrail clusters build --ledger ` +
      `${d.folder} --chain ${d.chain}\``,
  ),
  TAINT_UNBUILT: spec<{ chain: string; folder: string; why: string }>(
    1,
    (d) =>
      `the taint index of ${d.chain} in ${d.folder} cannot be used: ${d.why}; run \`fundtrail taint build --ledger ` +
      `${d.folder} --chain ${d.chain}\``,
  ),
  TAINT_DAMAGED: spec<{ what: string; why: string }>(
    1,
    (d) =>
      `the taint index is damaged: ${d.what}: ${d.why}; remove it with \`fundtrail taint drop\`, then make it anew with ` +
      "`fundtrail taint build`; if `fundtrail ledger check` finds damage as well, restore the ledger",
  ),
  RULES_INVALID: spec<{ place: Place; why: string; mend: string }>(1, (d) => `${at(d.place)}: ${d.why}; ${d.mend}`),
  OUTPUT_UNWRITABLE: spec<{ file: string; why: string; mend: string }>(
    1,
    (d) => `cannot write ${d.file}: ${d.why}; ${d.mend}`,
  ),
  REQUEST_INVALID: spec<{ where: string; why: string; mend: string }>(2, (d) => `${d.where} ${d.why}; ${d.mend}`),
  REQUEST_TOO_LARGE: spec<{ what: string; mend: string }>(2, (d) => `${d.what}; ${d.mend}`),
  UNSUPPORTED_MEDIA_TYPE: spec<{ accepted: string }>(
    2,
    (d) => `the body is of a kind that is not read here; send ${d.accepted}, and name it in the header "Content-Type"`,
  ),
  METHOD_NOT_ALLOWED: spec<{ method: string; allow: readonly string[] }>(
    2,
    (d) => `there is no ${d.method} at this path; use ${d.allow.join(", ")}`,
  ),
  NOT_FOUND: spec<{ what: string; mend: string } & Reasoned>(2, (d) => `${d.what}; ${d.mend}`),
  HOST_REFUSED: spec<{ host: string; mend: string }>(
    2,
    (d) => `requests for the host "${d.host}" are refused; ${d.mend}`,
  ),
  TOKEN_REFUSED: spec<{ why: string; mend: string }>(2, (d) => `${d.why}; ${d.mend}`),
  ROLE_MISSING: spec<{ role: string; has: string }>(
    2,
    (d) => `this needs a token with the role ${d.role}, and this one has ${d.has}; use another token`,
  ),
  RATE_LIMITED: spec<{ perMinute: number; seconds: number }>(
    1,
    (d) => `more than ${d.perMinute} requests a minute by this token; try again in ${d.seconds} s`,
  ),
  IDEMPOTENCY_CONFLICT: spec<{ key: string }>(
    2,
    (d) => `the idempotency key "${d.key}" was used for another request; use a new key, or send the same request`,
  ),
  SERVER_BUSY: spec<{ what: string; mend: string } & Reasoned>(1, (d) => `${d.what}; ${d.mend}`),
  TRACE_UNFINISHED: spec<{ id: string; state: string }>(
    1,
    (d) => `trace ${d.id} has no result: it is ${d.state}; wait until it is done, or start it anew`,
  ),
  RESULT_TOO_LARGE: spec<{ what: string; mend: string }>(1, (d) => `${d.what}; ${d.mend}`),
  TOKENS_INVALID: spec<{ file: string; why: string; mend: string }>(1, (d) => `${d.file}: ${d.why}; ${d.mend}`),
  AUDIT_DAMAGED: spec<{ file: string; line: number; why: string }>(
    1,
    (d) => `${d.file}:${d.line}: the audit log was changed: ${d.why}; restore it, and find out who changed it`,
  ),
  PORT_UNAVAILABLE: spec<{ host: string; port: number; why: string }>(
    1,
    (d) => `cannot listen on ${d.host} port ${d.port}: ${d.why}; choose another with --port or --host`,
  ),
} as const;

export type FailureCode = keyof typeof failureCodes;
export type FailureData<Code extends FailureCode> = Parameters<(typeof failureCodes)[Code]["message"]>[0];
