import type { AddressInfo } from "node:net";
import path from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { Failure } from "../base/failure.ts";
import type { Register } from "../incidents/register.ts";
import { ChainedLog } from "../io/chained-log.ts";
import { readBuiltPages } from "../io/built-pages.ts";
import { errnoWords } from "../io/errno.ts";
import { SegmentLog, type SegmentLimits } from "../io/segment-log.ts";
import type { RuleSet } from "../screen/rules.ts";
import { openLmdbStore } from "../store/lmdb-store.ts";
import type { PageStore } from "../store/page-store.ts";
import { makeApp, type AppParts } from "./app.ts";
import { Callers, type TokenSource } from "./callers.ts";
import { isLoopback } from "./hosts.ts";
import { LedgerViews } from "./ledger-view.ts";
import type { ScreeningParts } from "./answers/screenings.ts";
import { screenersBy } from "./screenings/screener-of.ts";
import { auditFolder, screeningsFolder, tracesFolder } from "./state-folders.ts";
import { Screenings } from "./screenings/screenings.ts";
import { TraceRecords } from "./traces/trace-records.ts";
import { TraceJobs } from "./traces/trace-jobs.ts";
import { usualTraceLimits, type TraceLimits } from "./traces/trace-limits.ts";

export type ServeOptions = {
  readonly register: Register;
  /** The ledger's folder; undefined: the register alone is served. */
  readonly ledger: string | undefined;
  /** Where the audit log is. */
  readonly state: string | undefined;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Undefined: none are asked for, which loopback alone allows. */
  readonly tokens: TokenSource | undefined;
  readonly log: AppParts["log"];
  readonly limits?: TraceLimits;
  /** By which it screens. */
  readonly rules: RuleSet;
};

/** Answers of screenings that are kept: 16 files of 64 MiB. */
const keptScreenings: SegmentLimits = { segmentBytes: 64 * 1024 * 1024, segments: 16 };

export type Server = {
  /** Where it listens: `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Takes no more requests, finishes those that came in, ends traces and event streams, and lets go of everything. */
  readonly stop: () => Promise<void>;
};

/**
 * Starts a server.
 *
 * @throws {Failure} `USAGE` where it would listen beyond loopback without tokens, `STORE_UNREADABLE`, `LEDGER_FORMAT`,
 *   `AUDIT_DAMAGED`, `LEDGER_BUSY` where another server writes the same audit log, `PORT_UNAVAILABLE`.
 */
export async function serve(options: ServeOptions): Promise<Server> {
  const { host, port, register, tokens, log } = options;
  const reach = isLoopback(host) ? "loopback" : "network";
  if (reach === "network" && tokens === undefined) {
    const mend = "create one with fundtrail token create, or listen on 127.0.0.1";
    throw new Failure("USAGE", {
      what: `tokens are required beyond loopback (--host ${host}), and there are none`,
      mend,
    });
  }
  const stopping = new AbortController();
  const ledger = await openLedger(options);
  const app = makeApp({
    register,
    views: ledger?.views,
    folder: options.ledger,
    jobs: ledger?.jobs,
    rules: options.rules,
    screening: ledger?.screening,
    callers: new Callers(tokens),
    pages: readBuiltPages(),
    reach,
    log,
    stopping: stopping.signal,
  });
  const stop = async (): Promise<void> => {
    stopping.abort();
    // Traces end first, so that who waits for one is told.
    await ledger?.jobs.close();
    await app.close();
    await ledger?.close();
  };
  try {
    await app.listen({ host, port });
  } catch (error) {
    await stop();
    throw new Failure("PORT_UNAVAILABLE", { host, port, why: listenWords(error) }, error);
  }
  const { port: taken } = app.server.address() as AddressInfo;
  return { url: `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${taken}`, stop };
}

type Opened = {
  readonly views: LedgerViews;
  readonly jobs: TraceJobs;
  readonly screening: ScreeningParts;
  readonly close: () => Promise<void>;
};

async function openLedger(options: ServeOptions): Promise<Opened | undefined> {
  const { ledger: folder, register, state, log } = options;
  if (folder === undefined) return undefined;
  const store: PageStore = openLmdbStore(folder, { mode: "read" });
  const views = new LedgerViews(store, folder, register.actors);
  let unlock = async (): Promise<void> => Promise.resolve();
  try {
    // A ledger that cannot be read is told at once.
    await views.use(() => undefined);
    const place = state ?? path.join(folder, "server");
    const audit = await ChainedLog.open(auditFolder(place));
    unlock = async () => audit.close();
    const answers = await SegmentLog.open(screeningsFolder(place), keptScreenings);
    const screenerOf = screenersBy(register, options.rules);
    const screenings = new Screenings({ views, screenerOf, audit, answers, software: manifest.version });
    const jobs = await TraceJobs.open({
      folder,
      records: new TraceRecords(tracesFolder(place)),
      views,
      register,
      audit,
      limits: options.limits ?? usualTraceLimits,
      software: manifest.version,
      report: (thrown, trace) => {
        const what = thrown instanceof Error ? thrown.stack : String(thrown);
        log.write(`${JSON.stringify({ level: 50, time: Date.now(), trace, what })}\n`);
      },
    });
    return {
      views,
      jobs,
      screening: { views, screenings, screenerOf },
      close: async () => {
        views.close();
        await answers.close();
        await audit.close();
        await store.close();
      },
    };
  } catch (error) {
    await unlock();
    views.close();
    await store.close();
    throw error;
  }
}

function listenWords(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") return "another program listens there";
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") return "this machine has no such address";
  return errnoWords(error);
}
