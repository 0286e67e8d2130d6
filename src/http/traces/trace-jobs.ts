import { randomUUID } from "node:crypto";
import { assert } from "../../base/assert.ts";
import { Failure } from "../../base/failure.ts";
import type { Register } from "../../incidents/register.ts";
import type { ChainedLog } from "../../io/chained-log.ts";
import { chainNamed, type LedgerViews } from "../ledger-view.ts";
import { asFailure } from "../problem.ts";
import { notKept } from "./kept-files.ts";
import { prepare, type TraceAsked } from "./question.ts";
import type { TraceResult } from "./trace-files.ts";
import {
  askedDigest,
  keyPlace,
  type TraceRecord,
  type TraceRecords,
  type TraceState,
  type UsedKey,
} from "./trace-records.ts";
import type { TraceLimits } from "./trace-limits.ts";
import { runInThread, type RunningTrace, type TraceOrder } from "./trace-thread.ts";

/** A trace that was asked for. */
export type TraceJob = {
  readonly id: string;
  readonly caller: string;
  readonly asked: TraceAsked;
  readonly chain: string;
  readonly created: Date;
  /** Where its answer lies; see {@link traceFiles}. */
  readonly folder: string;
  state: TraceState;
  ended: Date | undefined;
  addresses: number;
  transactions: number;
  result: TraceResult | undefined;
  problem: { readonly code: string; readonly detail: string } | undefined;
};

type Kept = TraceJob & {
  /** Undefined: it was asked of an earlier process, and does not run. */
  readonly part: TraceOrder["part"] | undefined;
  readonly listeners: Set<() => void>;
  running: RunningTrace | undefined;
  /** Settles when the audit log has its end. */
  over: Promise<void> | undefined;
};

export type JobsOptions = {
  /** The ledger's. */
  readonly folder: string;
  /** Where traces are kept. */
  readonly records: TraceRecords;
  readonly views: LedgerViews;
  readonly register: Register;
  readonly audit: ChainedLog;
  readonly limits: TraceLimits;
  readonly software: string;
  /** Told of faults, which callers are not. */
  readonly report: (thrown: unknown, job: string) => void;
};

/** So many idempotency keys are remembered. */
const keysMax = 10_000;

/**
 * The traces of a server: they wait, run in threads of their own, and are kept for a while, also when the server ends. All are
 * in the audit log.
 */
export class TraceJobs {
  readonly #options: JobsOptions;
  readonly #jobs = new Map<string, Kept>();
  readonly #keys = new Map<string, UsedKey>();
  /** Of keys whose trace is being taken in. */
  readonly #accepting = new Map<string, Promise<TraceJob>>();
  #isClosed = false;

  private constructor(options: JobsOptions) {
    this.#options = options;
  }

  /**
   * Takes over what an earlier process kept. What it had not ended is cancelled, and the audit log says so.
   *
   * @throws {Failure} `OUTPUT_UNWRITABLE`.
   */
  static async open(options: JobsOptions): Promise<TraceJobs> {
    const jobs = new TraceJobs(options);
    for (const used of options.records.readKeys()) jobs.#keys.set(used.place, used);
    for (const record of options.records.read()) {
      const job = restored(record, options.records.folderOf(record.id));
      jobs.#jobs.set(job.id, job);
      if (job.ended === undefined) await jobs.#interrupt(job);
    }
    jobs.#forgetOldest();
    return jobs;
  }

  /**
   * Takes a trace in. It is in the audit log when this resolves.
   *
   * @param key - Of two requests of a caller with the same key the second gets the first one's trace, also of another process.
   * @throws {Failure} As `prepare`; `SERVER_BUSY` where too many wait, `IDEMPOTENCY_CONFLICT`, `NOT_FOUND` where the key's trace
   *   is not kept any more, `OUTPUT_UNWRITABLE` where the audit log cannot be written.
   */
  async start(asked: TraceAsked, caller: string, key: string | undefined): Promise<TraceJob> {
    const id = randomUUID();
    if (key === undefined) return this.#accept(id, asked, caller);
    const used: UsedKey = { place: keyPlace(caller, key), digest: askedDigest(asked), id };
    const known = this.#keys.get(used.place);
    if (known === undefined) return this.#acceptWith(used, asked, caller);
    if (known.digest !== used.digest) throw new Failure("IDEMPOTENCY_CONFLICT", { key });
    const job = (await this.#accepting.get(known.place)) ?? this.#jobs.get(known.id);
    if (job !== undefined) return job;
    const what = `the trace of this idempotency key, ${known.id}, is no longer kept`;
    throw new Failure("NOT_FOUND", { what, mend: "start it again with another key" });
  }

  /** The key is on the disk before its trace is, so that a repetition never begins a second one. */
  async #acceptWith(used: UsedKey, asked: TraceAsked, caller: string): Promise<TraceJob> {
    this.#keys.set(used.place, used);
    if (this.#keys.size > keysMax) this.#keys.delete(this.#keys.keys().next().value ?? "");
    try {
      this.#options.records.writeKeys([...this.#keys.values()]);
      const job = this.#accept(used.id, asked, caller);
      this.#accepting.set(used.place, job);
      return await job;
    } catch (error) {
      // What was not accepted may be asked again.
      this.#keys.delete(used.place);
      throw error;
    } finally {
      this.#accepting.delete(used.place);
    }
  }

  /** @throws {Failure} `NOT_FOUND`. */
  get(id: string): TraceJob {
    return this.#kept(id);
  }

  /** The newest first. */
  list(): readonly TraceJob[] {
    return [...this.#jobs.values()].toReversed();
  }

  /** Stops a trace that waits or runs; an ended one stays as it is. */
  async cancel(id: string): Promise<TraceJob> {
    const job = this.#kept(id);
    if (job.state === "queued") await this.#end(job, "cancelled");
    else if (job.state === "running") {
      job.running?.stop();
      await job.over;
    }
    return job;
  }

  /** Calls `listener` at each change, until what is returned is called. */
  watch(id: string, listener: () => void): () => void {
    const { listeners } = this.#kept(id);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  count(state: TraceState): number {
    return this.list().filter((job) => job.state === state).length;
  }

  /** Cancels what waits and runs. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.list().map(async ({ id }) => this.cancel(id)));
  }

  #kept(id: string): Kept {
    const job = this.#jobs.get(id);
    if (job !== undefined) return job;
    throw notKept(id);
  }

  async #accept(id: string, asked: TraceAsked, caller: string): Promise<TraceJob> {
    const { limits, views, register, audit, software, records } = this.#options;
    if (this.#isClosed) throw new Failure("SERVER_BUSY", { what: "the server is stopping", mend: "try again later" });
    if (this.count("queued") >= limits.waiting) {
      const what = `${limits.waiting} traces wait already`;
      const mend = "try again when some have ended, or cancel one";
      throw new Failure("SERVER_BUSY", { what, mend, reason: "traces-waiting" });
    }
    const created = new Date();
    const { chain, part, tip } = await views.use((view) => {
      const reader = chainNamed(view, asked.chain);
      return { chain: reader.chain.id, part: prepare(reader, asked, register), tip: reader.state.tip };
    });
    const job: Kept = {
      id,
      caller,
      asked,
      chain,
      created,
      part,
      folder: records.folderOf(id),
      state: "queued",
      ended: undefined,
      addresses: 0,
      transactions: 0,
      result: undefined,
      problem: undefined,
      listeners: new Set(),
      running: undefined,
      over: undefined,
    };
    // It has its place in the queue while the log is written.
    this.#jobs.set(id, job);
    try {
      records.write(recordOf(job));
      await audit.append({
        event: "trace accepted",
        at: created.toISOString(),
        trace: id,
        caller,
        asked,
        chain,
        tip: tip === undefined ? null : { height: tip.height, hash: tip.hash ?? null },
        register: register.digest,
        software,
      });
    } catch (error) {
      this.#jobs.delete(id);
      records.remove(id);
      throw error;
    }
    this.#runNext();
    return job;
  }

  #runNext(): void {
    if (this.#isClosed || this.count("running") >= this.#options.limits.running) return;
    const next = [...this.#jobs.values()].find(({ state }) => state === "queued");
    if (next === undefined) return;
    next.state = "running";
    next.over = this.#run(next);
    tell(next);
  }

  async #run(job: Kept): Promise<void> {
    const { folder, limits } = this.#options;
    const { chain, asked, part } = job;
    assert(part !== undefined, "traces: one of an earlier process does not run");
    let isLate = false;
    const order = { folder, chain, asked, part, answer: job.folder, bytesMax: limits.resultBytes };
    job.running = runInThread(order, ({ addresses, transactions }) => {
      job.addresses = addresses;
      job.transactions = transactions;
      tell(job);
    });
    const timer = setTimeout(() => {
      isLate = true;
      job.running?.stop();
    }, limits.seconds * 1_000);
    try {
      job.result = await job.running.ended;
      const what = `the trace took over ${limits.seconds} s`;
      if (isLate)
        job.problem = { code: "RESULT_TOO_LARGE", detail: `${what}; set until, hopsMax, amountMin or budget` };
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (failure === undefined) this.#options.report(thrown, job.id);
      job.problem = {
        code: failure?.code ?? "FAULT",
        detail: failure?.message ?? "a fault in Fundtrail: please report it",
      };
    }
    clearTimeout(timer);
    await this.#end(job, job.problem !== undefined ? "failed" : job.result === undefined ? "cancelled" : "done");
    this.#runNext();
  }

  /** The audit log has a trace's end before anybody can read its result. */
  async #end(job: Kept, state: TraceState): Promise<void> {
    const { audit } = this.#options;
    const ended = new Date();
    if (job.state === "queued") job.state = state;
    const { id, result, problem } = job;
    try {
      await audit.append({
        event: "trace ended",
        format: 2,
        at: ended.toISOString(),
        trace: id,
        state,
        tip: result?.tip ?? null,
        tags: result?.tags ?? null,
        bytes: result?.bytes ?? null,
        sha256: result?.sha256 ?? null,
        problem: problem?.code ?? null,
      });
      job.state = state;
    } catch (thrown) {
      this.#options.report(thrown, id);
      [job.state, job.result] = ["failed", undefined];
      job.problem = { code: "OUTPUT_UNWRITABLE", detail: "the audit log could not be written" };
    }
    job.ended = ended;
    this.#keep(job);
    tell(job);
    this.#forgetOldest();
  }

  /** That a record cannot be written is told, and keeps nobody from the answer that is there. */
  #keep(job: Kept): void {
    const { records, report } = this.#options;
    try {
      if (job.result === undefined) records.removeAnswer(job.id);
      records.write(recordOf(job));
    } catch (thrown) {
      report(thrown, job.id);
    }
  }

  async #interrupt(job: Kept): Promise<void> {
    const detail = "the server ended before the trace did; start it again, with another idempotency key";
    job.problem = { code: "TRACE_UNFINISHED", detail };
    await this.#end(job, "cancelled");
  }

  #forgetOldest(): void {
    const { kept, keptBytes } = this.#options.limits;
    const ended = [...this.#jobs.values()].filter(({ ended: at }) => at !== undefined);
    let bytes = ended.reduce((sum, { result }) => sum + (result?.stored ?? 0), 0);
    let count = ended.length;
    for (const { id, result } of ended) {
      // The newest is kept whatever its size.
      if (count <= 1 || (count <= kept && bytes <= keptBytes)) return;
      count -= 1;
      bytes -= result?.stored ?? 0;
      this.#jobs.delete(id);
      this.#options.records.remove(id);
    }
  }
}

function recordOf(job: TraceJob): TraceRecord {
  const { id, caller, asked, chain, state, addresses, transactions } = job;
  return {
    id,
    caller,
    asked,
    chain,
    created: job.created.toISOString(),
    ended: job.ended?.toISOString() ?? null,
    state,
    addresses,
    transactions,
    result: job.result ?? null,
    problem: job.problem ?? null,
  };
}

function restored(record: TraceRecord, folder: string): Kept {
  return {
    ...record,
    transactions: record.transactions ?? 0,
    created: new Date(record.created),
    ended: record.ended === null ? undefined : new Date(record.ended),
    folder,
    result: record.result === null ? undefined : { ...record.result, tags: record.result.tags ?? null },
    problem: record.problem ?? undefined,
    part: undefined,
    listeners: new Set(),
    running: undefined,
    over: undefined,
  };
}

function tell({ listeners }: Kept): void {
  for (const listener of listeners) listener();
}
