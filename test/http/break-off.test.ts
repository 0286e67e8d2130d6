/** Clients that go away in the middle of an answer, on a server that listens. */
import { readFileSync } from "node:fs";
import { connect as connectTo, type AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomOf } from "../ledger/random-chain.ts";
import { fundtrail } from "../cli/terminal.ts";
import { bitcoin, ended, makeLedger, peel, testServer, type TestServer } from "./fixture.ts";

let ledger: Awaited<ReturnType<typeof makeLedger>>;
let server: TestServer;
let port = 0;
let trace = "";
beforeAll(async () => {
  ledger = await makeLedger();
  server = await testServer(ledger.folder);
  await server.app.listen({ host: "127.0.0.1", port: 0 });
  ({ port } = server.app.server.address() as AddressInfo);
  const payload = { chain: "ethereum", origins: [peel.names["theft"] ?? ""] };
  const headers = { host: "localhost" };
  const begun = await server.app.inject({ method: "POST", url: "/v1/traces", headers, payload });
  trace = begun.json<{ id: string }>().id;
  await ended(server.jobs, trace);
});
afterAll(async () => {
  await server.close();
  ledger.remove();
});

/** A server whose traces wait for good, so that their event streams have nothing to tell. */
async function waitingServer(): Promise<{
  readonly waiting: TestServer;
  readonly trace: string;
  readonly close: () => Promise<void>;
}> {
  const own = await makeLedger();
  const waiting = await testServer(own.folder, { limits: { running: 0 } });
  await waiting.app.listen({ host: "127.0.0.1", port: 0 });
  const payload = { chain: "ethereum", origins: [peel.names["theft"] ?? ""] };
  const begun = await waiting.app.inject({
    method: "POST",
    url: "/v1/traces",
    headers: { host: "localhost" },
    payload,
  });
  const close = async (): Promise<void> => {
    await waiting.close();
    own.remove();
  };
  return { waiting, trace: begun.json<{ id: string }>().id, close };
}

const rounds = Number(process.env["FUZZ_RUNS"] ?? 60);
const listLength = 4_000;
const list = JSON.stringify({ items: Array.from({ length: listLength }, () => ({ subject: bitcoin.addresses[0] })) });

function request(method: string, url: string, body: string): string {
  const type = body === "" ? "" : "content-type: application/json\r\n";
  return `${method} ${url} HTTP/1.1\r\nhost: localhost\r\n${type}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Sends a request, or only so much of it, and goes away without a word after so many bytes of the answer. */
async function breakOff(
  text: string,
  { sent, read, to = port }: { readonly sent: number; readonly read: number; readonly to?: number },
): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = connectTo(to, "127.0.0.1");
    let got = 0;
    socket.on("connect", () => {
      socket.write(text.slice(0, sent));
      if (read === 0) setImmediate(() => socket.resetAndDestroy());
    });
    socket.on("data", (piece) => {
      got += piece.length;
      if (got >= read) socket.resetAndDestroy();
    });
    // Who has all that there is, or is waited for, goes too.
    socket.setTimeout(150, () => socket.resetAndDestroy());
    socket.on("error", () => undefined);
    socket.on("close", () => resolve());
  });
}

/** Waits until the server does nothing more. */
async function quiet(): Promise<void> {
  const open = async (): Promise<number> =>
    new Promise((resolve) => server.app.server.getConnections((_, count) => resolve(count)));
  for (let before = -1; ;) {
    await new Promise((resolve) => void setTimeout(resolve, 100));
    const now = auditLength();
    if (now === before && (await open()) === 0) return;
    before = now;
  }
}
const auditLength = (): number => readFileSync(path.join(ledger.folder, "server", "audit", "audit.jsonl")).length;
const handles = (): readonly string[] => process.getActiveResourcesInfo().toSorted();

describe("a client that goes away", () => {
  it.each([
    ["a list that is screened", () => request("POST", "/v1/screenings/batch", list), 200_000],
    ["a trace's result", () => request("GET", `/v1/traces/${trace}/result`, ""), 5_000],
    ["a trace's graph", () => request("GET", `/v1/traces/${trace}/graph?whole=on`, ""), 5_000],
    ["a trace's events", () => request("GET", `/v1/traces/${trace}/events`, ""), 500],
    ["a page", () => request("GET", "/v1/incidents?limit=500", ""), 100_000],
  ])("from %s, at any byte, ends it without a fault, and leaves nothing open", async (_, make, most) => {
    const random = randomOf(7);
    const text = make();
    await breakOff(text, { sent: text.length, read: 1 });
    await quiet();
    const [before, logged] = [handles(), server.log.length];
    for (let round = 0; round < rounds; round += 8) {
      const some = Array.from({ length: 8 }, async (_one, index) =>
        breakOff(text, {
          sent: index === 7 ? random(text.length) + 1 : text.length,
          read: index % 2 === 0 ? 0 : random(most),
        }),
      );
      await Promise.all(some);
    }
    await quiet();
    // More lists at once than are screened are refused, as they should be.
    const lines = server.log.slice(logged).filter((line) => !/"SERVER_BUSY"|"status":503/u.test(line));
    expect(lines.filter((line) => !line.startsWith('{"level":30') || /"status":5/u.test(line))).toEqual([]);
    expect(handles()).toEqual(before);
    expect(server.views.open).toBeLessThan(2);
  });

  it("has no more of its list screened", async () => {
    const screened = (): number =>
      (
        readFileSync(path.join(ledger.folder, "server", "audit", "audit.jsonl"), "utf8").match(
          /"event":"screening"/gu,
        ) ?? []
      ).length;
    await quiet();
    const before = screened();
    await breakOff(request("POST", "/v1/screenings/batch", list), { sent: Infinity, read: 2_000 });
    await quiet();
    expect(screened() - before).toBeGreaterThan(0);
    expect(screened() - before).toBeLessThan(listLength / 2);
    expect((await fundtrail("audit", "verify", "--ledger", ledger.folder)).status).toBe(0);
  });

  it("does not keep the places of those that come after", async () => {
    for (let round = 0; round < 110; round += 1) {
      await breakOff(request("GET", `/v1/traces/${trace}/events`, ""), { sent: Infinity, read: round % 2 });
    }
    for (let round = 0; round < 6; round += 1) {
      await breakOff(request("POST", "/v1/screenings/batch", list), { sent: Infinity, read: round });
    }
    await quiet();
    const headers = { host: "localhost" };
    const events = await server.app.inject({ url: `/v1/traces/${trace}/events`, headers });
    const payload = { items: [{ subject: bitcoin.addresses[0] }] };
    const lists = await server.app.inject({ method: "POST", url: "/v1/screenings/batch", headers, payload });
    expect([events.statusCode, lists.statusCode]).toEqual([200, 200]);
  });

  it("is not waited for by an event stream that has nothing to tell", async () => {
    const { waiting, trace: queued, close } = await waitingServer();
    const { port: to } = waiting.app.server.address() as AddressInfo;
    const text = request("GET", `/v1/traces/${queued}/events`, "");
    // More than may be open at once, each for longer than the first event takes.
    for (let round = 0; round < 11; round += 1) {
      await Promise.all(
        Array.from({ length: 10 }, async () => breakOff(text, { sent: Infinity, read: 1_000_000, to })),
      );
      await new Promise((resolve) => void setTimeout(resolve, 250));
    }
    const leaving = new AbortController();
    const answer = await fetch(`http://127.0.0.1:${to}/v1/traces/${queued}/events`, { signal: leaving.signal });
    expect([answer.status, waiting.log.filter((line) => !line.startsWith('{"level":30'))]).toEqual([200, []]);
    leaving.abort();
    await close();
  });
});
