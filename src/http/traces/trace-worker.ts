/** The thread of `trace-thread.ts`: runs one trace and writes its result. */
import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { Failure, isFailure } from "../../base/failure.ts";
import { LedgerReader } from "../../ledger/reader.ts";
import { openLmdbStore } from "../../store/lmdb-store.ts";
import { isoTime } from "../../trace/output/json.ts";
import { ledgerTagStops } from "../../trace/tag-stops.ts";
import { folderName } from "../ledger-view.ts";
import { answerTrace } from "./question.ts";
import type { TraceMessage, TraceOrder, TraceResult } from "./trace-thread.ts";

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
  else throw thrown;
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
      const written = write(answerTrace(chain, asked, { part, tagged, look: looker() }));
      return {
        ...written,
        tip: tip === undefined ? null : { height: tip.height, hash: tip.hash ?? null, time: isoTime(tip.time) },
      };
    } finally {
      ledger.close();
    }
  } finally {
    await store.close();
  }
}

/** Counts, tells of it now and then, and throws where the trace is to stop. */
function looker(): () => void {
  let addresses = 0;
  let told = performance.now();
  return () => {
    addresses += 1;
    if (addresses % looksBetweenTells !== 0) return;
    stopIfAsked();
    const now = performance.now();
    if (now - told < tellMs) return;
    told = now;
    tell({ kind: "progress", addresses });
  };
}

function stopIfAsked(): void {
  if (Atomics.load(order.stop, 0) !== 0) throw new Stopped();
}

function write(pieces: Iterable<string>): { readonly bytes: number; readonly sha256: string } {
  const hash = createHash("sha256");
  const fd = openSync(order.file, "wx", 0o600);
  let bytes = 0;
  try {
    for (const piece of pieces) {
      stopIfAsked();
      const text = Buffer.from(piece, "utf8");
      bytes += text.length;
      if (bytes > order.resultBytesMax) {
        const what = `the result has over ${order.resultBytesMax} bytes`;
        throw new Failure("RESULT_TOO_LARGE", { what, mend: "set until, hopsMax, amountMin or budget" });
      }
      hash.update(text);
      for (let at = 0; at < text.length; at += writeSync(fd, text, at));
    }
  } finally {
    closeSync(fd);
  }
  return { bytes, sha256: hash.digest("hex") };
}
