import { Failure } from "../base/failure.ts";
import { nearest } from "../base/nearest.ts";
import type { Model } from "../ledger/manifest.ts";
import { changeNames, changeText, parseChange } from "./change/change-rules.ts";

/** What a rule does: links owners, keeps another from linking them, or is applied when clusters are read. */
export type RuleKind = "links" | "exempts" | "reads" | "unavailable";

/** A rule as it is listed. */
export type RuleInfo = {
  readonly name: string;
  readonly kind: RuleKind;
  readonly model: Model;
  /** Whether it is used where the user does not choose. */
  readonly isDefault: "yes" | "no";
  readonly says: string;
  /** Its page, from the project's root. */
  readonly page: string;
};

const page = (name: string): string => `docs/methods/${name}.md`;
const info = (
  model: Model,
  kind: RuleKind,
  isDefault: "yes" | "no",
  [name, says, file]: readonly string[],
): RuleInfo => ({
  name: name ?? "",
  kind,
  model,
  isDefault,
  says: says ?? "",
  page: page(file ?? name ?? ""),
});

/** Every rule by name. */
export const ruleInfos: readonly RuleInfo[] = [
  info("utxo", "links", "yes", ["multi-input", "who spends together is one"]),
  info("utxo", "exempts", "yes", ["wasabi-1", "CoinJoins of Wasabi Wallet 1", "coinjoin-wasabi-1"]),
  info("utxo", "exempts", "yes", ["wasabi-2", "CoinJoins of Wasabi Wallet 2", "coinjoin-wasabi-2"]),
  info("utxo", "exempts", "yes", ["whirlpool", "CoinJoins of Samourai's Whirlpool", "coinjoin-whirlpool"]),
  info("utxo", "exempts", "yes", ["joinmarket", "JoinMarket and CoinJoins like it", "coinjoin-joinmarket"]),
  info("utxo", "exempts", "yes", ["equal-outputs", "any other CoinJoin of equal amounts", "coinjoin-equal-outputs"]),
  info("utxo", "links", "no", ["change:address-type", "change has the inputs' address type", "change-address-type"]),
  info("utxo", "links", "no", ["change:optimal-change", "change is less than every input", "change-optimal"]),
  info("utxo", "links", "no", ["change:fresh", "change goes to a new address", "change-fresh"]),
  info("utxo", "links", "no", [
    "change:one-time",
    "the one new address, where nothing is paid back",
    "change-one-time",
  ]),
  info("utxo", "links", "no", [
    "change:address-reuse",
    "change goes back to an input's address",
    "change-address-reuse",
  ]),
  info("utxo", "links", "no", ["change:power-of-ten", "change is no round amount", "change-power-of-ten"]),
  info("utxo", "links", "no", ["change:peeling-chain", "the larger output of a peeling chain", "change-peeling-chain"]),
  info("utxo", "unavailable", "no", ["change:locktime", "the ledger keeps no lock times", "change-locktime"]),
  info("account", "links", "yes", ["deposit-reuse", "who pays into one deposit address is one (needs tags)"]),
  info("account", "links", "no", ["airdrop-reuse", "who gathers an airdrop's shares is one"]),
  info("account", "unavailable", "no", ["self-authorisation", "the ledger keeps no approvals"]),
  info("utxo", "reads", "yes", ["same-key", "one key on several chains, or in several address types"]),
  info("account", "reads", "yes", ["same-key", "one address on several chains"]),
];

/** The rules by which a chain is clustered, each once, in an order of their own; evidence names them by place. */
export type RuleSet = readonly string[];

const changePrefix = "change:";

export function isChangeRule(rule: string): boolean {
  return rule.startsWith(changePrefix);
}

/** The combination that a change rule stands for. */
export function changeOf(rule: string): ReturnType<typeof parseChange> {
  return parseChange(rule.slice(changePrefix.length));
}

/** The rules that a chain is clustered by where nobody chooses. */
export function defaultRules(model: Model): RuleSet {
  return ruleInfos
    .filter((one) => one.model === model && one.isDefault === "yes" && isBuilt(one))
    .map(({ name }) => name);
}

/**
 * Reads a choice of rules: names with commas between them; `default` for the default ones; `change:` and a combination of
 * change rules (see `parseChange`).
 *
 * @throws {Failure} `UNKNOWN_NAME` for a rule that is not known; `USAGE` for one that the chain's model or the ledger lacks.
 */
export function parseRules(text: string, model: Model): RuleSet {
  const asked = text.split(",").flatMap((word) => {
    const name = word.trim();
    return name === "default"
      ? defaultRules(model)
      : [isChangeRule(name) ? changeNamed(name) : requireRule(name, model)];
  });
  const order = ruleInfos.map(({ name }) => name);
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...new Set(asked)].toSorted((left, right) => rank(left) - rank(right) || (left < right ? -1 : 1));
}

function changeNamed(name: string): string {
  if (name === `${changePrefix}locktime`) return requireRule(name, "utxo");
  return `${changePrefix}${changeText(changeOf(name))}`;
}

function requireRule(name: string, model: Model): string {
  const named = ruleInfos.filter((one) => one.name === name);
  const found = named.find((one) => one.model === model) ?? named[0];
  if (found === undefined) {
    const names = [...new Set(ruleInfos.map((one) => one.name))];
    const mend = nearest(name, names, `use of default, ${names.join(", ")}; change rules: ${changeNames.join(", ")}`);
    throw new Failure("UNKNOWN_NAME", { kind: "rule", name, where: "--rules", mend });
  }
  if (found.kind === "unavailable") {
    throw new Failure("USAGE", { what: `the rule ${name} cannot be used: ${found.says}`, mend: `see ${found.page}` });
  }
  if (found.kind === "reads") {
    throw new Failure("USAGE", {
      what: `the rule ${name} is applied when clusters are read`,
      mend: "leave it out of --rules",
    });
  }
  if (found.model !== model) {
    const what = `the rule ${name} is for chains of ${found.model === "utxo" ? "outputs" : "accounts"}`;
    throw new Failure("USAGE", { what, mend: "see fundtrail clusters rules" });
  }
  return name;
}

function isBuilt({ kind }: RuleInfo): boolean {
  return kind === "links" || kind === "exempts";
}

/** Whether a rule joins owners; others keep some from being joined, or are applied when clusters are read. */
export function isLinking(rule: string): boolean {
  return isChangeRule(rule) || ruleInfos.some(({ name, kind }) => name === rule && kind === "links");
}
