import { randomInt } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Failure } from "../base/failure.ts";
import type { RpcClient, RpcRequest } from "../ingest/rpc.ts";
import { readAnswers, type RpcAnswer, type RpcAnswers } from "./rpc-answer.ts";

export type HttpRpcOptions = {
  /** The `Authorization` header; undefined: what the address has before its `@`, or none. */
  readonly authorization: string | undefined;
  /** Requests in one batch at most. */
  readonly batch: number;
  /** Batches under way at once. */
  readonly parallel: number;
  readonly timeoutMs: number;
  readonly attempts: number;
  /** How large an answer may be, in bytes. */
  readonly answerBytes: number;
  readonly clock: RpcClock;
};

/** The time, as the client uses it. */
export type RpcClock = {
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A random integer of 0 to `below` - 1. */
  readonly random: (below: number) => number;
};

const mebibyte = 1024 * 1024;
const defaults: HttpRpcOptions = {
  authorization: undefined,
  batch: 50,
  parallel: 4,
  timeoutMs: 30_000,
  attempts: 6,
  answerBytes: 256 * mebibyte,
  clock: {
    now: Date.now,
    sleep: async (ms, signal) => delay(ms, undefined, { signal }),
    random: (below) => randomInt(below),
  },
};

/** The longest that a node may ask to wait; beyond it the user is told instead. */
const waitMaxMs = 300_000;
const backoffMs = 500;
const backoffMaxMs = 30_000;

/**
 * A node's JSON-RPC 2.0 over HTTP.
 *
 * Requests go in batches, some at once; a batch that the node finds too large is halved, and later ones are no larger.
 * Network errors, timeouts, garbage, HTTP 429 (its Retry-After is kept to) and 5xx are tried again after growing, random
 * pauses, as are errors that say "later" (-32005 and 429: a limit; Bitcoin's -28: starting up). Redirects are not followed.
 * Credentials, the path and the query (both can hold a key) stand in no message.
 *
 * @param url - `http://` or `https://`, with `user:password@` where the node asks for them.
 * @throws {Failure} `USAGE` for any other address. `send`: `SOURCE_UNAVAILABLE`, `SOURCE_REFUSED`, and `SOURCE_INVALID`
 *   where the answers are not those to the requests.
 */
export function httpRpc(url: string, options: Partial<HttpRpcOptions> = {}): RpcClient {
  const client = new HttpRpc(readAddress(url), { ...defaults, ...options });
  return { name: client.name, received: () => client.received, send: async (requests) => client.send(requests) };
}

function readAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.protocol === "http:" || url.protocol === "https:")) return url;
  // The text is not repeated: it can hold a password.
  throw new Failure("USAGE", {
    what: "the node's address is no http or https address",
    mend: "for example http://127.0.0.1:8545",
  });
}

/** What came of one try. */
type Outcome =
  | { readonly kind: "done"; readonly results: readonly string[] }
  /** Too large in one piece. `lasting`: so will others be. */
  | { readonly kind: "split"; readonly lasting: boolean; readonly otherwise: Failure }
  | { readonly kind: "again"; readonly why: string; readonly waitMs?: number; readonly otherwise?: Failure };

type Reply = { readonly status: number; readonly retryAfter: string | null; readonly text: string };

class HttpRpc {
  readonly name: string;
  received = 0;
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #secrets: readonly string[];
  readonly #options: HttpRpcOptions;
  readonly #waiting: (() => void)[] = [];
  #batch: number;
  #free: number;
  #nextId = 1;

  constructor(url: URL, options: HttpRpcOptions) {
    const [user, password] = [decoded(url.username), decoded(url.password)];
    const basic = Buffer.from(`${user}:${password}`).toString("base64");
    const authorization = options.authorization ?? (user + password === "" ? undefined : `Basic ${basic}`);
    this.#headers = {
      "content-type": "application/json",
      accept: "application/json",
      ...(authorization === undefined ? {} : { authorization }),
    };
    const hidden = url.pathname.length > 1 || url.search !== "";
    this.name = `${url.protocol}//${url.host}${hidden ? "/…" : ""}`;
    this.#secrets = secretsOf(url, [user, password, user + password === "" ? "" : basic, authorization ?? ""]);
    const plain = new URL(url);
    plain.username = "";
    plain.password = "";
    plain.hash = "";
    this.#url = plain.href;
    this.#options = options;
    this.#batch = options.batch;
    this.#free = options.parallel;
  }

  async send(requests: readonly RpcRequest[]): Promise<readonly string[]> {
    const stop = new AbortController();
    try {
      return await this.#inPieces(requests, { size: this.#batch, tries: 0, signal: stop.signal });
    } finally {
      // After a failure the other batches of this call are of no use.
      stop.abort();
    }
  }

  async #inPieces(
    requests: readonly RpcRequest[],
    { size, tries, signal }: { readonly size: number; readonly tries: number; readonly signal: AbortSignal },
  ): Promise<readonly string[]> {
    const pieces: (readonly RpcRequest[])[] = [];
    for (let at = 0; at < requests.length; at += size) pieces.push(requests.slice(at, at + size));
    return (await Promise.all(pieces.map(async (piece) => this.#piece(piece, tries, signal)))).flat();
  }

  async #piece(requests: readonly RpcRequest[], triesBefore: number, signal: AbortSignal): Promise<readonly string[]> {
    for (let tries = triesBefore; ;) {
      // Another batch may have found out meanwhile that this one is too large.
      const outcome = await this.#inTurn(async () =>
        requests.length > this.#batch ? undefined : this.#try(requests, signal),
      );
      if (outcome === undefined) return this.#inPieces(requests, { size: this.#batch, tries, signal });
      if (outcome.kind === "done") return outcome.results;
      if (outcome.kind === "split") {
        if (requests.length === 1) throw outcome.otherwise;
        const size = (requests.length + (requests.length % 2)) / 2;
        if (outcome.lasting) {
          this.#batch = Math.min(this.#batch, size);
          return this.#inPieces(requests, { size, tries, signal });
        }
        // One half after the other: a node that hangs is found out by the first, not by each of many small pieces.
        const before = await this.#piece(requests.slice(0, size), tries + 1, signal);
        return [...before, ...(await this.#piece(requests.slice(size), tries, signal))];
      }
      tries += 1;
      const { why, waitMs } = outcome;
      if (tries >= this.#options.attempts || (waitMs ?? 0) > waitMaxMs) {
        throw outcome.otherwise ?? this.#unavailable(why, tries);
      }
      await this.#options.clock.sleep(waitMs ?? this.#backoff(tries), signal);
    }
  }

  /** Half of it is random, so that batches that failed together do not come back together. */
  #backoff(tries: number): number {
    const whole = Math.min(backoffMaxMs, backoffMs * 2 ** (tries - 1));
    return whole / 2 + this.#options.clock.random(whole / 2 + 1);
  }

  async #inTurn<Result>(action: () => Promise<Result> | Result): Promise<Result> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      return await action();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }

  async #try(requests: readonly RpcRequest[], signal: AbortSignal): Promise<Outcome> {
    signal.throwIfAborted();
    const [method = ""] = requests.map((request) => request.method);
    const firstId = this.#nextId;
    this.#nextId += requests.length;
    const calls = requests.map((request, index) => ({ jsonrpc: "2.0", id: firstId + index, ...request }));
    let reply: Reply | "too large";
    try {
      reply = await this.#post(JSON.stringify(calls.length === 1 ? calls[0] : calls), signal);
    } catch (thrown) {
      signal.throwIfAborted();
      const why = this.#clean(networkWords(thrown, this.#options.timeoutMs));
      if (isTimeout(thrown) && requests.length > 1) {
        return { kind: "split", lasting: false, otherwise: this.#unavailable(why, 1) };
      }
      return { kind: "again", why };
    }
    if (reply === "too large") {
      const why = `its answer is over ${this.#options.answerBytes / mebibyte} MiB`;
      return { kind: "split", lasting: false, otherwise: this.#refused(method, why, "ask it for less") };
    }
    const unread = this.#byStatus(reply, method);
    if (unread !== undefined) return unread;
    const read = readAnswers(reply.text);
    if (read !== undefined) return this.#judge(requests, firstId, read);
    if (reply.status < 400) return { kind: "again", why: "its answer is no JSON-RPC" };
    const why = `HTTP status ${reply.status}`;
    if (reply.status >= 500) return { kind: "again", why };
    throw this.#refused(method, why, "check the address and what the node allows");
  }

  /** What an answer's status says by itself. */
  #byStatus({ status, retryAfter }: Reply, method: string): Outcome | undefined {
    const why = `HTTP status ${status}`;
    if (status === 429 || status > 500) {
      const waitMs = retryAfterMs(retryAfter, this.#options.clock.now());
      if (waitMs === undefined) return { kind: "again", why };
      const asks = waitMs > waitMaxMs ? `${why}, it asks to wait ${(waitMs - (waitMs % 1000)) / 1000} s` : why;
      return { kind: "again", why: asks, waitMs };
    }
    if (status === 413) {
      return { kind: "split", lasting: true, otherwise: this.#refused(method, why, "raise its limit of a request") };
    }
    if (status === 401 || status === 403) {
      throw this.#refused(method, why, "check the user name and password, or the key");
    }
    if (status >= 300 && status < 400) {
      throw this.#refused(method, `${why}, another address`, "name the address that it refers to");
    }
    return undefined;
  }

  #judge(requests: readonly RpcRequest[], firstId: number, { form, answers }: RpcAnswers): Outcome {
    const failed = answers.find(({ error }) => error !== undefined);
    if (failed?.error !== undefined) {
      const { code, message } = failed.error;
      const method = requests[(failed.id ?? firstId) - firstId]?.method ?? requests[0]?.method ?? "";
      const why = `${this.#clean(message).slice(0, 300)}${code === undefined ? "" : ` (${code})`}`;
      const mend = code === -32_601 ? "use a node that offers it" : "see the node's documentation or its log";
      const otherwise = this.#refused(method, why, mend);
      const isTooMany = tooManyWords.test(message) || (form === "one" && !isLater(code));
      if (requests.length > 1 && isTooMany) return { kind: "split", lasting: true, otherwise };
      if (requests.length > 1 && tooLargeWords.test(message)) return { kind: "split", lasting: false, otherwise };
      if (isLater(code)) return { kind: "again", why, otherwise };
      throw otherwise;
    }
    return { kind: "done", results: this.#matched(requests, firstId, answers) };
  }

  /** The results in the order of the requests, each found by its id. */
  #matched(requests: readonly RpcRequest[], firstId: number, answers: readonly RpcAnswer[]): readonly string[] {
    const results = new Map<number, string>();
    for (const { id, result } of answers) {
      const isOurs = id !== undefined && Number.isSafeInteger(id) && id >= firstId && id < firstId + requests.length;
      if (!isOurs) throw this.#invalid("an answer has an id of no request");
      if (results.has(id)) throw this.#invalid(`it answers ${requests[id - firstId]?.method} twice`);
      results.set(id, result ?? "null");
    }
    return requests.map(({ method }, index) => {
      const result = results.get(firstId + index);
      if (result === undefined) throw this.#invalid(`its answer to ${method} is missing`);
      return result;
    });
  }

  async #post(body: string, stop: AbortSignal): Promise<Reply | "too large"> {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(this.#options.timeoutMs)]);
    const response = await fetch(this.#url, {
      method: "POST",
      headers: this.#headers,
      body,
      signal,
      redirect: "manual",
    });
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of response.body ?? []) {
      length += piece.length;
      this.received += piece.length;
      // Leaving the loop ends the transfer.
      if (length > this.#options.answerBytes) return "too large";
      pieces.push(piece);
    }
    const text = Buffer.concat(pieces, length).toString("utf8");
    return { status: response.status, retryAfter: response.headers.get("retry-after"), text };
  }

  #clean(text: string): string {
    return this.#secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), text);
  }

  #unavailable(why: string, attempts: number): Failure {
    return new Failure("SOURCE_UNAVAILABLE", { source: this.name, why, attempts });
  }

  #refused(method: string, why: string, mend: string): Failure {
    return new Failure("SOURCE_REFUSED", { source: this.name, method, why, mend });
  }

  #invalid(why: string): Failure {
    return new Failure("SOURCE_INVALID", { source: this.name, where: "", why, mend: "use another node" });
  }
}

/** Geth, Erigon, Nethermind, Besu and reth on a batch of too many requests. */
const tooManyWords = /\bbatch/iu;
/** Geth and others on a batch whose answers are too many bytes. */
const tooLargeWords = /(?:response|request|payload)[^.]{0,40}(?:too (?:large|big)|exceed|size limit)/iu;

/** Errors that say "later": EIP-1474 "Limit exceeded", a provider's 429 within a batch, Bitcoin's "in warm-up". */
function isLater(code: number | undefined): boolean {
  return code === -32_005 || code === 429 || code === -28;
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^[0-9]{1,9}$/u.test(header)) return Number.parseInt(header, 10) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** What must stand in no message, the longest first: credentials, and what of the address can be a key. */
function secretsOf(url: URL, credentials: readonly string[]): readonly string[] {
  return [
    ...credentials.flatMap((one) => [one, one.slice(one.indexOf(" ") + 1)]),
    url.username,
    url.password,
    url.pathname,
    ...url.pathname.split("/").filter((part) => part.length >= 8),
    url.search.slice(1),
    ...url.searchParams.values(),
  ]
    .filter((secret) => secret.length > 1)
    .toSorted((left, right) => right.length - left.length);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === "TimeoutError";
}

function networkWords(thrown: unknown, timeoutMs: number): string {
  if (isTimeout(thrown)) return `no answer within ${timeoutMs} ms`;
  const { message, cause } = thrown as Error;
  const { code, message: inner } = (cause ?? {}) as NodeJS.ErrnoException;
  switch (code) {
    case "ECONNREFUSED":
      return "nothing listens at this address";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "its name is not known";
    case "ECONNRESET":
    case "UND_ERR_SOCKET":
      return "it closed the connection";
    default:
      return inner ?? code ?? message;
  }
}
