import { assert } from "../../base/assert.ts";
import type { KnownChain } from "../../base/chains.ts";
import { Failure } from "../../base/failure.ts";
import type { AccountBlock } from "../block.ts";
import { RecordScanner } from "../csv-scan.ts";
import { BlockBuilder } from "./build.ts";
import { columns, columnCount, type Row } from "./row.ts";

/** Where a file was left; plain data, to be kept beside what was read. */
export type TransfersMark = {
  readonly form: "csv" | "jsonl";
  /** Bytes of the file before the next row. */
  readonly offset: number;
  /** Lines of the file before the next row. */
  readonly line: number;
  /** For CSV, the header: which column each field is. */
  readonly header: readonly number[];
  /** The last block that was read in full. */
  readonly height: number;
};

/** A block, and where reading goes on after it. */
export type TransfersStep = { readonly block: AccountBlock; readonly mark: TransfersMark };

/** How a transfers file is read. */
export type TransfersOptions = {
  /** The file's name, for messages. */
  readonly source: string;
  /**
   * `checked`: addresses and transaction ids must be valid on the chain, and get its canonical form. `as-written`: they
   * are taken as they stand. On an EVM chain both are in lower case either way.
   */
  readonly addresses: "checked" | "as-written";
  /** Where to go on; the bytes then begin at its offset. Undefined: from the file's beginning. */
  readonly resume: TransfersMark | undefined;
};

const lineBytesMax = 65_536;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const byteOrderMark = [0xef, 0xbb, 0xbf];
const formMend = `give CSV with the header ${columns.join(",")}, or JSON lines with these keys`;

/**
 * Reads a transfers file, CSV or JSON lines, as blocks.
 *
 * CSV: a header is required, its columns in any order; RFC 4180 quoting; LF or CRLF; a byte order mark is skipped. JSON
 * lines: one object a line, the same keys; `from` and `to` may be null. Blank lines are skipped. A last line without a line
 * break counts (RFC 4180), so a file cut within its last amount cannot be told from a whole one.
 *
 * `to` empty: a fee or a burn. `from` empty: a mint. Rows stand in ledger order by (block, index), equal ones in the file's
 * order; a transfer's `position` is its row's `index`, by which `TXID:INDEX` names it, and the transfers of a block stay in
 * the file's order, even where rows of several transactions take turns. Nothing is known of failed transactions: none is.
 *
 * @throws {Failure} `SOURCE_INVALID` naming line and column: a field that is not what it should be, a row out of order, of
 *   another chain, or at another time than its block. `USAGE` for a chain of outputs and spends.
 * Cost: one pass; memory for one block of at most 2,000,000 rows and one line of at most 64 KiB.
 */
export async function* parseTransfers(
  chunks: AsyncIterable<Uint8Array>,
  chain: KnownChain,
  options: TransfersOptions,
): AsyncGenerator<TransfersStep, void, undefined> {
  const reader = new TransfersReader(chain, options);
  for await (const chunk of chunks) yield* reader.push(chunk);
  yield* reader.finish();
}

/** The same as {@link parseTransfers} for who has the bytes at hand: give them in order, then call `finish()` once. */
export class TransfersReader {
  readonly #source: string;
  readonly #builder: BlockBuilder;
  readonly #scanner = new RecordScanner(columnCount);
  #form: "csv" | "jsonl" | undefined;
  #header: readonly number[] = [];
  #rest: Buffer = Buffer.alloc(0);
  /** Of the bytes before `#rest`. */
  #offset: number;
  #line: number;
  #begun: boolean;

  constructor(chain: KnownChain, options: TransfersOptions) {
    if (chain.family === "bitcoin") {
      throw new Failure("USAGE", {
        what: `${chain.name} has outputs and spends, which a list of transfers cannot say`,
        mend: "give its blocks (bitcoin-blk, bitcoin-rpc or bitcoin-etl)",
      });
    }
    const { resume } = options;
    this.#source = options.source;
    this.#builder = new BlockBuilder(chain, options.addresses, resume?.height ?? -1);
    this.#form = resume?.form;
    this.#header = resume?.header ?? [];
    this.#offset = resume?.offset ?? 0;
    this.#line = resume?.line ?? 0;
    this.#begun = resume !== undefined;
    if (resume !== undefined) this.#setOrder(resume.header);
  }

  /** Takes the next bytes; returns the blocks that they complete. */
  push(chunk: Uint8Array): TransfersStep[] {
    const steps: TransfersStep[] = [];
    const view = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#consume(this.#rest.length === 0 ? view : Buffer.concat([this.#rest, view]), steps);
    return steps;
  }

  /** Ends the file; returns the last block. */
  finish(): TransfersStep[] {
    const steps: TransfersStep[] = [];
    if (this.#rest.length > 0) {
      const whole = this.#rest.length;
      const before = this.#offset;
      this.#consume(Buffer.concat([this.#rest, Buffer.from("\n")]), steps, 1);
      if (this.#rest.length > 0) {
        throw this.#failure("", "a quoted field is not closed", "get the whole file: this one was cut off");
      }
      this.#offset = before + whole; // Not the line break that was added.
    }
    if (this.#form === undefined) throw this.#failure("", "the file is empty", formMend);
    const block = this.#builder.finish();
    if (block !== undefined) steps.push({ block, mark: this.#mark(block) });
    return steps;
  }

  #consume(data: Buffer, steps: TransfersStep[], enough: number = byteOrderMark.length): void {
    let at = this.#begin(data, enough);
    if (at < 0) {
      this.#rest = Buffer.from(data);
      return;
    }
    let next = at;
    while (at < data.length) {
      next = this.#form === "jsonl" ? this.#json(data, at, steps) : this.#record(data, at, steps);
      if (next < 0) break;
      this.#offset += next - at;
      at = next;
    }
    if (data.length - at > lineBytesMax) {
      throw this.#failure("", `it is longer than ${lineBytesMax} bytes`, "is a quote not closed? Check the line");
    }
    this.#rest = Buffer.from(data.subarray(at)); // A copy: the caller may use its buffer again.
  }

  /** Where the first row begins in the first bytes; -1 while there are too few to tell. */
  #begin(data: Buffer, enough: number): number {
    if (this.#begun) return 0;
    if (data.length < enough) return -1;
    this.#begun = true;
    if (!byteOrderMark.every((byte, index) => data[index] === byte)) return 0;
    this.#offset += byteOrderMark.length;
    return byteOrderMark.length;
  }

  /** One CSV record. */
  #record(data: Buffer, at: number, steps: TransfersStep[]): number {
    const scanner = this.#scanner;
    if (this.#form === undefined && data[at] === 0x7b) {
      this.#form = "jsonl";
      return this.#json(data, at, steps);
    }
    const next = scanner.scan(data, at);
    if (next === -1) return -1;
    this.#line += 1;
    const { fault } = scanner;
    if (next === -2) {
      const mend = this.#form === undefined ? formMend : (fault?.mend ?? formMend);
      throw this.#failure("", fault?.why ?? "it is no CSV", mend);
    }
    const { count, breaks } = scanner;
    if (count === 1 && scanner.starts[0] === scanner.ends[0]) return next;
    if (this.#form === undefined) this.#readHeader(data);
    else if (count === columnCount) this.#row(new CsvRow(data, scanner, this.#order), steps);
    else throw this.#failure("", `it has ${count} fields where ${columnCount} are due`, "give each row one per column");
    this.#line += breaks;
    return next;
  }

  /** For each column, which field of a record it is. */
  #order: readonly number[] = [];

  #setOrder(header: readonly number[]): void {
    this.#header = header;
    this.#order = columns.map((_, column) => header.indexOf(column));
    assert(
      this.#form === "jsonl" || this.#order.every((field) => field >= 0),
      "transfers: a mark's header lacks a column",
    );
  }

  #readHeader(data: Buffer): void {
    const names = Array.from({ length: this.#scanner.count }, (_, field) =>
      decode(data, this.#scanner, field).trim().toLowerCase(),
    );
    const missing = columns.filter((name) => !names.includes(name));
    if (missing.length > 0 || names.length !== columnCount) {
      const why =
        missing.length > 0 ? `the header has no column ${missing.join(", ")}` : "the header names a column twice";
      throw this.#failure("", why, formMend);
    }
    this.#form = "csv";
    this.#setOrder(names.map((name) => columns.findIndex((known) => known === name)));
  }

  /** One line of JSON. */
  #json(data: Buffer, at: number, steps: TransfersStep[]): number {
    const end = data.indexOf(0x0a, at);
    if (end === -1) return -1;
    this.#line += 1;
    if (end - at > lineBytesMax) throw this.#failure("", `it is longer than ${lineBytesMax} bytes`, formMend);
    const row = jsonRow(data.subarray(at, end));
    if (typeof row === "string") throw this.#failure("", row, formMend);
    if (row !== undefined) this.#row(row, steps);
    return end + 1;
  }

  #row(row: Row, steps: TransfersStep[]): void {
    const outcome = this.#builder.add(row);
    if (outcome === undefined) return;
    if ("why" in outcome) throw this.#failure(outcome.column, outcome.why, outcome.mend);
    steps.push({ block: outcome, mark: this.#mark(outcome, this.#line - 1) });
  }

  #mark(block: AccountBlock, line = this.#line): TransfersMark {
    assert(this.#form !== undefined, "transfers: a row before the form is known");
    return { form: this.#form, offset: this.#offset, line, header: this.#header, height: block.height };
  }

  #failure(column: string, why: string, mend: string): Failure {
    const where = `line ${this.#line === 0 ? 1 : this.#line}${column === "" ? "" : `, column ${column}`}`;
    return new Failure("SOURCE_INVALID", { source: this.#source, where, why, mend });
  }
}

/** A row whose fields are ranges of bytes; valid until the scanner goes on. */
class CsvRow implements Row {
  readonly #data: Buffer;
  readonly #scanner: RecordScanner;
  readonly #order: readonly number[];
  readonly plain: boolean;

  constructor(data: Buffer, scanner: RecordScanner, order: readonly number[]) {
    this.#data = data;
    this.#scanner = scanner;
    this.#order = order;
    this.plain = scanner.plain;
  }

  text(column: number): string {
    const field = this.#order[column] as number;
    if (!this.plain) return decode(this.#data, this.#scanner, field);
    return this.#data.toString("latin1", this.#scanner.starts[field], this.#scanner.ends[field]);
  }

  is(column: number, text: string): boolean {
    if (!this.plain) return this.text(column) === text;
    const field = this.#order[column] as number;
    const start = this.#scanner.starts[field] as number;
    if ((this.#scanner.ends[field] as number) - start !== text.length) return false;
    // From the end: hashes and numbers that differ do so there, while beginnings are alike.
    for (let at = text.length - 1; at >= 0; at -= 1) {
      if (text.charCodeAt(at) !== this.#data[start + at]) return false;
    }
    return true;
  }

  /** The digits' value, or -1 where the field is not 1 to 15 plain digits. */
  digits(column: number): number {
    const field = this.#order[column] as number;
    const end = this.#scanner.ends[field] as number;
    let at = this.#scanner.starts[field] as number;
    if (end - at > 15 || end === at) return -1;
    let value = 0;
    for (; at < end; at += 1) {
      const digit = (this.#data[at] as number) - 0x30;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    return value;
  }
}

/** A field's text; with U+FFFD, which the builder refuses, where its bytes are not UTF-8. */
function decode(data: Buffer, scanner: RecordScanner, field: number): string {
  const [start, end] = [scanner.starts[field] ?? 0, scanner.ends[field] ?? 0];
  const text = data.toString("utf8", start, end);
  return data[start - 1] === 0x22 ? text.replaceAll('""', '"') : text;
}

/** The row of a line of JSON; undefined for a blank line, a text saying why where it is none. */
function jsonRow(bytes: Uint8Array): Row | string | undefined {
  let value: unknown;
  try {
    const line = utf8.decode(bytes).trim();
    if (line === "") return undefined;
    value = JSON.parse(line);
  } catch {
    return "it is not a line of JSON in UTF-8";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "it is not a JSON object";
  const texts: string[] = [];
  for (const [key, entry] of Object.entries(value)) {
    const column = columns.findIndex((name) => name === key);
    if (column === -1) return `it has the unknown key "${key.slice(0, 40)}"`;
    const text = jsonText(entry);
    if (text === undefined) return `its ${key} is neither a text nor an integer that JSON keeps exactly`;
    texts[column] = text;
  }
  const missing = columns.find((_, column) => texts[column] === undefined);
  if (missing !== undefined) return `it has no key ${missing}`;
  return {
    text: (column) => texts[column] ?? "",
    is: (column, text) => texts[column] === text,
    digits: () => -1,
    plain: false,
  };
}

function jsonText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (value === null) return "";
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : undefined;
}
