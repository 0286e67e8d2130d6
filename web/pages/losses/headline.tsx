import type { ReactNode } from "react";
import { spanText } from "../../base/dates.ts";
import type { Losses } from "../../data/losses-types.ts";
import { useActors } from "../../data/register.ts";
import type { Actor } from "../../data/register-types.ts";
import { useText } from "../../parts/settings.tsx";
import { confidenceTexts } from "../../text/register-words.ts";
import { shell } from "../../text/shell-words.ts";
import { rangeSentence, ruleTexts, sumWords, valueTexts, type Speech } from "./figure-words.ts";
import { words } from "./words.ts";

/** The one sentence: whose thefts, how much, when, within which range. */
export function headlineText(losses: Losses, actors: readonly Actor[], speech: Speech): string {
  const { t, locale } = speech;
  const { selection, total } = losses;
  const given = { usd: sumWords(total, speech), span: spanText(selection.from, selection.to, locale) };
  if (selection.actor === "all") return t(words.headlineAll, given);
  if (isLinked(actors, selection.actor)) return t(words.headlineLinked, given);
  const actor = actors.find(({ id }) => id === selection.actor)?.name ?? selection.actor;
  return t(words.headlineActor, { ...given, actor });
}

/** Whether an actor belongs to North Korea's, itself or through a wider group. */
function isLinked(actors: readonly Actor[], id: string): boolean {
  for (let now: string | null | undefined = id; now !== null && now !== undefined;) {
    if (now === "dprk") return true;
    const wanted: string = now;
    now = actors.find((actor) => actor.id === wanted)?.parent;
  }
  // The study's own actor, until the register has answered.
  return actors.length === 0 && id === "lazarus-group";
}

/** How it was counted, in one line below the headline. */
export function Rule({ losses }: { readonly losses: Losses }): ReactNode {
  const speech = useText();
  const { t } = speech;
  const actors = useActors();
  const { selection, total } = losses;
  const actor =
    ("value" in actors ? actors.value : []).find(({ id }) => id === selection.actor)?.name ?? selection.actor;
  const { confidence } = selection;
  const parts = [
    t(words.ruleCounted, { n: total.count }),
    ...(selection.actor === "all" ? [] : [t(words.ruleActor, { actor })]),
    confidence === null
      ? t(words.ruleAny)
      : t(words.ruleConfidence, { confidence: t(confidenceTexts[confidence] ?? shell.unknown) }),
    t(words.ruleValue, { value: t(valueTexts[selection.value]) }),
    t(words.ruleCountry, { rule: t(ruleTexts[selection.countryRule]) }),
    ...(selection.technique === null ? [] : [selection.technique]),
    ...(total.unknownValues > 0 ? [t(words.unknownCount, { n: total.unknownValues })] : []),
  ];
  return (
    <p className="rule">
      <b>{rangeSentence(total, speech)}</b>
      {parts.map((part) => (
        <span key={part}>{part}</span>
      ))}
    </p>
  );
}
