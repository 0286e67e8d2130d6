import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readIngest, reportIngest } from "../../src/io/ingest-status.ts";
import { fundtrail } from "../cli/terminal.ts";
import { bitcoin, makeLedger, peel, testServer, type TestServer } from "./fixture.ts";

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

type Hit = { kind: string; id: string; chain: string | null; path: string; isExact: boolean; seen: boolean | null };
type Found = { exact: Hit | null; hits: Hit[]; notes: string[]; more: boolean };
const headers = { host: "localhost" };
const get = async <Answer>(url: string): Promise<Answer> => (await server.app.inject({ url, headers })).json<Answer>();
const search = async (q: string): Promise<Found> => get(`/v1/search?q=${encodeURIComponent(q)}`);

describe("search", () => {
  const [address = ""] = bitcoin.addresses;
  const [ref = ""] = bitcoin.refs.slice(3);
  const [txid = ""] = ref.split(":");
  const thief = peel.addresses["deposit-1"] ?? "";
  const theft = peel.names["theft"] ?? "";

  it("knows one thing by what it is called, and its path answers", async () => {
    const cases: readonly (readonly [string, string, string])[] = [
      [address, "address", address],
      [` ${address}\n`, "address", address],
      [thief.toUpperCase().replace("0X", "0x"), "address", thief.toLowerCase()],
      [txid, "transaction", txid],
      [ref, "output", ref],
      [theft, "transfer", theft],
      ["2025-02-21-bybit", "incident", "2025-02-21-bybit"],
      ["Hidden Cobra", "actor", "lazarus-group"],
      ["exchange a", "entity", "Exchange A"],
    ];
    for (const [q, kind, id] of cases) {
      const { exact, hits } = await search(q);
      expect([q, exact?.kind, exact?.id.toLowerCase()]).toEqual([q, kind, id.toLowerCase()]);
      expect(hits[0]).toEqual(exact);
      expect((await server.app.inject({ url: exact?.path ?? "", headers })).statusCode).toBe(200);
    }
  });

  it("finds what is like it, the exact first, and a height on each chain", async () => {
    const { exact, hits } = await search("2022");
    expect([exact, hits.every(({ kind }) => kind === "incident"), hits.length > 2]).toEqual([null, true, true]);
    const limited = await get<Found>("/v1/search?q=2022&limit=1");
    expect([limited.hits.length, limited.more]).toEqual([1, true]);
    const height = String(bitcoin.blocks[0]?.height);
    const blocks = (await search(height)).hits.filter(({ kind }) => kind === "block");
    expect(blocks.map(({ chain }) => chain)).toContain("bip122:000000000019d6689c085ae165831e93");
  });

  it("says why it finds nothing: a wrong checksum, a ledger that does not go so far", async () => {
    const wrong = "1BoatSLRHtKNngkdXEeobR76b53LETtpyU";
    expect((await search(wrong)).notes.join()).toMatch(/checksum/u);
    const unseen = await search("1BoatSLRHtKNngkdXEeobR76b53LETtpyT");
    expect(unseen.exact).toMatchObject({ kind: "address", seen: false });
    expect((await search("ab".repeat(32))).notes.join()).toMatch(
      /no such transaction is in the ledger of Bitcoin, which goes to block/u,
    );
    for (const odd of ["%", "*", "\\", "a", "-1", "__proto__", "'; --", "\u0000", "🦊"]) {
      expect((await search(odd)).exact).toBe(null);
    }
  });
});

describe("an ingest as others see it", () => {
  const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-status-"));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));
  const counts = { height: 5, lastHeight: 9, blocks: 5, transactions: 7, bytes: 10, bytesTotal: null };

  it("runs, ends, and what it left says so", async () => {
    expect(await readIngest(scratch)).toBe(undefined);
    const report = reportIngest(scratch, { chain: "eip155:1", source: "transfers" }, () => counts);
    report.tell();
    await expect.poll(async () => (await readIngest(scratch))?.state).toBe("running");
    expect(await readIngest(scratch)).toMatchObject({ ...counts, isStale: false, problem: null });
    await report.end({ code: "SOURCE_INVALID", title: "source invalid" });
    expect(await readIngest(scratch)).toMatchObject({ state: "failed", problem: { code: "SOURCE_INVALID" } });
  });

  it("that was killed died, one that is silent is stale, and a file of something else is none", async () => {
    const file = path.join(scratch, "ingest.status.json");
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    const status = { state: "running", chain: "x", source: "y", updated: new Date().toISOString(), host: hostname() };
    writeFileSync(file, JSON.stringify({ ...status, pid: child.pid }));
    expect(await readIngest(scratch)).toMatchObject({ state: "died", isStale: false });
    writeFileSync(file, JSON.stringify({ ...status, pid: process.pid, updated: "2020-01-01T00:00:00Z" }));
    expect(await readIngest(scratch)).toMatchObject({ state: "running", isStale: true });
    for (const text of ["", "null", "[]", '{"state":"running"}']) {
      writeFileSync(file, text);
      expect(await readIngest(scratch)).toBe(undefined);
    }
  });

  it("is told over HTTP; and a ledger that was ingested as made up says so for good", async () => {
    expect(await get("/v1/ledger/ingest")).toMatchObject({ ingest: { state: "done", source: "transfers" } });
    const rows = path.join(scratch, "rows.csv");
    writeFileSync(rows, peel.file);
    const into = async (name: string, ...more: readonly string[]) => {
      const args = ["--ledger", path.join(scratch, name), "--chain", "ethereum", "--from", "transfers", rows];
      return fundtrail("ingest", ...args, ...more);
    };
    const simulated = async (name: string): Promise<boolean[]> => {
      const { out } = await fundtrail("ledger", "info", "--ledger", path.join(scratch, name), "--json");
      return (JSON.parse(out) as { chains: { simulated: boolean }[] }).chains.map((one) => one.simulated);
    };
    await into("real");
    await into("made", "--simulated");
    expect([await simulated("real"), await simulated("made")]).toEqual([[false], [true]]);
    await into("made");
    expect(await simulated("made")).toEqual([true]);
    const refused = await into("real", "--simulated");
    expect([refused.status, refused.error]).toEqual([2, expect.stringContaining("holds real blocks")]);
    const { chains } = await get<{ chains: { simulated: boolean; gapsAt: object[]; gaps: number }[] }>("/v1/ledger");
    expect(chains.every((one) => !one.simulated && one.gapsAt.length === Math.min(one.gaps, 100))).toBe(true);
  });
});

describe("an address's flows and a block", () => {
  it("what came in less what went out is what it holds, and its transfers by direction are all of them", async () => {
    type Sums = { balances: { asset: string; amount: string }[] | null } & Record<
      "received" | "sent",
      { asset: string; amount: string }[]
    >;
    for (const one of Object.values(peel.addresses)) {
      const url = `/v1/chains/ethereum/addresses/${one}`;
      const { balances, received, sent } = await get<Sums>(`${url}/balance`);
      const sums = new Map<string, bigint>();
      for (const { asset, amount } of received) sums.set(asset, BigInt(amount));
      for (const { asset, amount } of sent) sums.set(asset, (sums.get(asset) ?? 0n) - BigInt(amount));
      if (balances !== null) {
        expect(new Map(balances.map(({ asset, amount }) => [asset, BigInt(amount)]))).toEqual(
          new Map([...sums].filter(([, amount]) => amount > 0n)),
        );
      }
      const count = async (query: string): Promise<number> =>
        (await get<{ transfers: object[] }>(`${url}/transfers?limit=1000${query}`)).transfers.length;
      expect((await count("&direction=in")) + (await count("&direction=out"))).toBe(await count(""));
    }
  });

  it("a block's transactions page by page are all of them", async () => {
    const block = bitcoin.blocks.find(({ transactionCount }) => transactionCount > 2);
    const url = `/v1/chains/bitcoin/blocks/${block?.height}`;
    type Block = { transactions: string[]; total: number; next: string | null };
    const whole = await get<Block>(`${url}?limit=1000`);
    const found: string[] = [];
    for (let cursor = ""; ;) {
      const page = await get<Block>(`${url}?limit=2${cursor}`);
      found.push(...page.transactions);
      if (page.next === null) break;
      cursor = `&cursor=${page.next}`;
    }
    expect([found, whole.total]).toEqual([whole.transactions, block?.transactionCount]);
    expect((await server.app.inject({ url: "/v1/chains/bitcoin/blocks/4000000", headers })).statusCode).toBe(404);
  });
});
