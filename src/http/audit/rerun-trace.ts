import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { knownTags } from "../../screen/basis.ts";
import { ledgerTagStops } from "../../trace/tag-stops.ts";
import { folderName } from "../ledger-view.ts";
import { tracesFolder } from "../state-folders.ts";
import { answerOf } from "../traces/answer-text.ts";
import { prepare, requestOf } from "../traces/question.ts";
import { traceFiles } from "../traces/trace-files.ts";
import { differing, resultOf, type RerunCause, type RerunResult } from "./outcome.ts";
import { chainThen, type RerunParts } from "./parts.ts";
import type { TraceAccepted, TraceEnded } from "./records.ts";

/** Larger results are compared by their digests alone. */
const comparedBytesMax = 64 * 1024 * 1024;

/**
 * Traces again what a record says was asked, on the chain as of the block of then, also where the ledger has gone on. Cost: the
 * trace.
 *
 * @throws {Failure} As `prepare`, where the register of now does not know what was asked.
 */
export async function rerunTrace(
  parts: RerunParts,
  { asked, chain, register: registerThen, software }: TraceAccepted,
  ended: TraceEnded & { readonly sha256: string },
): Promise<RerunResult> {
  const { view, register } = parts;
  const found = chainThen(view, chain, ended.tip);
  if (found.kind === "none") return resultOf("impossible", found.why);
  const { reader } = found;
  const isTagged = asked.tags !== "off";
  const part = prepare(reader, asked, register);
  const tagged = isTagged ? ledgerTagStops(reader, part.actors, folderName, asked.direction ?? "forward") : undefined;
  const request = requestOf(reader, asked, { part, tagged, look: () => undefined, visited: () => undefined });
  const kept = await keptResult(parts.state, ended);
  const hash = createHash("sha256");
  const pieces: string[] = [];
  for (const piece of answerOf(reader, { asked, request, part }).pieces) {
    hash.update(piece, "utf8");
    if (kept !== undefined) pieces.push(piece);
  }
  const now = { sha256: hash.digest("hex"), verdict: null, block: ended.tip?.height ?? null };
  if (now.sha256 === ended.sha256) return { outcome: "same", causes: [], parts: null, why: null, now };
  const causes: RerunCause[] = [];
  if (register.digest !== registerThen) causes.push("register");
  if (isTagged && ended.tags === undefined) causes.push("tags unrecorded");
  else if (isTagged && knownTags(reader.snapshot, folderName).digest !== ended.tags) causes.push("tags");
  if (software !== parts.software) causes.push("software");
  if (causes.length === 0) causes.push("unexplained");
  const isWhole = kept !== undefined && digestOf(kept) === ended.sha256;
  const different = isWhole ? differing(JSON.parse(kept) as object, JSON.parse(pieces.join("")) as object) : null;
  const why =
    kept === undefined || isWhole ? null : "the result that the server kept is not the one whose digest is in the log";
  return { outcome: "differs", causes, parts: different, why, now };
}

/** The result as it was kept; undefined where it is gone, or too large to compare. */
async function keptResult(state: string, { trace }: TraceEnded): Promise<string | undefined> {
  // The id becomes part of a path.
  if (!/^[-0-9a-f]{36}$/u.test(trace)) return undefined;
  const file = traceFiles.result(path.join(tracesFolder(state), trace));
  try {
    return (await stat(file)).size > comparedBytesMax ? undefined : await readFile(file, "utf8");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw thrown;
  }
}

function digestOf(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
