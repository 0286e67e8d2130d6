/** What a ledger's tags should be, kept in the plainest way: for each set, each of its tags and since when it is withdrawn. */
import type { Tag } from "../../src/tags/tag.ts";
import type { Row } from "./random-tags.ts";

type Kept = { readonly row: Row; withdrawn: string | undefined; readonly disputed: boolean[] };

export class ReferenceTags {
  readonly #sets = new Map<string, Map<string, Kept>>();

  import(set: string, rows: readonly Row[], day: string): void {
    const before = this.#sets.get(set) ?? new Map<string, Kept>();
    const after = new Map<string, Kept>();
    const said = new Map<string, Row[]>();
    for (const row of rows) {
      const identity = JSON.stringify([row.address, row.label, row.url === "" ? row.source : row.url]);
      const same = said.get(identity) ?? [];
      if (same.some((other) => JSON.stringify(other) === JSON.stringify(row))) continue;
      const key = `${identity} ${same.length}`;
      said.set(identity, [...same, row]);
      after.set(key, { row, withdrawn: undefined, disputed: before.get(key)?.disputed ?? [] });
    }
    for (const [key, kept] of before)
      if (!after.has(key)) after.set(key, { ...kept, withdrawn: kept.withdrawn ?? day });
    this.#sets.set(set, after);
  }

  /** Disputes, or supports again, the tag of this number in the order of {@link lines}. */
  remark(number: number, isDispute: boolean): void {
    this.#all()[number]?.[1].disputed.push(isDispute);
  }

  get count(): number {
    return this.#all().length;
  }

  /** A line for each tag, in ascending order. */
  lines(): readonly string[] {
    return this.#all().map(([line]) => line);
  }

  #all(): readonly (readonly [string, Kept])[] {
    const all = [...this.#sets].flatMap(([set, tags]) =>
      [...tags.values()].map(
        (kept) => [lineOf(set, kept.row, kept.withdrawn, kept.disputed.at(-1) ?? false), kept] as const,
      ),
    );
    return all.toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  }
}

function lineOf(set: string, row: Row, withdrawn: string | undefined, disputed: boolean): string {
  const concepts = [...new Set(row.concepts)];
  return JSON.stringify([set, { ...row, concepts }, withdrawn ?? null, disputed]);
}

/** The same line of a tag as a reader gives it. */
export function lineOfTag(tag: Tag): string {
  const row: Row = {
    address: tag.subject.kind === "address" ? tag.subject.address : "",
    label: tag.label,
    category: tag.category ?? "",
    abuse: tag.abuse ?? "",
    actor: tag.actor ?? "",
    confidence: tag.confidence,
    grade: tag.grade ?? "",
    source: tag.source.name,
    url: tag.source.url ?? "",
    date: tag.source.date ?? "",
    licence: tag.source.licence ?? "",
    from: tag.from ?? "",
    to: tag.to ?? "",
    cluster_definer: tag.clusterDefiner === "unknown" ? "" : tag.clusterDefiner,
    concepts: tag.concepts,
    details: tag.details,
  };
  return lineOf(tag.source.set, row, tag.withdrawn, tag.remarks.at(-1)?.kind === "dispute");
}
