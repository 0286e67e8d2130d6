/** Methods and conditions of HTTP at every path, by who may ask and who may not. */
import { Agent, METHODS, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contract } from "../../src/http/contract/contract.ts";
import type { Route } from "../../src/http/contract/route.ts";
import { makeToken } from "../../src/http/tokens.ts";
import { ended, makeLedger, peel, testServer, type TestServer } from "./fixture.ts";

let ledger: Awaited<ReturnType<typeof makeLedger>>;
let server: TestServer;
let trace = "";
beforeAll(async () => {
  ledger = await makeLedger();
  server = await testServer(ledger.folder);
  const payload = { chain: "ethereum", origins: [peel.names["theft"] ?? ""] };
  const begun = await server.app.inject({ method: "POST", url: "/v1/traces", headers: host, payload });
  trace = begun.json<{ id: string }>().id;
  await ended(server.jobs, trace);
});
afterAll(async () => {
  await server.close();
  ledger.remove();
});

const host = { host: "localhost" };
const routes = Object.values<Route>(contract);
const paths = [...new Set(routes.map(({ path }) => path))];
const ask = async (method: string, url: string, more: Readonly<Record<string, string>> = {}) =>
  server.app.inject({ method: method as "GET", url, headers: { ...host, ...more } });
const filled = (path: string): string =>
  path
    .replace("{chain}", "ethereum")
    .replace("{address}", peel.addresses["deposit-1"] ?? "")
    .replaceAll(/\{[a-z]+\}/gu, trace);

/** What a path takes, read from the contract. */
function takenAt(path: string): readonly string[] {
  const methods: readonly string[] = routes.filter((one) => one.path === path).map(({ method }) => method);
  return [...(methods.includes("GET") ? ["GET", "HEAD"] : []), ...methods.filter((one) => one !== "GET"), "OPTIONS"];
}

describe("methods", () => {
  it("that a path does not take are refused with those that it takes, and OPTIONS tells them", async () => {
    for (const path of paths) {
      const taken = takenAt(path);
      const options = await ask("OPTIONS", filled(path));
      expect([path, options.statusCode, options.body]).toEqual([path, 204, ""]);
      expect(String(options.headers["allow"]).split(", ").toSorted()).toEqual(taken.toSorted());
      expect(Object.keys(options.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
      for (const method of METHODS.filter((one) => one !== "CONNECT" && !taken.includes(one))) {
        // A body of any kind changes nothing.
        const answer = await ask(method, filled(path), { "content-type": "text/plain" });
        expect([path, method, answer.statusCode]).toEqual([path, method, 405]);
        expect(answer.headers["allow"]).toBe(options.headers["allow"]);
        if (method === "HEAD") continue;
        expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/u);
        expect(answer.json()).toMatchObject({ code: "METHOD_NOT_ALLOWED", status: 405 });
      }
    }
  });

  it("at a path that is not there get 404, whatever they are", async () => {
    for (const url of ["/v1/nothing", "/v1/ledger/", "/v1", "/nothing", "*"]) {
      for (const method of ["POST", "OPTIONS", "PUT", "TRACE", "PROPFIND"]) {
        const answer = await ask(method, url);
        expect([method, url, answer.statusCode, answer.headers["allow"]]).toEqual([method, url, 404, undefined]);
      }
    }
  });

  it("tell nothing to who may not ask: not of a method, not of a body, not by HEAD", async () => {
    const { text, entry } = makeToken({ name: "reader", role: "read", perMinute: 100_000, created: "now" });
    await server.close();
    const closed = await testServer(ledger.folder, { tokens: [entry], reach: "network" });
    try {
      for (const path of paths) {
        const isOpen = routes.some((one) => one.path === path && one.role === "open");
        for (const method of ["HEAD", "OPTIONS", "PUT", "PATCH", "PROPFIND"] as const) {
          const send = async (more: object) =>
            closed.app.inject({ method: method as "PUT", url: filled(path), headers: { host: "x.example", ...more } });
          const unknown = await send({});
          expect([path, method, unknown.statusCode === 401]).toEqual([path, method, !isOpen]);
          if (!isOpen) expect(unknown.headers["allow"]).toBeUndefined();
          // A page of another site is refused before anything, and so is its preflight.
          const foreign = await send({ "sec-fetch-site": "cross-site", authorization: `Bearer ${text}` });
          expect([foreign.statusCode, foreign.headers["allow"]]).toEqual([421, undefined]);
          const reader = (await send({ authorization: `Bearer ${text}` })).statusCode;
          const isForReaders = isOpen || routes.some((one) => one.path === path && one.role === "read");
          expect([path, reader === 403, reader === 401]).toEqual([path, !isForReaders, false]);
        }
      }
      const headers = { host: "x.example", "content-type": "text/plain" };
      const kind = await closed.app.inject({ method: "POST", url: "/v1/traces", headers, payload: "x" });
      expect([kind.statusCode, kind.headers["accept"]]).toEqual([401, undefined]);
    } finally {
      await closed.close();
      server = await testServer(ledger.folder);
    }
  });

  it("refuse a name that is not this machine's before anything else", async () => {
    for (const method of ["OPTIONS", "PUT", "HEAD"]) {
      const answer = await ask(method, "/v1/ledger", { host: "evil.example" });
      expect([answer.statusCode, answer.headers["allow"]]).toEqual([421, undefined]);
    }
  });
});

describe("HEAD", () => {
  const streams = (id: string): readonly string[] => [`/v1/traces/${id}/summary`, `/v1/traces/${id}/graph?format=csv`];

  it("has the status and headers of GET, and no body", async () => {
    const reads = routes.filter(({ method, path }) => method === "GET" && !path.endsWith("/events"));
    for (const url of [...reads.map(({ path }) => filled(path)), ...streams(trace)]) {
      const [head, get] = [await ask("HEAD", url), await ask("GET", url)];
      expect([url, head.statusCode, head.body]).toEqual([url, get.statusCode, ""]);
      for (const name of ["content-type", "etag", "repr-digest", "content-disposition", "retry-after"]) {
        expect([url, name, head.headers[name]]).toEqual([url, name, get.headers[name]]);
      }
      // Metrics grow with each request, and a problem has its request's number.
      if (head.headers["content-length"] === undefined || url === "/metrics" || get.statusCode !== 200) continue;
      expect([url, Number(head.headers["content-length"])]).toEqual([url, get.rawPayload.length]);
    }
  });

  it("of an event stream takes no place of those that may be open", async () => {
    const url = `/v1/traces/${trace}/events`;
    for (let round = 0; round < 120; round += 1) expect((await ask("HEAD", url)).statusCode).toBe(200);
    expect((await ask("GET", url)).statusCode).toBe(200);
  });

  it("keeps a connection that listens in step: what follows is the next answer", async () => {
    await server.app.listen({ host: "127.0.0.1", port: 0 });
    const { port } = server.app.server.address() as AddressInfo;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const [method, path, status] of [
      ["HEAD", "/v1/actors", 200],
      ["HEAD", `/v1/traces/${trace}/result`, 200],
      ["OPTIONS", "/v1/actors", 204],
      ["PROPFIND", "/v1/actors", 405],
      ["OPTIONS", "*", 404],
      ["GET", "/v1/actors", 200],
    ] as const) {
      const [got, body] = await new Promise<readonly [number | undefined, string]>((resolve, reject) => {
        const sent = request({ agent, port, host: "127.0.0.1", method, path }, (answer) => {
          let text = "";
          answer.on("data", (piece) => void (text += String(piece)));
          answer.on("end", () => resolve([answer.statusCode, text]));
        });
        sent.on("error", reject);
        sent.end();
      });
      expect([method, path, got, body === ""]).toEqual([method, path, status, status < 400 && method !== "GET"]);
    }
    agent.destroy();
  });
});

describe("If-None-Match: *", () => {
  it("gets 304 where there is something, and what GET gets where there is not", async () => {
    const star = { "if-none-match": " * " };
    for (const { path, method } of routes) {
      if (method !== "GET" || path.endsWith("/events")) continue;
      const [bare, asked] = [await ask("GET", filled(path)), await ask("GET", filled(path), star)];
      const wanted = bare.statusCode === 200 ? 304 : bare.statusCode;
      expect([path, asked.statusCode]).toEqual([path, wanted]);
      if (wanted !== 304) continue;
      expect([path, asked.body, asked.headers["etag"]]).toEqual([path, "", bare.headers["etag"]]);
    }
    expect((await ask("GET", "/v1/incidents/nobody", star)).statusCode).toBe(404);
    expect((await ask("HEAD", "/v1/actors", star)).statusCode).toBe(304);
    // It says nothing of what is begun, and a star among tags is none.
    expect((await ask("DELETE", `/v1/traces/${trace}`, star)).statusCode).not.toBe(304);
    expect((await ask("GET", "/v1/actors", { "if-none-match": '"x", *' })).statusCode).toBe(200);
  });
});
