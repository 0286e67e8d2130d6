import { Ajv2020 } from "ajv/dist/2020.js";
import { fastify, LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import manifest from "../../package.json" with { type: "json" };
import { Failure } from "../base/failure.ts";
import type { FailureData } from "../base/failure-codes.ts";
import type { RuleSet } from "../screen/rules.ts";
import type { Register } from "../incidents/register.ts";
import type { BuiltPages } from "../io/built-pages.ts";
import { ledgerHandlers } from "./answers/ledger.ts";
import { registerHandlers } from "./answers/register.ts";
import { screeningHandlers, type ScreeningParts } from "./answers/screenings.ts";
import { searchHandlers } from "./answers/search.ts";
import { serverHandlers } from "./answers/server.ts";
import { traceAnswerHandlers } from "./answers/trace-answers.ts";
import { traceHandlers } from "./answers/traces.ts";
import type { Callers } from "./callers.ts";
import { namesAnything, namesWhatIsThere } from "./conditions.ts";
import { contract, type OperationId } from "./contract/contract.ts";
import type { Route } from "./contract/route.ts";
import { isRaw, type Asked, type Caller, type Handlers, type RawAnswer } from "./handling.ts";
import { requireHost } from "./hosts.ts";
import { etagOf, statesBy, type LedgerViews } from "./ledger-view.ts";
import { answerOtherMethods, knowAllMethods, readMethods, routedPath } from "./methods.ts";
import { Metrics } from "./metrics.ts";
import { nothingAt, servePages } from "./pages.ts";
import { asFailure, problemMedia, problemOf } from "./problem.ts";
import type { TraceJobs } from "./traces/trace-jobs.ts";

export type LogLevel = "info" | "warn" | "error" | "silent";

/** What a server is made of. */
export type AppParts = {
  readonly register: Register;
  /** Undefined: a server of the register alone. */
  readonly views: LedgerViews | undefined;
  /** The ledger's; who ingests leaves word there. */
  readonly folder: string | undefined;
  readonly jobs: TraceJobs | undefined;
  readonly rules: RuleSet;
  readonly screening: ScreeningParts | undefined;
  readonly callers: Callers;
  readonly pages: BuiltPages;
  readonly reach: "loopback" | "network";
  readonly log: { readonly level: LogLevel; readonly write: (line: string) => void };
  /** Aborted when the server stops: event streams end. */
  readonly stopping: AbortSignal;
};

const bodyBytesMax = 1024 * 1024;
/** For a request to come in whole. */
const requestMs = 30_000;
/** A connection on which nothing moves for so long is closed: who does not read holds what waits for it. */
const silentMs = 120_000;
const connectionsMax = 4_000;
const usualHeaders = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "private, no-cache",
};

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller;
  }
}

/** The server, not yet listening. Every route of the contract has its handler, or this does not compile. */
export function makeApp(parts: AppParts): FastifyInstance {
  const metrics = new Metrics();
  const { views, jobs, register, stopping, reach } = parts;
  const app = fastify({
    logger: { level: parts.log.level, stream: { write: parts.log.write }, base: {} },
    logController: new LogController({ disableRequestLogging: true }),
    // What is logged of a request names it itself.
    childLoggerFactory: (logger) => logger,
    bodyLimit: bodyBytesMax,
    requestTimeout: requestMs,
    connectionTimeout: silentMs,
    exposeHeadRoutes: false,
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (thrown, request, reply) => void refuse(thrown, request, reply),
  });
  app.server.maxConnections = connectionsMax;
  app.decorateRequest("caller");
  validateStrictly(app);
  knowAllMethods(app);
  // JSON is all that is read.
  app.removeContentTypeParser("text/plain");
  // Hooks are synchronous: each promise on the way of every request is time that its neighbours wait for.
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(usualHeaders);
    // The pages' route takes GET and HEAD alone.
    requireHost(request.headers, reach, operationOf(request) === "pages" ? "page" : "other");
    done();
  });
  app.addHook("onSend", (_request, reply, payload, done) => {
    // A client that keeps its connection would keep the server from ending.
    if (stopping.aborted) reply.header("connection", "close");
    done(null, payload);
  });
  app.setErrorHandler(refuse);
  app.setNotFoundHandler((request) => {
    throw nothingAt(request);
  });
  app.addHook("onResponse", (request, reply, done) => {
    const route = operationOf(request);
    metrics.count(route, reply.statusCode, reply.elapsedTime / 1_000);
    // Neither addresses nor tokens: what was asked is the caller's own.
    app.log.info({ route, status: reply.statusCode, ms: reply.elapsedTime | 0, caller: request.caller?.id });
    done();
  });
  const handlers: Handlers<OperationId> = {
    ...ledgerHandlers(views, register, parts.folder),
    ...searchHandlers(views, register),
    ...registerHandlers(register),
    ...screeningHandlers(parts.screening, parts.rules, (thrown) => app.log.error({ what: faultText(thrown) })),
    ...traceHandlers(jobs, stopping),
    ...traceAnswerHandlers(jobs),
    ...serverHandlers({ views, jobs, metrics, stopping }),
  };
  const state = statesBy(`${manifest.version}\n${register.digest}`, views);
  for (const id of Object.keys(contract) as OperationId[])
    addRoute(app, id, { handlers, callers: parts.callers, state });
  answerOtherMethods(app, Object.values<Route>(contract), parts.callers);
  servePages(app, parts.pages);
  return app;
}

function addRoute(
  app: FastifyInstance,
  id: OperationId,
  { handlers, callers, state }: { handlers: Handlers<OperationId>; callers: Callers; state: () => string },
): void {
  const route: Route = contract[id];
  const handle = handlers[id] as unknown as (asked: Asked<Route>) => unknown;
  app.route({
    method: route.method === "GET" ? [...readMethods] : route.method,
    url: routedPath(route.path),
    config: { operation: id },
    schema: {
      params: route.params,
      querystring: route.query,
      ...(route.method === "POST" ? { body: route.body } : {}),
    },
    onRequest: (request, _reply, done) => {
      if (route.role !== "open") {
        request.caller = callers.require(request.headers.authorization, route.role, performance.now());
      }
      done();
    },
    handler: async (request, reply) => {
      const before = route.isCached ? state() : "";
      const etag = route.isCached ? etagOf(before, request.url) : undefined;
      const known = route.method === "GET" ? request.headers["if-none-match"] : undefined;
      // What `*` names must be there, which is not known before it is answered.
      if (etag !== undefined && !namesAnything(known) && namesWhatIsThere(known, etag)) {
        return reply.code(304).header("etag", etag).send();
      }
      const answer = await handle({
        params: request.params as never,
        query: request.query as never,
        body: request.body,
        caller: request.caller,
        idempotencyKey: keyOf(request.headers["idempotency-key"]),
      });
      // Where a commit came between, it is not known which state the answer is of.
      if (etag !== undefined && state() === before) reply.header("etag", etag);
      const raw: RawAnswer = isRaw(answer) ? answer : { raw: JSON.stringify(answer), headers: jsonHeaders };
      if (namesAnything(known)) {
        leave(raw);
        return reply.code(304).send();
      }
      reply
        .code(route.status)
        .header("content-type", route.media)
        .headers(raw.headers ?? {});
      return request.method === "HEAD" ? sendHead(reply, raw) : reply.send(raw.raw);
    },
  });
}

const jsonHeaders = { "content-type": "application/json; charset=utf-8" };

/** What GET would send, without its body; a stream is not read to learn its length. */
function sendHead(reply: FastifyReply, answer: RawAnswer): FastifyReply {
  if (typeof answer.raw === "string") reply.header("content-length", Buffer.byteLength(answer.raw));
  leave(answer);
  return reply.send();
}

/** Lets go of what is not sent. */
function leave({ raw }: RawAnswer): void {
  if (typeof raw !== "string") raw.on("error", () => undefined).destroy();
}

/** Texts of a path and a query become numbers where a number is wanted; a body is taken as it is. */
function validateStrictly(app: FastifyInstance): void {
  const settings = { strict: true, allErrors: false, useDefaults: true, allowUnionTypes: true } as const;
  const [texts, bodies] = [new Ajv2020({ ...settings, coerceTypes: true }), new Ajv2020(settings)];
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === "body" ? bodies : texts).compile(schema as object));
}

/** What proxies log of a request whose client went away before it was answered; nobody is sent it. */
const clientGone = 499;

function refuse(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // Who leaves before the first byte of a stream ends it, which is no fault of ours.
  if (reply.raw.destroyed && (thrown as { readonly code?: unknown }).code === "ERR_STREAM_PREMATURE_CLOSE") {
    return reply.code(clientGone).send();
  }
  const problem = problemOf(thrown, request.id);
  if (problem.status >= 500) {
    const [code, what] = [problem.code, faultText(thrown)];
    // That others were there first is no fault of ours.
    const level = code === "SERVER_BUSY" ? "warn" : "error";
    request.log[level]({ id: request.id, route: operationOf(request), code, what });
  }
  if (problem.status === 401) reply.header("www-authenticate", "Bearer");
  if (problem.status === 405) reply.header("allow", allowed(thrown));
  if (problem.status === 415) reply.header("accept", "application/json");
  const seconds = retryAfter(thrown);
  if (seconds !== undefined) reply.header("retry-after", String(seconds));
  return reply.code(problem.status).header("content-type", problemMedia).send(JSON.stringify(problem));
}

function faultText(thrown: unknown): string | undefined {
  return asFailure(thrown)?.message ?? (thrown instanceof Error ? thrown.stack : "a fault");
}

function retryAfter(thrown: unknown): number | undefined {
  if (!(thrown instanceof Failure)) return undefined;
  if (thrown.code === "RATE_LIMITED") return (thrown.data as { readonly seconds: number }).seconds;
  return thrown.code === "SERVER_BUSY" ? 10 : undefined;
}

function allowed(thrown: unknown): string {
  return ((thrown as Failure).data as FailureData<"METHOD_NOT_ALLOWED">).allow.join(", ");
}

function operationOf({ routeOptions }: FastifyRequest): string {
  return (routeOptions.config as { readonly operation?: string }).operation ?? "none";
}

/** @throws {Failure} `REQUEST_INVALID`. */
function keyOf(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === "string" && /^[!-~]{1,64}$/u.test(header)) return header;
  const why = "is not 1 to 64 visible characters";
  throw new Failure("REQUEST_INVALID", { where: "headers/idempotency-key", why, mend: "use a UUID, for example" });
}
