import { groupDigits } from "../base/usd.ts";
import { worthRange, type ComparedPolicy, type Comparison } from "../trace/compare.ts";
import type { Policy } from "../trace/policy.ts";
import type { AssetTotals } from "../trace/trace.ts";
import { amountText, spokenAmount } from "./amount-text.ts";
import { textTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { headline } from "./trace-text.ts";
import { dollars, priceSources, worthCells } from "./worth-text.ts";

/** How many destinations are printed. */
const rowsMax = 20;

const left = (title: string): { title: string; align: "left" } => ({ title, align: "left" });
const right = (title: string): { title: string; align: "right" } => ({ title, align: "right" });

/**
 * Policies side by side, and for each destination the least and the most that it got by them.
 *
 * @param policy - The one whose answer is said in words, with the range of all of them.
 */
export function comparisonText(comparison: Comparison, policy: Policy, terminal: Terminal): string {
  const { policies, destinations, valuer } = comparison;
  const shown = destinations.filter(({ high }) => high > 0n);
  const rows = shown.slice(0, rowsMax).map((one) => {
    const worth = worthRange(one, "moved");
    return [
      one.name,
      one.kind === "exit" ? one.category : "rests",
      amountText(one.low, one.asset),
      amountText(one.high, one.asset),
      dollars(worth.low),
      dollars(worth.high),
    ];
  });
  const columns = [
    left("Destination"),
    left(""),
    right("At least"),
    right("At most"),
    right("USD then, at least"),
    right("At most"),
  ];
  const more =
    shown.length > rowsMax ? `… and ${groupDigits(String(shown.length - rowsMax))} more; --json lists all\n` : "";
  const note = "The ranges are over all policies but poison, which conserves nothing.\n";
  return [
    sentences(policies, policy),
    policiesTable(policies, terminal),
    shown.length === 0 ? "" : textTable({ columns, rows, totals: 0 }, terminal) + more,
    note + priceSources(valuer),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

/** `Of 80 ETH, 4 ETH (5.0%) reached 1 service; …, by fifo. By policy 3–4 ETH reached services and 75–77 ETH rests.` */
function sentences(policies: readonly ComparedPolicy[], chosen: Policy): string {
  const main = policies.find(({ policy }) => policy === chosen) ?? policies[0];
  if (main === undefined) return "";
  const conserving = policies.filter(({ policy }) => policy !== "poison");
  return main.totals
    .map((totals) => {
      const said = headline(main.policy, totals, main);
      const range = (part: "exits" | "holdings"): string => rangeOf(conserving, totals.asset, part);
      const ranges = `By policy ${range("exits")} reached services and ${range("holdings")} rests.`;
      return said === "" ? "" : `${said}, by ${main.policy}. ${ranges}\n`;
    })
    .join("");
}

function rangeOf(policies: readonly ComparedPolicy[], asset: string, part: "exits" | "holdings"): string {
  const amounts = policies.map(({ totals }) => totals.find((one: AssetTotals) => one.asset === asset)?.[part] ?? 0n);
  const sorted = amounts.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0));
  const [least, most] = [sorted[0] ?? 0n, sorted.at(-1) ?? 0n].map((amount) => spokenAmount(amount, asset));
  return least === most ? `${least}` : `${least} to ${most}`;
}

function policiesTable(policies: readonly ComparedPolicy[], terminal: Terminal): string {
  const rows = policies.flatMap(({ policy, totals, worth }) => {
    const worths = worth.byAsset();
    return totals.map(({ asset, origin, exits, holdings, fees }) => {
      const own = worths.get(asset);
      const [exited = ""] = own === undefined ? [] : worthCells(own.exits);
      const [, , resting = ""] = own === undefined ? [] : worthCells(own.holdings);
      const text = (amount: bigint | undefined): string =>
        amount === undefined ? "unknown" : amountText(amount, asset);
      return [policy, text(origin), text(exits), exited, text(holdings), resting, text(fees)];
    });
  });
  const columns = [
    left("Policy"),
    right("Origin"),
    right("Reached services"),
    right("USD then"),
    right("Rests"),
    right("USD now"),
    right("Fees"),
  ];
  return textTable({ columns, rows, totals: 0 }, terminal);
}
