import type { Tag, TagFields, TagRemark } from "./tag.ts";

/** The tags with what users said about each; corrections are applied in order, and what the source gave is kept beside. */
export function remarked(tags: readonly Tag[], remarks: ReadonlyMap<string, readonly TagRemark[]>): readonly Tag[] {
  return tags.map((tag) => {
    const said = remarks.get(tag.id);
    return said === undefined ? tag : withRemarks(tag, said);
  });
}

function withRemarks(tag: Tag, remarks: readonly TagRemark[]): Tag {
  const changes: Partial<TagFields> = Object.assign({}, ...remarks.map((remark) => remark.changes));
  if (Object.keys(changes).length === 0) return { ...tag, remarks };
  const { label, category, abuse, actor, confidence } = tag;
  return { ...tag, ...changes, remarks, given: { label, category, abuse, actor, confidence } };
}
