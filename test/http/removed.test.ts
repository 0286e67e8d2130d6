/** Files of a trace that are removed before they are read, or while they are. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { traceAnswerHandlers } from "../../src/http/answers/trace-answers.ts";
import { traceHandlers } from "../../src/http/answers/traces.ts";
import { isRaw } from "../../src/http/handling.ts";
import { ended, makeLedger, peel, testServer, type TestServer } from "./fixture.ts";

let ledger: Awaited<ReturnType<typeof makeLedger>>;
let server: TestServer;
let id = "";
const host = { host: "localhost" };
const begin = async (): Promise<string> => {
  const payload = { chain: "ethereum", origins: [peel.names["theft"] ?? ""], compare: "on", patterns: "on" };
  const begun = await server.app.inject({ method: "POST", url: "/v1/traces", headers: host, payload });
  const made = begun.json<{ id: string }>().id;
  await ended(server.jobs, made);
  return made;
};
beforeAll(async () => {
  ledger = await makeLedger();
  server = await testServer(ledger.folder);
  id = await begin();
});
afterAll(async () => {
  await server.close();
  ledger.remove();
});

const faults = (): readonly string[] => server.log.filter((line) => !line.startsWith('{"level":30'));
const descriptors = (): number => readdirSync("/proc/self/fd").length;
const paths = [
  "result",
  "summary",
  "graph",
  "graph?whole=on",
  "graph?format=csv",
  "graph?format=graphml",
  "destinations",
  "exits",
  "holdings",
  "steps",
  "patterns",
  "commingling",
  "compare",
  "compare?whole=on",
  `path?to=${peel.addresses["deposit-1"] ?? ""}`,
  "path?step=1",
] as const;

describe("a trace's files that somebody removes", () => {
  it("are a quiet 404, whichever of them is gone, and nothing stays open", async () => {
    const { folder } = server.jobs.get(id);
    const names = readdirSync(folder).filter((name) => /\.(?:jsonl?|index)$/u.test(name) && name !== "trace.json");
    const before = descriptors();
    const refused = new Set<string>();
    for (const name of names) {
      const file = path.join(folder, name);
      const content = readFileSync(file);
      rmSync(file);
      for (const one of paths) {
        for (const method of ["GET", "HEAD"] as const) {
          const answer = await server.app.inject({ method, url: `/v1/traces/${id}/${one}`, headers: host });
          expect([name, one, method, [200, 404].includes(answer.statusCode)]).toEqual([name, one, method, true]);
          if (answer.statusCode !== 404) continue;
          refused.add(one);
          if (method === "GET") expect(answer.json()).toMatchObject({ code: "NOT_FOUND", reason: "no-trace" });
          expect(answer.body).not.toContain(ledger.folder);
        }
      }
      writeFileSync(file, content);
    }
    expect([...refused].toSorted()).toEqual([...paths].toSorted());
    expect(faults()).toEqual([]);
    await new Promise((resolve) => void setTimeout(resolve, 50));
    expect(descriptors()).toBeLessThanOrEqual(before);
  });

  it("are read to their end where reading had begun", async () => {
    const answers = traceAnswerHandlers(server.jobs);
    const results = traceHandlers(server.jobs, new AbortController().signal);
    const asked = { body: null, caller: { id: "local", role: "admin" }, idempotencyKey: undefined } as const;
    const graph = { ...asked, params: { id }, query: { size: 1_000 } } as const;
    const ask = async () => [
      await results.getTraceResult({ ...asked, params: { id }, query: {} }),
      await answers.getTraceSummary({ ...asked, params: { id }, query: {} }),
      await answers.getTraceGraph({ ...graph, query: { size: 1_000, whole: "on" } }),
      await answers.getTraceGraph({ ...graph, query: { size: 1_000, format: "graphml" } }),
    ];
    const whole = async (answer: object): Promise<string> => {
      if (!isRaw(answer)) return JSON.stringify(answer);
      return typeof answer.raw === "string" ? answer.raw : text(answer.raw);
    };
    const wanted = await Promise.all((await ask()).map(whole));
    const begun = await ask();
    const { folder } = server.jobs.get(id);
    rmSync(folder, { recursive: true });
    expect(await Promise.all(begun.map(whole))).toEqual(wanted);
    expect(wanted.every((one) => one.length > 200)).toBe(true);
    expect(existsSync(folder)).toBe(false);
    for (const one of paths) {
      const { statusCode } = await server.app.inject({ url: `/v1/traces/${id}/${one}`, headers: host });
      expect([one, statusCode]).toEqual([one, 404]);
    }
    expect(faults()).toEqual([]);
  });
});
