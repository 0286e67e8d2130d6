import { Ajv2020 } from "ajv/dist/2020.js";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contract, type OperationId } from "../../src/http/contract/contract.ts";
import { Problem } from "../../src/http/contract/common.ts";
import type { Route } from "../../src/http/contract/route.ts";
import { openApiDocument } from "../../src/http/openapi.ts";
import { statusOf } from "../../src/http/status.ts";
import { fundtrail } from "../cli/terminal.ts";
import { bitcoin, ended, makeLedger, peel, testServer, type TestServer } from "./fixture.ts";

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
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

const headers = { host: "localhost:8787" };
const get = async (url: string, more: Readonly<Record<string, string>> = {}) =>
  server.app.inject({ url, headers: { ...headers, ...more } });
const [address = ""] = bitcoin.addresses;
const txid = bitcoin.refs[3]?.split(":")[0] ?? "";
const thief = peel.addresses["deposit-1"] ?? "";
const start = async (body: object, more: Readonly<Record<string, string>> = {}) =>
  server.app.inject({ method: "POST", url: "/v1/traces", headers: { ...headers, ...more }, payload: body });
const onPeel = { chain: "ethereum", origins: [peel.names["theft"] ?? ""] };

/** Operations that are not asked by a path alone. */
const notAsked = ["startTrace", "cancelTrace", "screen", "screenBatch"] as const;

/** A request for each operation that must be answered as its schema says. */
const examples: Readonly<Record<Exclude<OperationId, (typeof notAsked)[number]>, readonly string[]>> = {
  getLedger: ["/v1/ledger"],
  getIngest: ["/v1/ledger/ingest"],
  getBlock: [`/v1/chains/bitcoin/blocks/${bitcoin.blocks[1]?.height}?limit=1`, "/v1/chains/ethereum/blocks/1"],
  search: [`/v1/search?q=${address}`, "/v1/search?q=bybit", "/v1/search?q=exchange", "/v1/search?q=nothing+at+all"],
  getAddress: [
    `/v1/chains/bitcoin/addresses/${address}`,
    `/v1/chains/eip155%3A1/addresses/${thief}`,
    "/v1/chains/bitcoin/addresses/1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
  ],
  getBalance: [`/v1/chains/bitcoin/addresses/${address}/balance`, `/v1/chains/ethereum/addresses/${thief}/balance`],
  listOutputs: [
    `/v1/chains/bitcoin/addresses/${address}/outputs?limit=2`,
    `/v1/chains/bitcoin/addresses/${address}/outputs?limit=2&sort=usd`,
  ],
  listTransfers: [
    `/v1/chains/ethereum/addresses/${thief}/transfers`,
    `/v1/chains/ethereum/addresses/${thief}/transfers?direction=out`,
    `/v1/chains/ethereum/addresses/${thief}/transfers?sort=usd`,
  ],
  getAddressTags: [`/v1/chains/ethereum/addresses/${thief}/tags`, `/v1/chains/bitcoin/addresses/${address}/tags`],
  getTransaction: [
    `/v1/chains/bitcoin/transactions/${txid}`,
    `/v1/chains/ethereum/transactions/${peel.names["theft"]?.split(":")[0]}`,
  ],
  getTransactionTags: [`/v1/chains/bitcoin/transactions/${txid}/tags`],
  getIncidentTags: ["/v1/incidents/2025-02-21-bybit/tags"],
  verifyIncident: ["/v1/incidents/2025-02-21-bybit/verify", "/v1/incidents/2024-05-31-dmm-bitcoin/verify"],
  getCluster: [`/v1/chains/bitcoin/clusters/${address}?limit=1`],
  listIncidents: ["/v1/incidents?limit=500"],
  getIncident: ["/v1/incidents/2025-02-21-bybit"],
  listActors: ["/v1/actors"],
  getActor: ["/v1/actors/lazarus-group"],
  getLosses: ["/v1/losses", "/v1/losses?by=year&actor=all", "/v1/losses?open=JP"],
  listReconciliations: ["/v1/reconciliations"],
  getReconciliation: ["/v1/reconciliations/elliptic-nikkei-2023"],
  getScreening: ["/v1/screenings/{screening}"],
  getRules: ["/v1/rules"],
  listExposures: [
    `/v1/chains/ethereum/addresses/${thief}/exposures`,
    `/v1/chains/bitcoin/addresses/${address}/exposures`,
  ],
  listTraces: ["/v1/traces"],
  getTrace: ["/v1/traces/{trace}"],
  getTraceEvents: ["/v1/traces/{trace}/events"],
  getTraceResult: ["/v1/traces/{trace}/result"],
  getTraceSummary: ["/v1/traces/{trace}/summary"],
  getTraceGraph: [
    "/v1/traces/{trace}/graph",
    "/v1/traces/{trace}/graph?size=100&format=json",
    "/v1/traces/{trace}/graph?whole=on",
  ],
  listTraceDestinations: ["/v1/traces/{trace}/destinations"],
  listTraceExits: ["/v1/traces/{trace}/exits?limit=1", "/v1/traces/{trace}/exits?cursor=1"],
  listTraceHoldings: ["/v1/traces/{trace}/holdings"],
  listTraceSteps: ["/v1/traces/{trace}/steps?limit=3"],
  listTracePatterns: ["/v1/traces/{trace}/patterns"],
  listTraceCommingling: ["/v1/traces/{trace}/commingling"],
  getTracePath: [`/v1/traces/{trace}/path?to=${thief}`, "/v1/traces/{trace}/path?step=2"],
  getTraceComparison: ["/v1/traces/{trace}/compare?limit=1", "/v1/traces/{trace}/compare?whole=on"],
  getHealth: ["/healthz"],
  getReadiness: ["/readyz"],
  getMetrics: ["/metrics"],
  getOpenApi: ["/openapi.json"],
  getDocs: ["/docs"],
};

/** A schema by which nothing may be answered that it does not tell of. */
function whole(schema: object): object {
  if (Array.isArray(schema)) return schema.map((one: object) => (typeof one === "object" ? whole(one) : one));
  const parts = Object.entries(schema).map(([name, of]): [string, unknown] => [
    name,
    typeof of === "object" && of !== null && name !== "enum" ? whole(of as object) : (of as unknown),
  ]);
  const isClosed = "properties" in schema && !("additionalProperties" in schema);
  return { ...Object.fromEntries(parts), ...(isClosed ? { additionalProperties: false } : {}) };
}

describe("the contract", () => {
  it("is a valid OpenAPI document with every operation, and its schemas are valid", () => {
    const document = openApiDocument();
    const ids = Object.values(document.paths).flatMap((one) =>
      Object.values(one).map(({ operationId }) => operationId),
    );
    expect(ids.toSorted()).toEqual(Object.keys(contract).toSorted());
    for (const route of Object.values<Route>(contract)) {
      for (const schema of [route.params, route.query, route.body, route.answer]) {
        expect(ajv.validateSchema(schema)).toBe(true);
      }
    }
    expect(Object.keys(examples).length + notAsked.length).toBe(ids.length);
  });

  it("every operation answers, and as its schema says", async () => {
    const begun = await start({ ...onPeel, compare: "on", patterns: "on" });
    expect([begun.statusCode, ajv.validate(contract.startTrace.answer, begun.json())]).toEqual([202, true]);
    const { id } = begun.json<{ id: string }>();
    await ended(server.jobs, id);
    const screened = await server.app.inject({
      method: "POST",
      url: "/v1/screenings",
      headers,
      payload: { subject: thief, chain: "ethereum" },
    });
    expect([screened.statusCode, ajv.validate(contract.screen.answer, screened.json()), ajv.errorsText()]).toEqual([
      200,
      true,
      "No errors",
    ]);
    const screening = screened.json<{ id: string }>().id;
    const wrong: string[] = [];
    for (const [operation, urls] of Object.entries(examples)) {
      const route: Route = contract[operation as OperationId];
      for (const url of urls) {
        const answer = await get(url.replace("{trace}", id).replace("{screening}", screening));
        const type = String(answer.headers["content-type"]);
        expect([url, answer.statusCode, type.startsWith(route.media)]).toEqual([url, 200, true]);
        if (!type.startsWith("application/json")) continue;
        // Of a result, which has all that the command line prints, the document tells what it begins with.
        if (ajv.validate(operation === "getTraceResult" ? route.answer : whole(route.answer), answer.json())) continue;
        wrong.push(
          ...(ajv.errors ?? []).map((one) => `${url}${one.instancePath} ${one.message} ${JSON.stringify(one.params)}`),
        );
      }
    }
    expect(wrong).toEqual([]);
  });

  it("gives the figures of the command line", async () => {
    const pairs: readonly (readonly [string, readonly string[]])[] = [
      ["/v1/losses?by=year&actor=all", ["losses", "--by", "year", "--actor", "all"]],
      ["/v1/losses?open=JP", ["losses", "--open", "JP"]],
      ["/v1/reconciliations", ["reconcile"]],
      ["/v1/incidents/2025-02-21-bybit", ["incident", "2025-02-21-bybit"]],
    ];
    for (const [url, args] of pairs) {
      expect((await get(url)).json()).toEqual(JSON.parse((await fundtrail(...args, "--json")).out));
    }
    const begun = (await start(onPeel)).json<{ id: string }>();
    await ended(server.jobs, begun.id);
    const origin = ["--chain", "ethereum", "--origin", onPeel.origins.join(",")];
    const { out } = await fundtrail("trace", "--ledger", ledger.folder, ...origin, "--json");
    expect((await get(`/v1/traces/${begun.id}/result`)).body).toBe(out);
  });

  it("docs/errors.md has each code's status", () => {
    const text = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");
    const found = [
      ...text.matchAll(/^## (?<code>[A-Z_]+) \(exit [12]\)\n(?:(?!^## )[^])*?^HTTP status (?<status>[0-9]{3})\.$/gmu),
    ];
    expect(Object.fromEntries(found.map(({ groups }) => [groups?.["code"], Number(groups?.["status"])]))).toEqual(
      statusOf,
    );
  });
});

describe("pages", () => {
  it("finds the tags of an EVM chain's address, which the ledger keeps in lower case", async () => {
    const tagged = peel.addresses["deposit-1"] ?? "";
    for (const form of [tagged, tagged.toLowerCase()]) {
      const answer = (await get(`/v1/chains/ethereum/addresses/${form}`)).json<{ entity: { entity: string } | null }>();
      expect(answer.entity?.entity).toBe("Exchange A");
      const tags = (await get(`/v1/chains/ethereum/addresses/${form}/tags`)).json<{ tags: { label: string }[] }>();
      expect(tags.tags.map(({ label }) => label)).toEqual(["Exchange A"]);
    }
  });

  it("an address's outputs page by page are all of them, each once", async () => {
    const all = (await get(`/v1/chains/bitcoin/addresses/${address}/outputs?limit=1000`)).json<{ outputs: object[] }>();
    const found: object[] = [];
    for (let cursor = ""; ;) {
      const url = `/v1/chains/bitcoin/addresses/${address}/outputs?limit=3${cursor === "" ? "" : `&cursor=${cursor}`}`;
      const { outputs, next } = (await get(url)).json<{ outputs: object[]; next: string | null }>();
      found.push(...outputs);
      if (next === null) break;
      cursor = next;
    }
    expect(all.outputs.length).toBeGreaterThan(4);
    expect(found).toEqual(all.outputs);
  });

  it("a balance is what the model's unspent outputs sum to", async () => {
    for (const one of bitcoin.addresses) {
      const { balances, why } = (await get(`/v1/chains/bitcoin/addresses/${one}/balance`)).json<{
        balances: { amount: string }[] | null;
        why: string | null;
      }>();
      const { outputs } = (await get(`/v1/chains/bitcoin/addresses/${one}/outputs?limit=1000`)).json<{
        outputs: { ref: string; amount: string; spentBy: string | null }[];
      }>();
      const spent = new Set(bitcoin.model.flatMap(({ inputs }) => inputs.map(({ ref }) => ref)));
      const unspent = outputs.filter(({ ref }) => !spent.has(ref));
      expect(outputs.every(({ ref, spentBy }) => spent.has(ref) === (spentBy !== null))).toBe(true);
      const sum = unspent.reduce((total, { amount }) => total + BigInt(amount), 0n);
      expect([why, balances]).toEqual([null, sum === 0n ? [] : [expect.objectContaining({ amount: String(sum) })]]);
    }
  });
});

describe("answers and states", () => {
  it("an ETag saves an unchanged answer, and changes with the ledger that another store commits to", async () => {
    const url = "/v1/ledger";
    const first = await get(url);
    const etag = String(first.headers["etag"]);
    const again = await get(url, { "if-none-match": etag });
    expect([again.statusCode, again.body, again.headers["etag"]]).toEqual([304, "", etag]);
    expect((await get("/v1/chains/bitcoin/clusters/1abc", { "if-none-match": etag })).statusCode).toBe(400);
    // LMDB has one environment for a process and a folder, so another process commits.
    await import("node:child_process").then(({ execFileSync }) =>
      execFileSync(process.execPath, [
        new URL("../../src/cli/run.ts", import.meta.url).pathname,
        "clusters",
        "build",
        "--ledger",
        ledger.folder,
        "--chain",
        "ethereum",
      ]),
    );
    await new Promise((resolve) => void setTimeout(resolve, 30));
    const later = await get(url, { "if-none-match": etag });
    expect([later.statusCode, later.headers["etag"] === etag]).toEqual([200, false]);
    expect(server.views.open).toBe(1);
  });

  it("problems are RFC 9457 documents with codes", async () => {
    const cases: readonly (readonly [string, number, string, RegExp])[] = [
      ["/v1/nothing", 404, "NOT_FOUND", /no GET at this path/u],
      ["/v1/incidents/nobody", 404, "UNKNOWN_NAME", /unknown incident "nobody"/u],
      ["/v1/incidents?limit=0", 400, "REQUEST_INVALID", /querystring\/limit must be >= 1/u],
      ["/v1/incidents?limit=1&limit=2", 400, "REQUEST_INVALID", /querystring\/limit must be integer/u],
      ["/v1/incidents?colour=red", 400, "REQUEST_INVALID", /\("colour"\)/u],
      ["/v1/incidents?cursor=%00", 400, "REQUEST_INVALID", /no cursor of this list/u],
      ["/v1/losses?from=2022-01-01&to=2021-01-01", 400, "USAGE", /from 2022-01-01 is after to 2021-01-01/u],
      ["/v1/losses?from=2022-02-31", 400, "INVALID_VALUE", /2022-02-31/u],
      ["/v1/chains/litecoin/addresses/x", 404, "UNKNOWN_NAME", /it holds bitcoin, ethereum/u],
      ["/v1/chains/bitcoin/addresses/x", 400, "INVALID_VALUE", /"x" is not an address on Bitcoin/u],
      [`/v1/chains/ethereum/addresses/${thief}/outputs`, 400, "USAGE", /ask for \/transfers/u],
      ["/v1/traces/none", 404, "NOT_FOUND", /no trace none is known/u],
      ["/%zz", 400, "REQUEST_INVALID", /cannot be read/u],
    ];
    for (const [url, status, code, detail] of cases) {
      const answer = await get(url);
      expect([url, answer.statusCode]).toEqual([url, status]);
      expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/u);
      expect(ajv.validate(Problem, answer.json())).toBe(true);
      expect(answer.json()).toMatchObject({ code, status, detail: expect.stringMatching(detail) as string });
    }
  });

  it("the docs page runs nothing and loads nothing", async () => {
    const { body, headers: sent } = await get("/docs");
    expect(String(sent["content-security-policy"])).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/u);
    expect(body).not.toMatch(/<script|https?:\/\/|src=| on[a-z]+=| style=/u);
    for (const id of Object.keys(contract)) expect(body).toContain(`id="${id}"`);
  });

  it("metrics are Prometheus' text", async () => {
    const { body } = await get("/metrics");
    for (const line of body.trim().split("\n")) {
      expect(line).toMatch(
        /^(?:# (?:HELP|TYPE) [a-z_]+ .+|[a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})? -?[0-9.e+-]+)$/u,
      );
    }
    expect(body).toMatch(/fundtrail_ledger_tip_height\{chain="eip155:1"\} [0-9]+/u);
  });
});
