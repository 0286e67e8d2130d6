import { Worker } from "node:worker_threads";
import { Failure } from "../../base/failure.ts";
import type { FailureCode } from "../../base/failure-codes.ts";
import type { RegisterPart, TraceAsked } from "./question.ts";
import type { TraceResult } from "./trace-files.ts";

/** What the thread is given. */
export type TraceOrder = {
  /** The ledger's folder. */
  readonly folder: string;
  readonly chain: string;
  readonly asked: TraceAsked;
  readonly part: RegisterPart;
  /** Where the answer is written; is made. */
  readonly answer: string;
  readonly bytesMax: number;
  /** Not 0: stop. */
  readonly stop: Int32Array;
};

/** How far a trace is: receipts that were looked at, and transactions that were visited, by all policies together. */
export type TraceProgress = { readonly addresses: number; readonly transactions: number };

/** What it tells. */
export type TraceMessage =
  | ({ readonly kind: "progress" } & TraceProgress)
  | { readonly kind: "done"; readonly result: TraceResult }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly code: FailureCode; readonly data: unknown };

/** A trace that runs in a thread of its own, so that the server goes on answering. */
export type RunningTrace = {
  /** The result; undefined where it was stopped. Rejects with what ended it. */
  readonly ended: Promise<TraceResult | undefined>;
  readonly stop: () => void;
};

/** A thread that does not stop by itself after so long is ended. */
const graceMs = 5_000;
const heapMegabytes = 4_096;

/** @param whenFurther - Told how far it is, some times a second. */
export function runInThread(
  order: Omit<TraceOrder, "stop">,
  whenFurther: (progress: TraceProgress) => void,
): RunningTrace {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(workerFile(), {
    workerData: { ...order, stop } satisfies TraceOrder,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  });
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<TraceResult | undefined>((resolve, reject) => {
    worker.on("message", (message: TraceMessage) => {
      if (message.kind === "progress") whenFurther(message);
      else if (message.kind === "done") resolve(message.result);
      else if (message.kind === "stopped") resolve(undefined);
      else reject(new Failure(message.code, message.data as never));
    });
    worker.on("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? tooLarge() : error),
    );
    worker.on("exit", () => {
      clearTimeout(timer);
      if (isStopped) resolve(undefined);
      else reject(new Error("traces: a thread ended without a word"));
    });
  });
  return {
    ended,
    stop: () => {
      isStopped = true;
      Atomics.store(stop, 0, 1);
      timer ??= setTimeout(() => void worker.terminate(), graceMs).unref();
    },
  };
}

function tooLarge(): Failure {
  return new Failure("RESULT_TOO_LARGE", {
    what: `the trace needs over ${heapMegabytes} MiB of memory`,
    mend: "set until, hopsMax, amountMin or budget",
  });
}

/** The file beside this one, which is TypeScript in the sources and JavaScript in a package. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "trace-worker.ts" : "trace-worker.js", import.meta.url);
}
