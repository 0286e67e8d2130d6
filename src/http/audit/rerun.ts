import { isFailure } from "../../base/failure.ts";
import type { ChainedLine } from "../../io/chained-log.ts";
import { resultOf, type RerunResult } from "./outcome.ts";
import type { RerunParts } from "./parts.ts";
import { readRecord, type AuditRecord, type ScreeningRecord, type TraceAccepted, type TraceEnded } from "./records.ts";
import { rerunScreening } from "./rerun-screening.ts";
import { rerunTrace } from "./rerun-trace.ts";

/** A record with what came of it. */
export type Rerun = RerunResult & {
  /** In the log. */
  readonly line: number;
  readonly event: "screening" | "trace";
  readonly id: string;
  /** When it was answered or ended. */
  readonly at: string;
  readonly chain: string | null;
  /** What was asked about. */
  readonly subject: string;
  readonly was: { readonly sha256: string | null; readonly verdict: string | null; readonly block: number | null };
};

/** Which records are run again; those of screenings by their time, of traces by their end's. */
export type RerunChoice = (record: { readonly id: string; readonly at: string }) => boolean;

/** Runs the records of an audit log again, line by line as the log is read. */
export class AuditRerun {
  readonly #parts: RerunParts;
  readonly #isChosen: RerunChoice;
  readonly #told: (rerun: Rerun) => void | Promise<void>;
  /** Traces whose end has not been read. */
  readonly #accepted = new Map<string, { readonly record: TraceAccepted; readonly line: number }>();

  /** @param told - Gets each record with what came of it. */
  constructor(parts: RerunParts, isChosen: RerunChoice, told: (rerun: Rerun) => void | Promise<void>) {
    this.#parts = parts;
    this.#isChosen = isChosen;
    this.#told = told;
  }

  async line({ line, record: content, what }: ChainedLine): Promise<void> {
    const record = readRecord(content);
    if (record === "other") return;
    const changed = what ?? (record === "invalid" ? "it lacks what a record of its event has" : undefined);
    if (record === "invalid") return this.#untold(line, content, changed ?? "");
    if (record.event === "trace accepted") {
      // One that was changed is not what was asked.
      if (changed === undefined) this.#accepted.set(record.trace, { record, line });
      return;
    }
    if (!this.#isChosen({ id: idOf(record), at: record.at })) {
      if (record.event === "trace ended") this.#accepted.delete(record.trace);
      return;
    }
    await this.#told(
      record.event === "screening"
        ? await this.#screening(line, record, changed)
        : await this.#ended(line, record, changed),
    );
  }

  /** Tells of traces of which the log has no end. */
  async end(): Promise<void> {
    for (const { record, line } of this.#accepted.values()) {
      if (!this.#isChosen({ id: record.trace, at: record.at })) continue;
      const why = "the log does not have its end: it runs, or the end was cut off";
      await this.#told({
        ...traceHead(line, record, record),
        was: { sha256: null, verdict: null, block: null },
        ...resultOf("nothing", why),
      });
    }
    this.#accepted.clear();
  }

  async #screening(line: number, record: ScreeningRecord, changed: string | undefined): Promise<Rerun> {
    const { screening: id, at, chain, asked, tip, sha256, verdict } = record;
    const result =
      changed === undefined
        ? await attempted(async () => rerunScreening(this.#parts, record))
        : resultOf("impossible", `line ${line} of the log was changed: ${changed}`);
    const was = { sha256, verdict, block: tip?.height ?? null };
    return { line, event: "screening", id, at, chain, subject: asked.subject, was, ...result };
  }

  async #ended(line: number, record: TraceEnded, changed: string | undefined): Promise<Rerun> {
    const accepted = this.#accepted.get(record.trace)?.record;
    this.#accepted.delete(record.trace);
    const was = { sha256: record.sha256, verdict: null, block: record.tip?.height ?? null };
    const head = { ...traceHead(line, record, accepted), was };
    if (changed !== undefined)
      return { ...head, ...resultOf("impossible", `line ${line} of the log was changed: ${changed}`) };
    if (accepted === undefined) {
      return {
        ...head,
        ...resultOf("impossible", "what was asked is not in the log: the line that accepted it is gone or changed"),
      };
    }
    if (record.sha256 === null) {
      const why = `it ended as ${record.state}${record.problem === null ? "" : ` (${record.problem})`}: there is no result`;
      return { ...head, ...resultOf("nothing", why) };
    }
    const { sha256 } = record;
    return { ...head, ...(await attempted(async () => rerunTrace(this.#parts, accepted, { ...record, sha256 }))) };
  }

  /** A record that cannot be read is told of where nothing was chosen by what cannot be read of it. */
  async #untold(line: number, content: unknown, why: string): Promise<void> {
    const { event, screening, trace, at } = content as Readonly<Record<string, unknown>>;
    const id = typeof screening === "string" ? screening : typeof trace === "string" ? trace : "";
    if (!this.#isChosen({ id, at: typeof at === "string" ? at : "" })) return;
    const kind = event === "screening" ? "screening" : "trace";
    const was = { sha256: null, verdict: null, block: null };
    const head = { line, event: kind, id, at: String(at), chain: null, subject: "", was } as const;
    await this.#told({ ...head, ...resultOf("impossible", `line ${line} of the log cannot be read: ${why}`) });
  }
}

/** What cannot be asked of this ledger or register any more is told, and ends nothing. */
async function attempted(run: () => Promise<RerunResult>): Promise<RerunResult> {
  try {
    return await run();
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    return resultOf("impossible", thrown.message);
  }
}

function idOf(record: Exclude<AuditRecord, TraceAccepted>): string {
  return record.event === "screening" ? record.screening : record.trace;
}

function traceHead(
  line: number,
  { trace: id, at }: Pick<TraceEnded, "trace" | "at">,
  accepted: TraceAccepted | undefined,
): Pick<Rerun, "line" | "event" | "id" | "at" | "chain" | "subject"> {
  const { chain, asked } = accepted ?? {};
  const subject = asked?.incident ?? asked?.origins?.join(",") ?? "";
  return { line, event: "trace", id, at, chain: chain ?? null, subject };
}
