import { pipeline, Readable } from "node:stream";
import { parse, CsvError } from "csv-parse";
import { contextDetails } from "./details.ts";
import { texts } from "./json-document.ts";
import { invalid } from "./lines.ts";
import type { ChainHint, ReadTags, TagInput } from "./tag-input.ts";

/** The columns that are read, each under the names that lists give it. Any other column is kept as a detail. */
const columns = {
  address: ["address"],
  transaction: ["transaction", "txid", "tx_hash"],
  incident_subject: ["subject_incident"],
  chain: ["chain", "network", "currency", "asset"],
  label: ["label", "name", "note", "incident"],
  category: ["category"],
  concepts: ["concepts"],
  abuse: ["abuse"],
  actor: ["actor", "entity", "attribution"],
  confidence: ["confidence"],
  grade: ["grade"],
  source: ["source"],
  url: ["url"],
  date: ["date", "lastmod"],
  licence: ["licence", "license"],
  from: ["from", "valid_from"],
  to: ["to", "valid_to"],
  clusterDefiner: ["cluster_definer", "is_cluster_definer"],
  details: ["details"],
} as const;
type Column = keyof typeof columns;

const recordMax = 1024 * 1024;
/** How many rows are taken between two rests. */
const restEvery = 1_000;

/**
 * Reads CSV with a header: `address,label,category,source,confidence`, and more columns in any order.
 *
 * Of several columns for one field the first that is not empty counts; those that do not are kept as details. A leading
 * apostrophe that guards text from being run as a formula by a spreadsheet is taken off, as Fundtrail's export puts it on.
 */
export const readCsv: ReadTags = async (file, sink) => {
  const parser = parse({
    bom: true,
    max_record_size: recordMax,
    record_delimiter: ["\r\n", "\n"],
    relax_column_count_less: true,
  });
  // An error of the file reaches the parser's reader only through the pipeline, and the parser's closes the file.
  const read = pipeline(Readable.from(file.open()), parser, () => undefined);
  let header: readonly string[] | undefined;
  let [rows, next] = [0, 1];
  try {
    for await (const row of read) {
      const record = row as readonly string[];
      const line = next;
      // Every line end ends a record or stands within one.
      next += record.reduce((sum, cell) => sum + cell.split("\n").length - 1, 1);
      if (header === undefined) {
        header = headerOf(file.path, record);
        continue;
      }
      if (record.every((cell) => cell.trim() === "")) continue;
      sink.tag(tagOf(header, record, line));
      rows += 1;
      if (rows % restEvery === 0) await sink.rest();
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error["lines"] === "number" ? error["lines"] : undefined;
    throw invalid(file.path, line, `not valid CSV: ${error.message.split("\n", 1)[0] ?? ""}`, "correct the file");
  }
  if (header === undefined) throw invalid(file.path, 1, "it is empty", "give it a header and rows");
};

/** Whether a first line is a header of such a file. */
export function isCsvHeader(line: string): boolean {
  const names = line
    .toLowerCase()
    .split(",")
    .map((name) => name.trim().replaceAll('"', ""));
  return names.length > 1 && names.some((name) => isSubject(name));
}

function isSubject(name: string): boolean {
  return [...columns.address, ...columns.transaction, ...columns.incident_subject].some((known) => known === name);
}

function headerOf(file: string, record: readonly string[]): readonly string[] {
  const names = record.map((name) => name.trim().toLowerCase());
  if (!names.some(isSubject)) {
    throw invalid(file, 1, "its header has no column address", "name the columns in the first line");
  }
  const double = names.find((name, index) => name !== "" && names.indexOf(name) !== index);
  if (double !== undefined) throw invalid(file, 1, `its header has the column ${double} twice`, "rename one");
  return names;
}

function tagOf(header: readonly string[], record: readonly string[], line: number): TagInput {
  const cells = new Map(header.map((name, index) => [name, unguarded(record[index] ?? "")]));
  const used = new Set<string>();
  const text = (column: Column): string | undefined => {
    const name = columns[column].find((one) => (cells.get(one) ?? "").trim() !== "");
    if (name !== undefined) used.add(name);
    return name === undefined ? undefined : cells.get(name);
  };
  const fields = {
    label: text("label"),
    category: text("category"),
    concepts: conceptsOf(text("concepts") ?? ""),
    abuse: text("abuse"),
    actor: text("actor"),
    confidence: text("confidence"),
    grade: text("grade"),
    date: text("date"),
    licence: text("licence"),
    from: text("from"),
    to: text("to"),
    clusterDefiner: text("clusterDefiner"),
  };
  const programme = sanctionsProgramme(fields.actor);
  const subject = subjectOf(text);
  const source = text("source");
  const own = text("url");
  const isUrl = own === undefined && source !== undefined && /^https?:\/\//iu.test(source);
  const details = contextDetails(text("details"));
  const rest = [...cells].filter(([name, cell]) => name !== "" && !used.has(name) && cell.trim() !== "");
  return {
    line,
    subject,
    ...fields,
    // A sanctions programme is no actor; the entity that is listed under it is.
    ...(programme === undefined ? {} : { actor: fields.label, abuse: fields.abuse ?? "sanction" }),
    sourceName: isUrl ? undefined : source,
    url: isUrl ? source : own,
    details: [...details, ...(programme === undefined ? [] : [["programme", programme] as const]), ...rest],
  };
}

function subjectOf(text: (column: Column) => string | undefined): TagInput["subject"] {
  const code = text("chain");
  const chain: ChainHint = code === undefined ? { kind: "form" } : { kind: "code", code: code.trim() };
  const txid = text("transaction");
  const address = text("address");
  const incident = text("incident_subject");
  if (address === undefined && txid !== undefined) return { kind: "transaction", text: txid, chain };
  if (address === undefined && incident !== undefined) return { kind: "incident", text: incident };
  return { kind: "address", text: address ?? "", chain };
}

/** A JSON list of words, as an export writes it, or words with semicolons between them. */
function conceptsOf(cell: string): readonly string[] {
  if (!cell.startsWith("[")) return cell.split(";");
  try {
    return texts(JSON.parse(cell));
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return cell.split(";");
  }
}

/** `OFAC program DPRK4` */
function sanctionsProgramme(actor: string | undefined): string | undefined {
  return /^OFAC program(?:me)? (?<programme>.+)$/u.exec(actor ?? "")?.groups?.["programme"];
}

const guarded = /^'+[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/u;

function unguarded(cell: string): string {
  return guarded.test(cell) ? cell.slice(1) : cell;
}

/** Text as it is safe in a spreadsheet: what would be a formula, or could be mistaken for guarded text, gets an apostrophe. */
export function guardedCell(text: string): string {
  return guarded.test(`'${text}`) ? `'${text}` : text;
}
