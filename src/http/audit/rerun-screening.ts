import { createHash } from "node:crypto";
import { segmentLine } from "../../io/segment-log.ts";
import { askedOf } from "../../screen/screener.ts";
import { verdictDocument } from "../../screen/verdict-document.ts";
import type { VerdictDocument } from "../../screen/verdict-schema.ts";
import { isoTime } from "../../trace/output/json.ts";
import { screeningsFolder } from "../state-folders.ts";
import { differing, resultOf, type RerunCause, type RerunResult } from "./outcome.ts";
import { chainThen, type RerunParts } from "./parts.ts";
import type { ScreeningRecord } from "./records.ts";

/**
 * Screens again what a record says was asked. Tags, clusters and the taint index are kept as of the ledger's last block only: where
 * the ledger has gone on the verdict is of now, and is compared without its block.
 *
 * @throws {Failure} As `Screener.screen`.
 */
export async function rerunScreening(parts: RerunParts, record: ScreeningRecord): Promise<RerunResult> {
  const { view, screener } = parts;
  const found = record.chain === null ? undefined : chainThen(view, record.chain, record.tip);
  // What was asked of a chain that the ledger did not hold had no block.
  if (found?.kind === "none" && record.tip !== null) return resultOf("impossible", found.why);
  const { subject, ...more } = record.asked;
  const document = verdictDocument(screener.screen(askedOf(subject, more)));
  const sha256 = digestOf(document);
  const now = { sha256, verdict: document.verdict, block: document.block?.height ?? null };
  if (sha256 === record.sha256) return { outcome: "same", causes: [], parts: null, why: null, now };
  const hasGoneOn = found?.kind === "found" && found.reader !== found.now;
  const tip = found?.kind === "found" ? found.reader.state.tip : undefined;
  if (hasGoneOn && tip !== undefined) {
    const block = { height: tip.height, hash: tip.hash ?? null, time: isoTime(tip.time) };
    if (digestOf({ ...document, block }) === record.sha256) {
      const why = `the ledger has gone on to block ${now.block}, and nothing that was answered has changed`;
      return { outcome: "later", causes: ["tip"], parts: ["block"], why, now };
    }
  }
  const was = await keptVerdict(parts.state, record);
  if (was === "changed") {
    return { outcome: "differs", causes: causesOf(parts, record, document), parts: null, why: keptChanged, now };
  }
  const why = hasGoneOn ? "the taint index, clusters and tags are of now: it was screened as of the last block" : null;
  const different = was === undefined ? null : differing(was, document);
  return { outcome: "differs", causes: causesOf(parts, record, document), parts: different, why, now };
}

const keptChanged = "the answer that the server kept is not the one whose digest is in the log";

function causesOf(
  { view, rules, register, software }: RerunParts,
  record: ScreeningRecord,
  { block, tags, chain }: VerdictDocument,
): readonly RerunCause[] {
  const { tip } = record;
  const causes: RerunCause[] = [];
  if (chain !== record.chain || block?.height !== tip?.height || (block?.hash ?? null) !== (tip?.hash ?? null))
    causes.push("tip");
  if (rules.digest !== record.rules.digest) causes.push("rules");
  if (register.digest !== record.register) causes.push("register");
  if (tags.digest !== record.tags) causes.push("tags");
  if (software !== record.software) causes.push("software");
  if (causes.length > 0) return causes;
  return [String(view.commit) === record.commit ? "unexplained" : "index"];
}

/** The verdict as it was answered; undefined where it is not kept any more. */
async function keptVerdict(state: string, record: ScreeningRecord): Promise<object | "changed" | undefined> {
  const line = await segmentLine(screeningsFolder(state), record.screening);
  if (line === undefined) return undefined;
  try {
    const { verdict } = JSON.parse(line) as { readonly verdict: object };
    return digestOf(verdict) === record.sha256 ? verdict : "changed";
  } catch {
    return "changed";
  }
}

function digestOf(document: object): string {
  return createHash("sha256").update(JSON.stringify(document), "utf8").digest("hex");
}
