import { assert } from "../../base/assert.ts";
import type { OwnerEntry } from "./owner-entry.ts";
import type { OwnerBook } from "./owner-book.ts";
import type { NobodyRule, StrandDraft } from "./strand-writer.ts";
import { firstFrom, gapKinds, type GapKind, type StrandTables } from "./tables.ts";

/** Where a branch of the chain ends: what comes from these rows on is taken back. */
export type BranchEnd = {
  /** Outputs, or transfers. */
  readonly row: number;
  /** Inputs; on a chain of accounts transfers. */
  readonly input: number;
};

/**
 * Takes back what a strand has of rows that a reorganisation dropped: the entries of owners become what they were.
 *
 * @returns The strand as it then is. Cost: what is taken back.
 */
export function takeBack(
  draft: StrandDraft,
  tables: StrandTables,
  by: { readonly book: OwnerBook; readonly nobody: NobodyRule; readonly end: BranchEnd },
): StrandDraft {
  const { book, nobody, end } = by;
  const strand = draft.number;
  const [records, repeats] = [firstFrom(tables.records, "row", end.row), tables.repeats];
  const spends = firstFrom(tables.spends, "input", end.input);
  const at = (record: number): OwnerEntry | undefined => {
    const owner = tables.records.value("owner", record);
    if (owner === 0 && nobody === "left out") return undefined;
    const entry = book.find(owner, strand, tables.records.value("asset", record));
    assert(entry !== undefined, "taint: a receipt that its owner knows nothing of");
    return entry;
  };
  for (let spend = spends; spend < tables.spends.count; spend += 1) {
    const record = tables.spends.value("record", spend);
    const entry = at(record);
    if (entry === undefined) continue;
    entry.held += tables.records.value("amount", record);
    book.touch(entry.owner);
  }
  let repeat = repeats.count;
  for (let record = tables.records.count - 1; record >= records; record -= 1) {
    const entry = at(record);
    if (entry === undefined) continue;
    const amount = tables.records.value("amount", record);
    if (entry.count === 1) {
      book.remove(entry);
      continue;
    }
    repeat -= 1;
    assert(repeats.value("record", repeat) === record, "taint: repeats are out of step with receipts");
    entry.amount -= amount;
    if (tables.records.value("hops", record) <= draft.directHops) entry.direct -= amount;
    entry.held = entry.held > amount ? entry.held - amount : 0n;
    entry.count -= 1;
    entry.hops = repeats.value("hops", repeat);
    entry.largest = record - repeats.value("largest", repeat);
    entry.most = tables.records.value("amount", entry.largest);
    entry.lastRecord = record - repeats.value("previous", repeat);
    entry.last = tables.records.value("row", entry.lastRecord);
    book.touch(entry.owner);
  }
  const { gaps, count } = gapsBefore(draft, tables, end.input);
  const begins = firstFrom(tables.begins, "row", end.row);
  const { cleaned } = draft.counts;
  assert(cleaned <= spends, "taint: what is taken back was final");
  return { ...draft, counts: { records, repeats: repeat, spends, begins, gaps: count, cleaned }, gaps };
}

function gapsBefore(
  { gaps }: StrandDraft,
  tables: StrandTables,
  input: number,
): { readonly gaps: StrandDraft["gaps"]; readonly count: number } {
  const kept = new Map(Object.entries(gaps).map(([kind, sum]) => [kind, { ...sum }]));
  const names = Object.keys(gapKinds) as readonly GapKind[];
  let { count } = tables.gaps;
  for (; count > 0 && tables.gaps.value("row", count - 1) >= input; count -= 1) {
    const kind = names.find((name) => gapKinds[name] === tables.gaps.value("kind", count - 1));
    const sum = kind === undefined ? undefined : kept.get(kind);
    assert(sum !== undefined, "taint: a gap of no known kind");
    const amount = (BigInt(sum.amount) - tables.gaps.value("amount", count - 1)).toString();
    kept.set(kind ?? "", { count: sum.count - 1, amount });
  }
  return { gaps: Object.fromEntries([...kept].filter(([, sum]) => sum.count > 0)), count };
}
