import type { Confidence } from "./actor.ts";
import { categoryKind, contradict } from "./category.ts";
import { strength } from "./confidence.ts";
import { stands, type Tag } from "./tag.ts";

/** An actor that a tag's words were found to mean. */
export type TagActor = {
  readonly id: string;
  readonly name: string;
  /** Where the actor is described: the register of thefts, or an imported actor pack. */
  readonly from: "register" | "pack";
  /** By which rule the words lead to it; see `docs/methods/tags.md`. */
  readonly rule: "id" | "name" | "alias";
  /** How sure that rule is; the tag itself has a confidence of its own. */
  readonly certainty: Confidence;
  /** Ids of the groups that it is within, from the nearest. */
  readonly within: readonly string[];
};

/** Says which actor a tag means; undefined where it names none that is known. */
export type ResolveActor = (tag: Tag) => TagActor | undefined;

/** Two statements about one subject that cannot both be right. Not a verdict: both are shown. */
export type TagConflict = {
  readonly kind: "actor" | "category";
  /** The contradicting actors' ids, or names where they are not known; or categories. In ascending order. */
  readonly values: readonly string[];
  readonly tags: readonly Tag[];
};

/**
 * Who is behind an address, by its tags: what tracing stops at and what keeps clusters apart. Where tags contradict each
 * other the strongest is named and `conflicts` says so.
 */
export type TaggedEntity = {
  /** The actor's name, or the strongest tag's label. */
  readonly entity: string;
  readonly actor: TagActor | undefined;
  /** The category or abuse that decides `kind`; undefined where the tags name none. */
  readonly category: string | undefined;
  /** `pooled`: a trace stops here. `illicit`: said to be a perpetrator's, sanctioned, …; money is followed on. */
  readonly kind: "pooled" | "protocol" | "service" | "illicit" | "descriptive";
  /** Of the tag that decides `category`, or of the strongest. */
  readonly confidence: Confidence;
  /** All tags, the strongest first; also withdrawn and disputed ones, which decide nothing. */
  readonly tags: readonly Tag[];
  readonly conflicts: readonly TagConflict[];
};

/** What decides first, where an address has several categories: that its money is pooled matters most to a trace. */
const kindOrder = ["pooled", "protocol", "service", "illicit", "descriptive"] as const;

/**
 * The entity that a subject's tags describe; undefined where no tag stands. Cost: tags², which are few.
 *
 * Only tags that stand decide: withdrawn and disputed ones are shown.
 */
export function entityOf(tags: readonly Tag[], resolve: ResolveActor): TaggedEntity | undefined {
  const ordered = strongestFirst(tags);
  const standing = ordered.filter(stands);
  const [strongest] = standing;
  if (strongest === undefined) return undefined;
  const words = standing.flatMap((tag) => wordsOf(tag).map((word) => ({ tag, word, kind: categoryKind(word) })));
  const deciding = kindOrder.flatMap((kind) => words.filter((one) => one.kind === kind))[0];
  const lead = deciding?.tag ?? strongest;
  const actor = resolve(lead) ?? standing.map(resolve).find((found) => found !== undefined);
  return {
    entity: actor?.name ?? lead.label,
    actor,
    category: deciding?.word,
    kind: deciding?.kind ?? "descriptive",
    confidence: lead.confidence,
    tags: ordered,
    conflicts: conflictsOf(standing, resolve),
  };
}

/** Tags in descending order of strength; of equally strong ones the one checked later first, then by id. */
export function strongestFirst(tags: readonly Tag[]): readonly Tag[] {
  return tags.toSorted(
    (left, right) =>
      rank(right) - rank(left) ||
      strength(right.confidence, right.grade) - strength(left.confidence, left.grade) ||
      compare(right.checked, left.checked) ||
      compare(left.id, right.id),
  );
}

/** The contradictions among the tags of one subject, or of one cluster. Only tags that stand are compared. */
export function conflictsOf(tags: readonly Tag[], resolve: ResolveActor): readonly TagConflict[] {
  const standing = tags.filter(stands);
  return [...actorConflicts(standing, resolve), ...categoryConflicts(standing)];
}

/** Actors contradict each other unless one is within the other; an unknown one is compared by its name. */
function actorConflicts(tags: readonly Tag[], resolve: ResolveActor): readonly TagConflict[] {
  const named = new Map<string, { readonly within: readonly string[]; readonly tags: Tag[] }>();
  for (const tag of tags) {
    const actor = resolve(tag);
    const id = actor?.id ?? tag.actor;
    if (id === undefined) continue;
    const entry = named.get(id) ?? { within: actor?.within ?? [], tags: [] };
    entry.tags.push(tag);
    named.set(id, entry);
  }
  const ids = [...named.keys()].toSorted(compare);
  const contradicting = ids.filter((id) =>
    ids.some(
      (other) =>
        other !== id &&
        named.get(id)?.within.includes(other) !== true &&
        named.get(other)?.within.includes(id) !== true,
    ),
  );
  if (contradicting.length === 0) return [];
  return [{ kind: "actor", values: contradicting, tags: contradicting.flatMap((id) => named.get(id)?.tags ?? []) }];
}

function categoryConflicts(tags: readonly Tag[]): readonly TagConflict[] {
  const said = new Map<string, Tag[]>();
  for (const tag of tags) {
    if (tag.category === undefined) continue;
    said.set(tag.category, [...(said.get(tag.category) ?? []), tag]);
  }
  const ids = [...said.keys()].toSorted(compare);
  const contradicting = ids.filter((id) => ids.some((other) => contradict(id, other)));
  if (contradicting.length === 0) return [];
  return [{ kind: "category", values: contradicting, tags: contradicting.flatMap((id) => said.get(id) ?? []) }];
}

/** The words of the taxonomy that a tag says of its subject. */
function wordsOf({ category, abuse, concepts }: Tag): readonly string[] {
  return [category, abuse, ...concepts].filter((word) => word !== undefined);
}

function rank(tag: Tag): number {
  return stands(tag) ? 1 : 0;
}

function compare(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
