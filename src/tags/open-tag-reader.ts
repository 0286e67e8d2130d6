import type { ChainId } from "../base/caip.ts";
import type { Day } from "../base/day.ts";
import { Failure } from "../base/failure.ts";
import { openPage } from "../ledger/page.ts";
import type { StoreSnapshot } from "../store/page-store.ts";
import { actorResolver, type PackActor, type PackActors } from "./actor-resolver.ts";
import type { Actors } from "./actor.ts";
import { parseAttributes, type Attributes } from "./attributes.ts";
import { entityOf, strongestFirst } from "./entity.ts";
import {
  actorKey,
  actorsByNameKey,
  attributesKey,
  remarksKey,
  subjectKey,
  subjectsOf,
  type SubjectKind,
} from "./keys.ts";
import { readJson, readManifest, type TagManifest } from "./manifest.ts";
import { decodeRecord, visibleEntries, type Entry } from "./record.ts";
import { remarked } from "./remarks.ts";
import type { TagReader } from "./tag-reader.ts";
import type { Tag, TagId, TagRemark, TagSubject } from "./tag.ts";

/** So many attributes are kept; a source has few. */
const attributesMax = 65_536;

/**
 * Opens the tags of a ledger at the state of a snapshot, for as long as the snapshot is held.
 *
 * @param actors - The register's actors, to which names are resolved; imported actor packs are looked into as well.
 * @param folder - Where the ledger is, for messages.
 * @throws {Failure} `LEDGER_FORMAT`, `LEDGER_DAMAGED`; reading likewise.
 */
export function openTagReader(snapshot: StoreSnapshot, actors: Actors, folder: string): TagReader {
  const manifest = readManifest(snapshot, folder);
  const numbers = new Map(manifest.chains.map((chain, index) => [chain, index + 1]));
  const attributesOf = attributesReader(snapshot);
  const resolve = actorResolver(actors, packActors(snapshot));
  const tagMaker = { manifest, attributesOf };
  const tagsAt = (key: Uint8Array, sealed: Uint8Array | undefined, of: Of): readonly Tag[] => {
    if (sealed === undefined) return [];
    const record = decodeRecord(sealed);
    const subject = subjectFrom(of, record.subject);
    const tags = visibleEntries(record, manifest).map((entry) => tagOf(entry, subject, tagMaker));
    if (tags.length === 0) return tags;
    const remarks = snapshot.get(remarksKey(key));
    return strongestFirst(remarks === undefined ? tags : remarked(tags, readRemarks(remarks)));
  };
  const at = (kind: SubjectKind, chain: ChainId | undefined, text: string): readonly Tag[] => {
    const number = chain === undefined ? 0 : numbers.get(chain);
    if (number === undefined) return [];
    const key = subjectKey(kind, number, text);
    return tagsAt(key, snapshot.get(key), { kind, chain });
  };
  const all = function* (kind: SubjectKind, chain: ChainId | undefined): Generator<readonly Tag[]> {
    const number = chain === undefined ? 0 : (numbers.get(chain) ?? 0);
    for (const { key, value } of snapshot.range(subjectsOf(kind, number))) {
      const tags = tagsAt(Uint8Array.from(key), value, { kind, chain });
      if (tags.length > 0) yield tags;
    }
  };
  return {
    tagsOf: (chain, address) => at("address", chain, address),
    tagsOfTransaction: (chain, txid) => at("transaction", chain, txid),
    tagsOfIncident: (incident) => at("incident", undefined, incident),
    entityAt: (chain, address) => entityOf(at("address", chain, address), resolve),
    chains: manifest.chains,
    *tags() {
      for (const kind of ["address", "transaction"] as const) {
        for (const chain of manifest.chains) for (const tags of all(kind, chain)) yield* tags;
      }
      for (const tags of all("incident", undefined)) yield* tags;
    },
    *taggedAddresses(chain) {
      if (!numbers.has(chain)) return;
      for (const tags of all("address", chain)) {
        const subject = tags[0]?.subject;
        if (subject?.kind === "address") yield { address: subject.address, tags };
      }
    },
    resolve,
  };
}

type Of = { readonly kind: SubjectKind; readonly chain: ChainId | undefined };
type TagMaker = { readonly manifest: TagManifest; readonly attributesOf: (number: number) => Attributes };

function subjectFrom({ kind, chain }: Of, text: string): TagSubject {
  if (kind === "incident" || chain === undefined) return { kind: "incident", incident: text };
  return kind === "address" ? { kind, chain, address: text } : { kind, chain, txid: text };
}

function tagOf(entry: Entry, subject: TagSubject, { manifest, attributesOf }: TagMaker): Tag {
  const attributes = attributesOf(entry.attributes);
  const set = manifest.sets[entry.set];
  if (set === undefined) {
    throw new Failure("LEDGER_DAMAGED", { what: `tag ${entry.id}`, why: `its set ${entry.set} is not there` });
  }
  // A withdrawn tag stood last in the newest content before the one that it is missing from.
  const stood = entry.ending === "withdrawn" ? set.contents.filter((one) => one.revision < entry.until) : set.contents;
  const content = stood.at(-1);
  const withdrawn = entry.ending === "withdrawn" ? dayOfRevision(manifest, entry.until) : undefined;
  if (content === undefined || (entry.ending === "withdrawn" && withdrawn === undefined)) {
    throw new Failure("LEDGER_DAMAGED", { what: `tag ${entry.id}`, why: "the import that it is of is not there" });
  }
  return {
    id: entry.id as TagId,
    subject,
    label: entry.label,
    category: attributes.category,
    concepts: attributes.concepts,
    abuse: attributes.abuse,
    actor: attributes.actor,
    confidence: attributes.confidence,
    grade: attributes.grade,
    source: {
      name: attributes.sourceName,
      url: entry.url === "" ? attributes.url : entry.url,
      date: attributes.date,
      licence: attributes.licence,
      set: set.name,
      hash: content.hash,
    },
    from: attributes.from,
    to: attributes.to,
    checked: content.checked,
    clusterDefiner: attributes.clusterDefiner,
    details: entry.details,
    withdrawn,
    remarks: [],
    given: undefined,
  };
}

function dayOfRevision({ days }: TagManifest, revision: number): Day | undefined {
  return days.find(([number]) => number === revision)?.[1];
}

/** @throws {Failure} `LEDGER_DAMAGED`. */
export function readRemarks(sealed: Uint8Array): ReadonlyMap<string, readonly TagRemark[]> {
  const stored = readJson(sealed, "the remarks on a subject's tags") as { readonly remarks: [string, TagRemark[]][] };
  return new Map(stored.remarks);
}

/** Attributes by number, remembered. */
export function attributesReader(snapshot: Pick<StoreSnapshot, "get">): (number: number) => Attributes {
  const kept = new Map<number, Attributes>();
  return (number) => {
    const known = kept.get(number);
    if (known !== undefined) return known;
    const content = openPage(snapshot.get(attributesKey(number)), `the attributes ${number} of tags`);
    const attributes = parseAttributes(Buffer.from(content).toString("utf8"));
    if (kept.size >= attributesMax) kept.clear();
    kept.set(number, attributes);
    return attributes;
  };
}

/** The actors of imported packs, read as they are asked for. */
export function packActors(snapshot: Pick<StoreSnapshot, "get">): PackActors {
  const byId = (id: string): PackActor | undefined => {
    const sealed = snapshot.get(actorKey(id));
    return sealed === undefined ? undefined : (readJson(sealed, `the actor ${id}`) as StoredActor).actor;
  };
  return {
    byId,
    byName: (name) => {
      const sealed = snapshot.get(actorsByNameKey(name));
      if (sealed === undefined) return [];
      const { ids } = readJson(sealed, `the actors named ${name}`) as { readonly ids: readonly string[] };
      return ids.map(byId).filter((actor) => actor !== undefined);
    },
  };
}

/** An actor as it is stored: with the set that describes it. */
export type StoredActor = { readonly actor: PackActor; readonly set: number; readonly withdrawn: Day | undefined };
