import { hash } from "node:crypto";
import type { Attributes } from "./attributes.ts";
import { subjectKey } from "./memory-tags.ts";
import type { TagId, TagSubject } from "./tag.ts";

/** A tag that was read from a source and found good: what is stored of it. */
export type NewTag = {
  readonly subject: TagSubject;
  readonly label: string;
  /** The tag's own URL; undefined where that of the attributes holds. */
  readonly url: string | undefined;
  readonly details: readonly (readonly [string, string])[];
  readonly attributes: Attributes;
};

/**
 * A tag's id within a ledger: the same for as long as its file's name, its subject, its label and its source are.
 *
 * @param ordinal - Tells tags apart that are the same in all of these; from 0, in the order of the file.
 */
export function tagId(set: string, { subject, label, url, attributes }: NewTag, ordinal: number): TagId {
  const source = url ?? attributes.url ?? attributes.sourceName;
  const text = JSON.stringify([set, subjectKey(subject), label, source, ordinal]);
  return hash("sha256", text, "hex").slice(0, 16) as TagId;
}
