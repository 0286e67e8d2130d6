import { parseUsd } from "../../base/usd.ts";
import { countryOf, withSubgroups, type Actor, type Incident } from "../../data/register-types.ts";
import type { Sort } from "../../parts/table.tsx";

/** What the page's address asks for; undefined: anything. */
export type Filter = {
  readonly q: string | undefined;
  /** An actor's id, with its subgroups; `none`: not attributed. */
  readonly actor: string | undefined;
  /** By the published rule; `unknown`: not established. */
  readonly country: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
};

export function filterOf(query: { readonly get: (name: string) => string | undefined }): Filter {
  const [q, actor, country] = [query.get("q"), query.get("actor"), query.get("country")];
  return { q, actor, country, from: query.get("from"), to: query.get("to") };
}

const usual: Sort = { key: "date", direction: "descending" };
const sortable: readonly string[] = ["victim", "date", "usd", "country", "actor"];

/** `usd` is ascending, `-usd` descending. */
export function sortOf(text: string | undefined): Sort {
  const key = text?.replace(/^-/u, "") ?? "";
  if (!sortable.includes(key)) return usual;
  return { key, direction: text?.startsWith("-") === true ? "descending" : "ascending" };
}

export function sortText({ key, direction }: Sort): string {
  return direction === "descending" ? `-${key}` : key;
}

/** The thefts that fit, sorted; what is unknown comes last in either direction. */
export function selectIncidents(
  incidents: readonly Incident[],
  { filter, sort, actors }: { readonly filter: Filter; readonly sort: Sort; readonly actors: readonly Actor[] },
): readonly Incident[] {
  const group = filter.actor === undefined ? undefined : withSubgroups(actors, filter.actor);
  const names = new Map(actors.map(({ id, name, aliases }) => [id, [name, ...aliases].join(" ")]));
  const terms = (filter.q ?? "")
    .toLowerCase()
    .split(/\s+/u)
    .filter((term) => term !== "");
  const fitting = incidents.filter((one) => {
    const actor = one.attribution?.actor;
    if (filter.actor === "none" ? actor !== undefined : group !== undefined && !group.has(actor ?? "")) return false;
    if (filter.country !== undefined && (countryOf(one, "published") ?? "unknown") !== filter.country) return false;
    if (filter.from !== undefined && one.date < filter.from.slice(0, one.date.length)) return false;
    if (filter.to !== undefined && one.date.slice(0, filter.to.length) > filter.to) return false;
    if (terms.length === 0) return true;
    const text = textOf(one, names.get(actor ?? "") ?? "");
    return terms.every((term) => text.includes(term));
  });
  return sorted(fitting, sort);
}

function textOf({ id, victim, stolen, chain, techniques, notes }: Incident, actor: string): string {
  const assets = stolen.map(({ symbol, token, lot }) => symbol ?? token ?? lot ?? "");
  const onChain = [...chain.theft, ...chain.thief, ...chain.victim];
  const how = techniques.map((technique) => `${technique.id ?? ""} ${technique.text}`);
  return [id, victim.name, victim.sector, actor, ...assets, ...onChain, ...how, notes ?? ""].join(" ").toLowerCase();
}

type Key = string | bigint | undefined;

const keys: Readonly<Record<string, (one: Incident) => Key>> = {
  victim: ({ victim }) => victim.name.toLowerCase(),
  date: ({ date }) => date,
  usd: ({ valuesAtTheft: [first] }) => (first === undefined ? undefined : parseUsd(first.usd)),
  country: (one) => countryOf(one, "published") ?? undefined,
  actor: ({ attribution }) => attribution?.actor,
};

function sorted(incidents: readonly Incident[], { key, direction }: Sort): readonly Incident[] {
  const keyOf = keys[key] ?? (() => undefined);
  const turn = direction === "ascending" ? 1 : -1;
  return incidents
    .map((one) => ({ one, value: keyOf(one) }))
    .toSorted((left, right) => {
      if (left.value === undefined || right.value === undefined) {
        return Number(left.value === undefined) - Number(right.value === undefined);
      }
      return left.value < right.value ? -turn : left.value > right.value ? turn : left.one.id < right.one.id ? -1 : 1;
    })
    .map(({ one }) => one);
}
