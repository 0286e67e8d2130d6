import type { ChainId } from "../base/caip.ts";
import type { Day } from "../base/day.ts";
import { Failure } from "../base/failure.ts";
import { openPage, sealPage } from "../ledger/page.ts";
import type { Change, StoreSnapshot } from "../store/page-store.ts";
import { manifestKey } from "./keys.ts";

/** The version of everything that a ledger's store holds of tags. */
export const tagsFormat = 1;

/** A file's content as it was imported: which revision took it in, and the day on which it was last seen. */
export type SetContent = { readonly revision: number; readonly hash: string; readonly checked: Day };

/** The tags that one file holds, over all its imports. */
export type TagSet = {
  readonly name: string;
  readonly format: string;
  /** The oldest first. */
  readonly contents: readonly SetContent[];
  /** Tags that stand in its newest content. */
  readonly live: number;
  readonly withdrawn: number;
  /** Actors that it describes. */
  readonly actors: number;
};

/**
 * What readers go by. Each import that changes something is a revision. Its parts are committed as they come, so that memory
 * stays bounded, and are seen by nobody: until its last commit its number is among the `burnt`, which is where it stays if
 * the process dies.
 */
export type TagManifest = {
  readonly format: number;
  /** The newest revision that anybody sees. */
  readonly revision: number;
  /** The number that the next import gets. */
  readonly next: number;
  /** Revisions whose entries do not count: the import did not end. */
  readonly burnt: readonly number[];
  /** By number, from 0; a tag refers to its set by it. */
  readonly sets: readonly TagSet[];
  /** By number, from 1. */
  readonly chains: readonly ChainId[];
  readonly nextAttributes: number;
  readonly addresses: number;
  /** The days of revisions in which something was withdrawn. */
  readonly days: readonly (readonly [revision: number, day: Day])[];
};

export const emptyManifest: TagManifest = {
  format: tagsFormat,
  revision: 0,
  next: 1,
  burnt: [],
  sets: [],
  chains: [],
  nextAttributes: 1,
  addresses: 0,
  days: [],
};

/**
 * The manifest of a ledger's tags; the empty one where nothing was imported.
 *
 * @throws {Failure} `LEDGER_FORMAT` where another version wrote them, `LEDGER_DAMAGED`.
 */
export function readManifest(snapshot: StoreSnapshot, folder: string): TagManifest {
  const stored = snapshot.get(manifestKey);
  if (stored === undefined) return emptyManifest;
  const manifest = readJson(stored, "the manifest of the tags") as TagManifest;
  if (manifest.format === tagsFormat) return manifest;
  const mend =
    manifest.format > tagsFormat ? "use the newer Fundtrail that wrote them" : "import them into a new ledger";
  throw new Failure("LEDGER_FORMAT", {
    folder,
    found: `${manifest.format} of tags`,
    known: String(tagsFormat),
    mend,
  });
}

export function writeManifest(manifest: TagManifest): Change {
  return { key: manifestKey, value: sealJson(manifest) };
}

/** Whether what a revision wrote is seen. */
export function isCommitted({ revision, burnt }: TagManifest, of: number): boolean {
  return of <= revision && !burnt.includes(of);
}

export function sealJson(value: object): Uint8Array {
  return sealPage(Buffer.from(JSON.stringify(value), "utf8"));
}

/** @throws {Failure} `LEDGER_DAMAGED`. */
export function readJson(stored: Uint8Array | undefined, what: string): unknown {
  const content = openPage(stored, what);
  try {
    return JSON.parse(Buffer.from(content.buffer, content.byteOffset, content.length).toString("utf8"));
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    throw new Failure("LEDGER_DAMAGED", { what, why: "it is no JSON" }, thrown);
  }
}
