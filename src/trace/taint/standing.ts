import type { ChainReader } from "../../ledger/reader.ts";
import type { Incident } from "../../incidents/incident.ts";
import type { TagReader } from "../../tags/tag-reader.ts";
import type { TaintState } from "./state.ts";

/** What the index rests on beside the ledger, as it is now. */
export type TaintBasis = {
  readonly incidents: readonly Incident[];
  readonly tags: TagReader;
  /** What tells one table of prices from another. */
  readonly priceBasis: string;
};

/** What can have changed since the index was carried forward. */
export type TaintChange = "tags" | "register" | "prices";

/** What an index is, compared with the ledger and with what it rests on. */
export type TaintStanding = {
  /** `stale` counts more than `behind`: carrying it forward mends both. */
  readonly kind: "current" | "behind" | "stale";
  /** Blocks of the ledger that it does not cover yet. */
  readonly blocksBehind: number;
  /** What has changed; empty where nothing has, or where it was not compared. */
  readonly changed: readonly TaintChange[];
};

/** Compares a stored index with what there is now. */
export function taintStanding(
  _reader: ChainReader,
  _state: TaintState,
  { blocksBehind }: { readonly blocksBehind: number; readonly basis: TaintBasis | undefined },
): TaintStanding {
  return { kind: blocksBehind > 0 ? "behind" : "current", blocksBehind, changed: [] };
}
