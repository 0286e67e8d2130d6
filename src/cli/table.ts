import { stringify } from "csv-stringify/sync";
import { styleText } from "node:util";
import stringWidth from "string-width";
import type { Terminal } from "./terminal.ts";

/** Rows of text under headings, to be printed in any of the formats. */
export type Table = {
  readonly columns: readonly { readonly title: string; readonly align: "left" | "right" }[];
  readonly rows: readonly (readonly string[])[];
  /** How many of the last rows are totals, set apart by a rule. */
  readonly totals: number;
};

/** Columns aligned by spaces for a terminal; wide characters count as two. */
export function textTable(table: Table, terminal: Pick<Terminal, "isTerminal">): string {
  const rows = table.rows.map((row) => row.map(plainText));
  const widths = table.columns.map(({ title }, column) =>
    Math.max(stringWidth(title), ...rows.map((row) => stringWidth(row[column] ?? ""))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => pad(cell, widths[column] ?? 0, table.columns[column]?.align ?? "left"))
      .join("  ")
      .trimEnd();
  const style = (format: "bold" | "dim", text: string): string =>
    terminal.isTerminal ? styleText(format, text, { validateStream: false }) : text;
  const rule = style("dim", "─".repeat(widths.reduce((sum, width) => sum + width + 2, -2)));
  const body = rows.slice(0, rows.length - table.totals).map(line);
  const totals = rows.slice(rows.length - table.totals).map((row) => style("bold", line(row)));
  const head = style("bold", line(table.columns.map(({ title }) => title)));
  return `${[head, rule, ...body, ...(totals.length === 0 ? [] : [rule, ...totals])].join("\n")}\n`;
}

/** A GitHub-flavoured Markdown table. */
export function markdownTable(table: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownText).join(" | ")} |`;
  return `${[
    line(table.columns.map(({ title }) => title)),
    `| ${table.columns.map(({ align }) => (align === "right" ? "---:" : "---")).join(" | ")} |`,
    ...table.rows.map(line),
  ].join("\n")}\n`;
}

/** RFC 4180 CSV; text that a spreadsheet would run as a formula is made plain by a leading apostrophe. */
export function csvTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return stringify(
    [header, ...rows].map((row) => [...row]),
    { escape_formulas: true, record_delimiter: "\n" },
  );
}

/** Register text is data: control characters in it must not reach a terminal. */
export function plainText(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is removed here
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu, " ");
}

/** Text as Markdown that shows as it is. */
export function markdownText(text: string): string {
  return plainText(text).replaceAll(/[\\`*_{}[\]<>|#~]/gu, String.raw`\$&`);
}

function pad(text: string, width: number, align: "left" | "right"): string {
  const space = " ".repeat(Math.max(0, width - stringWidth(text)));
  return align === "right" ? `${space}${text}` : `${text}${space}`;
}
