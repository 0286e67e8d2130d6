import { divideRounded } from "../base/decimal.ts";
import { formatUsd } from "../base/usd.ts";
import { stands, type Tag } from "../tags/tag.ts";
import type { Exposure, Fact, Party, Whole } from "./fact.ts";
import { methodsOf } from "./methods.ts";
import { reasonFields } from "./rules.ts";
import type { FactDocument, VerdictDocument } from "./verdict-schema.ts";
import { levelOf, type Missing, type Verdict } from "./verdict.ts";

/**
 * A verdict as the document that `data/schema/verdict.schema.json` describes: amounts are decimal text. `JSON.stringify` of it
 * gives the same bytes each time. Cost: the paths.
 */
export function verdictDocument(verdict: Verdict): VerdictDocument {
  const { rules, block, facts, checked } = verdict;
  return {
    format: 1,
    verdict: verdict.verdict,
    level: levelOf(verdict),
    subject: verdict.subject,
    chain: verdict.chain,
    simulated: verdict.simulated,
    direction: verdict.direction,
    block: block === null ? null : { height: block.height, hash: block.hash, time: isoTime(block.time) },
    rules: { name: rules.name, version: rules.version, digest: rules.digest },
    register: { digest: verdict.registerDigest },
    tags: { digest: verdict.tagsDigest, lists: [...verdict.lists] },
    matches: verdict.matches.map(({ rule, facts: holding }) => ({
      rule: rule.id,
      level: rule.level,
      ...reasonFields(rule),
      facts: holding.map((fact) => facts.indexOf(fact)),
    })),
    facts: facts.map(factDocument),
    parties: verdict.parties.map(partyDocument),
    missing: verdict.missing.map(({ gap, what, data, mend }) => ({ gap, what, data: gapData(data), mend })),
    accepted: verdict.accepted.map(({ gap, what, data }) => ({ gap, what, data: gapData(data) })),
    methods: [...methodsOf(facts)],
    checked: {
      incidents: checked.incidents,
      origins: checked.origins,
      later: [...checked.later],
      absent: [...checked.absent],
      unplaced: [...checked.unplaced],
    },
  };
}

/** Copies: a document shares nothing with what it was made of, and its lists are arrays. */
function gapData(data: Missing["data"]): VerdictDocument["missing"][number]["data"] {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]: readonly [string, string | number | readonly string[]]) => [
      key,
      typeof value === "object" ? [...value] : value,
    ]),
  );
}

function factDocument(fact: Fact): FactDocument {
  const { exposure } = fact;
  const path = exposure?.path() ?? { steps: [], skipped: 0 };
  return {
    evidence: fact.evidence,
    party: fact.party ?? null,
    origin: fact.origin,
    name: fact.name,
    actor: fact.actor,
    category: fact.category,
    confidence: fact.confidence,
    sources: [...fact.sources],
    methods: [...fact.methods],
    date: fact.date,
    ...exposureFields(exposure),
    path: path.steps.map((step) => ({
      txid: step.txid,
      address: step.address,
      asset: step.asset,
      amount: step.amount.toString(),
      time: isoTime(step.time),
    })),
    skipped: path.skipped,
  };
}

function exposureFields(
  exposure: Exposure | undefined,
): Omit<
  FactDocument,
  | "evidence"
  | "party"
  | "origin"
  | "name"
  | "actor"
  | "category"
  | "confidence"
  | "sources"
  | "methods"
  | "date"
  | "path"
  | "skipped"
> {
  return {
    policy: exposure?.policy ?? null,
    asset: exposure?.asset ?? null,
    amount: exposure?.amount.toString() ?? null,
    of: exposure?.whole.kind === "exact" ? exposure.whole.amount.toString() : null,
    share: exposure === undefined ? null : shareText(exposure.amount, exposure.whole),
    usd: exposure?.usd === undefined ? null : formatUsd(exposure.usd(exposure.amount)),
    direct: exposure?.direct.toString() ?? null,
    held: exposure?.held?.toString() ?? null,
    reach: exposure === undefined ? null : exposure.direct > 0n ? "direct" : "indirect",
    receipts: exposure?.receipts ?? null,
    hops: exposure?.hops ?? null,
    first: exposure === undefined ? null : isoTime(exposure.first),
    last: exposure === undefined ? null : isoTime(exposure.last),
  };
}

function partyDocument(party: Party): VerdictDocument["parties"][number] {
  const { role, address, chain, owner, entity, category, tags, elsewhere, cluster } = party;
  return {
    role,
    address,
    chain,
    seen: owner !== undefined,
    entity,
    category,
    tags: tags.map(tagDocument),
    elsewhere: [...elsewhere],
    cluster: cluster ?? null,
  };
}

function tagDocument(tag: Tag): VerdictDocument["parties"][number]["tags"][number] {
  return {
    id: tag.id,
    label: tag.label,
    category: tag.category ?? null,
    abuse: tag.abuse ?? null,
    concepts: [...tag.concepts],
    confidence: tag.confidence,
    source: tag.source.name,
    url: tag.source.url ?? null,
    set: tag.source.set,
    checked: tag.checked,
    stands: stands(tag),
  };
}

/** A share as a decimal with six digits; null where the whole is not known. */
function shareText(amount: bigint, whole: Whole): string | null {
  if (whole.kind === "least" || whole.amount <= 0n) return null;
  const digits = divideRounded(amount * 1_000_000n, whole.amount)
    .toString()
    .padStart(7, "0");
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace(".000Z", "Z");
}
