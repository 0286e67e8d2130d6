import { parse } from "csv-parse/sync";
import { Failure } from "../base/failure.ts";

/** A pooled service at which tracing ends: an exchange's wallet, a mixer, a bridge, a payment processor. */
export type Stop = { readonly entity: string; readonly category: string };

/** Says of an address, as the ledger writes it, whether tracing ends there; undefined: it goes on. */
export type StopRule = (address: string) => Stop | undefined;

/** A row of a stops file. */
export type StopRow = Stop & { readonly address: string; readonly line: number };

const columns = ["address", "entity", "category"] as const;

/**
 * Reads a stops file: CSV with the columns `address,entity,category`, other columns ignored. Addresses are not checked
 * here, since what an address is depends on the ledger.
 *
 * @param source - The file's name, for messages.
 * @throws {Failure} `SOURCE_INVALID` with the line.
 */
export function readStops(source: string, text: string): readonly StopRow[] {
  const invalid = (line: number | undefined, why: string): Failure =>
    new Failure("SOURCE_INVALID", {
      source,
      where: line === undefined ? "" : `line ${line}`,
      why,
      mend: `write a CSV file with the columns ${columns.join(",")}`,
    });
  let records: readonly { readonly info: { readonly lines: number }; readonly record: Record<string, string> }[];
  try {
    records = parse(text, {
      columns: (names: readonly string[]) => {
        const own = names.map((name) => name.toLowerCase());
        const missing = columns.filter((column) => !own.includes(column));
        if (missing.length > 0) throw new Error(`the first line lacks the column ${missing.join(", ")}`);
        return own;
      },
      info: true,
      bom: true,
      skip_empty_lines: true,
      trim: true,
    });
  } catch (thrown) {
    throw invalid((thrown as { lines?: number }).lines, (thrown as Error).message);
  }
  return records.map(({ info: { lines }, record }) => {
    const [address = "", entity = "", category = ""] = columns.map((column) => record[column]);
    if (address === "") throw invalid(lines, "the address is empty");
    return { address, entity: entity === "" ? address : entity, category, line: lines };
  });
}
