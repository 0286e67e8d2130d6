import type { Confidence } from "../../tags/actor.ts";
import { categoryKind } from "../../tags/category.ts";
import type { TaggedEntity } from "../../tags/entity.ts";
import { stands } from "../../tags/tag.ts";

/** What somebody says is illicit about an entity, or that it mixes. */
export type Illicit = {
  readonly category: string;
  readonly confidence: Confidence;
  readonly sources: readonly string[];
};

/**
 * Every illicit category, and a mixer's, that a tag that stands gives an entity, the strongest first. Also of services: that an
 * exchange pools its customers' money does not hide that it is sanctioned.
 */
export function illicitOf({ tags }: TaggedEntity): readonly Illicit[] {
  const found = new Map<string, Illicit>();
  for (const { category, abuse, concepts, confidence, source } of tags.filter(stands)) {
    for (const word of [category, abuse, ...concepts]) {
      if (word === undefined || (categoryKind(word) !== "illicit" && word !== "mixing_service")) continue;
      const known = found.get(word) ?? { category: word, confidence, sources: [] };
      found.set(word, { ...known, sources: [...new Set([...known.sources, source.name])] });
    }
  }
  return [...found.values()];
}
