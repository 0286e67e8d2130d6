import { parse } from "csv-parse/sync";
import { asset } from "../base/assets.ts";
import { addDays, parseDay, parseInstant } from "../base/day.ts";
import { parseDecimal } from "../base/decimal.ts";
import { Failure, isFailure } from "../base/failure.ts";
import type { Price, PriceTable } from "./price-table.ts";

const columns = ["asset", "date", "usd"] as const;
type Row = Readonly<Record<(typeof columns)[number], string>>;

/**
 * Reads a user's own prices: CSV with the columns `asset,date,usd`, US dollars for one whole coin on a UTC day.
 *
 * A price counts as the day's close. Its source is the file.
 *
 * @param source - The file's name, for messages and as the prices' source.
 * @throws {Failure} `SOURCE_INVALID` with the line of the first row that is no price, is 0, or gives an asset's day twice.
 */
export function readOwnPrices(source: string, text: string): PriceTable {
  const lines = new Map<string, number>();
  const prices = new Map<string, Price[]>();
  for (const { info, record } of recordsOf(source, text)) {
    const price = readRow(source, info.lines, record);
    const key = `${price.asset.id} ${price.day}`;
    const earlier = lines.get(key);
    if (earlier !== undefined) {
      const why = `${record.asset} on ${price.day} has a price in line ${earlier} already`;
      throw invalid(source, info.lines, why, "leave one of them out");
    }
    lines.set(key, info.lines);
    const list = prices.get(price.asset.id) ?? [];
    list.push(price);
    prices.set(price.asset.id, list);
  }
  for (const list of prices.values()) list.sort(byTime);
  return prices;
}

/** One table of both; of an asset's day for which `own` has a price, only that one. */
export function preferPrices(own: PriceTable, others: PriceTable): PriceTable {
  const joined = new Map(others);
  for (const [id, list] of own) {
    const days = new Set(list.map(({ day }) => day));
    const kept = (others.get(id) ?? []).filter(({ day }) => !days.has(day));
    joined.set(id, [...kept, ...list].toSorted(byTime));
  }
  return joined;
}

function recordsOf(
  source: string,
  text: string,
): readonly { readonly info: { readonly lines: number }; readonly record: Row }[] {
  const header = (names: readonly string[]): string[] => {
    const own = names.map((name) => name.toLowerCase());
    const missing = columns.filter((column) => !own.includes(column));
    if (missing.length > 0) throw new Error(`the first line lacks the column ${missing.join(", ")}`);
    return own;
  };
  try {
    return parse(text, { columns: header, info: true, bom: true, skip_empty_lines: true, trim: true });
  } catch (thrown) {
    const mend = `write a CSV file with the columns ${columns.join(",")}`;
    throw invalid(source, (thrown as { lines?: number }).lines, (thrown as Error).message, mend);
  }
}

function readRow(source: string, line: number, row: Row): Price {
  try {
    const day = parseDay(row.date);
    const usd = parseDecimal(row.usd, "a price");
    if (usd.digits === 0n) {
      throw invalid(source, line, "0 is no price", "leave the row out where the price is not known");
    }
    // A close is stamped with the midnight that ends its day.
    const at = parseInstant(addDays(day, 1));
    return { asset: asset(row.asset), at, day, usd, kind: "close", source };
  } catch (thrown) {
    if (!isFailure(thrown, "INVALID_VALUE") && !isFailure(thrown, "UNKNOWN_NAME")) throw thrown;
    throw invalid(source, line, thrown.message, "correct the row or leave it out");
  }
}

function invalid(source: string, line: number | undefined, why: string, mend: string): Failure {
  return new Failure("SOURCE_INVALID", { source, where: line === undefined ? "" : `line ${line}`, why, mend });
}

function byTime(left: Price, right: Price): number {
  return left.at < right.at ? -1 : left.at > right.at ? 1 : 0;
}
