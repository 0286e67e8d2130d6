import type { KnownChain } from "../base/chains.ts";
import { canonicalAddress } from "../chains/address.ts";
import type { ChainReader } from "../ledger/reader.ts";
import type { Actors } from "../tags/actor.ts";
import { readManifest } from "../tags/manifest.ts";
import { openTagReader } from "../tags/open-tag-reader.ts";
import type { TaggedEntity } from "../tags/entity.ts";
import type { TagReader } from "../tags/tag-reader.ts";
import type { StopRule } from "./stops.ts";

/** Which way a trace goes: to where value went, or back to where it came from. */
export type Direction = "forward" | "backward";

/**
 * What its tags make of an address, by the way a trace goes. Services that pool their customers' money end it both ways; what is
 * illicit by its tags (a thief's, ransomware, sanctioned) is followed on forward, and on the way back it is a source to be named.
 */
const stopKinds: Readonly<Record<Direction, ReadonlySet<TaggedEntity["kind"]>>> = {
  forward: new Set(["pooled"]),
  backward: new Set(["pooled", "illicit"]),
};

/**
 * Tagged entities as stops: those whose tags say that they pool their customers' money (exchanges, mixers, bridges, payment
 * processors; `tags/category` has the table), and backward those that are illicit. Decentralised exchanges are none: value
 * passes through them. No tag means unknown, and is no stop.
 */
export function tagStops(tags: TagReader, chain: KnownChain, direction: Direction): StopRule {
  const kinds = stopKinds[direction];
  return (address) => {
    const canonical = canonicalAddress(chain, address);
    const found = canonical === undefined ? undefined : tags.entityAt(chain.id, canonical);
    if (found === undefined || !kinds.has(found.kind)) return undefined;
    return { entity: found.entity, category: found.category ?? "" };
  };
}

/** Who is at an address by a ledger's tags, service or not; undefined where it has none. As {@link ledgerTagStops}. */
export function entitiesAt(
  { chain, snapshot }: Pick<ChainReader, "chain" | "snapshot">,
  actors: Actors,
  folder: string,
): ((address: string) => TaggedEntity | undefined) | undefined {
  if (readManifest(snapshot, folder).chains.length === 0) return undefined;
  const tags = openTagReader(snapshot, actors, folder);
  return (address) => {
    const canonical = canonicalAddress(chain, address);
    return canonical === undefined ? undefined : tags.entityAt(chain.id, canonical);
  };
}

/** The stops that a ledger's tags name, as its reader sees them; undefined where it has none. */
export function ledgerTagStops(
  { chain, snapshot }: Pick<ChainReader, "chain" | "snapshot">,
  actors: Actors,
  folder: string,
  direction: Direction,
): StopRule | undefined {
  if (readManifest(snapshot, folder).chains.length === 0) return undefined;
  return tagStops(openTagReader(snapshot, actors, folder), chain, direction);
}

/** What decides about stops, as a text: while it is the same, so are they. Cost: every tagged address of the chain. */
export function stopsText(tags: TagReader, { id }: KnownChain): string {
  const found: string[] = [];
  for (const { address } of tags.taggedAddresses(id)) {
    const entity = tags.entityAt(id, address);
    if (entity?.kind === "pooled") found.push(`${address} ${entity.entity} ${entity.category}`);
  }
  return found.join("\n");
}
