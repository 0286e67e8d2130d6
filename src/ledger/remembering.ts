import type { ChainReader } from "./reader.ts";

/** A chain's reader that keeps its tables and indexes, with what they have read, for who comes next. */
export function remembering(reader: ChainReader): ChainReader {
  const tables = new Map<string, unknown>();
  const indexes = new Map<string, ReturnType<ChainReader["index"]>>();
  return {
    ...reader,
    table: (shape) => {
      const known = tables.get(shape.name) as ReturnType<typeof reader.table<typeof shape>> | undefined;
      const table = known ?? reader.table(shape);
      tables.set(shape.name, table);
      return table;
    },
    index: (name, state) => {
      if (state !== undefined && state !== reader.state) return reader.index(name, state);
      const index = indexes.get(name) ?? reader.index(name);
      indexes.set(name, index);
      return index;
    },
  };
}
