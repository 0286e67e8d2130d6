import { METHODS } from "node:http";
import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from "fastify";
import { Failure } from "../base/failure.ts";
import type { Callers } from "./callers.ts";
import { roles, type Role, type Route } from "./contract/route.ts";

/** Methods that something is done by; HEAD goes with GET, and OPTIONS with all of them. */
const order = ["GET", "HEAD", "POST", "DELETE", "OPTIONS"] as const;

/** What is read by GET is asked for by HEAD too, without its body. */
export const readMethods = ["GET", "HEAD"] as const;

/** What a path of the API takes, and the least that a caller must be to be told of it. */
type PathMethods = { readonly taken: ReadonlySet<string>; readonly role: Role | "open" };

/** All methods of HTTP can be routed, so that a path can refuse any of them. */
export function knowAllMethods(app: FastifyInstance): void {
  const known = new Set<string>(app.supportedMethods);
  for (const method of METHODS) if (!known.has(method) && method !== "CONNECT") app.addHttpMethod(method);
}

/**
 * At every path of the contract: OPTIONS says which methods it takes, and each other method that it does not take is refused.
 * Who may not ask anything there is refused as by any method, and learns nothing of it.
 */
export function answerOtherMethods(app: FastifyInstance, contract: Iterable<Route>, callers: Callers): void {
  for (const [path, { taken, role }] of pathsOf(contract)) {
    addOthers(app, path, taken, (request) => {
      if (role !== "open") request.caller = callers.require(request.headers.authorization, role, performance.now());
    });
  }
}

/** The same at paths below a prefix that nothing else is at, where `require` throws for those that are not there. */
export function answerOtherMethodsBelow(
  app: FastifyInstance,
  url: string,
  require: (request: FastifyRequest) => void,
): void {
  addOthers(app, url, new Set(readMethods), require);
}

function addOthers(
  app: FastifyInstance,
  url: string,
  taken: ReadonlySet<string>,
  require: (request: FastifyRequest) => void,
): void {
  const allow = order.filter((one) => one === "OPTIONS" || taken.has(one));
  // Before the body is read: whatever it is, it changes nothing.
  const onRequest: onRequestHookHandler = (request, reply, done) => {
    require(request);
    if (request.method === "OPTIONS") {
      void reply.code(204).header("allow", allow.join(", ")).send();
      return;
    }
    done(new Failure("METHOD_NOT_ALLOWED", { method: request.method, allow }));
  };
  app.route({
    method: app.supportedMethods.filter((one) => !taken.has(one)),
    url,
    onRequest,
    handler: (_request, reply) => reply.send(),
  });
}

function pathsOf(contract: Iterable<Route>): ReadonlyMap<string, PathMethods> {
  const paths = new Map<string, PathMethods>();
  for (const { path, method, role } of contract) {
    const url = routedPath(path);
    const before = paths.get(url);
    paths.set(url, {
      taken: new Set([...(before?.taken ?? []), ...(method === "GET" ? readMethods : [method])]),
      role: before === undefined ? role : lesser(before.role, role),
    });
  }
  return paths;
}

/** A path of the contract as the router has it: `/v1/incidents/:id`. */
export function routedPath(path: string): string {
  return path.replaceAll(/\{(?<name>[a-z]+)\}/gu, ":$<name>");
}

function lesser(left: Role | "open", right: Role | "open"): Role | "open" {
  if (left === "open" || right === "open") return "open";
  return roles.indexOf(left) < roles.indexOf(right) ? left : right;
}
