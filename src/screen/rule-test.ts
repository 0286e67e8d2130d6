import { proportion, type Proportion } from "./interval.ts";
import type { RuleSet } from "./rules.ts";
import type { Verdict } from "./verdict.ts";
import { levelOf } from "./verdict.ts";
import type { Level } from "./words.ts";

/** What an analyst decided about a past transaction. */
export const decisions = ["illicit", "licit"] as const;
export type Decision = (typeof decisions)[number];

/** A verdict in short. */
export type Outcome = {
  readonly verdict: Verdict["verdict"];
  readonly level: Level | null;
  /** The rules that hold. */
  readonly rules: readonly string[];
};

/** A row whose outcome is not what it was by the rules before. */
export type Change = {
  readonly line: number;
  readonly subject: string;
  readonly before: Outcome;
  readonly after: Outcome;
};

/** How a rule did. */
export type RuleResult = {
  readonly id: string;
  /** Null: the rule is no more. */
  readonly level: Level | null;
  readonly flagged: number;
  /** By the rules before; null: there was no such rule, or nothing is compared. */
  readonly before: number | null;
  /** Flagged rows by what was decided of them; the rest of `flagged` is undecided. */
  readonly right: number;
  readonly wrong: number;
  /** Rows decided illicit that it did not flag. */
  readonly missed: number;
  /** Of the rows that it flagged and that are decided, those decided illicit. */
  readonly precision: Proportion | undefined;
  /** Of the rows decided licit, those that it flagged. */
  readonly falsePositives: Proportion | undefined;
  /** Of the rows decided illicit, those that it did not flag. */
  readonly falseNegatives: Proportion | undefined;
};

/** What a set of rules says of past transactions. */
export type RuleTestResult = {
  readonly rows: number;
  readonly verdicts: Counts;
  /** Flagged rows by the gravest rule. */
  readonly levels: Readonly<Record<Level, number>>;
  /** By the rules before. */
  readonly verdictsBefore: Counts | undefined;
  readonly changed: number;
  /** The first of them. */
  readonly changes: readonly Change[];
  readonly decided: { readonly illicit: number; readonly licit: number };
  /** All rules together. */
  readonly all: Omit<RuleResult, "id" | "level" | "before">;
  /** Rows decided illicit that are clear, the first of them: the worst. */
  readonly clearedWrongly: readonly { readonly line: number; readonly subject: string }[];
  readonly byRule: readonly RuleResult[];
};

type Counts = { readonly flagged: number; readonly unknown: number; readonly clear: number };
type Tally = { flagged: number; right: number; wrong: number };

/** So many changes, and wrongly cleared rows, are listed; all are counted. */
const listedMax = 1_000;

/** Adds up what rules say of past transactions, row by row, in bounded memory. */
export class RuleTest {
  readonly #rules: RuleSet;
  readonly #before: RuleSet | undefined;
  readonly #verdicts = { flagged: 0, unknown: 0, clear: 0 };
  readonly #beforeVerdicts = { flagged: 0, unknown: 0, clear: 0 };
  readonly #levels: Record<Level, number> = { low: 0, medium: 0, high: 0 };
  readonly #tallies = new Map<string, Tally>();
  readonly #beforeFlagged = new Map<string, number>();
  readonly #all: Tally = { flagged: 0, right: 0, wrong: 0 };
  readonly #decided = { illicit: 0, licit: 0 };
  readonly #changes: Change[] = [];
  readonly #clearedWrongly: { readonly line: number; readonly subject: string }[] = [];
  #changed = 0;

  constructor(rules: RuleSet, before: RuleSet | undefined) {
    this.#rules = rules;
    this.#before = before;
  }

  /** @param before - By the rules before, where there are any. */
  add(
    row: { readonly line: number; readonly subject: string },
    after: Verdict,
    { before, decision }: { readonly before: Verdict | undefined; readonly decision: Decision | undefined },
  ): void {
    const now = outcomeOf(after);
    this.#verdicts[now.verdict] += 1;
    if (now.level !== null) this.#levels[now.level] += 1;
    if (decision !== undefined) this.#decided[decision] += 1;
    if (now.verdict === "flagged") tally(this.#all, decision);
    for (const id of now.rules) {
      const own = this.#tallies.get(id) ?? { flagged: 0, right: 0, wrong: 0 };
      this.#tallies.set(id, own);
      tally(own, decision);
    }
    if (decision === "illicit" && now.verdict === "clear" && this.#clearedWrongly.length < listedMax)
      this.#clearedWrongly.push({ line: row.line, subject: row.subject });
    if (before === undefined) return;
    const then = outcomeOf(before);
    this.#beforeVerdicts[then.verdict] += 1;
    for (const id of then.rules) this.#beforeFlagged.set(id, (this.#beforeFlagged.get(id) ?? 0) + 1);
    if (isSame(then, now)) return;
    this.#changed += 1;
    if (this.#changes.length < listedMax) {
      this.#changes.push({ line: row.line, subject: row.subject, before: then, after: now });
    }
  }

  result(): RuleTestResult {
    const ids = this.#rules.rules.map(({ id, level }) => ({ id, level: level as Level | null }));
    const gone = (this.#before?.rules ?? []).filter(({ id }) => ids.every((one) => one.id !== id));
    const all = [...ids, ...gone.map(({ id }) => ({ id, level: null }))];
    return {
      rows: this.#verdicts.flagged + this.#verdicts.unknown + this.#verdicts.clear,
      verdicts: { ...this.#verdicts },
      levels: { ...this.#levels },
      verdictsBefore: this.#before === undefined ? undefined : { ...this.#beforeVerdicts },
      changed: this.#changed,
      changes: [...this.#changes],
      decided: { ...this.#decided },
      all: this.#rates(this.#all),
      clearedWrongly: [...this.#clearedWrongly],
      byRule: all.map(({ id, level }) => {
        const isBefore = this.#before?.rules.some((one) => one.id === id) === true;
        return {
          id,
          level,
          before: isBefore ? (this.#beforeFlagged.get(id) ?? 0) : null,
          ...(level === null ? noRates : this.#rates(this.#tallies.get(id) ?? { flagged: 0, right: 0, wrong: 0 })),
        };
      }),
    };
  }

  #rates({ flagged, right, wrong }: Tally): Omit<RuleResult, "id" | "level" | "before"> {
    const { illicit, licit } = this.#decided;
    return {
      flagged,
      right,
      wrong,
      missed: illicit - right,
      precision: proportion(right, right + wrong),
      falsePositives: proportion(wrong, licit),
      falseNegatives: proportion(illicit - right, illicit),
    };
  }
}

/** Of a rule that is no more. */
const noRates: Omit<RuleResult, "id" | "level" | "before"> = {
  flagged: 0,
  right: 0,
  wrong: 0,
  missed: 0,
  precision: undefined,
  falsePositives: undefined,
  falseNegatives: undefined,
};

function tally(to: Tally, decision: Decision | undefined): void {
  to.flagged += 1;
  if (decision === "illicit") to.right += 1;
  if (decision === "licit") to.wrong += 1;
}

/** A verdict in short: what two versions of rules are compared by. */
export function outcomeOf(verdict: Verdict): Outcome {
  const rules = verdict.matches.map(({ rule }) => rule.id).toSorted();
  return { verdict: verdict.verdict, level: levelOf(verdict), rules };
}

function isSame(left: Outcome, right: Outcome): boolean {
  return left.verdict === right.verdict && left.level === right.level && left.rules.join(" ") === right.rules.join(" ");
}

/** The words that a decision may be written in; undefined: none of them. */
export function readDecision(text: string): Decision | undefined {
  return decisions.find((one) => one === text.trim().toLowerCase());
}
