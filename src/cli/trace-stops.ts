import type { ChainReader } from "../ledger/reader.ts";
import type { PageStore, StoreSnapshot } from "../store/page-store.ts";
import { readManifest } from "../tags/manifest.ts";
import { openTagReader } from "../tags/open-tag-reader.ts";
import { firstOf, stopTable } from "../trace/stop-table.ts";
import { readStops, type StopRule } from "../trace/stops.ts";
import { tagStops } from "../trace/tag-stops.ts";
import { oneOf, type Arguments } from "./arguments.ts";
import { loadActors } from "./register.ts";
import { textOf } from "./trace-options.ts";

/** The stops that the options ask for, once there is a chain to read addresses by. */
export type StopRules = {
  readonly of: (store: PageStore, folder: string, chain: ChainReader) => Promise<StopRule | undefined>;
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
    of: async (store, folder, chain) => {
      const rules: StopRule[] = rows === undefined ? [] : [stopTable(chain, file ?? "", rows)];
      const snapshot = store.snapshot();
      if (tags === "on" && hasTags(snapshot, folder)) {
        const actors = await loadActors(options.texts("register"));
        rules.push(tagStops(openTagReader(snapshot, actors, folder), chain.chain));
      }
      return firstOf(rules);
    },
  };
}

function hasTags(snapshot: StoreSnapshot, folder: string): boolean {
  return readManifest(snapshot, folder).chains.length > 0;
}
