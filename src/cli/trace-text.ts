import { asset } from "../base/assets.ts";
import { divideRounded, formatDecimal, roundDecimal } from "../base/decimal.ts";
import { isFailure } from "../base/failure.ts";
import { groupDigits } from "../base/usd.ts";
import { sourceOfFunds, type Backward } from "../trace/backward/sources.ts";
import type { Comparison } from "../trace/compare.ts";
import { destinationsOf, type Destination } from "../trace/destinations.ts";
import { isoTime } from "../trace/output/json.ts";
import { decimalsOf } from "../trace/price-rule.ts";
import type { AssetTotals, LimitName, PathStep, Trace } from "../trace/trace.ts";
import { worthOfTrace, type WorthTotal } from "../trace/worth/sums.ts";
import type { Valuer } from "../trace/worth/valuer.ts";
import { plainText, textTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { priceNotes, worthCells, worthCellsOf, worthColumns, worthSentences } from "./worth-text.ts";

/** How many rows of a list are printed; the rest is a line with its sum. */
const rowsMax = 20;

const spokenDecimals = 4;

const limitWords: Readonly<Record<LimitName, string>> = {
  until: "moved on after the last block that was looked at (--until)",
  "hops-max": "is more hops away than were followed (--hops-max)",
  "amount-min": "went on in amounts too small to be followed (--amount-min)",
  budget: "moved on when the trace had visited all the transactions it may (--budget)",
  "unknown-value": "was mixed with outputs from before the ledger whose value is not known",
};

/** An amount with its unit: whole coins where the decimals are known, else base units. */
export function amountText(amount: bigint, id: string): string {
  const decimals = decimalsOf(id);
  if (decimals === undefined) return `${groupDigits(String(amount))} of ${symbolOf(id)}`;
  const [whole = "", fraction] = formatDecimal({ digits: amount, scale: decimals }).split(".");
  return `${groupDigits(whole)}${fraction === undefined ? "" : `.${fraction}`} ${symbolOf(id)}`;
}

/** An amount to be read aloud: from one whole coin on with four decimals; the tables have it exactly. */
function spokenAmount(amount: bigint, id: string): string {
  const decimals = decimalsOf(id);
  if (decimals === undefined || decimals <= spokenDecimals || amount < 10n ** BigInt(decimals)) {
    return amountText(amount, id);
  }
  const unit = 10n ** BigInt(decimals - spokenDecimals);
  return amountText(roundDecimal({ digits: amount, scale: decimals }, spokenDecimals) * unit, id);
}

function symbolOf(id: string): string {
  try {
    return asset(id).symbol;
  } catch (thrown) {
    if (isFailure(thrown)) return id;
    throw thrown;
  }
}

function shareText(part: bigint, whole: bigint): string {
  if (whole <= 0n) return "";
  const tenths = divideRounded(part * 1_000n, whole)
    .toString()
    .padStart(2, "0");
  return `${tenths.slice(0, -1)}.${tenths.slice(-1)}%`;
}

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
    trace.totals.map((totals) => headline(trace, totals, destinations)).join("") + worthSentences(trace, sums, valuer),
    exitsTable(shown),
    holdingsTable(shown),
    priceNotes(sums, valuer, amountText),
    ...trace.limits.map(
      ({ limit, asset: id, amount, count }) =>
        `${amountText(amount, id)} in ${count} of the holdings ${limitWords[limit]}: where it is now is not known.\n`,
    ),
    ...trace.assumptions.map((line) => `${plainText(line)}\n`),
    `Policy ${trace.policy}; ${groupDigits(String(trace.cost.transactions))} transactions visited${seconds}.\n`,
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function headline(trace: Trace, totals: AssetTotals, destinations: readonly Destination[]): string {
  const { asset: id, origin, holdings, exits, fees, convertedInto, convertedOut } = totals;
  const whole = origin + convertedInto;
  const own = destinations.filter((one) => one.asset === id);
  const count = (kind: Destination["kind"]): number => own.filter((one) => one.kind === kind).length;
  const amount = (value: bigint): string => spokenAmount(value, id);
  const beginning =
    convertedInto === 0n ? amount(origin) : `${amount(origin)} and ${amount(convertedInto)} changed into it`;
  if (trace.policy === "poison") {
    const places = `${count("exit")} services and ${count("holding")} addresses`;
    return `From ${beginning} taint reached ${places}; by poison any taint taints all, so it says how far and not how much.\n`;
  }
  const said = [
    exits > 0n ? `${amount(exits)} (${shareText(exits, whole)}) reached ${plural(count("exit"), "service")}` : "",
    holdings > 0n
      ? `${amount(holdings)} (${shareText(holdings, whole)}) rests in ${plural(count("holding"), "address", "addresses")}`
      : "",
    convertedOut > 0n ? `${amount(convertedOut)} (${shareText(convertedOut, whole)}) changed into other assets` : "",
    fees > 0n ? `${amount(fees)} (${shareText(fees, whole)}) was paid in fees` : "",
  ].filter((part) => part !== "");
  return said.length === 0 ? "" : `Of ${beginning}, ${said.join("; ")}.\n`;
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${groupDigits(String(count))} ${count === 1 ? one : many}`;
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
      ...(one.amount === undefined ? worthColumns.map(() => "unknown") : worthCells(worth(one))),
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

/** Policies side by side, and for each destination the least and the most that it got by them. */
export function comparisonText({ policies, destinations }: Comparison, terminal: Terminal): string {
  const assets = [...new Set(policies.flatMap(({ totals }) => totals.map((one) => one.asset)))];
  const sums = textTable(
    {
      columns: [
        { title: "Policy", align: "left" },
        { title: "Origin", align: "right" },
        { title: "Reached services", align: "right" },
        { title: "Rests", align: "right" },
        { title: "Fees", align: "right" },
      ],
      rows: policies.flatMap(({ policy, totals }) =>
        totals.map(({ asset: id, origin, exits, holdings, fees }) => [
          policy,
          ...[origin, exits, holdings, fees].map((amount) => amountText(amount, id)),
        ]),
      ),
      totals: 0,
    },
    terminal,
  );
  const shown = destinations.filter(({ high }) => high > 0n);
  const rows = shown
    .slice(0, rowsMax)
    .map(({ kind, name, category, asset: id, low, high }) => [
      name,
      kind === "exit" ? category : "rests",
      amountText(low, id),
      amountText(high, id),
    ]);
  const ranges = textTable(
    {
      columns: [
        { title: "Destination", align: "left" },
        { title: "", align: "left" },
        { title: "At least", align: "right" },
        { title: "At most", align: "right" },
      ],
      rows,
      totals: 0,
    },
    terminal,
  );
  const more =
    shown.length > rowsMax ? `… and ${groupDigits(String(shown.length - rowsMax))} more; --json lists all\n` : "";
  const note = assets.length === 0 ? "" : "The range is over all policies but poison, which conserves nothing.\n";
  return [sums, ranges + more, note].filter((part) => part !== "").join("\n");
}

/** Source of funds: from whom, how much, directly and by others. */
export function backwardText({ deposits, sources, policy, cost }: Backward, terminal: Terminal): string {
  const totals = new Map<string, bigint>();
  for (const { asset: id, amount } of deposits) totals.set(id, (totals.get(id) ?? 0n) + amount);
  const asked = [...totals].map(([id, amount]) => amountText(amount, id)).join(", ");
  const funds = sourceOfFunds(sources);
  const rows = funds
    .slice(0, rowsMax)
    .map((one) => [
      one.entity,
      one.category === "" ? one.kind : one.category,
      amountText(one.amount, one.asset),
      shareText(one.amount, totals.get(one.asset) ?? 0n),
      amountText(one.direct, one.asset),
      amountText(one.indirect, one.asset),
      one.hopsLeast === one.hopsMost ? String(one.hopsLeast) : `${one.hopsLeast}–${one.hopsMost}`,
      groupDigits(String(one.count)),
    ]);
  const left = (title: string): { title: string; align: "left" } => ({ title, align: "left" });
  const right = (title: string): { title: string; align: "right" } => ({ title, align: "right" });
  const columns = [
    left("From"),
    left("Category"),
    right("Amount"),
    right("Share"),
    right("Direct"),
    right("Indirect"),
    right("Hops"),
    right("Parts"),
  ];
  const more = funds.length > rowsMax ? `… and ${funds.length - rowsMax} more; --json lists all\n` : "";
  const table = textTable({ columns, rows, totals: 0 }, terminal);
  const visited = `Policy ${policy}; ${groupDigits(String(cost.transactions))} transactions on the way back.\n`;
  return [`Where ${asked} came from:\n`, table + more, visited].join("\n");
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
