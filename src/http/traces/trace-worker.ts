/** The thread of `trace-thread.ts`: runs one trace and writes its answer. */
import { parentPort, workerData } from "node:worker_threads";
import { Failure, isFailure } from "../../base/failure.ts";
import type { FailureData } from "../../base/failure-codes.ts";
import { errnoWords } from "../../io/errno.ts";
import { LedgerReader } from "../../ledger/reader.ts";
import { knownTags } from "../../screen/basis.ts";
import { openLmdbStore } from "../../store/lmdb-store.ts";
import { isoTime } from "../../trace/output/json.ts";
import { entitiesAt, ledgerTagStops } from "../../trace/tag-stops.ts";
import { folderName } from "../ledger-view.ts";
import { requestOf } from "./question.ts";
import type { TraceResult } from "./trace-files.ts";
import type { TraceMessage, TraceOrder } from "./trace-thread.ts";
import { writeAnswer } from "./write-answer.ts";

class Stopped extends Error {}

const looksBetweenTells = 1_024;
const tellMs = 200;

const order = workerData as TraceOrder;
const tell = (message: TraceMessage): void => {
  // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(message);
};

try {
  tell({ kind: "done", result: await run() });
} catch (thrown) {
  if (thrown instanceof Stopped) tell({ kind: "stopped" });
  else if (isFailure(thrown)) tell({ kind: "failed", code: thrown.code, data: thrown.data });
  else if (isOfDisk(thrown)) tell({ kind: "failed", code: "OUTPUT_UNWRITABLE", data: unwritable(thrown) });
  else throw thrown;
}

/** What the system refuses while the answer is written: a full disk, for one. */
function isOfDisk(thrown: unknown): thrown is NodeJS.ErrnoException {
  return thrown instanceof Error && typeof (thrown as NodeJS.ErrnoException).syscall === "string";
}

function unwritable(thrown: NodeJS.ErrnoException): FailureData<"OUTPUT_UNWRITABLE"> {
  const mend = "make room, or choose another folder with --state";
  return { file: "the server's folder of traces", why: errnoWords(thrown), mend };
}

async function run(): Promise<TraceResult> {
  const store = openLmdbStore(order.folder, { mode: "read" });
  try {
    const ledger = new LedgerReader(store, folderName);
    try {
      const chain = ledger.chains.find((one) => one.chain.id === order.chain);
      if (chain === undefined) throw new Failure("LEDGER_DAMAGED", { what: order.chain, why: "it is gone" });
      const { tip } = chain.state;
      const { asked, part } = order;
      const tagged =
        asked.tags === "off" ? undefined : ledgerTagStops(chain, part.actors, folderName, asked.direction ?? "forward");
      const meter = newMeter();
      const looker = newLooker();
      const result = writeAnswer({
        chain,
        asked,
        part,
        request: requestOf(chain, asked, { part, tagged, ...looker }),
        entityAt: entitiesAt(chain, part.actors, folderName),
        folder: order.answer,
        tip: tip === undefined ? null : { height: tip.height, hash: tip.hash ?? null, time: isoTime(tip.time) },
        tags: knownTags(chain.snapshot, folderName).digest,
        meter: meter.tell,
      });
      looker.end();
      return { ...result, stored: meter.sum() };
    } finally {
      ledger.close();
    }
  } finally {
    await store.close();
  }
}

/** Counts, tells of it now and then, and throws where the trace is to stop. */
function newLooker(): {
  readonly look: () => void;
  readonly visited: (transactions: number) => void;
  readonly end: () => void;
} {
  let addresses = 0;
  // Of the walk that goes on, and of those before it.
  let [walked, before] = [0, 0];
  const further = (): void => tell({ kind: "progress", addresses, transactions: before + walked });
  let told = performance.now();
  return {
    look: () => {
      addresses += 1;
      if (addresses % looksBetweenTells !== 0) return;
      stopIfAsked();
      const now = performance.now();
      if (now - told < tellMs) return;
      told = now;
      further();
    },
    visited: (transactions) => {
      if (transactions < walked) before += walked;
      walked = transactions;
    },
    end: further,
  };
}

function stopIfAsked(): void {
  if (Atomics.load(order.stop, 0) !== 0) throw new Stopped();
}

/** Holds all that is written to its limit. */
function newMeter(): { readonly tell: (bytes: number) => void; readonly sum: () => number } {
  let sum = 0;
  return {
    sum: () => sum,
    tell: (bytes) => {
      stopIfAsked();
      sum += bytes;
      if (sum <= order.bytesMax) return;
      const what = `the result has over ${order.bytesMax} bytes`;
      throw new Failure("RESULT_TOO_LARGE", { what, mend: "set until, hopsMax, amountMin or budget" });
    },
  };
}
