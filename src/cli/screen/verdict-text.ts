import { formatUsd } from "../../base/usd.ts";
import type { Fact } from "../../screen/fact.ts";
import type { Verdict } from "../../screen/screen.ts";

/** A verdict for scripts: amounts as decimal strings, the share as a fraction of two of them. */
export function verdictJson(verdict: Verdict): object {
  return {
    ...verdict,
    matches: verdict.matches.map(({ rule, fact }) => ({
      rule: rule.id,
      level: rule.level,
      reason: rule.reason,
      evidence: verdict.facts.indexOf(fact),
    })),
    facts: verdict.facts.map(({ amount, whole, usd, ...fact }) => ({
      ...fact,
      amount: amount?.toString() ?? null,
      of: whole?.toString() ?? null,
      usd: usd === null ? null : formatUsd(usd),
      reach: fact.hops <= 1 ? "direct" : "indirect",
      path: fact.path.map((step) => ({ ...step, amount: step.amount.toString() })),
    })),
  };
}

/** A verdict in sentences. */
export function verdictText(verdict: Verdict): string {
  const { rules, checked, block, missing } = verdict;
  const lines: string[] = [];
  if (verdict.verdict === "flagged") {
    lines.push(`Flagged. ${verdict.subject}`);
    for (const { rule, fact } of verdict.matches) {
      lines.push(`  ${sentence(fact)} Rule ${rule.id} v${rules.version} (${rule.level}): ${rule.reason}`);
      if (fact.sources.length > 0) lines.push(`    by ${fact.sources.join(", ")}; confidence ${fact.confidence}`);
      for (const step of fact.path) lines.push(`    ${step.txid}  ${step.amount} → ${step.address ?? "nobody"}`);
    }
  }
  if (verdict.verdict === "clear") {
    lines.push(
      `Clear to block ${block ?? "none"}: ${checked.incidents} incidents, ${checked.origins} origins, ` +
        `${checked.lists.length} lists (rules ${rules.name} v${rules.version}). Later additions are not covered.`,
    );
  }
  if (verdict.verdict === "unknown") lines.push("Cannot say.");
  for (const one of missing) lines.push(`  Not known: ${one}.`);
  if (checked.notInLedger.length > 0)
    lines.push(`  Not checked, since not in the ledger: ${checked.notInLedger.join(", ")}.`);
  return `${lines.join("\n")}\n`;
}

function sentence(fact: Fact): string {
  const { name, category, evidence, amount, whole, usd, hops, policy, date } = fact;
  if (evidence !== "exposure" || amount === null) return `Its ${evidence} says ${name} (${category}).`;
  const tenths = whole === null || whole === 0n ? undefined : ((amount * 1_000n) / whole).toString().padStart(2, "0");
  const share = tenths === undefined ? "An unknown share" : `${tenths.slice(0, -1)}.${tenths.slice(-1)}%`;
  const value = usd === null ? "value unknown" : `$${formatUsd(usd)}`;
  const what = category === "theft" ? `the ${name} theft${date === null ? "" : ` (${date})`}` : `${name} (${category})`;
  return `${share} (${value}; ${amount} base units) comes from ${what}, ${hops} hops back, ${policy?.toUpperCase() ?? ""}.`;
}
