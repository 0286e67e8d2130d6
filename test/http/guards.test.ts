import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contract } from "../../src/http/contract/contract.ts";
import { roles, type Route } from "../../src/http/contract/route.ts";
import { makeToken } from "../../src/http/tokens.ts";
import { bitcoin, ended, makeLedger, peel, testServer, type TestServer } from "./fixture.ts";

let ledger: Awaited<ReturnType<typeof makeLedger>>;
let server: TestServer;
beforeAll(async () => {
  ledger = await makeLedger();
  server = await testServer(ledger.folder);
});
afterAll(async () => {
  await server.close();
  ledger.remove();
});

const host = { host: "127.0.0.1:8787" };
const onPeel = { chain: "ethereum", origins: [peel.names["theft"] ?? ""] };
const routes = Object.values<Route>(contract).filter(({ media }) => media !== "text/event-stream");

describe("requests that mean nothing", () => {
  const words = [
    "bitcoin",
    "ethereum",
    "eip155:1",
    bitcoin.addresses[0] ?? "",
    bitcoin.refs[0]?.split(":")[0] ?? "",
    "2025-02-21-bybit",
    "..",
    "__proto__",
    "%00",
    "%ff",
    `script:${"0".repeat(64)}`,
  ];
  const text = fc.oneof(fc.constantFrom(...words), fc.string(), fc.string({ unit: "binary", maxLength: 300 }));
  const wanted = fc.constantFrom("limit", "cursor", "from", "to", "by", "actor", "open", "confidence", "value", "x");
  const value = fc.oneof(text, fc.integer().map(String), fc.constantFrom("0", "1", "zzzz", "2022-01-01", "1e9", "-1"));
  const body = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        chain: text,
        origins: fc.array(fc.oneof(text, fc.constantFrom(...bitcoin.refs))),
        policy: fc.constantFrom("fifo", "tiho", "x"),
        until: fc.oneof(fc.integer(), fc.double()),
        stops: fc.array(fc.record({ address: text, entity: text, category: text })),
        amountMin: text,
      },
      { requiredKeys: ["chain"] },
    ),
  );

  it("get a 4xx with a problem document and never a 5xx, and no trace of the program", async () => {
    const asked = fc.record({
      route: fc.constantFrom(...routes),
      parts: fc.array(text, { minLength: 2, maxLength: 2 }),
      query: fc.array(fc.tuple(wanted, value), { maxLength: 3 }),
      body,
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ route, parts, query, body: payload }) => {
        let part = 0;
        const path = route.path.replaceAll(/\{[a-z]+\}/gu, () => encodeURIComponent(toWellFormed(parts[part++] ?? "")));
        const search = query.map(([name, one]) => `${name}=${encodeURIComponent(toWellFormed(one))}`).join("&");
        const answer = await server.app.inject({
          method: route.method,
          url: `${path}?${search}`,
          headers: { ...host, "content-type": "application/json" },
          ...(route.method === "POST" ? { payload: JSON.stringify(payload) } : {}),
        });
        const told = `${route.path} ${path} ${search} ${answer.body.slice(0, 300)}`;
        // Traces that were really started may be too many: that is told as such.
        const isBusy = answer.statusCode === 503 && answer.body.includes("SERVER_BUSY");
        expect(answer.statusCode < 500 || isBusy ? "" : told).toBe("");
        if (answer.statusCode < 400) return;
        expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/u);
        expect(answer.body).not.toMatch(/ at .*\.[tj]s:|node_modules/u);
        expect(answer.body.includes(ledger.folder)).toBe(false);
      }),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 2_000), seed: 6 },
    );
  }, 300_000);

  function toWellFormed(one: string): string {
    return one.toWellFormed();
  }

  it.each(["", "{", '{"chain":', "[]", "null", `{"__proto__":1}`, '"x"'])("a body %s", async (payload) => {
    const headers = { ...host, "content-type": "application/json" };
    const answer = await server.app.inject({ method: "POST", url: "/v1/traces", headers, payload });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, "REQUEST_INVALID"]);
  });

  it("a body that is too long, and one of another kind", async () => {
    const send = async (type: string, payload: string) =>
      server.app.inject({ method: "POST", url: "/v1/traces", headers: { ...host, "content-type": type }, payload });
    expect((await send("application/json", `"${"x".repeat(1_100_000)}"`)).statusCode).toBe(413);
    for (const type of ["text/plain", "x", "application/x-www-form-urlencoded", "application/problem+json", ""]) {
      const answer = await send(type, JSON.stringify(onPeel));
      expect([type, answer.statusCode, answer.headers["accept"]]).toEqual([type, 415, "application/json"]);
      expect(answer.json()).toMatchObject({ code: "UNSUPPORTED_MEDIA_TYPE", status: 415 });
      expect(answer.json<{ detail: string }>().detail).toContain("send application/json");
    }
  });
});

describe("who may ask", () => {
  it.each([
    ["evil.example", {}, 421],
    ["evil.example:8787", {}, 421],
    ["127.0.0.1.evil.example", {}, 421],
    ["localhost:1", {}, 200],
    ["[::1]:8787", {}, 200],
    ["localhost", { "sec-fetch-site": "cross-site" }, 421],
    ["localhost", { "sec-fetch-site": "same-origin" }, 200],
  ] as const)("host %s %j: %i", async (name, headers, status) => {
    const answer = await server.app.inject({ url: "/v1/actors", headers: { host: name, ...headers } });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
  });

  it("every route by every role, no token, a wrong and a revoked one", async () => {
    const made = roles.map((role) => makeToken({ name: role, role, perMinute: 100_000, created: "now" }));
    const revoked = makeToken({ name: "gone", role: "admin", perMinute: 10, created: "now" });
    const tokens = [...made.map(({ entry }) => entry), { ...revoked.entry, revoked: "now" }];
    await server.close();
    const closed = await testServer(ledger.folder, { tokens, reach: "network" });
    try {
      const status = async (route: Route, token: string | undefined): Promise<number> => {
        const url = route.path.replace("{chain}", "bitcoin").replaceAll(/\{[a-z]+\}/gu, "x");
        const headers = { host: "any.example", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
        return (await closed.app.inject({ method: route.method, url, headers })).statusCode;
      };
      for (const route of Object.values<Route>(contract)) {
        const isOpen = route.role === "open";
        for (const bad of [undefined, "x", revoked.text, `${made[0]?.text.slice(0, -1)}!`]) {
          expect([route.path, bad, (await status(route, bad)) === 401]).toEqual([route.path, bad, !isOpen]);
        }
        for (const [index, { text }] of made.entries()) {
          const isRefused = !isOpen && index < roles.indexOf(route.role);
          expect([route.path, index, (await status(route, text)) === 403]).toEqual([route.path, index, isRefused]);
        }
      }
      // Neither a token nor its secret is in any log line.
      for (const { text } of made) expect(closed.log.join("")).not.toContain(text.slice(16));
    } finally {
      await closed.close();
      server = await testServer(ledger.folder);
    }
  });

  it("a token's rate", async () => {
    const { text, entry } = makeToken({ name: "slow", role: "read", perMinute: 2, created: "now" });
    await server.close();
    const slow = await testServer(ledger.folder, { tokens: [entry], reach: "network" });
    const ask = async () =>
      slow.app.inject({ url: "/v1/actors", headers: { host: "x", authorization: `Bearer ${text}` } });
    expect([(await ask()).statusCode, (await ask()).statusCode]).toEqual([200, 200]);
    const third = await ask();
    expect([third.statusCode, Number(third.headers["retry-after"]) > 0]).toEqual([429, true]);
    await slow.close();
    server = await testServer(ledger.folder);
  });
});

describe("traces", () => {
  const post = async (payload: object, key?: string) =>
    server.app.inject({
      method: "POST",
      url: "/v1/traces",
      headers: { ...host, ...(key === undefined ? {} : { "idempotency-key": key }) },
      payload,
    });

  it("the same key gives the same trace, and another body a conflict", async () => {
    const [first, second] = await Promise.all([post(onPeel, "k"), post(onPeel, "k")]);
    const { id } = first.json<{ id: string }>();
    expect(second.json<{ id: string }>().id).toBe(id);
    expect((await post({ ...onPeel, policy: "haircut" }, "k")).statusCode).toBe(422);
    await ended(server.jobs, id);
  });

  it("that are too many are refused with a warning in the log, since nothing is broken", async () => {
    await server.close();
    server = await testServer(ledger.folder, { limits: { running: 0, waiting: 0 } });
    const answer = await post(onPeel);
    expect([answer.statusCode, answer.headers["retry-after"]]).toEqual([503, "10"]);
    const levels = server.log
      .filter((line) => line.includes("SERVER_BUSY"))
      .map((line) => (JSON.parse(line) as { level: number }).level);
    expect(levels).toEqual([40]);
    await server.close();
    server = await testServer(ledger.folder);
  });

  it("events tell the state until the end", async () => {
    const { id } = (await post(onPeel)).json<{ id: string }>();
    const { body } = await server.app.inject({ url: `/v1/traces/${id}/events`, headers: host });
    const events = body.split("\n\n").filter((one) => one.startsWith("id: "));
    const last = JSON.parse(events.at(-1)?.split("data: ")[1] ?? "") as { state: string };
    expect([events.length > 1, last.state]).toEqual([true, "done"]);
  });

  it("one that waits is cancelled, and has no result", async () => {
    const all = await Promise.all([post(onPeel), post(onPeel), post(onPeel)]);
    const id = all.at(-1)?.json<{ id: string }>().id ?? "";
    const gone = await server.app.inject({ method: "DELETE", url: `/v1/traces/${id}`, headers: host });
    expect(gone.json()).toMatchObject({ id, state: "cancelled" });
    const result = await server.app.inject({ url: `/v1/traces/${id}/result`, headers: host });
    expect([result.statusCode, result.json<{ code: string }>().code]).toEqual([409, "TRACE_UNFINISHED"]);
    for (const one of all) await ended(server.jobs, one.json<{ id: string }>().id);
  });
});
