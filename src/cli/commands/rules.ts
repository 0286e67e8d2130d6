import { Failure } from "../../base/failure.ts";
import { formatUsd } from "../../base/usd.ts";
import { reasonFields, type Rule, type RuleSet } from "../../screen/rules.ts";
import { oneOf, readArguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { loadRules } from "../screen/opened.ts";
import { testRules } from "../screen/rules-test.ts";
import { plainText, textTable } from "../table.ts";
import type { Command, Terminal } from "../terminal.ts";

const text = { type: "string" } as const;
const json = { json: { type: "boolean" } } as const;
const testing = {
  against: text,
  before: text,
  decisions: text,
  ledger: text,
  chain: text,
  direction: text,
  input: text,
  format: text,
  rows: text,
  register: { ...text, multiple: true },
} as const;

/** `fundtrail rules check | show | test`. */
export const rules: Command = async (args, terminal) => {
  const [first = "", ...rest] = args;
  const action = oneOf(["check", "show", "test"], first, "fundtrail rules");
  const options = readArguments(rest, action === "test" ? { ...json, ...testing } : json, 1);
  const [file] = options.words;
  if (file === undefined && action !== "show") {
    throw new Failure("USAGE", { what: `rules ${action} needs a file`, mend: "see fundtrail help rules" });
  }
  const set = await loadRules(file);
  if (action === "test") return testRules(set, options, terminal);
  if (options.flag("json")) terminal.out(jsonText(action === "check" ? summary(set) : whole(set)));
  else if (action === "check") terminal.out(`${set.name} v${set.version}: ${set.rules.length} rules, all right\n`);
  else terminal.out(shown(set, terminal));
  return 0;
};

function summary({ name, version, digest, rules: all }: RuleSet): object {
  return { name, version, digest, rules: all.map(({ id }) => id) };
}

function whole(set: RuleSet): object {
  return {
    ...set,
    rules: set.rules.map((rule) => ({
      ...rule,
      shareMin: rule.shareMin === undefined ? undefined : percent(rule.shareMin),
      usdMin: rule.usdMin === undefined ? undefined : formatUsd(rule.usdMin),
    })),
  };
}

function shown({ name, version, digest, accept, rules: all }: RuleSet, terminal: Terminal): string {
  const accepted = accept.length === 0 ? "Accepts no gap." : `Accepts: ${accept.join(", ")}.`;
  const columns = ["Rule", "Level", "Looks at", "Categories", "Where", "Reason"].map((title) => ({
    title,
    align: "left" as const,
  }));
  const rows = all.map((rule) => [
    rule.id,
    rule.level,
    rule.evidence ?? "all",
    rule.categories.join(", "),
    conditions(rule),
    reasonFields(rule).reason,
  ]);
  return `${plainText(name)} v${version}, ${digest.slice(0, 16)}…; ${accepted}\n\n${textTable({ columns, rows, totals: 0 }, terminal)}`;
}

/** What a rule asks for beside its categories. */
function conditions(rule: Rule): string {
  const parts = [
    rule.direction,
    rule.reach,
    rule.policy,
    rule.shareMin === undefined ? undefined : `≥ ${percent(rule.shareMin)}`,
    rule.usdMin === undefined ? undefined : `≥ $${formatUsd(rule.usdMin)}`,
    rule.hopsMin === undefined ? undefined : `≥ ${rule.hopsMin} hops`,
    rule.hopsMax === undefined ? undefined : `≤ ${rule.hopsMax} hops`,
    rule.ageMaxDays === undefined ? undefined : `≤ ${rule.ageMaxDays} days old`,
    rule.confidenceMin === undefined ? undefined : `confidence ≥ ${rule.confidenceMin}`,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

/** 125,000 millionths as `12.5%`. */
function percent(millionths: bigint): string {
  const digits = millionths.toString().padStart(5, "0");
  const fraction = digits.slice(-4).replace(/0+$/u, "");
  return `${digits.slice(0, -4)}${fraction === "" ? "" : `.${fraction}`}%`;
}
