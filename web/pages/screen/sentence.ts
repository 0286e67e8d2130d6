import { instantText, periodText } from "../../base/dates.ts";
import { assetName, coins } from "../../base/assets.ts";
import { chainName } from "../../base/chains.ts";
import type { Locale } from "../../base/locale.ts";
import { decimal, whole } from "../../base/numbers.ts";
import { exactUsd, headlineUsd, parseUsd } from "../../base/usd.ts";
import { leadingFact, shareText, type Fact, type Verdict } from "../../data/verdict.ts";
import { categoryText } from "../../text/category-words.ts";
import { exposureWords } from "../../text/exposure-words.ts";
import { gapText } from "../../text/gap-words.ts";
import { screenWords as words } from "../../text/screen-words.ts";
import type { Say, Text } from "../../text/text.ts";

const verdictTexts: Readonly<Record<Verdict["verdict"], Text>> = {
  flagged: words.flagged,
  clear: words.clear,
  unknown: words.unknown,
};

/** In which language something is said. */
export type Speaker = { readonly t: Say; readonly locale: Locale };

/** A verdict in one word. */
export function verdictWord(verdict: Verdict["verdict"]): Text {
  return verdictTexts[verdict];
}

/**
 * A verdict in sentences, without its word: what is flagged by which rule, what clear covers, or what is missing.
 *
 * @example "12.4% ($18,300) of this deposit comes from the Ronin theft (2022-03-23), 3 hops back, FIFO. Rule theft-10 v4."
 */
export function verdictSentence(verdict: Verdict, { t, locale }: Speaker): string {
  if (verdict.verdict === "clear") {
    if (verdict.block === null)
      return t(words.clearByTags, { lists: t(words.lists, { n: verdict.tags.lists.length }) });
    return t(words.clearSays, {
      block: whole(verdict.block.height),
      incidents: t(words.incidents, { n: verdict.checked.incidents }),
      lists: t(words.lists, { n: verdict.tags.lists.length }),
    });
  }
  const fact = leadingFact(verdict);
  if (verdict.verdict === "unknown" || fact === undefined) {
    const [first] = verdict.missing;
    return first === undefined ? "" : gapText(first, locale);
  }
  const rule = t(words.ruleSays, { rule: verdict.matches[0]?.rule ?? "", version: verdict.rules.version });
  const between = locale === "ja" ? "" : " ";
  return `${factSentence(verdict, fact, { t, locale })}${between}${rule}`;
}

/** Why a rule holds, in the reader's language where the rules say it in that. */
export function reasonText({ reason, reasonJa }: Verdict["matches"][number], locale: Locale): string {
  return locale === "ja" ? (reasonJa ?? reason) : reason;
}

function factSentence(verdict: Verdict, fact: Fact, { t, locale }: Speaker): string {
  const category = t(categoryText(fact.category));
  if (fact.evidence !== "exposure") {
    const who = whoIs(verdict, fact, t);
    const given = { who, name: fact.name, category, source: fact.sources.join(", ") };
    return t(fact.evidence === "tag" ? words.tagged : words.clustered, given);
  }
  const date = fact.date === null ? undefined : periodText(fact.date, locale);
  const origin =
    fact.category !== "theft"
      ? t(words.ofEntity, { name: fact.name, category })
      : date === undefined
        ? t(words.ofTheftUndated, { name: fact.name })
        : t(words.ofTheft, { name: fact.name, date });
  return t(words.exposed, {
    share: shareText(fact) ?? t(words.shareUnknown),
    usd: fact.usd === null ? t(words.valueUnknown) : worthText(fact.usd, locale),
    what: t(whatIs(verdict)),
    origin,
    hops: t(words.hop, { n: fact.hops ?? 0 }),
    policy: fact.policy === null ? "" : t(exposureWords[fact.policy]),
  });
}

/** Whole dollars below a million, three digits above. @example "$18,300", "$2.31bn" */
function worthText(usd: string, locale: Locale): string {
  const cents = parseUsd(usd);
  if (cents >= 100_000_000n) return headlineUsd(cents, locale);
  return exactUsd(parseUsd(String((cents + 50n) / 100n)), locale);
}

function whatIs({ subject, direction }: Verdict) {
  if (subject.kind === "address") return words.whatItReceived;
  if (direction === "deposit") return words.thisDeposit;
  return direction === "withdrawal" ? words.thisWithdrawal : words.thisTransaction;
}

function whoIs({ parties }: Verdict, { party }: Fact, t: Say): string {
  const one = party === null ? undefined : parties[party];
  if (one === undefined) return t(words.whoTransaction);
  if (one.role === "subject") return t(words.whoSubject);
  return t(one.role === "payer" ? words.whoPayer : words.whoReceiver, { address: one.address });
}

/** The thefts that concern this chain and were not followed, which no verdict covers; none: an empty list of lists. */
export function notFollowed({ checked: { unplaced, absent, later } }: Verdict): readonly (readonly string[])[] {
  const ids = [...unplaced, ...absent, ...later];
  return ids.length === 0 ? [] : [ids];
}

/** A verdict as text to be pasted into a case file: everything that its panel says, addresses whole. */
export function verdictText(verdict: Verdict, { t, locale }: Speaker, isSimulated: boolean): string {
  const { subject, chain, block, rules, register, tags, matches, missing, accepted } = verdict;
  const fact = leadingFact(verdict);
  const lines = [
    ...(isSimulated ? [t(words.simulatedText)] : []),
    `${t(verdictWord(verdict.verdict))}${locale === "ja" ? "。" : ". "}${verdictSentence(verdict, { t, locale })}`,
    `${t(words.subject)}: ${subject.text}${chain === null ? "" : ` (${chainName(chain)})`}`,
    ...matches.map((match) => `${t(words.rule)} ${match.rule}: ${reasonText(match, locale)}`),
    ...(fact === undefined || fact.path.length === 0 ? [] : [`${t(words.pathText)}: ${pathText(fact, t)}`]),
    ...(verdict.verdict === "unknown" ? missing.slice(1) : missing).map((gap) => `? ${gapText(gap, locale)}`),
    ...accepted.map((gap) => `? ${t(words.acceptedIs, { what: gapText(gap, locale) })}`),
    ...notFollowed(verdict).map((ids) => t(words.notFollowedAre, { ids: ids.join(", ") })),
    [
      block === null
        ? t(words.asOfNone)
        : t(words.asOf, { block: whole(block.height), time: instantText(block.time, locale) }),
      t(words.rulesOf, { name: rules.name, version: rules.version }),
      t(words.digests, { register: register.digest.slice(0, 12), tags: tags.digest.slice(0, 12) }),
    ].join("; "),
  ];
  return `${lines.join("\n")}\n`;
}

function pathText({ name, path, skipped }: Fact, t: Say): string {
  const steps = path.map(({ txid, address, asset, amount }) => {
    const { symbol } = assetName(asset);
    return `${address ?? txid ?? ""} ${decimal(coins(amount, asset))} ${symbol}`;
  });
  return [name, ...(skipped > 0 ? [t(words.skipped, { n: skipped })] : []), ...steps].join(" → ");
}
