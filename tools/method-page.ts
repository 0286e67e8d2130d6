import { readFileSync, writeFileSync } from "node:fs";

/** Figures as the pages of `docs/methods` have them. */
export const percent = (part: number, whole: number): string =>
  whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)}%`;
export const number = (value: number): string => value.toLocaleString("en");

/** A Markdown table, its first column to the left and the others to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const align = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head, align, ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** Puts text between the marks of a page, `<!-- measured -->` and `<!-- end -->`. */
export function write(page: string, text: string): void {
  const file = new URL(`../docs/methods/${page}.md`, import.meta.url);
  const before = readFileSync(file, "utf8");
  const after = before.replace(/<!-- measured -->[^]*<!-- end -->/u, `<!-- measured -->\n\n${text}\n\n<!-- end -->`);
  if (!before.includes("<!-- measured -->")) throw new Error(`evaluate: ${page} has no place for figures`);
  writeFileSync(file, after);
}
