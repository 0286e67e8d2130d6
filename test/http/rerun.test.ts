import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Rerun } from "../../src/http/audit/rerun.ts";
import { ChainedLog } from "../../src/io/chained-log.ts";
import { fundtrail, type Outcome } from "../cli/terminal.ts";
import { bitcoin, ended, makeLedger, peel, testServer } from "./fixture.ts";

let ledger: Awaited<ReturnType<typeof makeLedger>>;
/** Of the trace that is forward, the one back, and the one that fails. */
let traces: readonly string[];
let screenings: readonly string[];
const headers = { host: "localhost" };
const deposit = peel.addresses["deposit-1"] ?? "";
const [address = ""] = bitcoin.addresses;
const subjects = [
  deposit,
  address,
  "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
  peel.txids["theft"] ?? "",
  `0x${"22".repeat(20)}`,
];

beforeAll(async () => {
  ledger = await makeLedger();
  await fundtrail("taint", "build", "--ledger", ledger.folder);
  const server = await testServer(ledger.folder);
  const post = async (url: string, payload: object) =>
    (await server.app.inject({ method: "POST", url, headers, payload })).json<{ id: string }>().id;
  screenings = [];
  for (const subject of subjects) screenings = [...screenings, await post("/v1/screenings", { subject })];
  const origins = [peel.names["theft"] ?? ""];
  traces = [
    await post("/v1/traces", { chain: "ethereum", origins, patterns: "on" }),
    await post("/v1/traces", { chain: "bitcoin", origins: bitcoin.refs.slice(2, 4), policy: "haircut" }),
    await post("/v1/traces", { chain: "bitcoin", origins: bitcoin.refs.slice(-2, -1), direction: "backward" }),
  ];
  for (const id of traces) await ended(server.jobs, id);
  await server.close();
}, 60_000);
afterAll(() => ledger.remove());

type Report = {
  readonly records: readonly Rerun[];
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly { readonly line: number; readonly what: string }[];
};
const rerun = async (...args: readonly string[]): Promise<Outcome> =>
  fundtrail("audit", "rerun", "--ledger", ledger.folder, ...args);
async function report(...args: readonly string[]): Promise<Report & { readonly status: number }> {
  const { status, out } = await rerun(...args, "--json");
  return { status, ...(JSON.parse(out) as Report) };
}
const logFile = (state: string): string => path.join(state, "audit", "audit.jsonl");
const lines = (): readonly string[] =>
  readFileSync(logFile(path.join(ledger.folder, "server")), "utf8")
    .trimEnd()
    .split("\n");
let made = 0;
/** A copy of the server's folder. */
function copied(): string {
  made += 1;
  const state = path.join(path.dirname(ledger.folder), `state-${made}`);
  cpSync(path.join(ledger.folder, "server"), state, { recursive: true });
  return state;
}
/** A whole log of these records. */
async function rewritten(change: (record: Record<string, unknown>) => object): Promise<string> {
  const state = copied();
  rmSync(path.join(state, "audit"), { recursive: true });
  const log = await ChainedLog.open(path.join(state, "audit"));
  for (const line of lines())
    await log.append(change((JSON.parse(line) as { record: Record<string, unknown> }).record));
  await log.close();
  return state;
}
const outcomes = ({ records }: Report): readonly string[] => records.map((one) => `${one.event} ${one.outcome}`);

describe("fundtrail audit rerun", () => {
  it("gives every result again on the ledger that it was answered from", async () => {
    const { status, records, counts, findings } = await report();
    expect([status, findings, counts["same"]]).toEqual([0, [], 8]);
    expect(records.map(({ id }) => id).toSorted()).toEqual([...screenings, ...traces].toSorted());
    for (const { was, now } of records) expect(now?.sha256).toBe(was.sha256);
    expect(await rerun()).toEqual({ status: 0, out: "8 records: 8 the same.\n", error: "" });
  });

  it("chooses by id and day, and says which id is not in the log", async () => {
    const [first = ""] = screenings;
    expect((await report("--id", first, "--id", traces[1] ?? "")).records.map(({ id }) => id)).toEqual([
      first,
      traces[1],
    ]);
    const day = new Date().toISOString().slice(0, 10);
    expect((await report("--from", "2020-01-01", "--to", "2020-01-02")).records).toEqual([]);
    expect((await report("--from", day)).records.length + (await report("--to", "2020-01-02")).records.length).toBe(8);
    const unknown = await rerun("--id", "nobody", "--json");
    expect([unknown.status, unknown.out, unknown.error]).toEqual([
      2,
      "",
      expect.stringMatching(/unknown record "nobody"/u),
    ]);
    expect(await rerun("--from", "2021-01-01", "--to", "2020-01-01")).toMatchObject({ status: 2, out: "" });
  });

  it("says of a changed rule file that screenings differ by it, in which parts, and leaves traces the same", async () => {
    const file = path.join(path.dirname(ledger.folder), "rules.yaml");
    const bundled = readFileSync(new URL("../../data/rules/default.yaml", import.meta.url), "utf8");
    writeFileSync(file, bundled.replace(/^version: .*$/mu, "version: 999"));
    const found = await report("--rules", file);
    expect([found.status, found.counts["same"], found.counts["differs"]]).toEqual([1, 3, 5]);
    for (const one of found.records.filter(({ event }) => event === "screening")) {
      expect(one).toMatchObject({ outcome: "differs", causes: ["rules"], parts: ["rules"] });
    }
    expect((await rerun("--rules", file)).out).toContain(": differs: the rules changed; in rules\n");
  });

  it("names every line that was changed, and runs none of it again", async () => {
    const state = copied();
    const changed = lines().map((line) => line.replace(`"subject":"${deposit}"`, `"subject":"${address}"`));
    writeFileSync(logFile(state), `${changed.join("\n")}\n`);
    const found = await report("--state", state);
    const [first] = found.records;
    expect([found.status, found.findings.map(({ line }) => line)]).toEqual([1, [1]]);
    expect(first).toMatchObject({
      outcome: "impossible",
      why: expect.stringMatching(/line 1 of the log was changed/u) as string,
    });
    expect(found.counts).toMatchObject({ same: 7, impossible: 1 });
  });

  it("tells an end that was cut off, and a trace that lost its own", async () => {
    const state = copied();
    const events = lines().map((line) => (JSON.parse(line) as { record: { event: string } }).record.event);
    const end = events.lastIndexOf("trace ended");
    writeFileSync(logFile(state), `${lines().slice(0, end).join("\n")}\n`);
    const found = await report("--state", state);
    expect([found.status, found.findings]).toEqual([
      1,
      [{ line: end + 1, what: expect.stringMatching(/the log ends here/u) as string }],
    ]);
    expect(found.records.at(-1)).toMatchObject({ event: "trace", outcome: "nothing", was: { sha256: null } });
    const unasked = copied();
    writeFileSync(
      logFile(unasked),
      `${lines()
        .filter((_, at) => events[at] !== "trace accepted")
        .join("\n")}\n`,
    );
    expect(outcomes(await report("--state", unasked)).filter((one) => one.startsWith("trace"))).toEqual(
      traces.map(() => "trace impossible"),
    );
  });

  it.each<[string, (record: Record<string, unknown>) => object, RegExp]>([
    ["a block that was replaced", (one) => withTip(one, (tip) => ({ ...tip, hash: "ab".repeat(32) })), /was replaced/u],
    ["a block that is to come", (one) => withTip(one, (tip) => ({ ...tip, height: 4_000_000 })), /ends at/u],
    ["a chain that is gone", (one) => ("chain" in one ? { ...one, chain: "eip155:56" } : one), /does not hold/u],
    ["what is no record", (one) => ("sha256" in one ? { ...one, tip: "none" } : one), /cannot be read|not in the log/u],
  ])("%s cannot be gone back to", async (_, change, why) => {
    const state = await rewritten((record) => (isOn(record, "bitcoin") ? change(record) : record));
    const { status, records, findings } = await report("--state", state);
    expect([status, findings]).toEqual([1, []]);
    const gone = records.filter(({ outcome }) => outcome === "impossible");
    expect(gone.length).toBeGreaterThan(2);
    for (const one of gone) expect(one.why).toMatch(why);
  });

  it("tells what is not as it was from what nothing explains", async () => {
    const wrong = "0".repeat(64);
    const causes = async (change: (record: Record<string, unknown>) => object) => {
      const { records } = await report("--state", await rewritten(change));
      return new Set(records.map((one) => `${one.event}: ${one.outcome} ${one.causes.join()}`));
    };
    const forged = (one: Record<string, unknown>) => (one["sha256"] === undefined ? one : { ...one, sha256: wrong });
    expect(await causes(forged)).toEqual(new Set(["screening: differs unexplained", "trace: differs unexplained"]));
    expect(await causes((one) => ({ ...forged(one), software: "0.0.1" }))).toEqual(
      new Set(["screening: differs software", "trace: differs software"]),
    );
    expect(await causes((one) => ({ ...forged(one), ...("register" in one ? { register: wrong } : {}) }))).toEqual(
      new Set(["screening: differs register", "trace: differs register"]),
    );
    expect(await causes((one) => ({ ...forged(one), ...("tags" in one ? { tags: wrong } : {}) }))).toEqual(
      new Set(["screening: differs tags", "trace: differs tags"]),
    );
    // As a version of before wrote it.
    const old = (one: Record<string, unknown>): object => ({ ...one, format: undefined, tags: undefined });
    expect(await causes((one) => forged(one["event"] === "trace ended" ? (old(one) as typeof one) : one))).toEqual(
      new Set(["screening: differs unexplained", "trace: differs tags unrecorded"]),
    );
    expect(await causes((one) => (one["commit"] === undefined ? one : { ...forged(one), commit: "1" }))).toEqual(
      new Set(["screening: differs index", "trace: same "]),
    );
  });

  it("traces as of the block of then where the ledger has gone on, and says of screenings what has changed", async () => {
    // Another block, that pays an address which was screened.
    const text = peel.file.toString("utf8").trimEnd();
    const [columns = [], ...rows] = text.split("\n").map((line) => line.split(","));
    const [last = []] = rows.slice(-1);
    const changes: Readonly<Record<string, string>> = {
      block: String(Number(last[columns.indexOf("block")]) + 1),
      tx: `0x${"cd".repeat(32)}`,
      index: "0",
      from: `0x${"11".repeat(20)}`,
      to: deposit,
    };
    const row = columns.map((name, at) => changes[name] ?? last[at] ?? "").join(",");
    const more = path.join(path.dirname(ledger.folder), "more.csv");
    writeFileSync(more, `${text}\n${row}\n`);
    const on = ["--ledger", ledger.folder, "--chain", "ethereum"];
    const ingested = await fundtrail("ingest", ...on, "--from", "transfers", more);
    expect(ingested.out).toContain("1 blocks");
    await fundtrail("taint", "build", "--ledger", ledger.folder);
    const found = await report();
    expect(found.records.filter(({ event }) => event === "trace").map(({ outcome }) => outcome)).toEqual([
      "same",
      "same",
      "same",
    ]);
    const screened = found.records.filter(({ event }) => event === "screening");
    expect(screened.map(({ outcome }) => outcome)).toEqual(["later", "same", "same", "later", "differs"]);
    // Of an address that is in no block it is told up to which one.
    expect(screened.at(-1)).toMatchObject({ causes: ["tip"], parts: ["block", "missing"] });
    expect(found.status).toBe(1);
    expect((await report("--id", screenings[3] ?? "")).status).toBe(0);
  });
});

function isOn(record: Readonly<Record<string, unknown>>, chain: string): boolean {
  const asked = record["asked"] as { readonly chain?: string } | undefined;
  const ids = new Set([traces[1], traces[2], screenings[1], screenings[2]]);
  return asked?.chain === chain || ids.has(String(record["trace"] ?? record["screening"]));
}

function withTip(record: Record<string, unknown>, change: (tip: object) => object): object {
  const tip = record["tip"] as object | null | undefined;
  return tip === null || tip === undefined ? record : { ...record, tip: change(tip) };
}
