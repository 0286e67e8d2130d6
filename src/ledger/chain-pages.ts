import type { PageSource } from "../store/page-store.ts";
import { IndexReader } from "./index/index-reader.ts";
import type { Run } from "./index/run.ts";
import { indexPrefix, type IndexName } from "./keys.ts";
import type { ChainState } from "./manifest.ts";
import { TableReader, type TableShape } from "./table.ts";

/** What is read of one chain: its tables, and its indexes as they are now or were in an earlier state. */
export type ChainPages = {
  table<const Shape extends TableShape>(shape: Shape): TableReader<Shape>;
  index(name: IndexName, state?: ChainState): IndexReader;
};

/**
 * The tables and indexes of a chain at one state, each opened once and kept with what was read of it: an index is opened by
 * reading where its pages begin, which costs as much as thousands of look-ups. Those of earlier states are not kept.
 *
 * @param number - The chain's, within its ledger.
 * @param openIndex - Opens an index; by default with all its entries.
 */
export function chainPages(
  pages: PageSource,
  number: number,
  state: ChainState,
  openIndex: (name: IndexName, runs: readonly Run[]) => IndexReader = (name, runs) =>
    new IndexReader(pages, indexPrefix(number, name), runs),
): ChainPages {
  const tables = new Map<string, unknown>();
  const indexes = new Map<IndexName, IndexReader>();
  return {
    table: <const Shape extends TableShape>(shape: Shape) => {
      const known = tables.get(shape.name) as TableReader<Shape> | undefined;
      const table = known ?? new TableReader(shape, number, pages, state.counts[shape.name] ?? 0);
      tables.set(shape.name, table);
      return table;
    },
    index: (name, of = state) => {
      const runs = of.runs[name] ?? [];
      if (of !== state) return openIndex(name, runs);
      const index = indexes.get(name) ?? openIndex(name, runs);
      indexes.set(name, index);
      return index;
    },
  };
}
