import type { Confidence } from "./actor.ts";
import type { Grade } from "./confidence.ts";
import type { Tag } from "./tag.ts";

/** What many tags of a source have in common; stored once, and referred to by a number. */
export type Attributes = {
  readonly category: string | undefined;
  readonly concepts: readonly string[];
  readonly abuse: string | undefined;
  readonly actor: string | undefined;
  readonly confidence: Confidence;
  readonly grade: Grade | undefined;
  readonly sourceName: string;
  readonly date: string | undefined;
  readonly licence: string | undefined;
  readonly url: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly clusterDefiner: Tag["clusterDefiner"];
};

/** Attributes as text, the same for the same attributes. */
export function attributesText(attributes: Attributes): string {
  const { category, concepts, abuse, actor, confidence, grade, sourceName, date, licence, url, from, to } = attributes;
  const texts = [category, abuse, actor, confidence, grade, sourceName, date, licence, url, from, to];
  return JSON.stringify([...texts.map((text) => text ?? null), attributes.clusterDefiner, concepts]);
}

/** What {@link attributesText} wrote. */
export function parseAttributes(text: string): Attributes {
  const [category, abuse, actor, confidence, grade, sourceName, date, licence, url, from, to, definer, concepts] =
    JSON.parse(text) as (string | null)[];
  return {
    category: category ?? undefined,
    concepts: concepts as unknown as readonly string[],
    abuse: abuse ?? undefined,
    actor: actor ?? undefined,
    confidence: confidence as Confidence,
    grade: (grade ?? undefined) as Grade | undefined,
    sourceName: sourceName ?? "",
    date: date ?? undefined,
    licence: licence ?? undefined,
    url: url ?? undefined,
    from: from ?? undefined,
    to: to ?? undefined,
    clusterDefiner: definer as Tag["clusterDefiner"],
  };
}
