import { countryName, type CountryCode } from "../base/country.ts";
import { yearOf } from "../base/day.ts";
import type { Incident } from "../incidents/incident.ts";
import type { Actors } from "../tags/actor.ts";
import type { CountryRule } from "./selection.ts";

/** By what a total can be broken down. Each theft falls into exactly one group of each kind. */
export const groupings = ["country", "year", "actor", "victim", "sector", "technique"] as const;
export type Grouping = (typeof groupings)[number];

/** The group of what is not known; a row of its own, never dropped and never merged. */
export const unknownKey = "unknown";

/** The country under which a rule counts a theft; undefined: not established. */
export function countryOf(incident: Incident, rule: CountryRule): CountryCode | undefined {
  const { seat, operator, published } = incident.victim.country;
  switch (rule) {
    case "published":
      return published?.code ?? operator;
    case "operator":
      return operator;
    case "seat":
      return seat;
    default:
      return rule satisfies never;
  }
}

/**
 * The key of the group into which a theft falls.
 *
 * A theft by several techniques falls under the first, the way in; so that the rows sum to the total.
 */
export function keyOf(incident: Incident, by: Grouping, rule: CountryRule): string {
  switch (by) {
    case "country":
      return countryOf(incident, rule) ?? unknownKey;
    case "year":
      return yearOf(incident.date.first);
    case "actor":
      return incident.attribution?.actor ?? unknownKey;
    case "victim":
      return incident.victim.id;
    case "sector":
      return incident.victim.sector;
    case "technique":
      return incident.techniques[0]?.id ?? unknownKey;
    default:
      return by satisfies never;
  }
}

/** What a reader calls the group. */
export function labelOf(key: string, by: Grouping, incidents: readonly Incident[], actors: Actors): string {
  switch (by) {
    case "country":
      return key === unknownKey ? "Unknown" : countryName(key as CountryCode);
    case "actor":
      return key === unknownKey ? "Not attributed" : (actors.get(key)?.name ?? key);
    case "victim":
      return incidents.find(({ victim }) => victim.id === key)?.victim.name ?? key;
    case "technique":
      return key === unknownKey ? "Not named by technique" : key;
    case "year":
    case "sector":
      return key;
    default:
      return by satisfies never;
  }
}
