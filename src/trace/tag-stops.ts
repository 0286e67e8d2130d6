import type { KnownChain } from "../base/chains.ts";
import { canonicalAddress } from "../chains/address.ts";
import type { StoreSnapshot } from "../store/page-store.ts";
import type { Actors } from "../tags/actor.ts";
import { readManifest } from "../tags/manifest.ts";
import { openTagReader } from "../tags/open-tag-reader.ts";
import type { TaggedEntity } from "../tags/entity.ts";
import type { TagReader } from "../tags/tag-reader.ts";
import type { StopRule } from "./stops.ts";

/**
 * Tagged services as stops: those whose tags say that they pool their customers' money (exchanges, mixers, bridges, payment
 * processors; `tags/category` has the table). Decentralised exchanges are none: value passes through them. No tag means
 * unknown, and is no stop.
 */
export function tagStops(tags: TagReader, chain: KnownChain): StopRule {
  return (address) => {
    const canonical = canonicalAddress(chain, address);
    const found = canonical === undefined ? undefined : tags.entityAt(chain.id, canonical);
    if (found?.kind !== "pooled") return undefined;
    return { entity: found.entity, category: found.category ?? "" };
  };
}

/** Who is at an address by a ledger's tags, service or not; undefined where it has none. As {@link ledgerTagStops}. */
export function entitiesAt(
  snapshot: StoreSnapshot,
  actors: Actors,
  folder: string,
  chain: KnownChain,
): ((address: string) => TaggedEntity | undefined) | undefined {
  if (readManifest(snapshot, folder).chains.length === 0) return undefined;
  const tags = openTagReader(snapshot, actors, folder);
  return (address) => {
    const canonical = canonicalAddress(chain, address);
    return canonical === undefined ? undefined : tags.entityAt(chain.id, canonical);
  };
}

/** The stops that a ledger's tags name; undefined where it has none. The snapshot must be held as long as they are used. */
export function ledgerTagStops(
  snapshot: StoreSnapshot,
  actors: Actors,
  folder: string,
  chain: KnownChain,
): StopRule | undefined {
  if (readManifest(snapshot, folder).chains.length === 0) return undefined;
  return tagStops(openTagReader(snapshot, actors, folder), chain);
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
