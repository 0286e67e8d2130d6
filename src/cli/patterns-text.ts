import { formatHeadline, groupDigits, type Usd } from "../base/usd.ts";
import type { Link } from "../trace/links/links.ts";
import { isoTime } from "../trace/output/json.ts";
import type { MeetingSide } from "../trace/patterns/commingling.ts";
import { patternNames, type Pattern } from "../trace/patterns/pattern.ts";
import { amountText } from "./amount-text.ts";
import { textTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

const rowsMax = 20;
/** Of each kind of pattern. */
const patternsMax = 3;
const daySeconds = 86_400;
const left = (title: string): { title: string; align: "left" } => ({ title, align: "left" });
const right = (title: string): { title: string; align: "right" } => ({ title, align: "right" });

/** Patterns, how many of each kind, and the largest of them with the first transaction that shows them. */
export function patternsText(patterns: readonly Pattern[], terminal: Terminal): string {
  if (patterns.length === 0) return "No pattern was found.\n";
  const counts = patternNames
    .map((name) => [name, patterns.filter(({ pattern }) => pattern === name).length] as const)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${groupDigits(String(count))}`);
  const shown = patternNames.flatMap((name) =>
    patterns
      .filter(({ pattern }) => pattern === name)
      .toSorted((one, other) => (one.amount === other.amount ? 0 : one.amount > other.amount ? -1 : 1))
      .slice(0, patternsMax),
  );
  const rows = shown.map(({ pattern, address, count, seconds, asset, amount, to, evidence }) => [
    pattern,
    address ?? "",
    seconds === undefined ? groupDigits(String(count)) : `${groupDigits(String((seconds / daySeconds) | 0))} days`,
    amountText(amount, asset),
    to ?? "",
    evidence[0] === undefined ? "" : isoTime(evidence[0].time),
    evidence[0]?.txid ?? "",
  ]);
  const columns = [
    left("Pattern"),
    left("Who"),
    right("Count"),
    right("Tainted"),
    left("To"),
    left("First"),
    left("In"),
  ];
  const more = patterns.length - shown.length;
  return (
    `Patterns: ${counts.join(", ")}.\n` +
    textTable({ columns, rows, totals: 0 }, terminal) +
    (more > 0 ? `… and ${groupDigits(String(more))} more; --json lists all\n` : "")
  );
}

/** Where the funds of thefts met: a row for each place, each side's amount and worth. */
export function linksText(links: readonly Link[], terminal: Terminal): string {
  const rows = links
    .slice(0, rowsMax)
    .map(({ thefts, meeting: { kind, place, at, sides }, usd }) => [
      thefts.join(" + "),
      kind,
      place,
      isoTime(at.time),
      `${sideText(sides[0])} + ${sideText(sides[1])}`,
      `${usdText(usd[0])} + ${usdText(usd[1])}`,
    ]);
  const columns = [left("Thefts"), left("Met in"), left(""), left("Time"), left("Amounts of each"), left("$ then")];
  const more = links.length - rows.length;
  const again = links.findIndex(({ thefts }, at) => links[at - 1]?.thefts.join(" ") === thefts.join(" "));
  return (
    textTable({ columns, rows, totals: 0 }, terminal) +
    (more > 0 ? `… and ${groupDigits(String(more))} more; --json lists all\n` : "") +
    (again < 0 ? "" : "Of a pair the first meeting is evidence; later ones may only follow from it.\n")
  );
}

function sideText({ amounts }: MeetingSide): string {
  return [...amounts].map(([asset, amount]) => amountText(amount, asset)).join(", ");
}

function usdText(usd: Usd | undefined): string {
  return usd === undefined ? "unknown" : formatHeadline(usd);
}
