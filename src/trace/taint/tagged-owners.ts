import { canonicalAddress } from "../../chains/address.ts";
import { addressOf, ownerIfAny } from "../../clusters/owners.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { entityOf, type TaggedEntity } from "../../tags/entity.ts";
import type { TagReader } from "../../tags/tag-reader.ts";
import { illicitOf, type Illicit } from "./illicit.ts";

/** The addresses of one entity, of one illicit category, that the ledger has seen. */
export type TaggedGroup = {
  /** `tag:CATEGORY:ENTITY`. */
  readonly key: string;
  readonly entity: TaggedEntity;
  readonly illicit: Illicit;
  readonly addresses: readonly string[];
  readonly owners: readonly number[];
};

/** What a chain's tags decide about the owners that its ledger has seen. */
export type TaggedOwners = {
  /** At which tracing ends, in ascending order. */
  readonly stops: readonly number[];
  readonly groups: readonly TaggedGroup[];
  /** How many addresses of the chain have tags, whatever these say. */
  readonly addresses: number;
};

/** Cost: every tagged address of the chain, and a look-up for each that decides something. */
export function taggedOwners(reader: ChainReader, tags: TagReader): TaggedOwners {
  const stops = new Set<number>();
  const groups = new Map<string, TaggedGroup & { readonly addresses: string[]; readonly owners: number[] }>();
  let addresses = 0;
  for (const { address, tags: own } of tags.taggedAddresses(reader.chain.id)) {
    addresses += 1;
    const entity = entityOf(own, tags.resolve);
    const illicit = entity === undefined ? [] : illicitOf(entity);
    if (entity === undefined || (entity.kind !== "pooled" && illicit.length === 0)) continue;
    const owner = ownerIfAny(reader, address);
    if (owner === undefined) continue;
    if (entity.kind === "pooled") stops.add(owner);
    for (const one of illicit) {
      const key = `tag:${one.category}:${entity.actor?.id ?? entity.entity}`;
      const group = groups.get(key) ?? { key, entity, illicit: one, addresses: [], owners: [] };
      group.addresses.push(address);
      group.owners.push(owner);
      groups.set(key, group);
    }
  }
  return { stops: [...stops].toSorted((left, right) => left - right), groups: [...groups.values()], addresses };
}

/** Whether an owner's tags make it a stop or part of an origin. Cost: three look-ups. */
export function isDecided(reader: ChainReader, tags: TagReader, owner: number): boolean {
  const text = addressOf(reader, owner);
  const entity = tags.entityAt(reader.chain.id, canonicalAddress(reader.chain, text) ?? text);
  return entity !== undefined && (entity.kind === "pooled" || illicitOf(entity).length > 0);
}
