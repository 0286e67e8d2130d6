import { formatHeadline, formatUsd, groupDigits, type Usd } from "../base/usd.ts";
import type { Trace } from "../trace/trace.ts";
import type { SumAt, TraceWorth, WorthTotal } from "../trace/worth/sums.ts";
import { roundWorth, worthTimes, type ExactWorth, type Valuer, type WorthTime } from "../trace/worth/valuer.ts";
import { plainText } from "./table.ts";

/** How many sources of prices are named; --json has all. */
const sourcesMax = 4;

const worthTitles: Readonly<Record<WorthTime, string>> = {
  moved: "USD then",
  atTheft: "USD at theft",
  now: "USD now",
};
const depositTitles: Readonly<Record<WorthTime, string>> = { ...worthTitles, atTheft: "USD at deposit" };

/** The columns in which dollars stand. */
export const worthColumns = columnsOf(worthTitles);
/** The same on a way back. */
export const depositWorthColumns = columnsOf(depositTitles);

function columnsOf(
  titles: Readonly<Record<WorthTime, string>>,
): readonly { readonly title: string; readonly align: "right" }[] {
  return worthTimes.map((time) => ({ title: titles[time], align: "right" }));
}

/** Their cells: dollars and cents, a lower bound with ≥, or that it is not known. */
export function worthCells(total: WorthTotal): readonly string[] {
  return worthTimes.map((time) => {
    const { usd, unpriced } = total[time];
    return `${usd !== undefined && unpriced.length > 0 ? "≥ " : ""}${dollars(usd)}`;
  });
}

/** The same of a single amount. */
export function worthCellsOf(worth: ExactWorth): readonly string[] {
  const rounded = roundWorth(worth);
  return worthTimes.map((time) => dollars(rounded[time]));
}

/** What the sum and its parts were worth, in sentences; under `poison`, which has no parts, the sum only. */
export function worthSentences(trace: Trace, sums: TraceWorth, valuer: Valuer): string {
  if (trace.origins.length === 0) return "";
  const { origin, exits, holdings, fees, convertedOut } = sums.total();
  const theft = valuer.theftDay === undefined ? "" : ` (${valuer.theftDay})`;
  const now = valuer.newest === undefined ? "" : ` (prices up to ${valuer.newest})`;
  const whole = `In US dollars the origin was worth ${spokenWorth(origin.atTheft)} at the theft${theft} and is worth ${spokenWorth(origin.now)} now${now}.`;
  if (trace.policy === "poison") return `${whole}\n`;
  const has = (part: "exits" | "holdings" | "fees" | "convertedOut"): boolean =>
    trace.totals.some((one) => (one[part] ?? 0n) > 0n);
  const parts = [
    has("exits") ? `what reached services was worth ${spokenWorth(exits.moved)} when it came there` : "",
    has("holdings")
      ? `what rests was worth ${spokenWorth(holdings.moved)} when it came to rest and is worth ${spokenWorth(holdings.now)} now`
      : "",
    has("convertedOut")
      ? `what changed into other assets was worth ${spokenWorth(convertedOut.moved)} when it changed`
      : "",
    has("fees") ? `the fees were worth ${spokenWorth(fees.moved)} when they were paid` : "",
  ].filter((part) => part !== "");
  const [first = "", ...others] = parts;
  if (first === "") return `${whole}\n`;
  return `${whole} ${[`${first[0]?.toUpperCase()}${first.slice(1)}`, ...others].join("; ")}.\n`;
}

/** How much has no price, by `amountText`, and where the prices come from. */
export function priceNotes(
  sums: TraceWorth,
  valuer: Valuer,
  amountText: (amount: bigint, id: string) => string,
): string {
  const { exits, holdings, fees, convertedOut } = sums.total();
  const words: Readonly<Record<WorthTime, string>> = { moved: "then", atTheft: "at the theft", now: "now" };
  const parts = {
    "what reached services": exits,
    "what rests": holdings,
    "what changed into other assets": convertedOut,
    "the fees": fees,
  };
  const lines = Object.entries(parts).flatMap(([name, total]) => {
    const unknown = worthTimes.flatMap((time) =>
      total[time].unpriced.map(({ asset, amount }) => `${amountText(amount, asset)} ${words[time]}`),
    );
    return unknown.length === 0 ? [] : [`Of ${name} the worth is unknown of ${unknown.join(", ")}.`];
  });
  return lines.map((line) => `${plainText(line)}\n`).join("") + priceSources(valuer);
}

/** Where the prices come from that an answer rests on. */
export function priceSources(valuer: Valuer): string {
  const sources = [...new Set(valuer.used().map(({ price }) => price.source))];
  const named = sources.slice(0, sourcesMax).join("; ");
  const more = sources.length > sourcesMax ? `; and ${sources.length - sourcesMax} more, see --json` : "";
  return sources.length === 0 ? "No price of any of this is known.\n" : `${plainText(`Prices: ${named}${more}.`)}\n`;
}

/** A sum in words: rounded, a lower bound, or not known. */
export function spokenWorth({ usd, unpriced }: SumAt): string {
  if (usd === undefined) return "an unknown sum";
  if (unpriced.length === 0 && usd > 0n && usd < 100n) return "less than $1";
  return `${unpriced.length > 0 ? "at least " : ""}${formatHeadline(usd)}`;
}

/** Dollars and cents, or that they are not known. */
export function dollars(usd: Usd | undefined): string {
  if (usd === undefined) return "unknown";
  const [whole = "", cents = ""] = formatUsd(usd).split(".");
  return `${groupDigits(whole)}.${cents}`;
}
