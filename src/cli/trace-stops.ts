import type { ChainReader } from "../ledger/reader.ts";
import { firstOf, stopTable } from "../trace/stop-table.ts";
import { readStops, type StopRule } from "../trace/stops.ts";
import { ledgerTagStops, type Direction } from "../trace/tag-stops.ts";
import { oneOf, type Arguments } from "./arguments.ts";
import { loadActors } from "./register.ts";
import { textOf } from "./trace-options.ts";

/** The stops that the options ask for, once there is a chain to read addresses by. */
export type StopRules = {
  readonly of: (folder: string, chain: ChainReader, direction: Direction) => Promise<StopRule | undefined>;
};

/**
 * The stops of `--stops FILE`, and those that the ledger's tags name, where `--tags` is not off. A file decides before tags.
 *
 * @throws {Failure} As the file's reading does.
 */
export async function readStopRules(options: Arguments): Promise<StopRules> {
  const tags = oneOf(["on", "off"], options.text("tags") ?? "on", "--tags");
  const file = options.text("stops");
  const rows = file === undefined ? undefined : readStops(file, await textOf(file));
  return {
    of: async (folder, chain, direction) => {
      const rules: StopRule[] = rows === undefined ? [] : [stopTable(chain, file ?? "", rows)];
      if (tags === "on") {
        const actors = await loadActors(options.texts("register"));
        const tagged = ledgerTagStops(chain, actors, folder, direction);
        if (tagged !== undefined) rules.push(tagged);
      }
      return firstOf(rules);
    },
  };
}
