/** What the tests of ethereum-etl's exports share: its fixtures, and an independent writer of its tables. */
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import type { AccountBlock, Transfer } from "../../../src/chains/block.ts";
import { readRows, type CsvRow } from "../../../src/chains/evm/csv.ts";
import { sharedData } from "../../shared-data.ts";

export const resources = sharedData("evm/ethereum-etl/tests/resources");

type Row = Readonly<Record<string, unknown>>;

/** A fixture's bytes. */
export const fixture = (name: string): Buffer => readFileSync(path.join(resources ?? "", name));

/** The `result` of a node's answer. */
export const answer = (name: string): unknown => (JSON.parse(fixture(name).toString()) as { result: unknown }).result;

/** A folder's answers of which the name begins so. */
export const answers = (folder: string, prefix: string): unknown[] =>
  readdirSync(path.join(resources ?? "", folder))
    .filter((name) => name.startsWith(prefix))
    .toSorted()
    .map((name) => answer(`${folder}/${name}`));

/** JSON lines, whole numbers as decimal texts. */
export const jsonLines = (name: string): Row[] => {
  const exact = (_: string, value: unknown, context: { readonly source?: string }): unknown =>
    typeof value === "number" ? context.source : value;
  return fixture(name)
    .toString()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line, exact as (key: string, value: unknown) => unknown) as Row);
};

export async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

/** The rows of a CSV file; none of an empty one, as ethereum-etl leaves a table of no rows. */
export const csvRows = async (bytes: Uint8Array): Promise<CsvRow[]> => {
  const rows: CsvRow[] = [];
  if (bytes.length === 0) return rows;
  for await (const row of readRows(chunks(bytes), "f.csv", [])) rows.push(row);
  return rows;
};

/** Rows as CSV with the columns of the first. */
export const csv = (rows: readonly Row[], columns: readonly string[] = Object.keys(rows[0] ?? {})): Buffer => {
  const text = (value: unknown): string => {
    if (typeof value === "string") return value;
    if (!Array.isArray(value)) return "";
    return typeof value[0] === "object" ? JSON.stringify(value) : value.join(",");
  };
  const field = (value: unknown): string => (text(value) === "" ? "" : `"${text(value).replaceAll('"', '""')}"`);
  const lines = rows.map((row) => columns.map((name) => field(row[name])).join(","));
  return Buffer.from([columns.join(","), ...lines].join("\n"));
};

/** Transfers of some kinds as short rows. */
export const listed = (block: AccountBlock, ...kinds: readonly Transfer["kind"][]): unknown[] =>
  block.transfers
    .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .map(({ transaction, asset, from, to, amount }) => [block.transactions[transaction]?.id, asset, from, to, amount]);
