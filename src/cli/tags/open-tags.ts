import { openTagReader } from "../../tags/open-tag-reader.ts";
import { readManifest, type TagManifest } from "../../tags/manifest.ts";
import type { TagReader } from "../../tags/tag-reader.ts";
import { openLmdbStore } from "../../store/lmdb-store.ts";
import type { StoreSnapshot } from "../../store/page-store.ts";
import { required, type Arguments } from "../arguments.ts";
import { loadActors } from "../register.ts";

/** A ledger's tags, open for reading. */
export type OpenTags = {
  readonly folder: string;
  readonly snapshot: StoreSnapshot;
  readonly manifest: TagManifest;
  readonly reader: TagReader;
};

/** Opens the tags of the ledger that `--ledger` names, with the actors of `--register`, for as long as `use` takes. */
export async function withTags<Result>(options: Arguments, use: (tags: OpenTags) => Promise<Result>): Promise<Result> {
  const folder = required(options, "ledger", "DIR");
  const actors = await loadActors(options.texts("register"));
  const store = openLmdbStore(folder, { mode: "read" });
  try {
    const snapshot = store.snapshot();
    const manifest = readManifest(snapshot, folder);
    return await use({ folder, snapshot, manifest, reader: openTagReader(snapshot, actors, folder) });
  } finally {
    await store.close();
  }
}
