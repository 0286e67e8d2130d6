import { stringify } from "csv-stringify/sync";
import { guardedCell } from "../read/csv.ts";
import type { Tag } from "../tag.ts";
import { subjectText } from "./tag-fields.ts";

const header = [
  "address",
  "transaction",
  "subject_incident",
  "chain",
  "label",
  "category",
  "concepts",
  "abuse",
  "actor",
  "confidence",
  "grade",
  "source",
  "url",
  "date",
  "licence",
  "from",
  "to",
  "cluster_definer",
  "details",
];

/**
 * Tags as CSV that can be imported again with the same content. Text that a spreadsheet would run as a formula is made plain by
 * a leading apostrophe.
 */
export function* tagsAsCsv(tags: Iterable<Tag>): Generator<string> {
  yield line(header);
  for (const tag of tags) {
    const { chain, text } = subjectText(tag);
    const { kind } = tag.subject;
    yield line([
      kind === "address" ? text : "",
      kind === "transaction" ? text : "",
      kind === "incident" ? text : "",
      chain,
      tag.label,
      tag.category ?? "",
      tag.concepts.length === 0 ? "" : JSON.stringify(tag.concepts),
      tag.abuse ?? "",
      tag.actor ?? "",
      tag.confidence,
      tag.grade ?? "",
      tag.source.name,
      tag.source.url ?? "",
      tag.source.date ?? "",
      tag.source.licence ?? "",
      tag.from ?? "",
      tag.to ?? "",
      tag.clusterDefiner === "unknown" ? "" : tag.clusterDefiner,
      tag.details.length === 0 ? "" : JSON.stringify(tag.details),
    ]);
  }
}

function line(cells: readonly string[]): string {
  return stringify([cells.map(guardedCell)], { record_delimiter: "\n", quoted_match: /[\r\n]/u });
}
