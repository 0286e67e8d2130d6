import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contract } from "../../src/http/contract/contract.ts";
import { fundtrail } from "../cli/terminal.ts";
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

const headers = { host: "localhost:8787" };
const get = async (url: string) => server.app.inject({ url, headers });
const traced = async (body: object): Promise<string> => {
  const begun = await server.app.inject({ method: "POST", url: "/v1/traces", headers, payload: body });
  const { id } = begun.json<{ id: string }>();
  await ended(server.jobs, id);
  expect([server.jobs.get(id).state, server.jobs.get(id).problem]).toEqual(["done", undefined]);
  return `/v1/traces/${id}`;
};
type Row = Readonly<Record<string, unknown>>;
const all = async (url: string, name: string, rowsName = name): Promise<Row[]> => {
  const rows: Row[] = [];
  for (let cursor = ""; ;) {
    const page = (await get(`${url}/${name}?limit=3${cursor}`)).json<Record<string, Row[]> & { next: string | null }>();
    rows.push(...(page[rowsName] ?? []));
    if (page.next === null) return rows;
    cursor = `&cursor=${page.next}`;
  }
};
const stops = bitcoin.addresses
  .slice(0, 2)
  .map((address) => ({ address, entity: `Exchange of ${address}`, category: "exchange" }));
const asked = [
  { chain: "bitcoin", origins: bitcoin.refs.slice(2, 5), stops },
  { chain: "ethereum", origins: [peel.names["theft"] ?? ""] },
  { chain: "ethereum", origins: [peel.names["theft"] ?? ""], hopsMax: 1 },
] as const;
const cli = async (one: (typeof asked)[number], ...more: readonly string[]) => {
  const args = ["trace", "--ledger", ledger.folder, "--chain", one.chain, "--origin", one.origins.join(",")];
  return (await fundtrail(...args, ...more)).out;
};

describe("a finished trace", () => {
  it("has its result's rows in its lists, each once, and the same sums in its summary", async () => {
    for (const one of asked) {
      const url = await traced(one);
      const result = (await get(`${url}/result`)).json<Row & Record<"exits" | "holdings", Row[]>>();
      const plain = (rows: readonly Row[]): string[] =>
        rows.map((row) => JSON.stringify({ ...row, step: undefined })).toSorted();
      expect(result.holdings.length + result.exits.length).toBeGreaterThan(2);
      expect(plain(await all(url, "holdings"))).toEqual(plain(result.holdings));
      expect(plain(await all(url, "exits"))).toEqual(plain(result.exits));
      const summary = (await get(`${url}/summary`)).json<Row>();
      expect({ ...summary, holdings: result.holdings, exits: result.exits }).toEqual(result);
      const listed = (await all(url, "destinations")).map(({ amount }) => BigInt(String(amount)));
      const ends = [...result.holdings, ...result.exits].map(({ amount }) => BigInt(String(amount)));
      const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((before, amount) => before + amount, 0n);
      expect(sum(listed)).toBe(sum(ends));
    }
  });

  it("tells no amount where there is none: what rests on accounts by poison, and what lies beyond a limit", async () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    const exits = [{ address: peel.addresses["deposit-1"], entity: "Exchange", category: "exchange" }];
    const url = await traced({ ...asked[1], stops: exits, policy: "poison", compare: "on", budget: 3 });
    const answer = async (name: string, operation: keyof typeof contract): Promise<Row> => {
      const json = (await get(`${url}/${name}`)).json<Row>();
      expect([name, ajv.validate(contract[operation].answer, json), ajv.errorsText()]).toEqual([
        name,
        true,
        "No errors",
      ]);
      return json;
    };
    const unknown = { atTheft: null, now: null, unpriced: { atTheft: [], now: [] } };
    const summary = await answer("summary", "getTraceSummary");
    expect(summary).toMatchObject({
      origin: "80000000000000000000",
      assets: [{ origin: "80000000000000000000", holdings: null, exits: "2000000000000000001" }],
      limits: [{ limit: "budget", amount: null, count: 1 }],
      usd: { holdings: unknown, assets: [{ holdings: unknown }], limits: [{ limit: "budget", ...unknown }] },
    });
    const rests = ({ kind }: { readonly kind?: unknown }): boolean => kind === "holding";
    const destinations = ((await answer("destinations", "listTraceDestinations"))["destinations"] as Row[]).filter(
      rests,
    );
    expect(destinations.length).toBeGreaterThan(0);
    for (const one of destinations)
      expect(one).toMatchObject({ amount: null, usd: unknown, compare: { min: null, max: null } });
    const { policies, destinations: compared } = (await answer("compare?limit=1000", "getTraceComparison")) as {
      readonly policies: Row[];
      readonly destinations: Row[];
    };
    const by = (policy: string): Row | undefined => policies.find((one) => one["policy"] === policy);
    expect(by("poison")).toMatchObject({ holdings: null, assets: [{ holdings: null }], usd: { holdings: unknown } });
    expect(by("fifo")).toMatchObject({ holdings: expect.stringMatching(/^[1-9]/u) as string });
    expect(compared.filter(rests).every(({ min, max }) => min === null && max === null)).toBe(true);
    // Exits alone would pass for all that ended.
    expect(await answer("graph", "getTraceGraph")).toMatchObject({
      shown: { share: null, ends: [], usd: null, usdShown: null },
    });
  });

  it("is the command line's graph in every form, and its comparison", async () => {
    const one = asked[1];
    const url = await traced({ ...one, compare: "on", patterns: "on" });
    for (const form of ["graphml", "gexf", "dot", "csv"]) {
      const answer = await get(`${url}/graph?format=${form}`);
      expect(answer.body).toBe(await cli(one, "--format", form));
      expect(String(answer.headers["content-disposition"])).toMatch(/^attachment; filename="fundtrail-[-0-9a-f]+\./u);
    }
    const compared = await cli(one, "--compare", "--json");
    expect((await get(`${url}/compare?whole=on`)).body).toBe(compared);
    const { destinations } = JSON.parse(compared) as { destinations: Row[] };
    expect(await all(url, "compare", "destinations")).toEqual(destinations);
    const { patterns } = JSON.parse(await cli(one, "--patterns", "--json")) as { patterns: Row[] };
    expect(await all(url, "patterns")).toEqual(patterns);
  });

  it("gives the ways that the command line gives, by reference, address and entity", async () => {
    const url = await traced(asked[1]);
    const ends = [...(await all(url, "exits")), ...(await all(url, "holdings"))];
    const names = new Set(ends.flatMap(({ ref, address, entity }) => [ref, address, entity]).filter(Boolean));
    expect(names.size).toBeGreaterThan(3);
    for (const name of names) {
      const told = JSON.parse(await cli(asked[1], "--path", String(name), "--json")) as { paths: Row[][] };
      const answer = (await get(`${url}/path?to=${encodeURIComponent(String(name))}&limit=100`)).json<{
        paths: { steps: Row[] }[];
        total: number;
      }>();
      const wayOf = (steps: readonly Row[]): string =>
        steps.map(({ ref, from, to, amount, usd }) => JSON.stringify([ref, from, to, amount, usd])).join(" ");
      expect(answer.paths.map(({ steps }) => wayOf(steps)).toSorted()).toEqual(told.paths.map(wayOf).toSorted());
      expect(answer.total).toBe(told.paths.length);
    }
    const [end] = ends;
    const short = (await get(`${url}/path?step=${String(end?.["step"])}&hops=2`)).json<{
      paths: { steps: Row[]; leftOut: number }[];
    }>();
    const whole = (await get(`${url}/path?step=${String(end?.["step"])}`)).json<typeof short>();
    expect(short.paths[0]?.steps).toEqual(whole.paths[0]?.steps.slice(-2));
    expect((short.paths[0]?.leftOut ?? 0) + 2).toBe(whole.paths[0]?.steps.length);
  });

  it("says what it has not", async () => {
    const url = await traced(asked[0]);
    const back = await traced({ ...asked[0], direction: "backward" });
    const cases: readonly (readonly [string, number, RegExp])[] = [
      [`${url}/compare`, 404, /this trace has no comparison.*"compare": "on"/u],
      [`${url}/patterns`, 404, /"patterns": "on"/u],
      [`${url}/path`, 400, /neither to nor step/u],
      [`${url}/path?to=a&step=1`, 400, /both given/u],
      [`${url}/path?to=nowhere`, 404, /unknown destination "nowhere"/u],
      [`${url}/path?step=99999999`, 404, /unknown destination "step 99999999"/u],
      [`${url}/graph?size=7`, 400, /size/u],
      [`${back}/graph`, 404, /a trace backward has no flow graph/u],
      [`${back}/holdings`, 404, /backward/u],
    ];
    for (const [path, status, detail] of cases) {
      const answer = await get(path);
      expect([path, answer.statusCode]).toEqual([path, status]);
      expect(answer.json<{ detail: string }>().detail).toMatch(detail);
    }
  });

  it("backward asks about as many entities as sourcesMax says, as the command line does", async () => {
    const services = bitcoin.addresses.map((address) => ({ address, entity: `Of ${address}`, category: "exchange" }));
    const file = join(dirname(ledger.folder), "services.csv");
    writeFileSync(file, `address,entity,category\n${services.map((one) => Object.values(one).join()).join("\n")}\n`);
    const deposit = { chain: "bitcoin", origins: bitcoin.refs.slice(-6), stops: services } as const;
    const args = ["trace", "--ledger", ledger.folder, "--chain", "bitcoin", "--origin", deposit.origins.join(",")];
    for (const sourcesMax of [1, 2]) {
      const url = await traced({ ...deposit, direction: "backward", policy: "taint-first", sourcesMax });
      const result = await get(`${url}/result`);
      const more = [
        "--backward",
        "--policy",
        "taint-first",
        "--sources-max",
        String(sourcesMax),
        "--stops",
        file,
        "--json",
      ];
      expect(result.body).toBe((await fundtrail(...args, ...more)).out);
      const { funds, leftOut } = result.json<{ funds: Row[]; leftOut: { entities: number; limit: number } | null }>();
      expect([funds.length, leftOut?.limit, (leftOut?.entities ?? 0) > 0]).toEqual([sourcesMax, sourcesMax, true]);
    }
  });

  it.each([
    [{ direction: "backward", compare: "on" }, "USAGE", /a trace backward has no compare/u],
    [{ direction: "backward", until: 7 }, "USAGE", /a trace backward has no until: .*; leave until out/u],
    [{ sourcesMax: 5 }, "USAGE", /sourcesMax is for a trace backward; leave it out/u],
    [{ direction: "forward", sourcesMax: 5 }, "USAGE", /sourcesMax is for a trace backward/u],
    [{ direction: "backward", sourcesMax: 0 }, "REQUEST_INVALID", /sourcesMax.*must be >= 1/u],
    [{ direction: "backward", sourcesMax: 100_001 }, "REQUEST_INVALID", /sourcesMax.*must be <= 100000/u],
    [{ direction: "backward", sourcesMax: 1.5 }, "REQUEST_INVALID", /sourcesMax.*must be integer/u],
    [{ direction: "backward", sourcesMax: "5" }, "REQUEST_INVALID", /sourcesMax.*must be integer/u],
  ])("refuses %j", async (more, code, detail) => {
    const payload = { ...asked[0], ...more };
    const refused = await server.app.inject({ method: "POST", url: "/v1/traces", headers, payload });
    const problem = refused.json<{ code: string; detail: string }>();
    expect([refused.statusCode, problem.code]).toEqual([400, code]);
    expect(problem.detail).toMatch(detail);
  });
});
