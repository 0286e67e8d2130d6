import { chain as chainNamed } from "../base/chains.ts";
import { isFailure } from "../base/failure.ts";
import { parseAddress, parseTxid } from "../chains/address.ts";
import type { StoreSnapshot } from "../store/page-store.ts";
import { categories } from "./category.ts";
import { conflictsOf, type TagConflict } from "./entity.ts";
import { allSubjects, subjectKey, type SubjectKind } from "./keys.ts";
import { readManifest, type TagManifest } from "./manifest.ts";
import { attributesReader } from "./open-tag-reader.ts";
import { decodeRecord, visibleEntries, type TagRecord } from "./record.ts";
import type { TagReader } from "./tag-reader.ts";
import { stands, type Tag, type TagSubject } from "./tag.ts";

/** What a look at all tags found. */
export type TagsChecked = {
  readonly tags: number;
  readonly subjects: number;
  readonly withdrawn: number;
  readonly disputed: number;
  /** What is wrong with the store itself; nothing should be. */
  readonly contradictions: readonly string[];
  /** Subjects whose tags contradict each other; the first {@link listedMax}. */
  readonly conflicts: readonly { readonly subject: TagSubject; readonly conflict: TagConflict }[];
  readonly conflictsCount: number;
  /** Words for categories that are not in the taxonomy, and names of actors that nothing is known of, with their counts. */
  readonly unknownCategories: ReadonlyMap<string, number>;
  readonly unknownActors: ReadonlyMap<string, number>;
};

const listedMax = 1_000;
const kinds: Readonly<Record<number, SubjectKind>> = { 1: "address", 2: "transaction", 3: "incident" };

/** Reads every tag: its record, its attributes, its set and its subject; and what tags contradict. Cost: a pass over all. */
export function checkTags(snapshot: StoreSnapshot, reader: TagReader, folder: string): TagsChecked {
  const contradictions = recordContradictions(snapshot, readManifest(snapshot, folder));
  if (contradictions.length > 0) return { ...nothing, contradictions };
  const unknownCategories = new Map<string, number>();
  const unknownActors = new Map<string, number>();
  const conflicts: { readonly subject: TagSubject; readonly conflict: TagConflict }[] = [];
  let [tags, subjects, withdrawn, disputed, conflictsCount] = [0, 0, 0, 0, 0];
  for (const group of bySubject(reader.tags())) {
    subjects += 1;
    for (const tag of group) {
      tags += 1;
      if (tag.withdrawn !== undefined) withdrawn += 1;
      else if (!stands(tag)) disputed += 1;
      for (const word of [tag.category, tag.abuse, ...tag.concepts]) {
        if (word !== undefined && !categories.has(word)) count(unknownCategories, word);
      }
      if (tag.actor !== undefined && reader.resolve(tag) === undefined) count(unknownActors, tag.actor);
    }
    for (const conflict of conflictsOf(group, reader.resolve)) {
      conflictsCount += 1;
      const [first] = group;
      if (first !== undefined && conflicts.length < listedMax) conflicts.push({ subject: first.subject, conflict });
    }
  }
  return {
    tags,
    subjects,
    withdrawn,
    disputed,
    contradictions,
    conflicts,
    conflictsCount,
    unknownCategories,
    unknownActors,
  };
}

const nothing: TagsChecked = {
  tags: 0,
  subjects: 0,
  withdrawn: 0,
  disputed: 0,
  contradictions: [],
  conflicts: [],
  conflictsCount: 0,
  unknownCategories: new Map(),
  unknownActors: new Map(),
};

/** Tags of one subject come one after the other. */
function* bySubject(tags: Iterable<Tag>): Generator<readonly Tag[]> {
  let group: Tag[] = [];
  for (const tag of tags) {
    if (group[0] !== undefined && group[0].subject !== tag.subject) {
      yield group;
      group = [];
    }
    group.push(tag);
  }
  if (group.length > 0) yield group;
}

function recordContradictions(snapshot: StoreSnapshot, manifest: TagManifest): readonly string[] {
  const found: string[] = [];
  const attributesOf = attributesReader(snapshot);
  const live = manifest.sets.map(() => 0);
  const withdrawn = manifest.sets.map(() => 0);
  for (const { key, value } of snapshot.range(allSubjects)) {
    try {
      const record = decodeRecord(value);
      found.push(...keyContradictions(key, record, manifest));
      for (const { id, set, attributes, ending } of visibleEntries(record, manifest)) {
        attributesOf(attributes);
        const counts = ending === "withdrawn" ? withdrawn : live;
        if (counts[set] === undefined) found.push(`tag ${id}: its set ${set} is not there`);
        else counts[set] += 1;
      }
    } catch (error) {
      if (!isFailure(error, "LEDGER_DAMAGED")) throw error;
      found.push(error.message);
    }
  }
  for (const [number, set] of manifest.sets.entries()) {
    if (live[number] === set.live && withdrawn[number] === set.withdrawn) continue;
    const [counted, gone] = [live[number] ?? 0, withdrawn[number] ?? 0];
    found.push(
      `set ${set.name}: ${counted} tags and ${gone} withdrawn are there, ${set.live} and ${set.withdrawn} are due`,
    );
  }
  return found;
}

function keyContradictions(key: Uint8Array, { subject }: TagRecord, { chains }: TagManifest): readonly string[] {
  const kind = kinds[key[2] ?? 0];
  const number = ((key[3] ?? 0) << 8) | (key[4] ?? 0);
  if (kind === undefined || Buffer.compare(key, subjectKey(kind, number, subject)) !== 0) {
    return [`the tags of ${subject} stand at the key of another subject`];
  }
  if (kind === "incident") return [];
  const id = chains[number - 1];
  if (id === undefined) return [`the chain ${number} of ${subject} is not there`];
  try {
    const chain = chainNamed(id);
    const canonical = kind === "address" ? parseAddress(chain, subject) : parseTxid(chain, subject);
    return canonical === subject ? [] : [`${subject} is not in the canonical form, ${canonical}`];
  } catch (error) {
    if (!isFailure(error)) throw error;
    return [error.message];
  }
}

function count(counts: Map<string, number>, word: string): void {
  counts.set(word, (counts.get(word) ?? 0) + 1);
}
