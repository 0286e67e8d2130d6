import { Failure } from "../../base/failure.ts";
import { addressOf } from "../../clusters/owners.ts";
import { ruleInfos } from "../../clusters/rules.ts";
import { readStrikes } from "../../clusters/strikes.ts";
import { oneOf, readArguments, type Arguments } from "../arguments.ts";
import { chosenChain, clustersOf, withLedger, type OpenedLedger } from "../clusters/opened.ts";
import { shownEvidence } from "../../clusters/describe.ts";
import { show } from "../clusters/show.ts";
import { why } from "../clusters/why.ts";
import { build, strike } from "../clusters/write.ts";
import { jsonText } from "../json-text.ts";
import { textTable, type Table } from "../table.ts";
import type { Command, Terminal } from "../terminal.ts";

const text = { type: "string" } as const;
const common = { ledger: text, chain: text, json: { type: "boolean" } } as const;

/** Of each action its options and how many words follow it. */
const actions = {
  build: { options: { ...common, rules: text }, words: 0 },
  show: { options: { ...common, limit: text, from: text }, words: 1 },
  why: { options: common, words: 2 },
  held: { options: common, words: 0 },
  strike: {
    options: { ...common, rule: text, tx: text, between: text, withdraw: text, by: text, why: text },
    words: 0,
  },
  strikes: { options: common, words: 0 },
  rules: { options: { json: { type: "boolean" } }, words: 0 },
} as const;

/** `fundtrail clusters build | show | why | held | strike | strikes | rules`. */
export const clusters: Command = async (args, terminal) => {
  const names = Object.keys(actions) as readonly (keyof typeof actions)[];
  const [first = "", ...rest] = args;
  const action = oneOf(names, first, "fundtrail clusters");
  const { options: known, words } = actions[action];
  const options = readArguments(rest, known, words);
  if (options.words.length < words) {
    const what = `clusters ${action} needs ${words === 1 ? "an address" : "two addresses"}`;
    throw new Failure("USAGE", { what, mend: "see fundtrail help clusters" });
  }
  const [one = "", other = ""] = options.words;
  switch (action) {
    case "build":
      await build(options, terminal);
      return 0;
    case "strike":
      await strike(options, terminal);
      return 0;
    case "show":
      await withLedger(options, (opened) => show(opened, options, one, terminal));
      return 0;
    case "why":
      return withLedger(options, (opened) => why(opened, options, [one, other], terminal));
    case "held":
      await withLedger(options, (opened) => held(opened, options, terminal));
      return 0;
    case "strikes":
      await withLedger(options, (opened) => strikes(opened, options, terminal));
      return 0;
    case "rules":
      rules(options, terminal);
      return 0;
    default:
      return action satisfies never;
  }
};

const left = (title: string): Table["columns"][number] => ({ title, align: "left" });

function held(opened: OpenedLedger, options: Arguments, terminal: Terminal): void {
  const reader = chosenChain(opened.ledger, options, opened.folder);
  const opening = clustersOf(reader, opened.folder);
  const found = [...opening.held()].map((one) => ({
    clusters: one.clusters.map((id) => addressOf(reader, id)),
    services: one.services,
    evidence: shownEvidence(reader, opening.evidence.get(one.evidence)),
  }));
  if (options.flag("json")) {
    terminal.out(jsonText({ chain: reader.chain.id, held: found }));
    return;
  }
  const columns = [
    left("Cluster"),
    left("Service"),
    left("Cluster"),
    left("Service"),
    left("Rule"),
    left("Transaction"),
  ];
  const rows = found.map(({ clusters: [one = "", other = ""], services, evidence }) => [
    one,
    services[0],
    other,
    services[1],
    evidence.rule,
    evidence.transaction,
  ]);
  terminal.out(rows.length === 0 ? "no merge is held back\n" : textTable({ columns, rows, totals: 0 }, terminal));
}

function strikes(opened: OpenedLedger, options: Arguments, terminal: Terminal): void {
  const reader = chosenChain(opened.ledger, options, opened.folder);
  const found = readStrikes(reader.snapshot, reader.number);
  if (options.flag("json")) {
    const all = found.map(({ transaction, between, withdrawn, ...one }) => ({
      ...one,
      transaction: transaction ?? null,
      between: between ?? null,
      withdrawn: withdrawn ?? null,
    }));
    terminal.out(jsonText({ chain: reader.chain.id, strikes: all }));
    return;
  }
  const day = (time: number): string => new Date(time * 1_000).toISOString().slice(0, 10);
  const columns = ["No", "Rule", "Transaction", "Addresses", "By", "Day", "Why", "Withdrawn"].map(left);
  const rows = found.map(({ number, rule, transaction, between, by, why: reason, time, withdrawn }) => [
    String(number),
    rule,
    transaction ?? "all",
    between?.join(" ") ?? "all",
    by,
    day(time),
    reason,
    withdrawn === undefined ? "" : `${day(withdrawn.time)} by ${withdrawn.by}: ${withdrawn.why}`,
  ]);
  terminal.out(rows.length === 0 ? "nothing is struck out\n" : textTable({ columns, rows, totals: 0 }, terminal));
}

function rules(options: Arguments, terminal: Terminal): void {
  if (options.flag("json")) {
    const all = ruleInfos.map(({ isDefault, says, ...one }) => ({ ...one, default: isDefault === "yes", says }));
    terminal.out(jsonText({ rules: all }));
    return;
  }
  const columns = [left("Rule"), left("Chains of"), left("What"), left("Default"), left("Says"), left("Page")];
  const rows = ruleInfos.map(({ name, model, kind, isDefault, says, page }) => [
    name,
    model === "utxo" ? "outputs" : "accounts",
    kind,
    isDefault,
    says,
    page,
  ]);
  terminal.out(textTable({ columns, rows, totals: 0 }, terminal));
}
