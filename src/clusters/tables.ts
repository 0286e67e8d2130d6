import type { ChainReader } from "../ledger/reader.ts";
import { TableReader, type TableShape } from "../ledger/table.ts";

/** One of the clusters' tables with so many records, at the state of a chain's reader. */
export function tableOf<const Shape extends TableShape>(
  reader: ChainReader,
  shape: Shape,
  count: number,
): TableReader<Shape> {
  return new TableReader(shape, reader.number, reader.snapshot, count);
}
