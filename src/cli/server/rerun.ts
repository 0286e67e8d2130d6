import path from "node:path";
import manifest from "../../../package.json" with { type: "json" };
import { parseDay } from "../../base/day.ts";
import { Failure } from "../../base/failure.ts";
import { groupDigits } from "../../base/usd.ts";
import type { RerunOutcome } from "../../http/audit/outcome.ts";
import { AuditRerun, type Rerun, type RerunChoice } from "../../http/audit/rerun.ts";
import { LedgerViews } from "../../http/ledger-view.ts";
import { screenersBy } from "../../http/screenings/screener-of.ts";
import { auditFolder } from "../../http/state-folders.ts";
import { verifyChain } from "../../io/chained-log.ts";
import { openLmdbStore } from "../../store/lmdb-store.ts";
import { required, type Arguments } from "../arguments.ts";
import { progressLine, type ProgressLine } from "../progress.ts";
import { loadValidRegister } from "../register.ts";
import { loadRules } from "../screen/opened.ts";
import { plainText } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { requiredState } from "./state.ts";

type Counts = Record<RerunOutcome, number>;

/**
 * `fundtrail audit rerun`: asks the ledger again what the log says was asked; 1 where a result differs, cannot be had again, or the
 * log is not whole.
 */
export async function rerun(options: Arguments, terminal: Terminal): Promise<number> {
  const folder = required(options, "ledger", "DIR");
  const state = requiredState(options);
  const ids = new Set(options.texts("id"));
  const isChosen = choiceOf(options, ids);
  const [register, rules] = [
    await loadValidRegister(options.texts("register")),
    await loadRules(options.text("rules")),
  ];
  const file = path.join(auditFolder(state), "audit.jsonl");
  const isJson = options.flag("json");
  const printer = new RerunPrinter(file, isJson, terminal);
  const store = openLmdbStore(folder, { mode: "read" });
  const views = new LedgerViews(store, folder, register.actors);
  try {
    return await views.use(async (view) => {
      const screener = screenersBy(register, rules)(view);
      const parts = { view, screener, register, rules, software: manifest.version, state };
      const again = new AuditRerun(parts, isChosen, async (one) => {
        ids.delete(one.id);
        await printer.record(one);
      });
      const log = await verifyChain(auditFolder(state), undefined, async (line) => again.line(line));
      await again.end();
      const [unknown] = ids;
      if (unknown !== undefined) {
        const mend = "give a screening's or a trace's, as the API answered it";
        throw new Failure("UNKNOWN_NAME", { kind: "record", name: unknown, where: file, mend });
      }
      return printer.end(log);
    });
  } finally {
    views.close();
    await store.close();
  }
}

function choiceOf(options: Arguments, ids: ReadonlySet<string>): RerunChoice {
  const day = (name: "from" | "to"): string | undefined => {
    const text = options.text(name);
    return text === undefined ? undefined : parseDay(text);
  };
  const [from = "", to = "9999-12-31"] = [day("from"), day("to")];
  if (from > to) throw new Failure("USAGE", { what: `--from ${from} is after --to ${to}`, mend: "exchange them" });
  const wanted = new Set(ids);
  return ({ id, at }) => (wanted.size === 0 || wanted.has(id)) && at.slice(0, 10) >= from && at.slice(0, 10) <= to;
}

/** Prints each record as it comes, of which there may be millions; as text those only that are not the same. */
class RerunPrinter {
  readonly #file: string;
  readonly #isJson: boolean;
  readonly #terminal: Terminal;
  readonly #progress: ProgressLine;
  readonly #counts: Counts = { same: 0, later: 0, differs: 0, impossible: 0, nothing: 0 };
  #done = 0;

  constructor(file: string, isJson: boolean, terminal: Terminal) {
    this.#file = file;
    this.#isJson = isJson;
    this.#terminal = terminal;
    this.#progress = progressLine(terminal);
  }

  async record(one: Rerun): Promise<void> {
    const { out, drained } = this.#terminal;
    if (this.#isJson) out(`${this.#done === 0 ? this.#beginning() : ","}\n${JSON.stringify(one)}`);
    else if (one.outcome !== "same") out(recordText(this.#file, one));
    this.#counts[one.outcome] += 1;
    this.#done += 1;
    const done = groupDigits(String(this.#done));
    this.#progress.show(this.#done, undefined, (rate) => `${done} records run again, ${rate}`);
    await drained();
  }

  /** The command's exit status. */
  end({ head, findings, isCutShort }: Awaited<ReturnType<typeof verifyChain>>): number {
    this.#progress.end();
    const counts = this.#counts;
    const { out } = this.#terminal;
    if (this.#isJson) {
      const rest = JSON.stringify({ counts, head, findings, unfinished: isCutShort });
      out(`${this.#done === 0 ? this.#beginning() : ""}\n],\n${rest.slice(1)}\n`);
    } else {
      for (const { line, what } of findings) out(`${plainText(`${this.#file}:${line}: ${what}`)}\n`);
      out(summary(counts, findings.length));
    }
    return counts.differs + counts.impossible + findings.length === 0 ? 0 : 1;
  }

  #beginning(): string {
    return `{"file": ${JSON.stringify(this.#file)},\n"records": [`;
  }
}

function recordText(file: string, one: Rerun): string {
  const { line, event, id, subject, chain, outcome, causes, parts, why, was, now } = one;
  const of = `${subject}${chain === null ? "" : ` (${chain}${was.block === null ? "" : `, block ${was.block}`})`}`;
  const told = [
    ...(causes.length === 0 ? [] : [causes.map((cause) => causeWords[cause]).join(", ")]),
    ...(outcome === "differs" && parts !== null ? [`in ${parts.join(", ")}`] : []),
    ...(was.verdict === null || now?.verdict === undefined || now.verdict === was.verdict
      ? []
      : [`${was.verdict} then, ${now.verdict} now`]),
    ...(why === null ? [] : [why]),
  ];
  return `${plainText(`${file}:${line}: ${event} ${id} of ${of}: ${outcomeWords[outcome]}: ${told.join("; ")}`)}\n`;
}

const outcomeWords: Readonly<Record<RerunOutcome, string>> = {
  same: "the same",
  later: "the same but for its block",
  differs: "differs",
  impossible: "cannot be run again",
  nothing: "nothing to compare",
};

const causeWords: Readonly<Record<Rerun["causes"][number], string>> = {
  tip: "the ledger has gone on",
  rules: "the rules changed",
  register: "the register changed",
  tags: "the tags changed",
  "tags unrecorded": "which tags it rested on was not recorded",
  software: "the version of Fundtrail changed",
  index: "the ledger was written since (taint index or clusters)",
  unexplained: "unexplained: all that is recorded is as it was",
};

function summary(counts: Counts, findings: number): string {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const number = (count: number): string => groupDigits(String(count));
  const parts = (["same", "later", "differs", "impossible", "nothing"] as const)
    .filter((outcome) => outcome === "same" || counts[outcome] > 0)
    .map((outcome) => `${number(counts[outcome])} ${summaryWords[outcome]}`);
  const log = findings === 0 ? "" : ` The log is not whole: ${number(findings)} findings.`;
  return `${number(all)} records: ${parts.join(", ")}.${log}\n`;
}

const summaryWords: Readonly<Record<RerunOutcome, string>> = {
  same: "the same",
  later: "the same but for their block",
  differs: "differ",
  impossible: "cannot be run again",
  nothing: "without a result",
};
