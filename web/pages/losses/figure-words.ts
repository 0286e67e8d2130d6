import { headlineUsd, millionsUsd, parseUsd, rangeUsd } from "../../base/usd.ts";
import type { Locale } from "../../base/locale.ts";
import { isNothing, isUnknown } from "../../data/losses.ts";
import type { Figure, Row, Theft } from "../../data/losses-types.ts";
import { nameOfCountry } from "../../text/country-names.ts";
import { sectorTexts } from "../../text/register-words.ts";
import { shell } from "../../text/shell-words.ts";
import type { Say } from "../../text/text.ts";
import type { LossesAsked } from "./query.ts";
import { words } from "./words.ts";

export type Speech = { readonly t: Say; readonly locale: Locale };

/** A figure in millions; "unknown" where none of its thefts has a known value, "≥" where some have not. */
export function partWords(figure: Figure, part: "usd" | "recovered" | "net", { t }: Speech): string {
  if (isUnknown(figure)) return t(shell.unknown);
  const text = millionsUsd(parseUsd(figure[part]));
  return figure.unknownValues > 0 && part !== "recovered" ? `≥ ${text}` : text;
}

/** A range in millions; its high end a lower bound where some of its thefts have no known value. */
export function rangeWords(figure: Figure, { t }: Speech): string {
  const { low, high, unknownInRange, count, rangeOnly } = figure;
  if (isNothing(figure)) return "";
  if (unknownInRange > 0 && unknownInRange === count + rangeOnly.length) return t(shell.unknown);
  const [least, most] = [millionsUsd(parseUsd(low)), millionsUsd(parseUsd(high))];
  return unknownInRange > 0 ? `${least}–≥ ${most}` : `${least}–${most}`;
}

export function theftRange({ low, high, hasValue }: Theft, { t }: Speech): string {
  return hasValue ? `${millionsUsd(parseUsd(low))}–${millionsUsd(parseUsd(high))}` : t(shell.unknown);
}

/** A figure for a sentence: `$2.31bn`, `at least $2.31bn`. */
export function sumWords(figure: Figure, { t, locale }: Speech): string {
  if (isUnknown(figure)) return t(shell.unknown);
  const usd = headlineUsd(parseUsd(figure.usd), locale);
  return figure.unknownValues > 0 ? t(words.atLeast, { usd }) : usd;
}

/** The range for a sentence. */
export function rangeSentence(figure: Figure, { t, locale }: Speech): string {
  const [low, high] = [parseUsd(figure.low), parseUsd(figure.high)];
  return figure.unknownInRange > 0
    ? t(words.rangeAtLeast, { low: headlineUsd(low, locale), high: headlineUsd(high, locale) })
    : t(words.range, { range: rangeUsd(low, high, locale) });
}

/** What a reader calls a row. */
export function labelOf(
  { key, label }: Pick<Row, "key" | "label">,
  by: LossesAsked["by"],
  { t, locale }: Speech,
): string {
  if (by === "country") return key === "unknown" ? t(words.countryUnknown) : nameOfCountry(key, locale);
  if (key === "unknown" && by === "actor") return t(words.notAttributed);
  if (key === "unknown" && by === "technique") return t(words.techniqueUnknown);
  if (by === "sector") return t(sectorTexts[key] ?? [label, label]);
  if (by === "year") return t(words.yearName, { year: key });
  return label;
}

export const byTexts = {
  country: words.byCountry,
  year: words.byYear,
  actor: words.byActor,
  victim: words.byVictim,
  sector: words.bySector,
  technique: words.byTechnique,
} as const;

export const valueTexts = {
  theft: words.valueTheft,
  disclosed: words.valueDisclosed,
  now: words.valueNow,
} as const;

export const ruleTexts = {
  published: words.rulePublished,
  operator: words.ruleOperator,
  seat: words.ruleSeat,
} as const;
