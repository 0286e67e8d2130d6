import { isFailure } from "../base/failure.ts";
import type { Finding } from "../base/finding.ts";
import { formatMillions, scaleUsd } from "../base/usd.ts";
import type { PriceTable } from "../prices/price-table.ts";
import { findActor, withSubgroups, type Actor, type Actors } from "../tags/actor.ts";
import { appraiseAtTheft } from "./appraisal.ts";
import type { Incident } from "./incident.ts";
import type { PublishedSet } from "./published-set.ts";
import type { Path, RegisterFile } from "./register-file.ts";
import type { ActorFile, IncidentFile, PublishedFile } from "./schema.ts";

/** What the register's files may refer to. */
export type Known = {
  readonly actors: Actors;
  readonly published: ReadonlyMap<string, PublishedSet>;
  readonly prices: PriceTable;
};

/** Checks an incident against the rest of the register. `incident` is undefined where the file itself is broken. */
export function checkIncident(
  file: RegisterFile<IncidentFile>,
  incident: Incident | undefined,
  known: Known,
): readonly Finding[] {
  const content = file.content;
  if (content === undefined) return [];
  const before = file.findings.length;
  checkId(file, content);
  checkSources(file, content);
  const { published } = content.victim.country;
  if (published !== undefined && !known.published.has(published.by)) {
    const what = `unknown published set "${published.by}"`;
    file.error(["victim", "country", "published", "by"], what, "name a file of data/published");
  }
  checkActor(file, ["attribution", "actor"], content.attribution?.actor, known.actors);
  for (const [index, { actor }] of (content.suspicions ?? []).entries()) {
    checkActor(file, ["suspicions", index, "actor"], actor, known.actors);
  }
  if (incident !== undefined) {
    checkDates(file, incident);
    checkRecovered(file, incident);
    checkValue(file, incident, known.prices);
  }
  return file.findings.slice(before);
}

/** Checks that published figures name known actors and their own sources. */
export function checkPublished(
  file: RegisterFile<PublishedFile>,
  set: PublishedSet | undefined,
  known: Known,
): readonly Finding[] {
  const content = file.content;
  if (content === undefined || set === undefined) return [];
  const before = file.findings.length;
  checkActor(file, ["actor"], content.actor, known.actors);
  checkReferences(
    file,
    content.sources,
    content.figures.flatMap(({ sources }, index) =>
      sources.map((key, position) => ({ path: ["figures", index, "sources", position], key })),
    ),
  );
  return file.findings.slice(before);
}

/** Checks that parents exist and that no group is within itself. */
export function checkActors(
  files: readonly { readonly file: RegisterFile<ActorFile>; readonly actor: Actor | undefined }[],
  known: Known,
): readonly Finding[] {
  return files.flatMap(({ file, actor }) => {
    const before = file.findings.length;
    checkActor(file, ["parent"], actor?.parent, known.actors);
    if (actor?.parent !== undefined && withSubgroups(known.actors, actor.id).has(actor.parent)) {
      file.error(["parent"], `${actor.id} and ${actor.parent} are each within the other`, "correct one of the parents");
    }
    return file.findings.slice(before);
  });
}

function checkId(file: RegisterFile<IncidentFile>, content: IncidentFile): void {
  if (!file.path.endsWith(`/${content.id}.yaml`)) {
    file.error(["id"], `the id "${content.id}" differs from the file's name`, "name the file after the id");
  }
  if (!content.id.startsWith(content.date)) {
    file.error(["id"], `the id does not begin with the date ${content.date}`, "correct id or date");
  }
}

function checkActor(file: RegisterFile<unknown>, path: Path, id: string | undefined, actors: Actors): void {
  if (id === undefined || actors.has(id)) return;
  try {
    // The name may be an alias; the register itself uses ids only.
    const actor = findActor(actors, id, "the register");
    file.error(path, `"${id}" is not an actor's id`, `write ${actor.id}`);
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    file.error(path, `unknown actor "${id}"`, "add it to data/actors or use one that is there");
  }
}

type Reference = { readonly path: Path; readonly key: string | undefined };

function checkSources(file: RegisterFile<IncidentFile>, content: IncidentFile): void {
  const list = (path: Path, items: readonly { readonly source?: string }[] | undefined): readonly Reference[] =>
    (items ?? []).map(({ source }, index) => ({ path: [...path, index, "source"], key: source }));
  checkReferences(file, content.sources, [
    ...list(["stolen"], content.stolen),
    ...list(["values"], content.values),
    ...list(["recovered"], content.recovered),
    ...list(["suspicions"], content.suspicions),
    ...list(["victim", "country", "claimed"], content.victim.country.claimed),
    ...list(["attribution", "claims"], content.attribution?.claims),
    ...list(["attribution", "disputes"], content.attribution?.disputes),
  ]);
}

function checkReferences(file: RegisterFile<unknown>, sources: object, references: readonly Reference[]): void {
  for (const { path, key } of references) {
    if (key !== undefined && !Object.hasOwn(sources, key)) {
      file.error(path, `the source "${key}" is not among the file's sources`, "add it under `sources`");
    }
  }
}

function checkDates(file: RegisterFile<IncidentFile>, incident: Incident): void {
  const { date } = incident;
  const claims = [
    ...(incident.attribution?.claims ?? []).map((claim, index) => ({ ...claim, path: ["claims", index] as const })),
    ...(incident.attribution?.disputes ?? []).map((claim, index) => ({ ...claim, path: ["disputes", index] as const })),
  ];
  if (incident.disclosed !== undefined && incident.disclosed.last < date.first) {
    file.error(["disclosed"], "disclosed before the theft", "correct date or disclosed");
  }
  for (const claim of claims) {
    if (claim.date !== undefined && claim.date.last < date.first) {
      file.error(["attribution", ...claim.path, "date"], "attributed before the theft", "correct the date");
    }
  }
  for (const [index, recovery] of incident.recovered.entries()) {
    if (recovery.date !== undefined && recovery.date.last < date.first) {
      file.error(["recovered", index, "date"], "recovered before the theft", "correct the date");
    }
  }
}

function checkRecovered(file: RegisterFile<IncidentFile>, incident: Incident): void {
  for (const [index, { returned }] of incident.recovered.entries()) {
    if (returned === undefined) continue;
    const stolen = incident.stolen.find((item) => item.kind === "asset" && item.asset.id === returned.asset.id);
    if (stolen?.kind === "asset" && returned.units > stolen.units) {
      file.error(["recovered", index, "amount"], "more was recovered than was stolen", "correct one of the amounts");
    }
  }
}

/**
 * A published value should lie within a factor of two of amount × price. Where part of the loot has no known price,
 * the product is a lower bound and can only show a value to be too small.
 */
function checkValue(file: RegisterFile<IncidentFile>, incident: Incident, prices: PriceTable): void {
  const appraisal = appraiseAtTheft(incident, prices);
  const [value] = incident.valuesAtTheft;
  if (appraisal.priced.length === 0 || value === undefined) return;
  const index = file.content?.values.findIndex(({ at }) => at === "theft") ?? 0;
  const tooSmall = scaleUsd(value.usd, 2n, 1n) < appraisal.usd;
  const tooLarge = appraisal.complete && value.usd > scaleUsd(appraisal.usd, 2n, 1n);
  if (!tooSmall && !tooLarge) return;
  const figures = `$${formatMillions(value.usd)}m against $${formatMillions(appraisal.usd)}m`;
  file.warning(
    ["values", index, "usd"],
    `the value is not within a factor of two of amount × price: ${figures}`,
    "check amount, date and value against their sources",
  );
}
