import { groupDigits } from "../base/usd.ts";
import { backwardNotes } from "../trace/backward/notes.ts";
import { sourceKinds, type Backward, type SourceKind, type SourceOfFunds } from "../trace/backward/sources.ts";
import { worthOfBackward } from "../trace/worth/funds-worth.ts";
import type { Valuer } from "../trace/worth/valuer.ts";
import { amountText, plural, shareText, spokenAmount } from "./amount-text.ts";
import { plainText, textTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { depositWorthColumns, priceSources, spokenWorth, worthCells } from "./worth-text.ts";

/** How many entities are printed. */
const rowsMax = 20;

/** Of each kind: what is said of an amount, and what is said to be there. */
const kindWords: Readonly<Record<Exclude<SourceKind, "service">, readonly [said: string, there: string]>> = {
  [sourceKinds.created]: ["was created by the chain", "value that the chain created"],
  [sourceKinds.before]: ["is from before the ledger", "value from before the ledger"],
  [sourceKinds.swap]: ["came out of a change of form", "value out of changes of form"],
  [sourceKinds.unknown]: ["was mixed with amounts that are not known", "value mixed with amounts that are not known"],
  [sourceKinds.limit]: ["lies behind a limit", "value behind a limit"],
};

/**
 * Source of funds: from whom, how much, directly and by others.
 *
 * @param valuer - Of the deposits as origins.
 */
export function backwardText(found: Backward, valuer: Valuer, terminal: Terminal): string {
  const { deposits, funds, policy, cost } = found;
  const totals = new Map<string, bigint>();
  for (const { asset, amount } of deposits) totals.set(asset, (totals.get(asset) ?? 0n) + amount);
  const worth = worthOfBackward(found, valuer);
  const rows = funds.slice(0, rowsMax).map((one) => {
    const told = (amount: bigint | undefined): string =>
      amount === undefined ? "" : `${one.isLeast ? "≥ " : ""}${amountText(amount, one.asset)}`;
    return [
      one.entity,
      one.category === "" ? one.kind : one.category,
      one.amount === undefined ? "no amount" : told(one.amount),
      one.amount === undefined ? "" : shareText(one.amount, totals.get(one.asset) ?? 0n),
      told(one.direct),
      told(one.indirect),
      ...worthCells(worth.of(one)),
      one.hopsLeast === one.hopsMost ? String(one.hopsLeast) : `${one.hopsLeast}–${one.hopsMost}`,
      groupDigits(String(one.count)),
    ];
  });
  const left = (title: string): { title: string; align: "left" } => ({ title, align: "left" });
  const right = (title: string): { title: string; align: "right" } => ({ title, align: "right" });
  const columns = [
    left("From"),
    left("Category"),
    right("Amount"),
    right("Share"),
    right("Direct"),
    right("Indirect"),
    ...depositWorthColumns,
    right("Hops"),
    right("Parts"),
  ];
  const more =
    funds.length > rowsMax ? `… and ${plural(funds.length - rowsMax, "more", "more")}; --json lists all\n` : "";
  const notes = backwardNotes(found).map((line) => `${plainText(line)}\n`);
  const day = valuer.theftDay === undefined ? "" : ` on ${valuer.theftDay}`;
  const { atTheft, now } = worth.deposits;
  return [
    [...totals].map(([asset, amount]) => sentence(found, asset, amount)).join("") +
      `In US dollars it was worth ${spokenWorth(atTheft)}${day} and is worth ${spokenWorth(now)} now.\n`,
    textTable({ columns, rows, totals: 0 }, terminal) + more,
    notes.join(""),
    `${priceSources(valuer)}Policy ${policy}; ${plural(cost.transactions, "transaction")} on the way back.\n`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

/** `Of 80 ETH, 4 ETH (5.0%) came from 1 service or entity; 76 ETH (95.0%) was created by the chain.` */
function sentence({ basis, funds }: Backward, asset: string, whole: bigint): string {
  const own = funds.filter((one) => one.asset === asset);
  const amount = spokenAmount(whole, asset);
  const named = own.filter(({ kind }) => kind === sourceKinds.service);
  const entities = plural(named.length, "named service or entity", "named services or entities");
  if (basis === "by origin") {
    const others = Object.entries(kindWords).flatMap(([kind, [, there]]) =>
      own.some((one) => one.kind === kind) ? [there] : [],
    );
    const found = [...(named.length === 0 ? [] : [`value of ${entities}`]), ...others];
    return found.length === 0 ? `${amount} holds nothing.\n` : `In ${amount} there can be: ${found.join("; ")}.\n`;
  }
  const sumOf = (list: readonly SourceOfFunds[]): bigint => list.reduce((sum, one) => sum + (one.amount ?? 0n), 0n);
  const part = (list: readonly SourceOfFunds[], words: string): string => {
    const sum = sumOf(list);
    return sum === 0n ? "" : `${spokenAmount(sum, asset)} (${shareText(sum, whole)}) ${words}`;
  };
  const said = [
    part(named, `came from ${entities}`),
    ...Object.entries(kindWords).map(([kind, [words]]) =>
      part(
        own.filter((one) => one.kind === kind),
        words,
      ),
    ),
  ].filter((text) => text !== "");
  return said.length === 0 ? `${amount} holds nothing.\n` : `Of ${amount}, ${said.join("; ")}.\n`;
}
