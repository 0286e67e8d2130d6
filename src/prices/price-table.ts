import { parse } from "csv-parse/sync";
import { asset, type Asset } from "../base/assets.ts";
import { dayOf, addDays, daysBetween, parseInstant, type Day, type Instant } from "../base/day.ts";
import { parseDecimal, type Decimal } from "../base/decimal.ts";
import { isFailure } from "../base/failure.ts";
import type { Finding } from "../base/finding.ts";

/**
 * What an asset was worth, in US dollars for one whole coin.
 *
 * `close`: the market's price at the end of the day whose last moment is `at`. `opening`: at its beginning. `stated`:
 * printed by or derived from a source's own valuation on that day; `at` is then the day only.
 */
export type Price = {
  readonly asset: Asset;
  readonly at: Instant;
  /** The UTC day that the price is for; a close at midnight is for the day that ends there. */
  readonly day: Day;
  readonly usd: Decimal;
  readonly kind: PriceKind;
  readonly source: string;
};
export const priceKinds = ["close", "opening", "stated"] as const;
export type PriceKind = (typeof priceKinds)[number];

/** All known prices by asset id, each list in order of time. An asset or day that is not in it has no known price. */
export type PriceTable = ReadonlyMap<string, readonly Price[]>;

/** For `now`: a price older than this before the table's newest is no price of today. */
const staleDays = 180;

const columns = ["asset", "at", "usd", "kind", "source"] as const;
type Row = Readonly<Record<(typeof columns)[number], string>>;

/**
 * Reads price files: CSV with the columns `asset,at,usd,kind,source`.
 *
 * @returns The table and a finding, with its line, for each row that is left out.
 */
export function readPrices(files: readonly { readonly path: string; readonly text: string }[]): {
  readonly prices: PriceTable;
  readonly findings: readonly Finding[];
} {
  const prices = new Map<string, Price[]>();
  const findings: Finding[] = [];
  for (const { path, text } of files) {
    for (const outcome of readFile(path, text)) {
      if ("severity" in outcome) findings.push(outcome);
      else prices.set(outcome.asset.id, [...(prices.get(outcome.asset.id) ?? []), outcome]);
    }
  }
  for (const list of prices.values()) list.sort(byTime);
  return { prices, findings };
}

/** The prices known for an asset on a day, in the order close, opening, stated. */
export function pricesOn(table: PriceTable, assetId: string, day: Day): readonly Price[] {
  return (table.get(assetId) ?? [])
    .filter((price) => price.day === day)
    .toSorted((left, right) => priceKinds.indexOf(left.kind) - priceKinds.indexOf(right.kind));
}

/** The newest market price of an asset; undefined where none is known or the newest is stale beside the table's newest. */
export function latestPrice(table: PriceTable, assetId: string): Price | undefined {
  const price = newestMarketPrice(table.get(assetId) ?? []);
  const newest = newestDay(table);
  if (price === undefined || newest === undefined || daysBetween(price.day, newest) > staleDays) return undefined;
  return price;
}

/** The newest day for which the table has a market price: what `now` means. */
export function newestDay(table: PriceTable): Day | undefined {
  let newest: Day | undefined;
  for (const list of table.values()) {
    const price = newestMarketPrice(list);
    if (price !== undefined && (newest === undefined || price.day > newest)) newest = price.day;
  }
  return newest;
}

function newestMarketPrice(list: readonly Price[]): Price | undefined {
  return list.findLast((price) => price.kind !== "stated");
}

function readFile(path: string, text: string): readonly (Price | Finding)[] {
  let records: readonly { readonly info: { readonly lines: number }; readonly record: Row }[];
  try {
    records = parse(text, { columns: header, info: true, bom: true, skip_empty_lines: true, trim: true });
  } catch (thrown) {
    const line = (thrown as { lines?: number }).lines;
    const what = (thrown as Error).message;
    return [{ severity: "error", place: place(path, line), what, mend: `write ${columns.join(",")} in every row` }];
  }
  return records.map(({ info, record }) => readRow(place(path, info.lines), record));
}

function header(names: readonly string[]): string[] {
  const missing = columns.filter((column) => !names.includes(column));
  if (missing.length > 0) throw new Error(`the first line lacks the column ${missing.join(", ")}`);
  return [...names];
}

function readRow(at: Finding["place"], row: Row): Price | Finding {
  try {
    const kind = priceKinds.find((known) => known === row.kind);
    if (kind === undefined) {
      const mend = `write one of ${priceKinds.join(", ")}`;
      return { severity: "error", place: at, what: `unknown kind of price "${row.kind}"`, mend };
    }
    if (row.source === "") {
      return { severity: "error", place: at, what: "the price has no source", mend: "name where it comes from" };
    }
    const instant = parseInstant(row.at);
    // A close stamped at midnight is the price of the day that ends then.
    const day = kind === "close" && instant.endsWith("T00:00:00Z") ? addDays(dayOf(instant), -1) : dayOf(instant);
    return {
      asset: asset(row.asset),
      at: instant,
      day,
      usd: parseDecimal(row.usd, "a price"),
      kind,
      source: row.source,
    };
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    return { severity: "error", place: at, what: thrown.message, mend: "correct the row" };
  }
}

function place(file: string, line: number | undefined): Finding["place"] {
  return line === undefined ? { file } : { file, line };
}

function byTime(left: Price, right: Price): number {
  if (left.at !== right.at) return left.at < right.at ? -1 : 1;
  return priceKinds.indexOf(left.kind) - priceKinds.indexOf(right.kind);
}
