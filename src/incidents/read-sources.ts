import type { Source } from "../base/source.ts";
import type { IncidentFile } from "./schema.ts";

/** The sources of a register file, by key, in the file's order. */
export function readSources(sources: IncidentFile["sources"]): ReadonlyMap<string, Source> {
  return new Map(
    Object.entries(sources).map(([key, { name, url, date }]) => [key, { name, url, date }] satisfies [string, Source]),
  );
}
