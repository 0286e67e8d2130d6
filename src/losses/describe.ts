import { formatHeadline, formatMillions, type Usd } from "../base/usd.ts";
import type { Actors } from "../tags/actor.ts";
import { groupings, type Grouping } from "./grouping.ts";
import { isUnknown, type Figure, type Losses } from "./losses.ts";
import type { Contribution, CountryRule, Selection, ValueKind } from "./selection.ts";

/** The one sentence that says the figure, its period and its range. */
export function headline({ selection, total }: Losses, actors: Actors): string {
  const actor = selection.actor === undefined ? undefined : actors.get(selection.actor);
  const who = actor === undefined ? "Thefts on record took" : `Thefts attributed to ${actor.name} took`;
  const unknown = total.unknownValues === 0 ? "" : " at least";
  const high = `${total.unknownInRange === 0 ? "" : "at least "}${formatHeadline(total.high)}`;
  const range = `range ${formatHeadline(total.low)} to ${high}`;
  return `${who}${unknown} ${formatHeadline(total.usd)}, ${periodWords(selection)} (${range}).`;
}

/** The period: whole years as such. */
export function periodWords({ from, to }: Pick<Selection, "from" | "to">): string {
  if (!from.endsWith("-01-01") || !to.endsWith("-12-31")) return `${from} to ${to}`;
  return from.slice(0, 4) === to.slice(0, 4) ? from.slice(0, 4) : `${from.slice(0, 4)} to ${to.slice(0, 4)}`;
}

const valueWords: Readonly<Record<ValueKind, string>> = {
  theft: "at the time of the theft, as published",
  disclosed: "as first disclosed",
  now: "at the newest known prices",
};

const ruleWords: Readonly<Record<CountryRule, string>> = {
  published: "as published studies count the victim, else where it was operated",
  operator: "where the victim was operated",
  seat: "the victim's legal seat",
};

/** How the figures were chosen, a statement a line. */
export function selectionLines({ selection, by }: Losses): readonly string[] {
  const { actor, confidence } = selection;
  const subgroups = actor === undefined ? "every theft, attributed or not" : "its subgroups are counted with it";
  const range = `low: confidence ${confidence === "confirmed" ? "confirmed" : "high"} and above at the lowest published value; high: every attribution at the highest`;
  return [
    ...(actor === undefined ? [`Actor: ${subgroups}.`] : [`Actor: ${actor}; ${subgroups}.`]),
    `Value: ${valueWords[selection.value]}.`,
    confidence === undefined
      ? "Confidence: not applied. Range: the lowest and highest published value of each theft."
      : `Confidence: ${confidence}${confidence === "confirmed" ? "" : " and above"}. Range: ${range}.`,
    ...(by === "country" ? [`Country: ${ruleWords[selection.countryRule]}.`] : []),
    ...(selection.technique === undefined ? [] : [`Technique: ${selection.technique}, with its sub-techniques.`]),
    ...(by === "technique" ? ["A theft by several techniques counts under the first, the way in."] : []),
  ];
}

const groupWords: Readonly<Record<Grouping, string>> = {
  country: "Country",
  year: "Year",
  actor: "Actor",
  victim: "Victim",
  sector: "Sector",
  technique: "Technique",
};

/** The heading of a grouping's first column. */
export function groupWord(by: Grouping): string {
  return groupWords[by];
}

/** The groupings, for help and messages. */
export const groupingList: string = groupings.join(", ");

/** A range in millions, `"646.0–719.0"`; `"646.0–≥ 719.0"` where some of its thefts have no known value, or "unknown". */
export function rangeWords({ low, high, unknownInRange, counted, rangeOnly }: Figure): string {
  if (unknownInRange === 0) return spanWords(low, high);
  return unknownInRange === counted.length + rangeOnly.length
    ? "unknown"
    : `${formatMillions(low)}–≥ ${formatMillions(high)}`;
}

/** The range that one theft adds, likewise. */
export function theftRangeWords({ low, high, hasValue }: Contribution): string {
  return hasValue ? spanWords(low, high) : "unknown";
}

/** A figure in millions; "unknown" where none of its thefts has a known value, "≥" where some have not. */
export function figureWords(figure: Figure): string {
  return partWords(figure, figure.usd);
}

/** What came back of a figure, or what is left of it, likewise. */
export function partWords(figure: Figure, part: Usd): string {
  if (isUnknown(figure)) return "unknown";
  return figure.unknownValues === 0 ? formatMillions(part) : `≥ ${formatMillions(part)}`;
}

function spanWords(low: Usd, high: Usd): string {
  return `${formatMillions(low)}–${formatMillions(high)}`;
}
