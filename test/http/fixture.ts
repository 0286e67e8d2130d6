/** A ledger with a chain of each model, and servers on it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { FastifyInstance } from "fastify";
import { scenario } from "../../bench/chain/scenarios.ts";
import { makeApp } from "../../src/http/app.ts";
import { Callers } from "../../src/http/callers.ts";
import { LedgerViews } from "../../src/http/ledger-view.ts";
import { screenersBy } from "../../src/http/screenings/screener-of.ts";
import { Screenings } from "../../src/http/screenings/screenings.ts";
import { TraceJobs } from "../../src/http/traces/trace-jobs.ts";
import { usualTraceLimits, type TraceLimits } from "../../src/http/traces/trace-limits.ts";
import { TraceRecords } from "../../src/http/traces/trace-records.ts";
import type { TokenEntry } from "../../src/http/tokens.ts";
import { readRegister, type Register } from "../../src/incidents/register.ts";
import { ChainedLog } from "../../src/io/chained-log.ts";
import { bundledRegister, readRegisterFolder } from "../../src/io/register-folder.ts";
import { SegmentLog } from "../../src/io/segment-log.ts";
import { readRules } from "../../src/screen/rules.ts";
import { openLmdbStore } from "../../src/store/lmdb-store.ts";
import manifest from "../../package.json" with { type: "json" };
import { fundtrail } from "../cli/terminal.ts";
import { withLedger } from "../trace/ledger-of.ts";
import { randomUtxo } from "../trace/random-utxo.ts";

export const peel = scenario("peel-3", { model: "transfers", seed: 1 });
export const bitcoin = randomUtxo({ seed: 12, chain: "bitcoin", blocks: 12, unseen: "none", scale: 1_000n });

/** Makes the ledger in a new folder; `remove` deletes it. */
export async function makeLedger(): Promise<{ readonly folder: string; readonly remove: () => void }> {
  const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-http-"));
  const folder = path.join(scratch, "ledger");
  await withLedger(bitcoin.blocks, 3, () => undefined, openLmdbStore(folder, { mode: "write" }));
  writeFileSync(path.join(scratch, "peel.csv"), peel.file);
  await fundtrail(
    "ingest",
    "--ledger",
    folder,
    "--chain",
    "ethereum",
    "--from",
    "transfers",
    path.join(scratch, "peel.csv"),
  );
  await fundtrail("clusters", "build", "--ledger", folder, "--chain", "bitcoin");
  const tags = `address,label,category,source,confidence,chain\n${peel.addresses["deposit-1"]},Exchange A,exchange,a test,high,ethereum\n`;
  writeFileSync(path.join(scratch, "tags.csv"), tags);
  await fundtrail("tags", "import", path.join(scratch, "tags.csv"), "--ledger", folder);
  return { folder, remove: () => rmSync(scratch, { recursive: true, force: true }) };
}

export const register = readRegister([await readRegisterFolder(bundledRegister)]);

export const rules = readRules(
  "default.yaml",
  readFileSync(new URL("../../data/rules/default.yaml", import.meta.url), "utf8"),
);

export type TestServer = {
  readonly app: FastifyInstance;
  readonly views: LedgerViews;
  readonly jobs: TraceJobs;
  readonly log: string[];
  readonly close: () => Promise<void>;
};

/** A server that does not listen. */
export async function testServer(
  folder: string,
  options: {
    readonly tokens?: readonly TokenEntry[];
    readonly reach?: "loopback" | "network";
    readonly limits?: Partial<TraceLimits>;
    readonly register?: Register;
  } = {},
): Promise<TestServer> {
  const used = options.register ?? register;
  const store = openLmdbStore(folder, { mode: "read" });
  const views = new LedgerViews(store, folder, used.actors);
  const audit = await ChainedLog.open(path.join(folder, "server", "audit"));
  const answers = await SegmentLog.open(path.join(folder, "server", "screenings"), {
    segmentBytes: 4_096,
    segments: 50,
  });
  const screenerOf = screenersBy(used, rules);
  const screenings = new Screenings({ views, screenerOf, audit, answers, software: manifest.version });
  const log: string[] = [];
  const stopping = new AbortController();
  const jobs = await TraceJobs.open({
    folder,
    records: new TraceRecords(path.join(folder, "server", "traces")),
    views,
    register: used,
    audit,
    limits: { ...usualTraceLimits, ...options.limits },
    software: manifest.version,
    report: (thrown) => void log.push(String(thrown)),
  });
  const tokens = options.tokens === undefined ? undefined : new Map(options.tokens.map((one) => [one.id, one]));
  const app = makeApp({
    rules,
    screening: { views, screenings, screenerOf },
    register: used,
    views,
    folder,
    jobs,
    pages: new Map(),
    callers: new Callers(tokens === undefined ? undefined : () => tokens),
    reach: options.reach ?? "loopback",
    log: { level: "info", write: (line) => void log.push(line) },
    stopping: stopping.signal,
  });
  await app.ready();
  return {
    app,
    views,
    jobs,
    log,
    close: async () => {
      stopping.abort();
      await jobs.close();
      await app.close();
      views.close();
      await answers.close();
      await audit.close();
      await store.close();
    },
  };
}

/** Waits for a trace's end. */
export async function ended(jobs: TraceJobs, id: string): Promise<void> {
  while (jobs.get(id).ended === undefined) await new Promise((resolve) => void setTimeout(resolve, 20));
}
