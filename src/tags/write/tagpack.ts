import { stringify } from "yaml";
import { weakestGrade } from "../confidence.ts";
import { contextKey } from "../read/tagpack.ts";
import type { Tag } from "../tag.ts";
import { ownFields, subjectText } from "./tag-fields.ts";

/**
 * Tags as a GraphSense TagPack. What a TagPack has no field for stands in each tag's `context`, as JSON below
 * `fundtrail`, and comes back from there.
 *
 * A tag whose source gave no word of GraphSense's for its confidence gets the weakest that its step stands for. Tags of
 * incidents, which GraphSense does not know, have the field `incident` instead of an address.
 */
export function* tagsAsTagPack(tags: Iterable<Tag>): Generator<string> {
  yield `title: Tags of a Fundtrail ledger\ncreator: Fundtrail\n`;
  let isEmpty = true;
  for (const tag of tags) {
    yield `${isEmpty ? "tags:\n" : ""}${entry(tag)}`;
    isEmpty = false;
  }
  if (isEmpty) yield "tags:\n";
}

function entry(tag: Tag): string {
  const { chain, text } = subjectText(tag);
  const { kind } = tag.subject;
  const fields = {
    ...(kind === "address" ? { address: text } : kind === "transaction" ? { tx_hash: text } : { incident: text }),
    ...(chain === "" ? {} : { currency: chain, network: chain }),
    label: tag.label,
    source: tag.source.url ?? tag.source.name,
    confidence: tag.grade ?? weakestGrade(tag.confidence),
    ...(tag.category === undefined ? {} : { category: tag.category }),
    ...(tag.abuse === undefined ? {} : { abuse: tag.abuse }),
    ...(tag.actor === undefined ? {} : { actor: tag.actor }),
    ...(tag.concepts.length === 0 ? {} : { concepts: tag.concepts }),
    ...(tag.source.date === undefined ? {} : { lastmod: tag.source.date }),
    ...(tag.clusterDefiner === "unknown" ? {} : { is_cluster_definer: tag.clusterDefiner === "yes" }),
    context: JSON.stringify({ [contextKey]: { url: tag.source.url ?? null, ...ownFields(tag) } }),
  };
  // Every text is quoted, so that no parser takes a label for a number, a date or nothing.
  return stringify([fields], { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 });
}
