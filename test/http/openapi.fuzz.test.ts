import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApiDocument } from "../../src/http/openapi.ts";
import { bitcoin, ended, makeLedger, peel, testServer, type TestServer } from "./fixture.ts";

/** `npm run fuzz -- 10000 test/http/openapi` asks that many. */
const runs = Number(process.env["FUZZ_RUNS"] ?? 1_500);
/** Stands in some of what is asked, and nowhere in the log. */
const secret = "q7Zk29vXpW";

let ledger: Awaited<ReturnType<typeof makeLedger>>;
let server: TestServer;
let traceId = "";
let screeningId = "";
const headers = { host: "localhost" };
beforeAll(async () => {
  ledger = await makeLedger();
  server = await testServer(ledger.folder, { limits: { waiting: 2 } });
  const post = async (url: string, payload: object) => server.app.inject({ method: "POST", url, headers, payload });
  const origins = [peel.names["theft"] ?? ""];
  const begun = await post("/v1/traces", { chain: "ethereum", origins, compare: "on", patterns: "on" });
  traceId = begun.json<{ id: string }>().id;
  await ended(server.jobs, traceId);
  const screened = await post("/v1/screenings", { subject: bitcoin.addresses[0] });
  screeningId = screened.json<{ id: string }>().id;
});
afterAll(async () => {
  await server.close();
  ledger.remove();
});

type Schema = {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
};

const peelTxid = (): string => peel.names["theft"]?.split(":")[0] ?? "";
const bitcoinTxid = (): string => bitcoin.refs[0]?.split(":")[0] ?? "";
const addresses = (): readonly string[] => [
  ...bitcoin.addresses.slice(0, 2),
  ...Object.values(peel.addresses).slice(0, 3),
];
const references = (): readonly string[] => [bitcoin.refs[0] ?? "", peel.names["theft"] ?? ""];

/** Words that mean something to this server, so that many requests reach what lies behind the validation. */
function known(name: string, path: string): readonly string[] {
  const ids: Readonly<Record<string, string>> = {
    traces: traceId,
    screenings: screeningId,
    incidents: "2025-02-21-bybit",
    actors: "lazarus-group",
    reconciliations: "elliptic-nikkei-2023",
  };
  const named: Readonly<Record<string, readonly string[]>> = {
    chain: ["bitcoin", "ethereum", "eip155:1"],
    address: addresses(),
    txid: [bitcoinTxid(), peelTxid()],
    subject: [...addresses(), bitcoinTxid(), peelTxid()],
    origins: references(),
    to: [...addresses(), "2022-01-01"],
    from: ["2018-01-01"],
    incident: ["2025-02-21-bybit"],
    q: [...addresses(), ...references(), "bybit", "lazarus"],
    open: ["JP"],
    actor: ["all", "lazarus-group"],
    technique: ["T1566"],
    cursor: ["1", "3"],
    amountMin: ["0", "1000"],
    id: [ids[path.split("/")[2] ?? ""] ?? ""],
  };
  return named[name] ?? ["1", "x", ...addresses()];
}
const odd: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constantFrom(
    "",
    " ",
    "..",
    "../../etc/passwd",
    "\u0000",
    "\r\nx: y",
    "%",
    "{}",
    "__proto__",
    "-1",
    "1e309",
    "NaN",
    secret,
  ),
  fc.constant(`${secret}${"x".repeat(3_000)}`),
);

/** Values by a schema, as far as its pattern can be guessed. */
function valid(schema: Schema, name: string, path: string): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => valid(one, name, path)));
  switch (schema.type) {
    case "integer":
      return fc.oneof(
        fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 2 ** 31, 2 ** 40) }),
        fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 10, (schema.minimum ?? 0) + 10) }),
      );
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(valid(schema.items ?? {}, name, path), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 5, 5),
      });
    case "object": {
      const all = Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([one, of]) => [one, valid(of, one, path)]),
      );
      return fc.record(all, { requiredKeys: [...(schema.required ?? [])] });
    }
    default:
      return fc.oneof(
        { weight: 9, arbitrary: fc.nat(100).map((at) => known(name, path)[at % known(name, path).length]) },
        { weight: 1, arbitrary: odd },
      );
  }
}

/** Nearly as the schema says: something in it is of another kind. */
const wrong = (schema: Schema, name: string, path: string): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.jsonValue(),
    odd,
    fc.constantFrom(null, [], {}, -1, 1.5, 2 ** 53, 1e308),
    valid(schema, name, path).map((value) =>
      typeof value === "object" && value !== null ? { ...value, [secret]: 1 } : [value],
    ),
    fc.tuple(valid(schema, name, path), fc.jsonValue()).map(([value, other]) => {
      if (typeof value !== "object" || value === null) return other;
      const [first = ""] = Object.keys(value);
      return { ...value, [first]: other };
    }),
  );

const mostly = (schema: Schema, name: string, path: string): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: valid(schema, name, path) }, { weight: 2, arbitrary: wrong(schema, name, path) });

const asText = (value: unknown): string =>
  (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).toWellFormed();

type Call = {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly payload: string | undefined;
  readonly type: string;
};

const document = openApiDocument();
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

function call({ path, method, operation }: (typeof operations)[number]): fc.Arbitrary<Call> {
  const inPath = operation.parameters.filter((one) => one.in === "path");
  const inQuery = operation.parameters.filter((one) => one.in === "query");
  const bodySchema = (
    operation.requestBody as { readonly content: Readonly<Record<string, { readonly schema: Schema }>> } | undefined
  )?.content["application/json"]?.schema;
  const payload: fc.Arbitrary<string | undefined> =
    bodySchema === undefined
      ? fc.constantFrom(undefined)
      : fc.oneof(
          { weight: 9, arbitrary: mostly(bodySchema, "", path).map((value) => JSON.stringify(value) ?? "") },
          { weight: 1, arbitrary: fc.oneof(odd, fc.constantFrom("{", "[", '{"chain":', "﻿{}")) },
        );
  return fc
    .record({
      parts: fc.tuple(...inPath.map(({ name, schema }) => mostly(schema as Schema, name, path))),
      query: fc.tuple(
        ...inQuery.map(({ name, schema, required }) =>
          fc
            .option(mostly(schema as Schema, name, path), { freq: required ? 9 : 1 })
            .map((value) => [name, value] as const),
        ),
      ),
      more: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.tuple(odd, odd) }),
      payload,
      type: fc.constantFrom(
        "application/json",
        "application/json",
        "application/json",
        "application/json; charset=utf-8",
        "text/plain",
        "x",
      ),
    })
    .map(({ parts, query, more, payload: text, type }) => {
      let at = 0;
      const filled = path.replaceAll(/\{[a-z]+\}/gu, () => encodeURIComponent(asText(parts[at++])));
      const pairs = [...query.filter(([, value]) => value !== null), ...(more === undefined ? [] : [more])];
      const search = pairs.map(
        ([name, value]) => `${encodeURIComponent(asText(name))}=${encodeURIComponent(asText(value))}`,
      );
      return { id: operation.operationId, method, url: `${filled}?${search.join("&")}`, payload: text, type };
    });
}

describe("requests made from the API's own description, right and wrong", () => {
  it("get what it says, or a problem document with a 4xx; never a fault, and never a word of them in the log", async () => {
    const ajv = new Ajv2020({ strict: false });
    const seen = new Map<string, Set<number>>();
    // Events do not end, and are of no interest here.
    const asked = operations.filter(({ operation }) => operation.operationId !== "getTraceEvents");
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...asked).chain(call), async ({ id, method, url, payload, type }) => {
        const answer = await server.app.inject({
          method: method.toUpperCase() as "GET",
          url,
          headers: { ...headers, ...(payload === undefined ? {} : { "content-type": type }) },
          ...(payload === undefined ? {} : { payload }),
        });
        const told = `${method} ${url} ${payload} → ${answer.statusCode} ${answer.body.slice(0, 300)}`;
        const { statusCode: status } = answer;
        seen.set(id, (seen.get(id) ?? new Set()).add(status));
        const operation = operations.find((one) => one.operation.operationId === id)?.operation;
        const isBusy = status === 503 && answer.body.includes("SERVER_BUSY");
        expect(status < 500 || isBusy ? "" : told).toBe("");
        expect(
          / at .*\.[tj]s:|node_modules/u.test(answer.body) || answer.body.includes(ledger.folder) ? told : "",
        ).toBe("");
        const media = String(answer.headers["content-type"]);
        if (status >= 400) {
          expect(media).toMatch(/^application\/problem\+json/u);
          expect(answer.json()).toMatchObject({ status, code: expect.any(String) as string });
          return;
        }
        const response = operation?.responses[String(status)]?.content as
          | Readonly<Record<string, { readonly schema: object }>>
          | undefined;
        const schema = Object.entries(response ?? {}).find(([one]) => media.startsWith(one))?.[1].schema;
        expect(schema === undefined ? told : "").toBe("");
        if (!media.startsWith("application/json")) return;
        expect(ajv.validate(schema ?? {}, answer.json()) ? "" : `${told} ${ajv.errorsText()}`).toBe("");
      }),
      { numRuns: runs },
    );
    expect(server.log.filter((line) => line.includes(secret))).toEqual([]);
    expect(server.log.filter((line) => line.includes('"level":50'))).toEqual([]);
    // Requests came through to most operations.
    const good = [...seen].filter(([, statuses]) => statuses.has(200) || statuses.has(202)).map(([one]) => one);
    expect(good.length).toBeGreaterThan(asked.length * 0.8);
  }, 600_000);
});
