import { createHash } from "node:crypto";
import type { Register } from "../incidents/register.ts";
import type { StoreSnapshot } from "../store/page-store.ts";
import { allRemarks } from "../tags/keys.ts";
import { readManifest } from "../tags/manifest.ts";
import { readRemarks } from "../tags/open-tag-reader.ts";
import type { TagReader } from "../tags/tag-reader.ts";
import type { RuleSet } from "./rules.ts";
import type { KnownList } from "./verdict.ts";

/** What verdicts rest on beside the chains. */
export type ScreeningBasis = {
  readonly tags: TagReader;
  readonly known: KnownTags;
  readonly register: Pick<Register, "incidents" | "prices" | "digest">;
  readonly rules: RuleSet;
};

/** The lists of tags that a ledger has, and what tells them from others. */
export type KnownTags = {
  readonly lists: readonly KnownList[];
  /** SHA-256: ledgers with the same lists and remarks have the same. */
  readonly digest: string;
};

/**
 * The lists of tags that a ledger has loaded. Cost: a read, and a pass over the remarks, which people wrote.
 *
 * @throws {Failure} `LEDGER_FORMAT`, `LEDGER_DAMAGED`.
 */
export function knownTags(snapshot: StoreSnapshot, folder: string): KnownTags {
  const { sets } = readManifest(snapshot, folder);
  const lists = sets
    .flatMap(({ name, contents, live }): readonly KnownList[] => {
      const newest = contents.at(-1);
      return newest === undefined ? [] : [{ name, checked: newest.checked, hash: newest.hash, tags: live }];
    })
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const remarks: string[] = [];
  for (const { value } of snapshot.range(allRemarks))
    for (const [id, said] of readRemarks(value)) remarks.push(JSON.stringify([id, said]));
  const digest = createHash("sha256")
    .update(JSON.stringify([lists, remarks.toSorted()]))
    .digest("hex");
  return { lists, digest };
}
