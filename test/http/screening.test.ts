import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Ajv2020 } from "ajv/dist/2020.js";
import { connect } from "../../src/http/client.ts";
import { contract } from "../../src/http/contract/contract.ts";
import { Failure } from "../../src/base/failure.ts";
import { Screenings } from "../../src/http/screenings/screenings.ts";
import { screenersBy } from "../../src/http/screenings/screener-of.ts";
import { SegmentLog } from "../../src/io/segment-log.ts";
import { fundtrail } from "../cli/terminal.ts";
import { bitcoin, makeLedger, peel, register, rules, testServer, type TestServer } from "./fixture.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-screening-"));
let ledger: Awaited<ReturnType<typeof makeLedger>>;
let server: TestServer;
beforeAll(async () => {
  ledger = await makeLedger();
  await fundtrail("taint", "build", "--ledger", ledger.folder);
  server = await testServer(ledger.folder);
});
afterAll(async () => {
  await server.close();
  ledger.remove();
  rmSync(scratch, { recursive: true, force: true });
});

const headers = { host: "localhost" };
const post = async (url: string, payload: object) => server.app.inject({ method: "POST", url, headers, payload });
const auditLines = (): string[] =>
  readFileSync(path.join(ledger.folder, "server", "audit", "audit.jsonl"), "utf8")
    .trim()
    .split("\n");
type Screening = { id: string; sha256: string; asked: object; verdict: { verdict: string } };

/** As `fundtrail screen` is asked, and the same for the API. */
const subjects: readonly (readonly [string, Readonly<Record<string, string | number>>])[] = [
  [peel.addresses["deposit-1"] ?? "", { chain: "ethereum" }],
  [peel.addresses["deposit-1"] ?? "", { chain: "ethereum", direction: "deposit" }],
  [peel.names["theft"]?.split(":")[0] ?? "", {}],
  [bitcoin.addresses[0] ?? "", {}],
  [bitcoin.refs[4]?.split(":")[0] ?? "", { direction: "withdrawal" }],
  ["1BoatSLRHtKNngkdXEeobR76b53LETtpyT", { chain: "bitcoin", block: 4_000_000 }],
  ["0x1111111111111111111111111111111111111111", { chain: "polygon" }],
];

describe("screenings", () => {
  it("are the command line's verdicts, with the digest that the audit log has, which is written before the answer", async () => {
    for (const [subject, more] of subjects) {
      const answer = await post("/v1/screenings", { subject, ...more });
      const lines = auditLines();
      const { id, sha256, asked, verdict } = answer.json<Screening>();
      const flags = Object.entries(more).flatMap(([name, value]) => [`--${name}`, String(value)]);
      const { out } = await fundtrail("screen", subject, "--ledger", ledger.folder, ...flags, "--json");
      expect(verdict).toEqual(JSON.parse(out));
      expect(sha256).toBe(createHash("sha256").update(JSON.stringify(verdict)).digest("hex"));
      expect(asked).toEqual({ subject, ...more });
      const { record } = JSON.parse(lines.at(-1) ?? "") as { record: object };
      expect(record).toMatchObject({ event: "screening", screening: id, asked, sha256, verdict: verdict.verdict });
      expect((await server.app.inject({ url: `/v1/screenings/${id}`, headers })).body).toBe(answer.body);
    }
    const [tagged] = subjects;
    expect(
      (await post("/v1/screenings", { subject: tagged?.[0], chain: "ethereum" })).json<Screening>().verdict,
    ).toMatchObject({
      parties: [{ entity: "Exchange A" }],
    });
  });

  it("of a list are the same, line by line in its order, and what is no address has a problem", async () => {
    const items = subjects.map(([subject, more]) => ({ subject, ...more }));
    const many = [
      ...Array.from({ length: 300 }, (_, at) => items[at % items.length]),
      { subject: "nothing" },
      items[0],
    ];
    const answer = await post("/v1/screenings/batch", { items: many });
    expect(String(answer.headers["content-type"])).toBe("application/x-ndjson");
    const lines = answer.body
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Screening & { index: number; problem?: object });
    expect(lines.map(({ index }) => index)).toEqual(many.map((_, index) => index));
    expect(lines[300]).toEqual({
      index: 300,
      problem: expect.objectContaining({ code: "INVALID_VALUE", status: 400 }),
    });
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    expect(lines.every((line) => ajv.validate(contract.screenBatch.answer, line))).toBe(true);
    for (const [at, one] of items.entries()) {
      const { verdict } = (await post("/v1/screenings", one)).json<Screening>();
      expect(lines[at]?.verdict).toEqual(verdict);
    }
    const logged = new Set(
      auditLines().map((line) => (JSON.parse(line) as { record: { screening?: string } }).record.screening),
    );
    expect(lines.every(({ id, problem }) => problem !== undefined || logged.has(id))).toBe(true);
    expect((await post("/v1/screenings/batch", { items: [] })).statusCode).toBe(400);
    expect(
      (await post("/v1/screenings/batch", { items: Array.from({ length: 10_001 }, () => ({ subject: "x" })) }))
        .statusCode,
    ).toBe(400);
  });

  it("are read again after a restart, and other ids are not known", async () => {
    const answer = await post("/v1/screenings", { subject: bitcoin.addresses[1] });
    const { id } = answer.json<Screening>();
    await server.close();
    server = await testServer(ledger.folder);
    expect((await server.app.inject({ url: `/v1/screenings/${id}`, headers })).body).toBe(answer.body);
    const [segment, offset, digits] = id.split("-");
    for (const other of [
      "x",
      `${segment}-${offset}-000000000000`,
      `${segment}-1-${digits}`,
      `zzz-0-${digits}`,
      `${segment}-zzzzzzz-${digits}`,
    ]) {
      expect((await server.app.inject({ url: `/v1/screenings/${other}`, headers })).statusCode).toBe(404);
    }
  });

  it("are not answered where the log cannot be written", async () => {
    const answers = await SegmentLog.open(path.join(scratch, "answers"), { segmentBytes: 1_000, segments: 2 });
    const full = new Failure("OUTPUT_UNWRITABLE", { file: "audit.jsonl", why: "no space", mend: "make some" });
    const audit = { append: async () => Promise.reject(full) } as never;
    const screenings = new Screenings({
      views: server.views,
      screenerOf: screenersBy(register, rules),
      audit,
      answers,
      software: "",
    });
    const asked = { subject: bitcoin.addresses[0] ?? "" };
    await expect(screenings.one(asked, "x")).rejects.toThrow(full);
    const told = { line: () => "answered", refused: () => "refused" };
    await expect(screenings.many([asked], "x", told).next()).rejects.toThrow(full);
    await answers.close();
  });
});

describe("answers that are kept", () => {
  it("are found by their ids while their file is there, whatever the order and size; the oldest files go", async () => {
    const folder = path.join(scratch, "segments");
    const log = await SegmentLog.open(folder, { segmentBytes: 2_000, segments: 3 });
    const text = (id: string, at: number): string => JSON.stringify({ id, at, more: "é".repeat((at * 37) % 400) });
    const ids = await Promise.all(Array.from({ length: 60 }, async (_, at) => log.append((id) => text(id, at))));
    expect(new Set(ids).size).toBe(60);
    expect(readdirSync(folder).length).toBeLessThanOrEqual(3);
    const found = await Promise.all(ids.map(async (id) => log.line(id)));
    for (const [at, line] of found.entries()) if (line !== undefined) expect(line).toBe(text(ids[at] ?? "", at));
    expect(found.filter((line) => line !== undefined).length).toBeGreaterThan(5);
    expect(found.at(-1)).toBe(text(ids.at(-1) ?? "", 59));
    const huge = await log.append((id) => JSON.stringify({ id, more: "x".repeat(100_000) }));
    expect((await log.line(huge))?.length).toBeGreaterThan(100_000);
    await log.close();
    const again = await SegmentLog.open(folder, { segmentBytes: 2_000, segments: 3 });
    expect((await again.line(huge))?.length).toBeGreaterThan(100_000);
    await again.close();
  });
});

describe("a disk that is full for a while", () => {
  it("loses no answer of before and gives none that is not kept", async () => {
    const folder = path.join(scratch, "full");
    const log = await SegmentLog.open(folder, { segmentBytes: 1_000_000, segments: 2 });
    const text = (id: string): string => JSON.stringify({ id, more: "x".repeat(100) });
    const before = await log.append(text);
    const handles = await import("node:fs/promises");
    const probe = await handles.open(path.join(folder, "00000001.jsonl"), "r");
    const prototype = Object.getPrototypeOf(probe) as { appendFile: (data: string) => Promise<void> };
    await probe.close();
    const whole = prototype.appendFile;
    // A part of what is written comes to the disk before it is full.
    prototype.appendFile = async function (this: unknown, data: string): Promise<void> {
      await whole.call(this, data.slice(0, 30));
      throw Object.assign(new Error("full"), { code: "ENOSPC" });
    };
    try {
      const tried = await Promise.allSettled(Array.from({ length: 40 }, async () => log.append(text)));
      expect(tried.every(({ status }) => status === "rejected")).toBe(true);
    } finally {
      prototype.appendFile = whole;
    }
    const after = await log.append(text);
    expect([await log.line(before), await log.line(after)]).toEqual([text(before), text(after)]);
    expect(readdirSync(folder)).toEqual(["00000001.jsonl"]);
    await log.close();
  });
});

describe("a server that is killed", () => {
  it("has every screening that it answered in its audit log, and goes on", async () => {
    const program = new URL("../../src/cli/run.ts", import.meta.url).pathname;
    const state = path.join(scratch, "state");
    for (const count of [1, 40, 200]) {
      const args = [program, "serve", "--ledger", ledger.folder, "--state", state, "--port", "0", "--log", "silent"];
      const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
      const [text] = (await once(child.stdout, "data")) as [Buffer];
      const client = connect({ url: /http:\S+(?=;)/u.exec(String(text))?.[0] ?? "" });
      const answered: string[] = [];
      // Killed in the middle of what is going on, some answers after the first.
      const enough = new Promise<void>((resolve) => {
        const looking = setInterval(() => {
          if (answered.length < count) return;
          clearInterval(looking);
          resolve();
        }, 1);
      });
      const ask = async (): Promise<void> => {
        for (let at = 0; ; at += 1) {
          const subject = bitcoin.addresses[at % bitcoin.addresses.length] ?? "";
          answered.push((await client.post("/v1/screenings", { body: { subject } })).id);
        }
      };
      const asking = Array.from({ length: 8 }, ask).map(async (one) => one.catch(() => undefined));
      await enough;
      child.kill("SIGKILL");
      await once(child, "exit");
      await Promise.all(asking);
      const log = readFileSync(path.join(state, "audit", "audit.jsonl"), "utf8");
      const logged = new Set([...log.matchAll(/"screening":"(?<id>[^"]+)"/gu)].map(({ groups }) => groups?.["id"]));
      expect(answered.filter((id) => !logged.has(id))).toEqual([]);
      expect(answered.length).toBeGreaterThanOrEqual(count);
      const { status, out } = await fundtrail("audit", "verify", "--state", state, "--json");
      expect([status, JSON.parse(out)]).toMatchObject([0, { findings: [] }]);
    }
  });
});
