import { taintKey, type TaintPart } from "../../ledger/keys.ts";
import { TableReader, type PagePlace, type TableShape } from "../../ledger/table.ts";
import type { PageSource } from "../../store/page-store.ts";
import { openTaintPage } from "./open-page.ts";

const shape = <const Shape extends TableShape>(value: Shape): Shape => value;

/**
 * The tainted receipts of a strand, in chain order: outputs, or transfers and changes of form. `owner`: 0 nobody, else the
 * owner's number + 1; `parent`: 0 an origin, else how many records before it the one lies that its first tainted part came from.
 */
export const recordsShape = shape({
  name: "taint",
  pageRecords: 256,
  columns: { row: "rising", owner: "number", asset: "number", amount: "amount", hops: "number", parent: "number" },
});

/**
 * Receipts by an owner that had one of the strand and asset already. `record`: the receipt; `previous`: how many records before
 * it the last one lies; `hops`, `largest`: what they were until then, the record by how many records before it.
 */
export const repeatsShape = shape({
  name: "taint",
  pageRecords: 256,
  columns: { record: "rising", previous: "number", hops: "number", largest: "number" },
});

/** Records of outputs that were paid on, in the order of the inputs that spend them. */
export const spendsShape = shape({
  name: "taint",
  pageRecords: 512,
  columns: { input: "rising", record: "number" },
});

/** The outputs or transfers that a strand begins with. */
export const beginsShape = shape({ name: "taint", pageRecords: 1_024, columns: { row: "rising" } });

/** What a strand could not tell. `row`: an input or transfer of the block in which that was. */
export const gapsShape = shape({
  name: "taint",
  pageRecords: 256,
  columns: { row: "number", kind: "number", amount: "amount" },
});

/** Kinds of gaps. Never given a second meaning. */
export const gapKinds = {
  /** Amounts that were mixed with values that are not known; units. */
  undetermined: 0,
  /** Transactions whose tainted fee is not known (poison); how many. */
  feesUnknown: 1,
  /** Changes of form in which a price is missing; 1 each. */
  unpriced: 2,
  /** Transfers to nobody that are no fee; how many. */
  burnt: 3,
  /** Origins that move nothing; 1 each. */
  idle: 4,
} as const;
export type GapKind = keyof typeof gapKinds;

/** What a strand's tables count. */
export type StrandCounts = {
  readonly records: number;
  readonly repeats: number;
  readonly spends: number;
  readonly begins: number;
  readonly gaps: number;
  /** Spends whose records' segments are removed, since no reorganisation reaches them any more. */
  readonly cleaned: number;
};

export const noCounts: StrandCounts = { records: 0, repeats: 0, spends: 0, begins: 0, gaps: 0, cleaned: 0 };

export const strandShapes = {
  records: recordsShape,
  repeats: repeatsShape,
  spends: spendsShape,
  begins: beginsShape,
  gaps: gapsShape,
} as const;
export type StrandTable = keyof typeof strandShapes;

/** Where the pages of one of a strand's tables lie. */
export function strandPlace(chain: number, strand: number, part: TaintPart): PagePlace {
  return {
    key: (page) => taintKey(chain, part, strand, page),
    open: (sealed, page) => openTaintPage(sealed, `${part} of strand ${strand}, page ${page}`),
  };
}

/** The first record of a column that never falls whose value is not below one. */
export function firstFrom<const Shape extends TableShape>(
  table: TableReader<Shape>,
  column: keyof Shape["columns"] & string,
  value: number,
): number {
  let [low, high] = [0, table.count];
  while (low < high) {
    const middle = low + ((high - low) >>> 1);
    if ((table.value(column, middle) as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A strand's tables for reading. */
export class StrandTables {
  readonly records: TableReader<typeof recordsShape>;
  readonly repeats: TableReader<typeof repeatsShape>;
  readonly spends: TableReader<typeof spendsShape>;
  readonly begins: TableReader<typeof beginsShape>;
  readonly gaps: TableReader<typeof gapsShape>;

  constructor(pages: PageSource, chain: number, strand: number, counts: StrandCounts) {
    const of = <const Shape extends TableShape>(part: StrandTable, own: Shape): TableReader<Shape> =>
      new TableReader(own, strandPlace(chain, strand, part), pages, counts[part]);
    this.records = of("records", recordsShape);
    this.repeats = of("repeats", repeatsShape);
    this.spends = of("spends", spendsShape);
    this.begins = of("begins", beginsShape);
    this.gaps = of("gaps", gapsShape);
  }

  /** The record of an output; -1 where it is none. */
  recordOf(output: number): number {
    const record = firstFrom(this.records, "row", output);
    return record < this.records.count && this.records.value("row", record) === output ? record : -1;
  }

  /** The record that one came from; -1 for an origin. */
  parentOf(record: number): number {
    const distance = this.records.value("parent", record);
    return distance === 0 ? -1 : record - distance;
  }

  /** The receipt before one, of the same owner and asset; -1 where it was the first. */
  previousOf(record: number): number {
    const repeat = firstFrom(this.repeats, "record", record);
    if (repeat === this.repeats.count || this.repeats.value("record", repeat) !== record) return -1;
    return record - this.repeats.value("previous", repeat);
  }
}
