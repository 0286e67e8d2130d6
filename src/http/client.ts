/**
 * A typed client of the HTTP API, made from the contract that the server validates by: `fundtrail/client`. It needs nothing
 * but `fetch`, and runs in browsers too.
 */
import type { Contract } from "./contract/contract.ts";
import type { AnswerOf, BodyOf, ParamsOf, QueryOf, Route } from "./contract/route.ts";
import type { ProblemDocument } from "./problem.ts";

/** What was answered instead: a problem document. */
export class ApiProblem extends Error {
  readonly problem: ProblemDocument;
  constructor(problem: ProblemDocument) {
    super(problem.detail);
    this.name = "ApiProblem";
    this.problem = problem;
  }
}

type PathsOf<Method extends string> = {
  [Id in keyof Contract]: Contract[Id]["method"] extends Method ? Contract[Id]["path"] : never;
}[keyof Contract];
type RouteOf<Method extends string, Path extends string> = {
  [Id in keyof Contract]: Contract[Id]["method"] extends Method
    ? Path extends Contract[Id]["path"]
      ? Contract[Id]
      : never
    : never;
}[keyof Contract];

/** What is asked: the parts of the path, the query, a body. */
export type ClientAsked<One extends Route> = {
  readonly params?: ParamsOf<One>;
  readonly query?: Partial<QueryOf<One>>;
  readonly body?: BodyOf<One>;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
};

/** What an operation gives: of lines of JSON, a list. */
export type ClientAnswer<One extends Route> = One["media"] extends "application/x-ndjson"
  ? AnswerOf<One>[]
  : AnswerOf<One>;

type LinesPath = {
  [Id in keyof Contract]: Contract[Id]["media"] extends "application/x-ndjson" ? Contract[Id]["path"] : never;
}[keyof Contract];

/** Answers in JSON as values, others as text. @throws {ApiProblem}; what `fetch` throws where nothing answers. */
export type Client = {
  get<const Path extends PathsOf<"GET">>(
    path: Path,
    asked?: ClientAsked<RouteOf<"GET", Path>>,
  ): Promise<ClientAnswer<RouteOf<"GET", Path>>>;
  post<const Path extends PathsOf<"POST">>(
    path: Path,
    asked: ClientAsked<RouteOf<"POST", Path>>,
  ): Promise<ClientAnswer<RouteOf<"POST", Path>>>;
  /** Lines of JSON as they come. */
  lines<const Path extends LinesPath>(
    path: Path,
    asked: ClientAsked<RouteOf<"POST", Path>>,
  ): AsyncIterable<AnswerOf<RouteOf<"POST", Path>>>;
  delete<const Path extends PathsOf<"DELETE">>(
    path: Path,
    asked: ClientAsked<RouteOf<"DELETE", Path>>,
  ): Promise<ClientAnswer<RouteOf<"DELETE", Path>>>;
};

type Loose = {
  readonly params?: object;
  readonly query?: object;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
};

/**
 * A client of a server.
 *
 * @param options - `url`: where it listens. `token`: where it asks for one.
 * @example await connect({ url: "http://127.0.0.1:8787" }).get("/v1/incidents/{id}", { params: { id: "2025-02-21-bybit" } })
 */
export function connect({ url, token }: { readonly url: string; readonly token?: string }): Client {
  const answered = async (method: string, path: string, asked: Loose = {}): Promise<Response> => {
    const headers = new Headers();
    if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    if (asked.idempotencyKey !== undefined) headers.set("idempotency-key", asked.idempotencyKey);
    if (asked.body !== undefined) headers.set("content-type", "application/json");
    const answer = await fetch(addressOf(url, path, asked), {
      method,
      headers,
      ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
      ...(asked.signal === undefined ? {} : { signal: asked.signal }),
    });
    if (!answer.ok) throw new ApiProblem((await answer.json()) as ProblemDocument);
    return answer;
  };
  const call = async (method: string, path: string, asked?: Loose): Promise<unknown> => {
    const answer = await answered(method, path, asked);
    const type = answer.headers.get("content-type") ?? "";
    if (type.startsWith("application/json")) return answer.json();
    const text = await answer.text();
    if (!type.startsWith("application/x-ndjson")) return text;
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as unknown);
  };
  return {
    get: async (path: string, asked?: Loose) => call("GET", path, asked),
    post: async (path: string, asked: Loose) => call("POST", path, asked),
    lines: (path: string, asked: Loose) => linesOf(async () => answered("POST", path, asked)),
    delete: async (path: string, asked: Loose) => call("DELETE", path, asked),
  } as Client;
}

async function* linesOf(ask: () => Promise<Response>): AsyncGenerator {
  const { body } = await ask();
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of body ?? []) {
    const lines = (rest + decoder.decode(piece as Uint8Array, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
  }
}

function addressOf(url: string, path: string, { params = {}, query = {} }: Loose): string {
  const parts = params as Readonly<Record<string, string>>;
  const filled = path.replaceAll(/\{(?<name>[a-z]+)\}/gu, (_, name: string) => encodeURIComponent(parts[name] ?? ""));
  const texts = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  const search = new URLSearchParams(texts as [string, string][]).toString();
  return `${url.replace(/\/$/u, "")}${filled}${search === "" ? "" : `?${search}`}`;
}
