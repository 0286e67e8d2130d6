import type { ChainReader } from "../../ledger/reader.ts";
import type { PageSource } from "../../store/page-store.ts";
import type { TagReader } from "../../tags/tag-reader.ts";
import { AccountView } from "../account/account-view.ts";
import { UtxoView } from "../utxo/utxo-view.ts";
import { isPaidByEntity, type FoundOrigin } from "./origins.ts";
import type { BranchEnd } from "./take-back.ts";
import { readOrigin, readOriginOwners, type StoredTaint } from "./state.ts";
import { isDecided } from "./tagged-owners.ts";

/** How many owners a chain of a ledger has seen. */
export function ownersSeen({ state: { counts } }: ChainReader): number {
  return counts.owners ?? counts.accounts ?? 0;
}

/**
 * Whether stops and tagged origins are those that an index has, for the same tags: where none of the owners that are new since decides
 * anything.
 *
 * @returns False too where it is less work to look at all tagged addresses.
 * Cost: some look-ups for each new owner.
 */
export function isAsLooked(reader: ChainReader, tags: TagReader, { looked }: Pick<StoredTaint, "looked">): boolean {
  const end = ownersSeen(reader);
  if (looked === null || looked.owners > end || end - looked.owners > looked.addresses) return false;
  for (let owner = looked.owners; owner < end; owner += 1) if (isDecided(reader, tags, owner)) return false;
  return true;
}

/**
 * The tagged origins of an index as they are, with what is new of each from a block on alone.
 *
 * Cost: the owners of origins; the new outputs, or transfers.
 */
export function knownOrigins(
  reader: ChainReader,
  pages: PageSource,
  { strands, from }: Pick<StoredTaint, "strands"> & { readonly from: BranchEnd },
): readonly FoundOrigin[] {
  const found = new Map<string, FoundOrigin & { readonly rows: number[] }>();
  const byOwner = new Map<number, number[][]>();
  for (const { key, number } of strands) {
    if (!key.startsWith("tag:") || found.has(key)) continue;
    const owners = readOriginOwners(pages, reader.number, number);
    const one = { origin: readOrigin(pages, reader.number, number), owners, rows: [], isNew: true };
    found.set(key, one);
    for (const owner of owners) {
      const known = byOwner.get(owner);
      if (known === undefined) byOwner.set(owner, [one.rows]);
      else known.push(one.rows);
    }
  }
  if (byOwner.size > 0) gather(reader, byOwner, from.row);
  return [...found.values()];
}

function gather(reader: ChainReader, byOwner: ReadonlyMap<number, readonly number[][]>, from: number): void {
  const put = (owner: number, row: number): void => byOwner.get(owner)?.forEach((rows) => rows.push(row));
  if (reader.model === "utxo") {
    const view = new UtxoView(reader);
    for (let output = from; output < view.outputs; output += 1) put(view.owner(output) - 1, output);
    return;
  }
  const view = new AccountView(reader);
  for (let row = from; row < view.rows; row += 1) if (isPaidByEntity(view, row)) put(view.from(row), row);
}
