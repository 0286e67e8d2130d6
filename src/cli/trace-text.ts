import { groupDigits } from "../base/usd.ts";
import { destinationsOf, type Destination } from "../trace/destinations.ts";
import { isoTime } from "../trace/output/json.ts";
import type { Policy } from "../trace/policy.ts";
import type { AssetTotals, LimitName, PathStep, Trace } from "../trace/trace.ts";
import { worthOfTrace, type TraceWorth, type WorthTotal } from "../trace/worth/sums.ts";
import type { Valuer } from "../trace/worth/valuer.ts";
import { amountText, plural, shareText, spokenAmount, symbolOf } from "./amount-text.ts";
import { plainText, textTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { priceNotes, spokenWorth, worthCells, worthCellsOf, worthColumns, worthSentences } from "./worth-text.ts";

/** How many rows of a list are printed; the rest is a line with its sum. */
const rowsMax = 20;

const limitWords: Readonly<Record<LimitName, string>> = {
  until: "moved on after the last block that was looked at (--until)",
  "hops-max": "is more hops away than were followed (--hops-max)",
  "amount-min": "went on in amounts too small to be followed (--amount-min)",
  budget: "moved on when the trace had visited all the transactions it may (--budget)",
  "unknown-value": "was mixed with outputs from before the ledger whose value is not known",
};

/** Destinations and what each was worth. */
type Shown = {
  readonly trace: Trace;
  readonly destinations: readonly Destination[];
  readonly worth: (destination: Destination) => WorthTotal;
  readonly terminal: Terminal;
};

/** A trace as text that can be read aloud: what became of the sum, where, its worth, and what is not known. */
export function traceText(
  trace: Trace,
  valuer: Valuer,
  { terminal, seconds }: { readonly terminal: Terminal; readonly seconds: string },
): string {
  const destinations = destinationsOf(trace);
  const listed = (["exit", "holding"] as const).flatMap((kind) =>
    destinations.filter((one) => one.kind === kind).slice(0, rowsMax),
  );
  const { sums, of: worth } = worthOfTrace(trace, valuer, listed);
  const shown = { trace, destinations, worth, terminal };
  const parts = [
    headlines(trace, destinations) + worthSentences(trace, sums, valuer),
    exitsTable(shown),
    holdingsTable(shown),
    priceNotes(sums, valuer, amountText),
    limitsText(trace, sums),
    ...trace.assumptions.map((line) => `${plainText(line)}\n`),
    `Policy ${trace.policy}; ${plural(trace.cost.transactions, "transaction")} visited${seconds}.\n`,
  ];
  return parts.filter((part) => part !== "").join("\n");
}

/** What became of each asset, a sentence each. */
function headlines(trace: Trace, destinations: readonly Destination[]): string {
  const said = trace.totals.map((totals) => {
    const own = destinations.filter((one) => one.asset === totals.asset);
    const count = (kind: Destination["kind"]): number => own.filter((one) => one.kind === kind).length;
    return headline(trace.policy, totals, { exits: count("exit"), holdings: count("holding") });
  });
  return said.map((sentence) => (sentence === "" ? "" : `${sentence}.\n`)).join("");
}

/** What became of a sum, to be read aloud, without its full stop; nothing where there is none. */
export function headline(
  policy: Policy,
  totals: AssetTotals,
  count: { readonly exits: number; readonly holdings: number },
): string {
  const { asset: id, origin, holdings, exits, fees, convertedInto, convertedOut } = totals;
  const whole = origin + convertedInto;
  const amount = (value: bigint): string => spokenAmount(value, id);
  const beginning =
    convertedInto === 0n ? amount(origin) : `${amount(origin)} and ${amount(convertedInto)} changed into it`;
  const places = `${plural(count.exits, "service")} and ${plural(count.holdings, "address", "addresses")}`;
  if (policy === "poison") {
    return `From ${beginning} taint reached ${places}; by poison any taint taints all, so it says how far and not how much`;
  }
  const said = [
    exits > 0n ? `${amount(exits)} (${shareText(exits, whole)}) reached ${plural(count.exits, "service")}` : "",
    holdings !== undefined && holdings > 0n
      ? `${amount(holdings)} (${shareText(holdings, whole)}) rests in ${plural(count.holdings, "address", "addresses")}`
      : "",
    convertedOut > 0n ? `${amount(convertedOut)} (${shareText(convertedOut, whole)}) changed into other assets` : "",
    fees > 0n ? `${amount(fees)} (${shareText(fees, whole)}) was paid in fees` : "",
  ].filter((part) => part !== "");
  return said.length === 0 ? "" : `Of ${beginning}, ${said.join("; ")}`;
}

/** A line for each limit that was met, with what lies behind it and its worth. */
function limitsText({ limits }: Trace, sums: TraceWorth): string {
  const worths = sums.byLimit();
  return limits
    .map(({ limit, asset: id, amount, count }) => {
      const now = worths.find((one) => one.limit === limit && one.asset === id)?.worth.now;
      const worth = now?.usd === undefined ? "" : `, worth ${spokenWorth(now)} now,`;
      const where = `in ${plural(count, "holding")}`;
      const what = amount === undefined ? `An unknown amount of ${symbolOf(id)}` : amountText(amount, id);
      return `${what}${worth} ${where} ${limitWords[limit]}: where it is now is not known.\n`;
    })
    .join("");
}

function exitsTable({ trace, destinations, worth, terminal }: Shown): string {
  const exits = destinations.filter(({ kind }) => kind === "exit");
  if (exits.length === 0) return "";
  const rows = exits
    .slice(0, rowsMax)
    .map((one) => [
      one.name,
      one.category,
      one.amount === undefined ? "" : amountText(one.amount, one.asset),
      share(trace, one.asset, one.amount),
      ...worthCells(worth(one)),
      String(one.count),
      one.first === undefined ? "" : isoTime(one.first),
      one.last === undefined ? "" : isoTime(one.last),
    ]);
  const columns = [
    { title: "Reached", align: "left" },
    { title: "Category", align: "left" },
    { title: "Amount", align: "right" },
    { title: "Share", align: "right" },
    ...worthColumns,
    { title: "Times", align: "right" },
    { title: "First", align: "left" },
    { title: "Last", align: "left" },
  ] as const;
  return textTable({ columns, rows, totals: 0 }, terminal) + rest(exits);
}

function holdingsTable({ trace, destinations, worth, terminal }: Shown): string {
  const holdings = destinations.filter(({ kind }) => kind === "holding");
  if (holdings.length === 0) return "";
  const rows = holdings
    .slice(0, rowsMax)
    .map((one) => [
      one.name,
      one.amount === undefined ? "no amount by this policy" : amountText(one.amount, one.asset),
      share(trace, one.asset, one.amount),
      ...worthCells(worth(one)),
    ]);
  const columns = [
    { title: "Rests in", align: "left" },
    { title: "Amount", align: "right" },
    { title: "Share", align: "right" },
    ...worthColumns,
  ] as const;
  return textTable({ columns, rows, totals: 0 }, terminal) + rest(holdings);
}

function share(trace: Trace, id: string, amount: bigint | undefined): string {
  if (amount === undefined || trace.policy === "poison") return "";
  const totals = trace.totals.find((one) => one.asset === id);
  return totals === undefined ? "" : shareText(amount, totals.origin + totals.convertedInto);
}

function rest(list: readonly Destination[]): string {
  const others = list.slice(rowsMax);
  if (others.length === 0) return "";
  const sums = new Map<string, bigint>();
  for (const { asset: id, amount } of others) sums.set(id, (sums.get(id) ?? 0n) + (amount ?? 0n));
  const amounts = [...sums].filter(([, amount]) => amount > 0n).map(([id, amount]) => amountText(amount, id));
  const told = amounts.length === 0 ? "" : ` with ${amounts.join(", ")}`;
  return `… and ${groupDigits(String(others.length))} more${told}; --json lists all\n`;
}

/** A way from an origin, hop by hop. */
export function pathText(steps: readonly PathStep[], valuer: Valuer, terminal: Terminal): string {
  const rows = steps.map(({ time, height, what, from, to, asset: id, amount, ref }, hop) => [
    String(hop),
    isoTime(time),
    String(height),
    what,
    from ?? "",
    to ?? "",
    amountText(amount, id),
    ...worthCellsOf(valuer.worth(id, amount, time)),
    ref,
  ]);
  const left = (title: string): { title: string; align: "left" } => ({ title, align: "left" });
  const right = (title: string): { title: string; align: "right" } => ({ title, align: "right" });
  const columns = [
    right("Hop"),
    left("Time"),
    right("Block"),
    left("What"),
    left("From"),
    left("To"),
    right("Tainted"),
    ...worthColumns,
    left("Reference"),
  ];
  return textTable({ columns, rows, totals: 0 }, terminal);
}
