import { readFile, rename, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { isProcessAlive } from "./writer-lock.ts";

const statusName = "ingest.status.json";
const writeMs = 1_000;
/** Who says that it runs and was not heard of for so long may hang. */
const staleMs = 60_000;

/** How far an ingest is. Counts are of this run; bytes are of its source. */
export type IngestCounts = {
  readonly height: number | null;
  readonly lastHeight: number | null;
  readonly blocks: number;
  readonly transactions: number;
  readonly bytes: number;
  readonly bytesTotal: number | null;
};

/** What an ingest leaves beside the ledger for who does not run it. */
export type IngestStatus = IngestCounts & {
  readonly state: "running" | "done" | "failed";
  readonly chain: string;
  /** The kind of source. */
  readonly source: string;
  readonly started: string;
  readonly updated: string;
  readonly secondsLeft: number | null;
  readonly problem: { readonly code: string; readonly title: string } | null;
  readonly pid: number;
  readonly host: string;
};

/** What is known of the last ingest: `died` where it says that it runs and its process is gone. */
export type IngestSeen = Omit<IngestStatus, "state" | "pid" | "host"> & {
  readonly state: IngestStatus["state"] | "died";
  readonly isStale: boolean;
};

export type IngestReport = {
  /** Cheap: writes at most once a second, and not while it is writing. */
  readonly tell: () => void;
  /** Says how it ended; undefined: well. */
  readonly end: (problem: IngestStatus["problem"] | undefined) => Promise<void>;
};

/**
 * Tells of an ingest in a file beside the ledger, which is whole at any time: a new one takes the old one's place. That it
 * cannot be written stops nothing.
 *
 * @param counts - How far it is, asked whenever it is told.
 */
export function reportIngest(
  folder: string,
  of: Pick<IngestStatus, "chain" | "source">,
  counts: () => IngestCounts,
): IngestReport {
  const file = path.join(folder, statusName);
  const started = new Date();
  let first: { readonly part: number; readonly at: number } | undefined;
  let written = -Infinity;
  let writing: Promise<void> = Promise.resolve();
  let isWriting = false;
  const write = async (state: IngestStatus["state"], problem: IngestStatus["problem"]): Promise<void> => {
    const now = counts();
    const part = partOf(now);
    first ??= part === undefined ? undefined : { part, at: performance.now() };
    const status: IngestStatus = {
      state,
      ...of,
      ...now,
      started: started.toISOString(),
      updated: new Date().toISOString(),
      secondsLeft: state === "running" ? secondsLeft(part, first) : null,
      problem,
      pid: process.pid,
      host: hostname(),
    };
    try {
      await writeFile(`${file}.tmp`, JSON.stringify(status));
      await rename(`${file}.tmp`, file);
    } catch {
      // Who ingests is told by other ways; nobody waits for this file.
    }
  };
  return {
    tell: () => {
      const now = performance.now();
      if (isWriting || now - written < writeMs) return;
      [written, isWriting] = [now, true];
      writing = write("running", null).finally(() => void (isWriting = false));
    },
    end: async (problem) => {
      await writing;
      await write(problem === undefined ? "done" : "failed", problem ?? null);
    },
  };
}

/** The last ingest into a ledger; undefined where none is known, or its file is none of ours. */
export async function readIngest(folder: string): Promise<IngestSeen | undefined> {
  let found: Partial<IngestStatus>;
  try {
    found = (JSON.parse(await readFile(path.join(folder, statusName), "utf8")) ?? {}) as Partial<IngestStatus>;
  } catch {
    return undefined;
  }
  const { state, pid, host, updated, ...rest } = found;
  if (state === undefined || pid === undefined || updated === undefined) return undefined;
  const isRunning = state === "running";
  const isGone = isRunning && host === hostname() && !isProcessAlive(pid);
  return {
    ...(rest as Omit<IngestStatus, "state" | "pid" | "host" | "updated">),
    state: isGone ? "died" : state,
    updated,
    isStale: isRunning && !isGone && Date.now() - Date.parse(updated) > staleMs,
  };
}

/** Which part of its source an ingest has read, from 0 to 1; undefined where that is not known. */
function partOf({ bytes, bytesTotal, height, lastHeight }: IngestCounts): number | undefined {
  if (bytesTotal !== null && bytesTotal > 0) return bytes / bytesTotal;
  return height === null || lastHeight === null ? undefined : (height + 1) / (lastHeight + 1);
}

function secondsLeft(
  part: number | undefined,
  first: { readonly part: number; readonly at: number } | undefined,
): number | null {
  if (part === undefined || first === undefined || part <= first.part || part >= 1) return null;
  return Math.round(((performance.now() - first.at) * (1 - part)) / (part - first.part) / 1_000);
}
