import { countryName, type CountryCode } from "../base/country.ts";
import type { Day } from "../base/day.ts";
import { maxUsd, minUsd, subtractUsd, zeroUsd, type Usd } from "../base/usd.ts";
import type { Incident } from "../incidents/incident.ts";
import type { PublishedFigure, PublishedSet } from "../incidents/published-set.ts";
import type { Register } from "../incidents/register.ts";
import { withSubgroups } from "../tags/actor.ts";
import { countryOf } from "./grouping.ts";
import { countryRules, type Contribution, type Selection } from "./selection.ts";

/**
 * Why a theft might account for part of a difference.
 *
 * On record, a source supports it: `confidence` (attributed, less surely than asked), `country` (a rule or a source
 * places the victim there), `value` (another published value), `later` (attributed in public only after the figure
 * was published), `disputed` (somebody denies the attribution). Open, nothing on record supports it: `place-unknown`
 * (the victim's country is not established), `suspected` (not attributed, but somebody suspects the actor).
 */
export type CandidateKind = "confidence" | "country" | "value" | "later" | "disputed" | "place-unknown" | "suspected";

/** A theft that would change our figure if it were counted otherwise. Never applied, only named. */
export type Candidate = {
  readonly incident: Incident;
  readonly kind: CandidateKind;
  /** By how much our figure would rise; negative where it would fall. */
  readonly effect: Usd;
  readonly why: string;
};

const openKinds: readonly CandidateKind[] = ["place-unknown", "suspected"];

/** Whether something on record supports the candidate. */
export function isOnRecord({ kind }: Candidate): boolean {
  return !openKinds.includes(kind);
}

/** What a difference is about: our thefts in the figure's cell and those outside it. */
export type Cell = {
  readonly set: PublishedSet;
  readonly figure: PublishedFigure;
  readonly selection: Selection;
  /** Selected thefts in the figure's country, or all where it is not for a country. */
  readonly inside: readonly Contribution[];
  readonly outside: readonly Contribution[];
};

/** What would raise our figure, the best supported first, then by size. */
export function raising(register: Register, cell: Cell): readonly Candidate[] {
  const country = cell.figure.group === "country" ? (cell.figure.key as CountryCode) : undefined;
  return [
    ...cell.inside.flatMap(lessSure),
    ...(country === undefined ? [] : cell.outside.flatMap((contribution) => placed(contribution, country))),
    ...cell.inside.flatMap((contribution) => revalued(contribution, maxUsd)),
    ...suspected(register, cell, country),
  ].toSorted(bestFirst);
}

/** What would lower our figure, likewise. */
export function lowering(cell: Cell): readonly Candidate[] {
  const counted = cell.inside.filter((contribution) => contribution.counted);
  const country = cell.figure.group === "country" ? (cell.figure.key as CountryCode) : undefined;
  return counted
    .flatMap((contribution): readonly Candidate[] => {
      const whole = removal(contribution, cell, country);
      // A theft is left out once, for its best reason, or else valued otherwise.
      return whole === undefined ? revalued(contribution, minUsd) : [whole];
    })
    .toSorted(bestFirst);
}

function removal(contribution: Contribution, cell: Cell, country: CountryCode | undefined): Candidate | undefined {
  const { incident, central } = contribution;
  if (central === undefined || central === zeroUsd) return undefined;
  const effect = subtractUsd(zeroUsd, central);
  const first = firstClaim(incident);
  if (first !== undefined && first > cell.set.published.last) {
    return {
      incident,
      kind: "later",
      effect,
      why: `no attribution on record is dated before ${first}, after the figure`,
    };
  }
  const [dispute] = incident.attribution?.disputes ?? [];
  if (dispute !== undefined) {
    return { incident, kind: "disputed", effect, why: `attribution disputed by ${dispute.by}` };
  }
  const elsewhere = country === undefined ? undefined : otherPlaces(incident).find(({ code }) => code !== country);
  if (elsewhere === undefined) return undefined;
  return { incident, kind: "country", effect, why: elsewhere.why };
}

function lessSure({ incident, counted, high }: Contribution): readonly Candidate[] {
  const value = incident.valuesAtTheft[0]?.usd ?? high;
  if (counted || value === zeroUsd) return [];
  const why = `attributed with ${incident.attribution?.confidence ?? "no"} confidence`;
  return [{ incident, kind: "confidence", effect: value, why }];
}

function placed({ incident, high }: Contribution, country: CountryCode): readonly Candidate[] {
  const effect = incident.valuesAtTheft[0]?.usd ?? high;
  if (effect === zeroUsd) return [];
  const places = otherPlaces(incident);
  const match = places.find(({ code }) => code === country);
  if (match !== undefined) return [{ incident, kind: "country", effect, why: match.why }];
  if (countryRules.some((rule) => countryOf(incident, rule) !== undefined) || places.length > 0) return [];
  return [{ incident, kind: "place-unknown", effect, why: "the victim's country is not established" }];
}

/** Every place on record for a victim, with the words that say so. */
function otherPlaces(incident: Incident): readonly { readonly code: CountryCode; readonly why: string }[] {
  const { seat, operator, published, claimed } = incident.victim.country;
  const place = (
    code: CountryCode | undefined,
    words: (name: string) => string,
  ): { code: CountryCode; why: string }[] => (code === undefined ? [] : [{ code, why: words(countryName(code)) }]);
  return [
    ...place(published?.code, (name) => `counted under ${name} by ${published?.by}`),
    ...claimed.flatMap(({ code, basis }) => place(code, (name) => `placed in ${name} by a source: ${basis}`)),
    ...place(operator, (name) => `operated from ${name}`),
    ...place(seat, (name) => `legal seat in ${name}`),
  ];
}

function revalued(
  { incident, counted, central }: Contribution,
  pick: (first: Usd, ...rest: readonly Usd[]) => Usd,
): readonly Candidate[] {
  if (!counted || central === undefined) return [];
  const other = pick(central, ...incident.valuesAtTheft.map(({ usd }) => usd));
  const value = incident.valuesAtTheft.find(({ usd }) => usd === other);
  if (other === central || value === undefined) return [];
  return [
    { incident, kind: "value", effect: subtractUsd(other, central), why: `another published value: ${value.basis}` },
  ];
}

function suspected(register: Register, cell: Cell, country: CountryCode | undefined): readonly Candidate[] {
  const { actor, from, to } = cell.selection;
  const actors = actor === undefined ? new Set<string>() : withSubgroups(register.actors, actor);
  return register.incidents.flatMap((incident): readonly Candidate[] => {
    const suspicion = incident.suspicions.find((one) => actors.has(one.actor));
    const value = incident.valuesAtTheft[0]?.usd;
    if (incident.simulated || suspicion === undefined || value === undefined || incident.attribution !== undefined)
      return [];
    if (incident.date.first < from || incident.date.last > to) return [];
    if (country !== undefined && !otherPlaces(incident).some(({ code }) => code === country)) return [];
    return [{ incident, kind: "suspected", effect: value, why: `not attributed; suspected by ${suspicion.by}` }];
  });
}

/** The first day on which somebody is on record as naming the actor; undefined where no claim is dated. */
function firstClaim(incident: Incident): Day | undefined {
  const days = (incident.attribution?.claims ?? []).flatMap(({ date }) => (date === undefined ? [] : [date.first]));
  return days.toSorted()[0];
}

function bestFirst(left: Candidate, right: Candidate): number {
  const leftOpen = openKinds.includes(left.kind);
  if (leftOpen !== openKinds.includes(right.kind)) return leftOpen ? 1 : -1;
  const [leftSize, rightSize] = [left, right].map(({ effect }) =>
    effect < zeroUsd ? subtractUsd(zeroUsd, effect) : effect,
  );
  if (leftSize !== rightSize) return (leftSize ?? zeroUsd) > (rightSize ?? zeroUsd) ? -1 : 1;
  return left.incident.id < right.incident.id ? -1 : 1;
}
