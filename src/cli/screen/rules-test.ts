import { Failure } from "../../base/failure.ts";
import { divideRounded } from "../../base/decimal.ts";
import { groupDigits } from "../../base/usd.ts";
import { writeWhole } from "../../io/write-file.ts";
import type { Answered } from "../../screen/answered.ts";
import type { Proportion } from "../../screen/interval.ts";
import {
  decisions,
  outcomeOf,
  readDecision,
  RuleTest,
  type Decision,
  type Outcome,
  type RuleResult,
  type RuleTestResult,
} from "../../screen/rule-test.ts";
import type { RuleSet } from "../../screen/rules.ts";
import { Screener } from "../../screen/screener.ts";
import { oneOf, required, type Arguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { csvTable, plainText, textTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { answers, type BatchCounts } from "./batch.ts";
import { directionOf, loadRules, withScreener } from "./opened.ts";

const formats = ["table", "json", "csv"] as const;
/** So many changes are printed in the table. */
const changesMax = 20;

/** `fundtrail rules test FILE --against CSV`: what rules say of past transactions. @returns The exit status. */
export async function testRules(rules: RuleSet, options: Arguments, terminal: Terminal): Promise<number> {
  const against = required(options, "against", "CSV");
  const format = options.flag("json") ? "json" : oneOf(formats, options.text("format") ?? "table", "--format");
  const old = options.text("before");
  const before = old === undefined ? undefined : await loadRules(old);
  return withScreener(options, rules, async (screener) => {
    const earlier = before === undefined ? undefined : screener.by(before);
    const run = new Run(new RuleTest(rules, before), earlier, { file: against, column: options.text("decisions") });
    const otherwise = { chain: options.text("chain"), direction: directionOf(options) };
    const counts: BatchCounts = { flagged: 0, clear: 0, unknown: 0, problems: 0 };
    const rows = options.text("rows");
    const pieces = async function* pieces(): AsyncGenerator<string> {
      yield csvTable(rowsHeader, []);
      for await (const batch of answers(screener, against, { options, otherwise, terminal, counts }))
        yield run.take(batch);
    };
    if (rows === undefined) for await (const _ of pieces());
    else await writeWhole(rows, pieces());
    const result = run.test.result();
    if (format === "json") terminal.out(jsonText(resultJson(result, rules, { before, problems: counts.problems })));
    else if (format === "csv") terminal.out(ruleCsv(result));
    else terminal.out(resultText(result, rules, { before, problems: counts.problems, terminal }));
    return counts.problems === 0 ? 0 : 1;
  });
}

const rowsHeader = [
  "line",
  "subject",
  "verdict",
  "level",
  "rules",
  "before",
  "before_level",
  "before_rules",
  "decision",
];

class Run {
  readonly test: RuleTest;
  readonly #earlier: Screener | undefined;
  readonly #file: string;
  readonly #column: string | undefined;

  constructor(
    test: RuleTest,
    earlier: Screener | undefined,
    { file, column }: { readonly file: string; readonly column: string | undefined },
  ) {
    this.test = test;
    this.#earlier = earlier;
    this.#file = file;
    this.#column = column;
  }

  /** Counts rows; what comes back is a line of CSV for each. */
  take(batch: readonly Answered[]): string {
    const rows = batch.flatMap(({ line, fields, asked, answer }): (readonly string[])[] => {
      if ("problem" in answer || "why" in asked) return [];
      const before = this.#earlier?.screen(asked);
      const decision = this.#decisionOf(line, fields);
      const subject = answer.verdict.subject.text;
      this.test.add({ line, subject }, answer.verdict, { before, decision });
      const then = before === undefined ? ["", "", ""] : cellsOf(outcomeOf(before));
      return [[String(line), subject, ...cellsOf(outcomeOf(answer.verdict)), ...then, decision ?? ""]];
    });
    return rows.length === 0 ? "" : csvTable(rows[0] ?? [], rows.slice(1));
  }

  #decisionOf(line: number, fields: Readonly<Record<string, string>>): Decision | undefined {
    if (this.#column === undefined) return undefined;
    const name = this.#column.toLowerCase();
    const text = Object.entries(fields).find(([key]) => key.toLowerCase() === name)?.[1];
    const where = `line ${line}`;
    const mend = `write ${decisions.join(" or ")}, or nothing where it is not decided`;
    const source = this.#file;
    if (text === undefined)
      throw new Failure("SOURCE_INVALID", { source, where, why: `there is no column ${name}`, mend });
    if (text.trim() === "") return undefined;
    const decision = readDecision(text);
    if (decision !== undefined) return decision;
    throw new Failure("SOURCE_INVALID", { source, where, why: `the decision "${plainText(text)}" is not known`, mend });
  }
}

function cellsOf({ verdict, level, rules }: Outcome): readonly string[] {
  return [verdict, level ?? "", rules.join(" ")];
}

function resultText(
  result: RuleTestResult,
  rules: RuleSet,
  {
    before,
    problems,
    terminal,
  }: { readonly before: RuleSet | undefined; readonly problems: number; readonly terminal: Terminal },
): string {
  const { rows, verdicts, levels, decided, all } = result;
  const number = (count: number): string => groupDigits(String(count));
  const part = (count: number): string => `${number(count)} (${percent(count, rows)})`;
  const lines = [
    `By ${rules.name} v${rules.version}, of ${number(rows)} rows ${part(verdicts.flagged)} are flagged ` +
      `(high ${number(levels.high)}, medium ${number(levels.medium)}, low ${number(levels.low)}), ` +
      `${part(verdicts.unknown)} unknown, ${part(verdicts.clear)} clear.`,
  ];
  if (before !== undefined && result.verdictsBefore !== undefined) {
    lines.push(
      `By ${before.name} v${before.version}: ${number(result.verdictsBefore.flagged)} flagged, ${number(result.verdictsBefore.unknown)} unknown, ` +
        `${number(result.verdictsBefore.clear)} clear; ${number(result.changed)} rows changed.`,
    );
  }
  if (problems > 0) lines.push(`${number(problems)} lines could not be screened and count nowhere.`);
  const isDecided = decided.illicit + decided.licit > 0;
  if (isDecided) {
    lines.push(
      `Of ${number(decided.illicit)} decided illicit ${number(all.missed)} are not flagged (${rate(all.falseNegatives)}), ` +
        `${number(result.clearedWrongly.length)} of them clear; of ${number(decided.licit)} decided licit ${number(all.wrong)} are ` +
        `flagged (${rate(all.falsePositives)}). Intervals: Wilson, 95%.`,
    );
  }
  const changes = result.changes.slice(0, changesMax).map(changeLine);
  const more = result.changed - changes.length;
  return [
    `${lines.join("\n")}\n\n`,
    textTable(ruleTable(result.byRule, { isDecided, isCompared: before !== undefined }), terminal),
    changes.length === 0 ? "" : `\nChanged\n${changes.join("\n")}\n`,
    more > 0 ? `and ${number(more)} more (--json has the first 1,000, --rows FILE all)\n` : "",
    ...result.clearedWrongly
      .slice(0, changesMax)
      .map(({ line, subject }) => `Decided illicit and clear: line ${line}, ${plainText(subject)}\n`),
  ].join("");
}

function changeLine({ line, subject, before, after }: RuleTestResult["changes"][number]): string {
  const short = ({ verdict, level, rules }: Outcome): string =>
    `${verdict}${level === null ? "" : ` ${level}`}${rules.length === 0 ? "" : ` by ${rules.join(", ")}`}`;
  return plainText(`line ${line} ${subject}: ${short(before)} → ${short(after)}`);
}

function ruleTable(
  rules: readonly RuleResult[],
  { isDecided, isCompared }: { readonly isDecided: boolean; readonly isCompared: boolean },
) {
  const compared = isCompared ? ["Before"] : [];
  const judged = isDecided ? ["Right", "Wrong", "Missed", "Precision", "False positives", "False negatives"] : [];
  const titles = ["Rule", "Level", "Flagged", ...compared, ...judged];
  return {
    columns: titles.map((title) => ({
      title,
      align: ["Rule", "Level"].includes(title) ? ("left" as const) : ("right" as const),
    })),
    rows: rules.map((rule) => [
      rule.id,
      rule.level ?? "no more",
      groupDigits(String(rule.flagged)),
      ...(isCompared ? [rule.before === null ? "new" : groupDigits(String(rule.before))] : []),
      ...(isDecided
        ? [
            groupDigits(String(rule.right)),
            groupDigits(String(rule.wrong)),
            groupDigits(String(rule.missed)),
            rate(rule.precision),
            rate(rule.falsePositives),
            rate(rule.falseNegatives),
          ]
        : []),
    ]),
    totals: 0,
  };
}

const ruleHeader = [
  "rule",
  "level",
  "flagged",
  "before",
  "right",
  "wrong",
  "missed",
  ...["precision", "false_positives", "false_negatives"].flatMap((name) => [name, `${name}_low`, `${name}_high`]),
];

function ruleCsv({ byRule, all }: RuleTestResult): string {
  const cells = (one: Omit<RuleResult, "id" | "level" | "before">): readonly string[] => [
    String(one.right),
    String(one.wrong),
    String(one.missed),
    ...[one.precision, one.falsePositives, one.falseNegatives].flatMap((of) =>
      of === undefined ? ["", "", ""] : [of.millionths, of.low, of.high].map(decimal),
    ),
  ];
  return csvTable(ruleHeader, [
    ...byRule.map((one) => [
      one.id,
      one.level ?? "",
      String(one.flagged),
      one.before === null ? "" : String(one.before),
      ...cells(one),
    ]),
    ["all", "", String(all.flagged), "", ...cells(all)],
  ]);
}

function resultJson(
  result: RuleTestResult,
  rules: RuleSet,
  { before, problems }: { readonly before: RuleSet | undefined; readonly problems: number },
): object {
  const named = (set: RuleSet | undefined): object | null =>
    set === undefined ? null : { name: set.name, version: set.version, digest: set.digest };
  const of = (one: Proportion | undefined): object | null =>
    one === undefined
      ? null
      : { part: one.part, of: one.of, rate: decimal(one.millionths), low: decimal(one.low), high: decimal(one.high) };
  const rates = (one: Omit<RuleResult, "id" | "level" | "before">): object => ({
    ...one,
    precision: of(one.precision),
    falsePositives: of(one.falsePositives),
    falseNegatives: of(one.falseNegatives),
  });
  return {
    rules: named(rules),
    before: named(before),
    problems,
    ...result,
    all: rates(result.all),
    byRule: result.byRule.map((one) => ({ id: one.id, level: one.level, before: one.before, ...rates(one) })),
    verdictsBefore: result.verdictsBefore ?? null,
  };
}

function decimal(millionths: bigint): string {
  const digits = millionths.toString().padStart(7, "0");
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

function rate(of: Proportion | undefined): string {
  if (of === undefined) return "—";
  return `${tenths(of.millionths)}% [${tenths(of.low)}–${tenths(of.high)}]`;
}

function tenths(millionths: bigint): string {
  const digits = divideRounded(millionths, 1_000n).toString().padStart(2, "0");
  return `${digits.slice(0, -1)}.${digits.slice(-1)}`;
}

function percent(part: number, of: number): string {
  return of === 0 ? "0.0%" : `${tenths(divideRounded(BigInt(part) * 1_000_000n, BigInt(of)))}%`;
}
