import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TraceLimits } from "../../src/http/traces/trace-limits.ts";
import { ended, makeLedger, peel, testServer, type TestServer } from "./fixture.ts";

let ledger: Awaited<ReturnType<typeof makeLedger>>;
let server: TestServer;
beforeEach(async () => {
  ledger = await makeLedger();
  server = await testServer(ledger.folder);
});
afterEach(async () => {
  await server.close();
  ledger.remove();
});

const headers = { host: "localhost" };
const onPeel = { chain: "ethereum", origins: [peel.names["theft"] ?? ""] };
const start = async (body: object, key?: string) =>
  server.app.inject({
    method: "POST",
    url: "/v1/traces",
    headers: { ...headers, ...(key === undefined ? {} : { "idempotency-key": key }) },
    payload: body,
  });
const traced = async (body: object, key?: string): Promise<string> => {
  const { id } = (await start(body, key)).json<{ id: string }>();
  await ended(server.jobs, id);
  return id;
};
const get = async (url: string) => server.app.inject({ url, headers });
const restart = async (limits: Partial<TraceLimits> = {}): Promise<void> => {
  await server.close();
  server = await testServer(ledger.folder, { limits });
};
const folderOf = (id = ""): string => path.join(ledger.folder, "server", "traces", id);

describe("a server that is started again", () => {
  it("has the traces of before, and gives a key's trace and no second one", async () => {
    const id = await traced({ ...onPeel, compare: "on" }, "a-key");
    const before = await Promise.all(
      ["", "/result", "/graph", "/exits", "/compare"].map(async (part) => get(`/v1/traces/${id}${part}`)),
    );
    await restart();
    for (const [at, part] of ["", "/result", "/graph", "/exits", "/compare"].entries()) {
      const again = await get(`/v1/traces/${id}${part}`);
      expect([part, again.statusCode, again.body]).toEqual([part, 200, before[at]?.body]);
    }
    expect((await start({ ...onPeel, compare: "on" }, "a-key")).json()).toMatchObject({ id, state: "done" });
    expect((await start({ ...onPeel, policy: "lifo" }, "a-key")).json()).toMatchObject({
      code: "IDEMPOTENCY_CONFLICT",
    });
    expect(readFileSync(path.join(folderOf(), "keys.json"), "utf8")).not.toContain("a-key");
  });

  it("says of a key whose trace is gone that it is, and of one that was cut off that it was", async () => {
    const gone = await traced(onPeel, "gone");
    const cut = await traced(onPeel, "cut");
    await server.close();
    const file = path.join(folderOf(cut), "job.json");
    const record = JSON.parse(readFileSync(file, "utf8")) as object;
    writeFileSync(file, JSON.stringify({ ...record, state: "running", ended: null, result: null }));
    server = await testServer(ledger.folder, { limits: { kept: 1 } });
    expect((await start(onPeel, "gone")).json()).toMatchObject({
      code: "NOT_FOUND",
      detail: expect.stringContaining(gone) as string,
    });
    expect(existsSync(folderOf(gone))).toBe(false);
    const told = (await start(onPeel, "cut")).json();
    expect(told).toMatchObject({ id: cut, state: "cancelled", problem: { code: "TRACE_UNFINISHED" } });
    expect(readdirSync(folderOf(cut))).toEqual(["job.json"]);
    const log = readFileSync(path.join(ledger.folder, "server", "audit", "audit.jsonl"), "utf8");
    const ends = log.split("\n").filter((line) => line.includes('"trace ended"') && line.includes(cut));
    expect(ends.at(-1)).toContain('"state":"cancelled"');
  });

  it("keeps so many bytes, the newest whatever its size, and leaves nothing of what it forgot or does not know", async () => {
    const ids = [await traced(onPeel), await traced(onPeel), await traced(onPeel)];
    const stored = server.jobs.get(ids[0] ?? "").result?.stored ?? 0;
    expect(stored).toBeGreaterThan(server.jobs.get(ids[0] ?? "").result?.bytes ?? 0);
    mkdirSync(folderOf("something else"));
    await restart({ keptBytes: stored * 2 });
    expect(server.jobs.list().map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    await restart({ keptBytes: 1 });
    expect(server.jobs.list().map(({ id }) => id)).toEqual([ids[2]]);
    expect(readdirSync(folderOf()).filter((name) => name !== "keys.json")).toEqual([ids[2]]);
  });
});
