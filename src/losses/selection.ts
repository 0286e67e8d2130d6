import { parseDay, type Day } from "../base/day.ts";
import { maxUsd, minUsd, scaleUsd, sumUsd, zeroUsd, type Usd } from "../base/usd.ts";
import { appraiseNow } from "../incidents/appraisal.ts";
import type { Incident } from "../incidents/incident.ts";
import type { Register } from "../incidents/register.ts";
import { confidenceReaches, withSubgroups, type Confidence } from "../tags/actor.ts";

/** At what moment a loss is valued. */
export const valueKinds = ["theft", "disclosed", "now"] as const;
export type ValueKind = (typeof valueKinds)[number];

/** By what rule a theft belongs to a country. */
export const countryRules = ["published", "operator", "seat"] as const;
export type CountryRule = (typeof countryRules)[number];

/** Which thefts a figure counts, and how. The rules are in `docs/methods/losses.md`. */
export type Selection = {
  /** An actor's id, with its subgroups; undefined: every theft, attributed or not. */
  readonly actor: string | undefined;
  readonly from: Day;
  readonly to: Day;
  readonly value: ValueKind;
  /** The least confidence in the attribution that the central figure asks for; undefined only without an actor. */
  readonly confidence: Confidence | undefined;
  readonly countryRule: CountryRule;
  /** A MITRE ATT&CK technique, with its sub-techniques; undefined: any. */
  readonly technique: string | undefined;
};

/** The selection of Elliptic's study for Nikkei (2023-05-15), with which every command begins. */
export const studySelection: Selection & { readonly actor: string; readonly confidence: Confidence } = {
  actor: "lazarus-group",
  from: parseDay("2017-01-01"),
  to: parseDay("2022-12-31"),
  value: "theft",
  confidence: "medium",
  countryRule: "published",
  technique: undefined,
};

/** What one theft adds to a figure. */
export type Contribution = {
  readonly incident: Incident;
  /** Whether the central figure counts it, as far as the attribution goes. */
  readonly counted: boolean;
  /** Undefined: counted, but its value is not known. 0 where it is not counted. */
  readonly central: Usd | undefined;
  readonly low: Usd;
  readonly high: Usd;
  /** Whether any value is known, counted or not; where none is, low and high are 0 and say nothing. */
  readonly hasValue: boolean;
  /** Of the central value, what came back. */
  readonly recovered: Usd;
  /** Whether a recovery was known to exceed what this valuation can express, and was limited to the loss. */
  readonly recoveredLimited: boolean;
};

/**
 * The thefts that a selection is about, in the register's order, each with what it adds.
 *
 * Central: attribution at least as sure as asked, at the first published value. Low: attribution `high` or better (or
 * as sure as asked, where that is more), at the lowest published value. High: every attribution, at the highest one.
 * Cost: linear in the register.
 */
export function select(register: Register, selection: Selection): readonly Contribution[] {
  const actors = selection.actor === undefined ? undefined : withSubgroups(register.actors, selection.actor);
  return register.incidents
    .filter((incident) => matches(incident, selection, actors))
    .map((incident) => contribute(register, selection, incident));
}

/** Whether the theft's period, actor and technique are those asked for, and it is no simulated one; the attribution's confidence not yet. */
function matches(incident: Incident, selection: Selection, actors: ReadonlySet<string> | undefined): boolean {
  if (incident.simulated) return false;
  if (incident.date.first < selection.from || incident.date.last > selection.to) return false;
  if (actors !== undefined && (incident.attribution === undefined || !actors.has(incident.attribution.actor)))
    return false;
  if (actors === undefined && selection.confidence !== undefined && incident.attribution === undefined) return false;
  return selection.technique === undefined || hasTechnique(incident, selection.technique);
}

function hasTechnique(incident: Incident, technique: string): boolean {
  return incident.techniques.some(({ id }) => id === technique || id?.startsWith(`${technique}.`) === true);
}

function contribute(register: Register, selection: Selection, incident: Incident): Contribution {
  const values = valuesOf(register, selection.value, incident);
  const counted = reaches(incident, selection.confidence);
  const certain = counted && (selection.confidence === undefined || reaches(incident, "high"));
  const [first] = values;
  if (first === undefined) {
    const central = counted ? undefined : zeroUsd;
    return {
      incident,
      counted,
      central,
      low: zeroUsd,
      high: zeroUsd,
      hasValue: false,
      recovered: zeroUsd,
      recoveredLimited: false,
    };
  }
  const central = counted ? first : zeroUsd;
  const recovery = recoveredOf(incident, central, first);
  return {
    incident,
    counted,
    central,
    low: certain ? minUsd(first, ...values) : zeroUsd,
    high: maxUsd(first, ...values),
    hasValue: true,
    recovered: recovery.usd,
    recoveredLimited: recovery.limited,
  };
}

function reaches(incident: Incident, least: Confidence | undefined): boolean {
  if (least === undefined) return true;
  return incident.attribution !== undefined && confidenceReaches(incident.attribution.confidence, least);
}

/** The values known of a theft, the central one first; empty where none is known. */
function valuesOf(register: Register, value: ValueKind, incident: Incident): readonly Usd[] {
  switch (value) {
    case "theft":
      return incident.valuesAtTheft.map(({ usd }) => usd);
    case "disclosed":
      return incident.valuesDisclosed.map(({ usd }) => usd);
    case "now": {
      const appraisal = appraiseNow(incident, register.prices);
      return appraisal.complete ? [appraisal.usd] : [];
    }
    default:
      return value satisfies never;
  }
}

/**
 * What came back, in the money of the figure.
 *
 * Where one known asset came back and was all that was stolen, its share of the loss; else the published dollars. Dollars
 * of a later day can exceed the loss: never more than the loss is subtracted, and the caller is told.
 */
function recoveredOf(incident: Incident, central: Usd, value: Usd): { readonly usd: Usd; readonly limited: boolean } {
  if (central === zeroUsd || value === zeroUsd) return { usd: zeroUsd, limited: false };
  const [item, ...others] = incident.stolen;
  const single = incident.stolenComplete && others.length === 0 && item?.kind === "asset" ? item : undefined;
  const sum = sumUsd(
    incident.recovered.map(({ usd, returned }) =>
      single !== undefined && returned?.asset.id === single.asset.id
        ? scaleUsd(value, returned.units, single.units)
        : usd,
    ),
  );
  return sum > value ? { usd: value, limited: true } : { usd: sum, limited: false };
}
