import { confidences, countryRules, groupings, valueKinds, type Grouping } from "../../data/losses-types.ts";

/** What `/losses` asks, as its address says it; the names are the command line's. */
export type LossesAsked = {
  readonly actor: string;
  readonly from: string;
  readonly to: string;
  readonly by: Grouping;
  readonly value: (typeof valueKinds)[number];
  readonly countryRule: (typeof countryRules)[number];
  /** Undefined: not applied, which only all actors allow. */
  readonly confidence: (typeof confidences)[number] | undefined;
  readonly technique: string | undefined;
  /** A row, or a row's year: `JP`, `JP.2018`. */
  readonly open: string | undefined;
};

/** The selection of Elliptic's study for Nikkei, with which the page begins. */
export const study: LossesAsked = {
  actor: "lazarus-group",
  from: "2017-01-01",
  to: "2022-12-31",
  by: "country",
  value: "theft",
  countryRule: "published",
  confidence: "medium",
  technique: undefined,
  open: undefined,
};

type Reads = { readonly get: (name: string) => string | undefined };

/** Reads the address; what it says wrongly is as if it were not said. */
export function askedOf(query: Reads): LossesAsked {
  const actor = query.get("actor") ?? study.actor;
  const usual = actor === "all" ? undefined : study.confidence;
  const technique = query.get("technique");
  const [from, to] = [dayOf(query.get("from")) ?? study.from, dayOf(query.get("to")) ?? study.to];
  return {
    actor,
    // A period that ends before it begins is meant the other way round.
    from: from <= to ? from : to,
    to: from <= to ? to : from,
    by: oneOf(groupings, query.get("by")) ?? study.by,
    value: oneOf(valueKinds, query.get("value")) ?? study.value,
    countryRule: oneOf(countryRules, query.get("country-rule")) ?? study.countryRule,
    confidence: oneOf(confidences, query.get("confidence")) ?? usual,
    technique: technique !== undefined && /^T[0-9]{4}(?:\.[0-9]{3})?$/u.test(technique) ? technique : undefined,
    open: query.get("open"),
  };
}

/** What the API is asked. */
export function apiQuery(asked: LossesAsked, by: Grouping = asked.by): Readonly<Record<string, string>> {
  const { actor, from, to, value, countryRule, confidence, technique } = asked;
  return {
    actor,
    from,
    to,
    by,
    value,
    countryRule,
    ...(confidence === undefined ? {} : { confidence }),
    ...(technique === undefined ? {} : { technique }),
  };
}

export type Opened = { readonly key: string; readonly year: string | undefined };

/** @example readOpen("JP.2018") // => { key: "JP", year: "2018" } */
export function readOpen(open: string | undefined): Opened | undefined {
  if (open === undefined || open === "") return undefined;
  const { key = open, year } = /^(?<key>.+)\.(?<year>[0-9]{4}|earlier)$/u.exec(open)?.groups ?? {};
  return { key, year };
}

export function openText(key: string, year?: string): string {
  return year === undefined ? key : `${key}.${year}`;
}

function oneOf<const Word extends string>(words: readonly Word[], text: string | undefined): Word | undefined {
  return words.find((word) => word === text);
}

function dayOf(text: string | undefined): string | undefined {
  if (text === undefined || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/u.test(text)) return undefined;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text) ? text : undefined;
}
