import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Finding } from "../base/finding.ts";
import { Failure } from "../base/failure.ts";
import { readPrices, type PriceTable } from "../prices/price-table.ts";
import type { Actors } from "../tags/actor.ts";
import { checkIncident, checkPublished, checkActors, type Known } from "./check.ts";
import type { Incident } from "./incident.ts";
import type { PublishedSet } from "./published-set.ts";
import { readActor } from "./read-actor.ts";
import { readIncident } from "./read-incident.ts";
import { readPublished } from "./read-published.ts";
import type { RegisterFile, TextFile } from "./register-file.ts";

/** The files of one register folder, each with its path as it is to be named in messages. */
export type RegisterFolder = {
  readonly incidents: readonly TextFile[];
  readonly actors: readonly TextFile[];
  readonly published: readonly TextFile[];
  readonly prices: readonly TextFile[];
};

/** Thefts, actors, published figures and prices: all that the losses are made of. */
export type Register = {
  /** In order of date, then id. */
  readonly incidents: readonly Incident[];
  readonly actors: Actors;
  readonly published: ReadonlyMap<string, PublishedSet>;
  readonly prices: PriceTable;
  /** SHA-256 over all files, names and contents: two registers with the same digest give the same figures. */
  readonly digest: string;
  readonly findings: readonly Finding[];
};

/**
 * Reads and checks register folders. Where a later folder holds an id again, it replaces the earlier one's entry, and
 * a finding says so.
 *
 * @returns Everything that could be read, with the findings; entries whose file holds an error are left out. Callers
 *   that need figures go through {@link requireValid}.
 * Cost: linear in the files.
 */
export function readRegister(folders: readonly RegisterFolder[]): Register {
  const findings: Finding[] = [];
  const keep = <Entry extends { readonly id: string }>(
    entries: Map<string, Entry>,
    file: RegisterFile<unknown>,
    entry: Entry | undefined,
  ): void => {
    findings.push(...file.findings);
    if (entry === undefined) return;
    if (entries.has(entry.id)) {
      const what = `replaces the entry ${entry.id} of an earlier register`;
      findings.push({ severity: "warning", place: { file: file.path }, what, mend: "rename it if that is not meant" });
    }
    entries.set(entry.id, entry);
  };
  const actors = new Map<string, NonNullable<ReturnType<typeof readActor>["actor"]>>();
  const published = new Map<string, PublishedSet>();
  const incidents = new Map<string, Incident>();
  const actorFiles = folders.flatMap((folder) => folder.actors.map(readActor));
  const setFiles = folders.flatMap((folder) => folder.published.map(readPublished));
  const incidentFiles = folders.flatMap((folder) => folder.incidents.map(readIncident));
  for (const { file, actor } of actorFiles) keep(actors, file, actor);
  for (const { file, set } of setFiles) keep(published, file, set);
  for (const { file, incident } of incidentFiles) keep(incidents, file, incident);
  const priceFiles = readPrices(folders.flatMap((folder) => folder.prices));
  findings.push(...priceFiles.findings);

  const known: Known = { actors, published, prices: priceFiles.prices };
  findings.push(...checkActors(actorFiles, known));
  for (const { file, set } of setFiles) findings.push(...checkPublished(file, set, known));
  for (const { file, incident } of incidentFiles) findings.push(...checkIncident(file, incident, known));
  return {
    incidents: [...incidents.values()].toSorted(byDate),
    actors,
    published,
    prices: priceFiles.prices,
    digest: digest(folders),
    findings: findings.toSorted(byPlace),
  };
}

/**
 * The register itself, where its findings hold no error.
 *
 * @throws {Failure} `REGISTER_INVALID` with the first error's place and the number of the others.
 */
export function requireValid(register: Register): Register {
  const errors = register.findings.filter(({ severity }) => severity === "error");
  const [first] = errors;
  if (first === undefined) return register;
  throw new Failure("REGISTER_INVALID", {
    place: first.place,
    why: first.what,
    mend: first.mend,
    more: errors.length - 1,
  });
}

function digest(folders: readonly RegisterFolder[]): string {
  const hash = sha256.create();
  for (const folder of folders) {
    for (const file of [...folder.incidents, ...folder.actors, ...folder.published, ...folder.prices]) {
      const text = utf8ToBytes(file.text);
      // The name without its folder: the same files in another place are the same register.
      const name = file.path.split("/").slice(-2).join("/");
      hash.update(utf8ToBytes(`${name}\n${text.length}\n`)).update(text);
    }
  }
  return bytesToHex(hash.digest());
}

function byDate(left: Incident, right: Incident): number {
  if (left.date.first !== right.date.first) return left.date.first < right.date.first ? -1 : 1;
  return left.id < right.id ? -1 : 1;
}

function byPlace(left: Finding, right: Finding): number {
  if (left.severity !== right.severity) return left.severity === "error" ? -1 : 1;
  if (left.place.file !== right.place.file) return left.place.file < right.place.file ? -1 : 1;
  return (left.place.line ?? 0) - (right.place.line ?? 0);
}
