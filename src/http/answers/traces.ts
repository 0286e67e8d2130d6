import { Readable } from "node:stream";
import { Failure } from "../../base/failure.ts";
import type { Contract } from "../contract/contract.ts";
import type { AnswerOf } from "../contract/route.ts";
import type { traceRoutes } from "../contract/traces.ts";
import type { Handlers, RawAnswer } from "../handling.ts";
import { fileStream, whileKept } from "../traces/kept-files.ts";
import { traceFiles, type Digested, type TraceResult } from "../traces/trace-files.ts";
import type { TraceJob, TraceJobs } from "../traces/trace-jobs.ts";

/** So often an event stream shows that it is alive. */
const heartbeatMs = 15_000;
/** Progress is told at most so often. */
const eventMs = 200;
const streamsMax = 100;

type Job = AnswerOf<Contract["getTrace"]>;

/** What starts, watches and ends traces. */
export function traceHandlers(jobs: TraceJobs | undefined, stopping: AbortSignal): Handlers<keyof typeof traceRoutes> {
  const known = (): TraceJobs => knownJobs(jobs);
  let streams = 0;
  return {
    startTrace: async ({ body, caller, idempotencyKey }) =>
      jobAnswer(await known().start(body, caller.id, idempotencyKey)),
    listTraces: () => ({ traces: known().list().map(jobAnswer) }),
    getTrace: ({ params }) => jobAnswer(known().get(params.id)),
    cancelTrace: async ({ params }) => jobAnswer(await known().cancel(params.id)),
    getTraceEvents: ({ params }) => {
      const { id } = known().get(params.id);
      if (streams >= streamsMax) {
        throw new Failure("SERVER_BUSY", {
          what: `${streamsMax} event streams are open`,
          mend: "ask getTrace instead",
        });
      }
      streams += 1;
      const raw = Readable.from(eventsOf(known(), id, stopping), { highWaterMark: 1 });
      raw.once("close", () => void (streams -= 1));
      return { raw };
    },
    getTraceResult: async ({ params }) => {
      const job = doneTrace(known().get(params.id));
      return whileKept(job, async () => fileAnswer(traceFiles.result(job.folder), job.result));
    },
  };
}

/** @throws {Failure} `NOT_FOUND` where the server has no ledger. */
export function knownJobs(jobs: TraceJobs | undefined): TraceJobs {
  if (jobs !== undefined) return jobs;
  throw new Failure("NOT_FOUND", {
    what: "this server has no ledger",
    mend: "start it with --ledger DIR",
    reason: "no-ledger",
  });
}

/** A trace's file, with its digest. */
export async function fileAnswer(file: string, { bytes, sha256 }: Digested): Promise<RawAnswer> {
  const digest = Buffer.from(sha256, "hex").toString("base64");
  return {
    raw: await fileStream(file),
    headers: { "content-length": String(bytes), "repr-digest": `sha-256=:${digest}:` },
  };
}

/** @throws {Failure} `TRACE_UNFINISHED` for one that has no result. */
export function doneTrace(job: TraceJob): TraceJob & { readonly result: TraceResult } {
  const { id, state, result } = job;
  if (state !== "done" || result === undefined) throw new Failure("TRACE_UNFINISHED", { id, state });
  return { ...job, result };
}

export function jobAnswer(job: TraceJob): Job {
  const { id, state, chain, asked, created, ended, addresses, transactions, result, problem } = job;
  return {
    id,
    state,
    chain,
    asked,
    created: created.toISOString(),
    ended: ended?.toISOString() ?? null,
    progress: { addresses, transactions },
    result: result === undefined || ended === undefined ? null : { ...result, graphs: [...result.graphs] },
    problem: problem ?? null,
  };
}

/** The trace now, at each change, and at its end. A client that reads slowly gets fewer events, and always the newest state. */
function eventsOf(jobs: TraceJobs, id: string, stopping: AbortSignal): AsyncIterable<string> {
  const signal: Signal = { isChanged: true, wake: undefined };
  const events = eventsBy(jobs, id, { stopping, signal });
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => events.next(),
      return: async () => {
        // Who leaves is not kept until something happens.
        const ended = events.return(undefined);
        signal.isChanged = true;
        signal.wake?.();
        return ended;
      },
    }),
  };
}

type Signal = { isChanged: boolean; wake: (() => void) | undefined };

async function* eventsBy(
  jobs: TraceJobs,
  id: string,
  { stopping, signal }: { readonly stopping: AbortSignal; readonly signal: Signal },
): AsyncGenerator<string, undefined> {
  const changed = (): void => {
    signal.isChanged = true;
    signal.wake?.();
  };
  // Its end is told also where it is not kept any more when a slow reader comes to it.
  const watched = jobs.get(id);
  const unwatch = jobs.watch(id, changed);
  stopping.addEventListener("abort", changed);
  try {
    for (let number = 1; ; number += 1) {
      const job = jobAnswer(watched);
      signal.isChanged = false;
      yield `id: ${number}\nevent: trace\ndata: ${JSON.stringify(job)}\n\n`;
      if (job.ended !== null || stopping.aborted) return;
      await pause(eventMs);
      while (!signal.isChanged) {
        const woken = new Promise<void>((resolve) => void (signal.wake = resolve));
        if (!(await withTimeout(woken, heartbeatMs))) yield ": alive\n\n";
      }
    }
  } finally {
    unwatch();
    stopping.removeEventListener("abort", changed);
  }
}

async function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}

/** Whether it settled in time. */
async function withTimeout(wanted: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => void (timer = setTimeout(() => resolve(false), ms)));
  const isDone = await Promise.race([wanted.then(() => true), late]);
  clearTimeout(timer);
  return isDone;
}
