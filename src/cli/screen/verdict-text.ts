import { styleText } from "node:util";
import { chain as knownChain } from "../../base/chains.ts";
import { divideRounded } from "../../base/decimal.ts";
import { formatHeadline, formatUsd, groupDigits, type Usd } from "../../base/usd.ts";
import type { Exposure, Fact, Party } from "../../screen/fact.ts";
import { methodsOf } from "../../screen/methods.ts";
import { reasonFields } from "../../screen/rules.ts";
import type { Match, Verdict } from "../../screen/verdict.ts";
import { plainText, textTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { amountText } from "../amount-text.ts";

/** So many rows of exposures, and of parties, are printed: a verdict is to fit one screen. */
const rowsMax = 10;
/** So many steps of a path, at its beginning and at its end, are printed. */
const stepsMax = 2;
const idsMax = 4;

/** A verdict that fits one screen: the verdict with its reason, the path, the exposures, what is missing, what was checked. */
export function verdictText(verdict: Verdict, terminal: Pick<Terminal, "isTerminal">): string {
  const lead = leadOf(verdict);
  const { parties, missing, accepted, facts } = verdict;
  const before = [
    lead === undefined ? "" : `${reasonFields(lead.match.rule).reason} (${lead.match.rule.level})\n`,
    lead?.fact.exposure === undefined ? "" : pathLine(lead.fact, lead.fact.exposure),
    `${subjectLine(verdict)}\n`,
    ...otherMatches(verdict, lead),
    ...parties.slice(0, rowsMax).map(partyLines),
    parties.length > rowsMax ? `and ${parties.length - rowsMax} more (--json has them)\n` : "",
  ];
  const after = [
    ...missing.map(({ what, mend }) => `Not known: ${what}${mend === null ? "" : `; ${mend}`}.\n`),
    ...accepted.map(({ what }) => `Not known, and accepted by the rules: ${what}.\n`),
    ...methodsOf(facts).map(({ name, error, page }) => `Rests on ${name}: ${error} (${page}).\n`),
    checkedLines(verdict),
  ];
  const head = bold(plainText(headline(verdict, lead)), terminal);
  const mark = verdict.simulated ? "SIMULATED DATA: none of this happened.\n" : "";
  return `${mark}${head}\n${plainLines(before)}${exposuresTable(verdict, terminal)}${plainLines(after)}`;
}

/** The gravest rule that holds, and the fact that says most of it. */
type Lead = { readonly match: Match; readonly fact: Fact };

function leadOf({ matches }: Verdict): Lead | undefined {
  const [match] = matches;
  const [first, ...others] = match?.facts ?? [];
  if (match === undefined || first === undefined) return undefined;
  return { match, fact: others.reduce((most, one) => (isMore(one, most) ? one : most), first) };
}

/** What is said of the subject itself counts before what came to it; of exposures the larger share. */
function isMore({ exposure: one }: Fact, { exposure: most }: Fact): boolean {
  if (one === undefined || most === undefined) return one === undefined && most !== undefined;
  return one.amount * most.whole.amount > most.amount * one.whole.amount;
}

function headline(verdict: Verdict, lead: Lead | undefined): string {
  const { rules, block, checked, missing, lists } = verdict;
  const asOf = block === null ? "" : ` · to block ${block.height}`;
  if (verdict.verdict === "flagged" && lead !== undefined)
    return `FLAGGED ${reasonOf(lead.fact, verdict)} · rule ${lead.match.rule.id} v${rules.version}${asOf}`;
  if (verdict.verdict === "unknown") return `UNKNOWN: cannot say. ${sentence(missing[0]?.what ?? "")}${asOf}`;
  const origins = checked.origins - checked.incidents;
  return (
    `CLEAR to block ${block?.height ?? "none"}: ${checked.incidents} incidents, ${origins} tagged entities, ` +
    `${lists.length} lists · rules ${rules.name} v${rules.version}. Later additions are not covered.`
  );
}

function reasonOf(fact: Fact, { parties }: Verdict): string {
  const { exposure, name, category, date } = fact;
  const party = fact.party === undefined ? undefined : parties[fact.party];
  const who = party === undefined || party.role === "subject" ? "" : ` (${party.role} ${party.address})`;
  if (exposure === undefined)
    return `${fact.evidence === "tag" ? "tagged" : "in a cluster tagged"} ${name}: ${category}${who}`;
  const value = exposure.usd === undefined ? "value unknown" : dollars(exposure.usd(exposure.amount));
  const origin = `${name}${category === "theft" ? " theft" : `: ${category}`}${date === null ? "" : ` (${date})`}`;
  const hops = `${exposure.hops} hop${exposure.hops === 1 ? "" : "s"}`;
  return `${shareText(exposure)} (${value}) from ${origin}, ${hops}, ${exposure.policy.toUpperCase()}${who}`;
}

function otherMatches({ matches, rules }: Verdict, lead: Lead | undefined): readonly string[] {
  return matches
    .filter((match) => match !== lead?.match)
    .map(({ rule, facts }) => {
      const names = [...new Set(facts.map(({ name }) => name))].join(", ");
      return `Also ${rule.id} v${rules.version} (${rule.level}): ${reasonFields(rule).reason} [${names}]\n`;
    });
}

function subjectLine({ subject, chain, direction }: Verdict): string {
  const where = chain === null ? "a chain that is not loaded" : knownChain(chain).name;
  const to = subject.to === null ? "" : `, payment to ${subject.to}`;
  return `${subject.kind === "address" ? "Address" : "Transaction"} ${subject.text} on ${where}, as ${direction === "either" ? "deposit or withdrawal" : `a ${direction}`}${to}`;
}

function partyLines({ role, address, entity, category, tags, elsewhere, cluster }: Party): string {
  const who = role === "subject" ? "" : `${role} ${address} `;
  const tagged = tags.slice(0, 3).map(({ label, source, confidence }) => `${label} (${source.name}, ${confidence})`);
  const more = tags.length > 3 ? `, and ${tags.length - 3} more` : "";
  const said =
    tags.length === 0
      ? `${who}has no tag, which is not to say clean\n`
      : `${who}tags: ${tagged.join("; ")}${more}${entity === null ? "" : ` — ${entity}`}${category === null ? "" : `, ${category}`}\n`;
  const others = elsewhere.length === 0 ? "" : `The same account has tags on ${elsewhere.join(", ")}\n`;
  const within =
    cluster === undefined
      ? ""
      : `In cluster ${cluster.id} of ${cluster.size} addresses${cluster.entity === null ? ", of which no other has a tag" : `: ${cluster.entity}`}\n`;
  return `${said.slice(0, 1).toUpperCase()}${said.slice(1)}${others}${within}`;
}

/** Where the largest receipt came from, beginning at the origin. */
function pathLine(fact: Fact, exposure: Exposure): string {
  const { steps, skipped } = exposure.path();
  const words = steps.map(
    ({ address, asset, amount }) => `${address === null ? "nobody" : short(address)} ${amountText(amount, asset)}`,
  );
  const origin = fact.category === "theft" ? "theft" : fact.name;
  const last = steps.at(-1);
  const end = last === undefined ? "" : `this ${amountText(last.amount, last.asset)}`;
  const between = words.slice(0, -1);
  const isLong = between.length > 2 * stepsMax;
  const shown = isLong ? [...between.slice(0, stepsMax), "…", ...between.slice(-stepsMax)] : between;
  return `Path: ${[origin, ...(skipped > 0 ? ["…"] : []), ...shown, end].join(" → ")}\n`;
}

function exposuresTable({ facts, parties }: Verdict, terminal: Pick<Terminal, "isTerminal">): string {
  const exposed = facts.flatMap((fact) => (fact.exposure === undefined ? [] : [{ ...fact, exposure: fact.exposure }]));
  if (exposed.length === 0) return "";
  const sorted = exposed.toSorted((left, right) => (isMore(left, right) ? -1 : isMore(right, left) ? 1 : 0));
  const isOfParties = parties.some(({ role }) => role === "receiver");
  const left = ["Origin", "Policy"];
  const titles = [...left, "Amount", "Share", "$", "Hops", "Direct", "First", "Last", "Source", "Confidence"];
  const columns = [...titles, ...(isOfParties ? ["Of"] : [])].map((title) => ({
    title,
    align: ["Amount", "Share", "$", "Hops", "Direct"].includes(title) ? ("right" as const) : ("left" as const),
  }));
  const rows = sorted
    .slice(0, rowsMax)
    .map(({ exposure, name, category, sources, confidence, party }) => [
      `${name} (${category})`,
      exposure.policy,
      amountText(exposure.amount, exposure.asset),
      shareText(exposure),
      exposure.usd === undefined ? "unknown" : groupedUsd(exposure.usd(exposure.amount)),
      String(exposure.hops),
      exposure.direct === 0n ? "no" : exposure.direct === exposure.amount ? "yes" : "in part",
      day(exposure.first),
      day(exposure.last),
      sources.join(", "),
      confidence,
      ...(isOfParties ? [party === undefined ? "" : short(parties[party]?.address ?? "")] : []),
    ]);
  const more = exposed.length > rowsMax ? `and ${exposed.length - rowsMax} more (--json has them)\n` : "";
  return `Exposures\n${textTable({ columns, rows, totals: 0 }, terminal)}${more}`;
}

function checkedLines({ checked, rules, registerDigest, tagsDigest, lists }: Verdict): string {
  const names = lists.map(({ name, checked: when }) => `${name} (${when})`).join(", ");
  const lines = [
    `Checked: ${checked.incidents} incidents and ${checked.origins - checked.incidents} tagged entities by fifo and haircut; ` +
      `lists: ${names === "" ? "none" : names}.`,
  ];
  const unchecked = [...checked.absent, ...checked.later];
  if (unchecked.length > 0) lines.push(`Not followed, since not in the ledger: ${listed(unchecked)}.`);
  if (checked.unplaced.length > 0)
    lines.push(`Not followed, since the register names none of their transactions: ${listed(checked.unplaced)}.`);
  const part = (digest: string): string => digest.slice(0, 12);
  lines.push(
    `Rules ${rules.name} v${rules.version} ${part(rules.digest)}, register ${part(registerDigest)}, tags ${part(tagsDigest)}.`,
  );
  return `${lines.join("\n")}\n`;
}

/** The first of many ids, and how many more there are. */
function listed(ids: readonly string[]): string {
  const more = ids.length - idsMax;
  return `${ids.slice(0, idsMax).join(", ")}${more > 0 ? ` and ${more} more (--json has them)` : ""}`;
}

function shareText({ amount, whole }: Exposure): string {
  if (whole.kind === "least" || whole.amount === 0n) return "unknown share";
  const tenths = divideRounded(amount * 1_000n, whole.amount)
    .toString()
    .padStart(2, "0");
  // What rounds to nothing is not nothing.
  return tenths === "00" ? "<0.1%" : `${tenths.slice(0, -1)}.${tenths.slice(-1)}%`;
}

const million = 100_000_000n;

function dollars(usd: Usd): string {
  return usd >= million ? formatHeadline(usd) : `$${groupDigits(formatUsd(usd).replace(/\.[0-9]{2}$/u, ""))}`;
}

function groupedUsd(usd: Usd): string {
  const [whole = "", cents = ""] = formatUsd(usd).split(".");
  return `${groupDigits(whole)}.${cents}`;
}

/** An address in a line of many: its beginning and its end. */
function short(address: string): string {
  return address.length <= 14 ? address : `${address.slice(0, 6)}…${address.slice(-4)}`;
}

function day(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 10);
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** What stands in a ledger, a list or a register is data. */
function plainLines(parts: readonly string[]): string {
  return parts.join("").split("\n").map(plainText).join("\n");
}

function bold(text: string, terminal: Pick<Terminal, "isTerminal">): string {
  return terminal.isTerminal ? styleText("bold", text, { validateStream: false }) : text;
}
