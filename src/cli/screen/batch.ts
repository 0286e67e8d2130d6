import path from "node:path";
import { Failure } from "../../base/failure.ts";
import { formatUsd, groupDigits } from "../../base/usd.ts";
import { diskFiles } from "../../io/disk-files.ts";
import { writeWhole } from "../../io/write-file.ts";
import { answered, type Answered } from "../../screen/answered.ts";
import { batchForms, batchRows, type BatchForm } from "../../screen/batch-rows.ts";
import type { Fact } from "../../screen/fact.ts";
import type { ScreenRequest, Screener } from "../../screen/screener.ts";
import { verdictDocument } from "../../screen/verdict-document.ts";
import { levelOf, type Verdict } from "../../screen/verdict.ts";
import { oneOf, type Arguments } from "../arguments.ts";
import { progressLine } from "../progress.ts";
import { csvTable, plainText } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** So many lines that could not be screened are named on the error stream. */
const namedMax = 5;
const outputs = ["jsonl", "csv"] as const;

/** What a batch came to. */
export type BatchCounts = { flagged: number; clear: number; unknown: number; problems: number };

/**
 * `fundtrail screen --file FILE`: a verdict a line, in the file's order, as they become known. Lines that are nothing to screen
 * are told with their number, and the rest is answered.
 *
 * @returns The exit status: 1 where a line could not be screened.
 */
export async function screenFile(
  screener: Screener,
  file: string,
  {
    options,
    otherwise,
    terminal,
  }: {
    readonly options: Arguments;
    readonly otherwise: Pick<ScreenRequest, "chain" | "direction">;
    readonly terminal: Terminal;
  },
): Promise<number> {
  const format = oneOf(outputs, options.text("format") ?? "jsonl", "--format");
  const out = options.text("out");
  const counts: BatchCounts = { flagged: 0, clear: 0, unknown: 0, problems: 0 };
  const write = format === "csv" ? csvLines : jsonLines;
  const pieces = async function* pieces(): AsyncGenerator<string> {
    if (format === "csv") yield csvTable(csvHeader, []);
    for await (const batch of answers(screener, file, { options, otherwise, terminal, counts })) yield write(batch);
  };
  if (out === undefined) {
    for await (const piece of pieces()) {
      terminal.out(piece);
      await terminal.drained();
    }
  } else {
    await writeWhole(out, pieces());
  }
  const { flagged, clear, unknown, problems } = counts;
  const number = (count: number): string => groupDigits(String(count));
  terminal.error(
    `${number(flagged)} flagged, ${number(unknown)} unknown, ${number(clear)} clear` +
      `${problems === 0 ? "" : `; ${number(problems)} lines could not be screened`}\n`,
  );
  return problems === 0 ? 0 : 1;
}

/** The rows of a file with their answers, with progress. */
export async function* answers(
  screener: Screener,
  file: string,
  {
    options,
    otherwise,
    terminal,
    counts,
  }: {
    readonly options: Arguments;
    readonly otherwise: Pick<ScreenRequest, "chain" | "direction">;
    readonly terminal: Terminal;
    readonly counts: BatchCounts;
  },
): AsyncGenerator<readonly Answered[]> {
  const files = diskFiles();
  const progress = progressLine(terminal);
  try {
    const size = await files.size(file);
    if (size === undefined)
      throw new Failure("SOURCE_UNREADABLE", { source: file, why: "does not exist", mend: "check the path" });
    const bytes = files.stream(file, 0);
    let done = 0;
    for await (const rows of batchRows({ name: file, form: formOf(options, file), bytes }, otherwise)) {
      const batch: Answered[] = [];
      for (const row of rows) {
        const one = answered(screener, row);
        tell(one, { counts, file, terminal });
        batch.push(one);
        done += 1;
        const part = size === 0 ? undefined : bytes.position() / size;
        progress.show(done, part, (rate, left) => `screened ${groupDigits(String(done))}, ${rate}${left}`);
        if (batch.length === batchMax) yield batch.splice(0);
      }
      if (batch.length > 0) yield batch;
    }
  } finally {
    progress.end();
    await files.close();
  }
}

/** So many answers are written at once. */
const batchMax = 500;

function formOf(options: Arguments, file: string): BatchForm {
  const named = options.text("input");
  if (named !== undefined) return oneOf(batchForms, named, "--input");
  const extension = path.extname(file.replace(/\.gz$/u, "")).toLowerCase();
  return [".jsonl", ".ndjson", ".json"].includes(extension) ? "jsonl" : "csv";
}

function tell(
  { line, answer }: Answered,
  { counts, file, terminal }: { readonly counts: BatchCounts; readonly file: string; readonly terminal: Terminal },
): void {
  if ("verdict" in answer) {
    counts[answer.verdict.verdict] += 1;
    return;
  }
  counts.problems += 1;
  if (counts.problems <= namedMax) terminal.error(plainText(`${file}:${line}: ${answer.problem.what}`).concat("\n"));
}

function jsonLines(batch: readonly Answered[]): string {
  return batch
    .map(({ line, fields, answer }) => {
      const told = "verdict" in answer ? { verdict: verdictDocument(answer.verdict) } : answer;
      return `${JSON.stringify({ line, fields, ...told })}\n`;
    })
    .join("");
}

const csvHeader = [
  "line",
  "subject",
  "chain",
  "direction",
  "verdict",
  "level",
  "rules",
  "origin",
  "category",
  "evidence",
  "policy",
  "amount",
  "of",
  "usd",
  "hops",
  "missing",
  "block",
  "rules_version",
  "problem",
] as const;

function csvLines(batch: readonly Answered[]): string {
  const rows = batch.map(({ line, fields, answer }): readonly string[] => {
    if ("verdict" in answer) return [String(line), ...verdictCells(answer.verdict), ""];
    const asked = fields["subject"] ?? fields["address"] ?? fields["tx"] ?? "";
    const blank = Array.from({ length: csvHeader.length - 3 }, () => "");
    return [String(line), asked, ...blank, answer.problem.what];
  });
  return rows.length === 0 ? "" : csvTable(rows[0] ?? [], rows.slice(1));
}

function verdictCells(verdict: Verdict): readonly string[] {
  const { subject, chain, direction, matches, missing, block, rules } = verdict;
  const fact = matches[0]?.facts[0];
  return [
    subject.text,
    chain ?? "",
    direction,
    verdict.verdict,
    levelOf(verdict) ?? "",
    matches.map(({ rule }) => rule.id).join(" "),
    ...factCells(fact),
    [...new Set(missing.map(({ gap }) => gap))].join(" "),
    block === null ? "" : String(block.height),
    `${rules.name} v${rules.version}`,
  ];
}

/** The first fact of the gravest rule. */
function factCells(fact: Fact | undefined): readonly string[] {
  const exposure = fact?.exposure;
  const usd = exposure?.usd?.(exposure.amount);
  return [
    fact?.name ?? "",
    fact?.category ?? "",
    fact?.evidence ?? "",
    exposure?.policy ?? "",
    exposure?.amount.toString() ?? "",
    exposure?.whole.kind === "exact" ? exposure.whole.amount.toString() : "",
    usd === undefined ? (exposure === undefined ? "" : "unknown") : formatUsd(usd),
    exposure === undefined ? "" : String(exposure.hops),
  ];
}
