import { Failure } from "../base/failure.ts";
import { boundedLines } from "./bounded-lines.ts";
import { csvRecords, type CsvRecord } from "./csv-records.ts";
import type { ScreenRequest } from "./screener.ts";
import { directions } from "./words.ts";

export const batchForms = ["csv", "jsonl"] as const;
export type BatchForm = (typeof batchForms)[number];

/** A line of a batch: what it asks for, or what is wrong with it. */
export type BatchRow = {
  /** From 1. */
  readonly line: number;
  /** The line's fields as it has them, by name; empty where it cannot be read. */
  readonly fields: Readonly<Record<string, string>>;
  readonly asked: ScreenRequest | { readonly why: string };
};

/** Fields that name what is screened: one of them is given. */
const subjectFields = ["subject", "address", "tx", "txid", "transaction"] as const;
const fields: readonly string[] = [...subjectFields, "chain", "direction", "to", "block"];
const textMax = 500;

/**
 * Reads what is to be screened, in batches as the bytes come; any size, in bounded memory.
 *
 * CSV has a header that names its columns: `address`, `tx` (or `subject`, which may be either), and perhaps `chain`, `direction`,
 * `to`, `block`; other columns are given back with the verdict. One column without a header is a list of subjects. JSON lines
 * are objects with the same names.
 *
 * @param otherwise - What is meant where a line does not say.
 * @throws {Failure} `SOURCE_INVALID` where the header names nothing to screen.
 */
export function batchRows(
  source: { readonly name: string; readonly form: BatchForm; readonly bytes: AsyncIterable<Uint8Array> },
  otherwise: Pick<ScreenRequest, "chain" | "direction">,
): AsyncGenerator<readonly BatchRow[]> {
  return source.form === "csv" ? csvRows(source, otherwise) : jsonRows(source.bytes, otherwise);
}

type Otherwise = Pick<ScreenRequest, "chain" | "direction">;

async function* csvRows(
  source: { readonly name: string; readonly bytes: AsyncIterable<Uint8Array> },
  otherwise: Otherwise,
): AsyncGenerator<readonly BatchRow[]> {
  let header: readonly string[] | undefined;
  for await (const records of csvRecords(source.bytes)) {
    const rows: BatchRow[] = [];
    for (const record of records) {
      if (header !== undefined || !("cells" in record)) {
        rows.push(rowOf(header ?? [], record, otherwise));
        continue;
      }
      const named = headerOf(source.name, record);
      header = named ?? ["subject"];
      if (named === undefined) rows.push(rowOf(header, record, otherwise));
    }
    if (rows.length > 0) yield rows;
  }
}

/** The names of a header; undefined where the first line is no header but a lone subject. */
function headerOf(source: string, { cells, line }: { readonly cells: readonly string[]; readonly line: number }) {
  const names = cells.map((cell) => cell.toLowerCase());
  const repeated = names.find((name, place) => fields.includes(name) && names.indexOf(name) !== place);
  const invalid = (why: string, mend: string): Failure =>
    new Failure("SOURCE_INVALID", { source, where: `line ${line}`, why, mend });
  if (repeated !== undefined) throw invalid(`the header has ${repeated} twice`, "name each column once");
  if (names.some((name) => (subjectFields as readonly string[]).includes(name))) return names;
  if (cells.length === 1 && !(cells[0] ?? "").includes(";")) return undefined;
  throw invalid(
    `the header names no column address, tx or subject: ${names.slice(0, 6).join(", ")}`,
    "begin the file with a line such as address,direction, with commas",
  );
}

function rowOf(header: readonly string[], record: CsvRecord, otherwise: Otherwise): BatchRow {
  const { line } = record;
  if ("why" in record) return { line, fields: {}, asked: { why: record.why } };
  const { cells } = record;
  const given = Object.fromEntries(header.map((name, place) => [name || `column ${place + 1}`, cells[place] ?? ""]));
  const extra = cells.slice(header.length).some((cell) => cell !== "");
  const asked = extra
    ? { why: `it has ${cells.length} columns, and the header ${header.length}` }
    : requestOf(given, otherwise);
  return { line, fields: given, asked };
}

async function* jsonRows(bytes: AsyncIterable<Uint8Array>, otherwise: Otherwise): AsyncGenerator<readonly BatchRow[]> {
  for await (const lines of boundedLines(bytes)) {
    const rows = lines.flatMap((line): readonly BatchRow[] => {
      if (line.text === undefined) return [{ line: line.number, fields: {}, asked: { why: line.why } }];
      if (line.text.trim() === "") return [];
      const given = jsonFields(line.text);
      if (typeof given === "string") return [{ line: line.number, fields: {}, asked: { why: given } }];
      return [{ line: line.number, fields: given, asked: requestOf(given, otherwise) }];
    });
    if (rows.length > 0) yield rows;
  }
}

/** The fields of a JSON object as text; or why it is none. */
function jsonFields(text: string): Readonly<Record<string, string>> | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "it is no JSON";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "it is no JSON object";
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, one] of Object.entries(value as Readonly<Record<string, unknown>>)) {
    const isText = typeof one === "string" || (typeof one === "number" && (name === "block" || !fields.includes(name)));
    if (one === null) continue;
    if (isText) found[name] = String(one);
    else if (fields.includes(name)) return `${name} is no text`;
    else found[name] = JSON.stringify(one);
  }
  return found;
}

function requestOf(given: Readonly<Record<string, string>>, otherwise: Otherwise): BatchRow["asked"] {
  const at = (name: string): string | undefined => {
    const text = Object.hasOwn(given, name) ? given[name]?.trim() : undefined;
    return text === "" ? undefined : text;
  };
  const named = subjectFields.flatMap((name) => at(name) ?? []);
  const [subject, second] = named;
  if (subject === undefined) return { why: "it names no address and no transaction" };
  if (second !== undefined) return { why: "it names more than one address or transaction" };
  if (subject.length > textMax) return { why: `what it names has over ${textMax} characters` };
  const word = at("direction");
  const direction = directions.find((one) => one === word?.toLowerCase());
  if (word !== undefined && direction === undefined)
    return { why: `its direction is none of ${directions.join(", ")}` };
  const block = at("block");
  if (block !== undefined && !/^[0-9]{1,9}$/u.test(block)) return { why: "its block is no height" };
  return {
    subject,
    chain: at("chain") ?? otherwise.chain,
    direction: direction ?? otherwise.direction,
    to: at("to"),
    block: block === undefined ? undefined : Number.parseInt(block, 10),
  };
}
