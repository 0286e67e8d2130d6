import { CsvError } from "csv-parse";
import { parse } from "csv-parse/sync";
import { boundedLines, lineBytesMax, type Line } from "./bounded-lines.ts";

/** A record of a CSV file with the line on which it begins; or what is wrong with that line. */
export type CsvRecord =
  | { readonly line: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly why: string };

/** A record in quotes stands on at most so many lines. */
const linesMax = 100;
/** So many plain records are parsed at once. */
const groupMax = 1_000;

/**
 * The records of a CSV file (RFC 4180), in batches. A broken record is told of its first line, and reading goes on with the next
 * line: a quote that is never closed swallows nothing.
 */
export async function* csvRecords(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<readonly CsvRecord[]> {
  const reader = new Records();
  for await (const lines of boundedLines(bytes)) {
    for (const line of lines) reader.line(line);
    if (reader.found.length > 0 || reader.plain.length >= groupMax) yield reader.take();
  }
  reader.end();
  yield reader.take();
}

class Records {
  found: CsvRecord[] = [];
  /** Records without quotes that wait for being parsed together. */
  plain: Extract<Line, { readonly text: string }>[] = [];
  /** Lines of a record whose quotes are open. */
  #open: Extract<Line, { readonly text: string }>[] = [];

  line(line: Line): void {
    if (line.text === undefined) {
      this.#giveUp();
      this.#flush();
      this.found.push({ line: line.number, why: line.why });
      return;
    }
    if (this.#open.length === 0 && !line.text.includes('"')) {
      this.plain.push(line);
      if (this.plain.length >= groupMax) this.#flush();
      return;
    }
    this.#flush();
    this.#open.push(line);
    const text = this.#open.map((one) => one.text).join("\n");
    if (text.split('"').length % 2 === 1) this.#close(text);
    else if (this.#open.length >= linesMax || text.length > lineBytesMax) this.#giveUp();
  }

  end(): void {
    while (this.#open.length > 0) this.#giveUp();
    this.#flush();
  }

  take(): readonly CsvRecord[] {
    if (this.#open.length === 0) this.#flush();
    const found = this.found;
    this.found = [];
    return found;
  }

  #close(text: string): void {
    const [first, ...others] = this.#open;
    this.#open = [];
    if (first === undefined) return;
    const cells = parsed(text);
    if (typeof cells !== "string") {
      this.found.push({ line: first.number, cells: cells[0] ?? [] });
      return;
    }
    this.found.push({ line: first.number, why: cells });
    for (const line of others) this.line(line);
  }

  /** The first line's quote belongs to no other: it is broken, and the lines after it stand for themselves. */
  #giveUp(): void {
    const [first, ...others] = this.#open;
    this.#open = [];
    if (first === undefined) return;
    this.found.push({ line: first.number, why: "its quotes are not closed" });
    for (const line of others) this.line(line);
  }

  #flush(): void {
    const lines = this.plain;
    if (lines.length === 0) return;
    this.plain = [];
    const filled = lines.filter(({ text }) => text.trim() !== "");
    const rows = parsed(filled.map(({ text }) => text).join("\n"));
    if (typeof rows === "string" || rows.length !== filled.length) {
      for (const { number, text } of filled) {
        const cells = parsed(text);
        this.found.push(
          typeof cells === "string" ? { line: number, why: cells } : { line: number, cells: cells[0] ?? [] },
        );
      }
      return;
    }
    for (const [place, { number }] of filled.entries()) this.found.push({ line: number, cells: rows[place] ?? [] });
  }
}

/** The rows of a text; or why it is no CSV. */
function parsed(text: string): readonly (readonly string[])[] | string {
  if (text === "") return [];
  try {
    return parse(text, { relax_column_count: true, trim: true, record_delimiter: "\n" });
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    return `it is not valid CSV: ${thrown.message.split(/[\n:]/u, 1)[0] ?? ""}`;
  }
}
