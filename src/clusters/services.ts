import type { ChainReader } from "../ledger/reader.ts";
import type { TaggedEntity } from "../tags/entity.ts";
import type { TagReader } from "../tags/tag-reader.ts";
import type { Service } from "./guard.ts";
import { ownerIfAny } from "./owners.ts";

/** The services among a chain's owners, each owner once, by number. */
export type ServiceList = readonly Service[];

/** Says which owners of a chain are a service's. */
export type ServicesOf = (reader: ChainReader) => ServiceList;

/** Where nothing is known of services, nothing is held back. */
export const noServices: ServicesOf = () => [];

/** Kinds of entities that cannot be one wallet: two of them in one cluster are a mistake. */
const serviceKinds: ReadonlySet<TaggedEntity["kind"]> = new Set(["pooled", "service", "protocol"]);

/** The services that tags name. Cost: a look-up for each tagged address of the chain. */
export function servicesByTags(tags: TagReader): ServicesOf {
  return (reader) => {
    const found = new Map<number, Service>();
    for (const { address } of tags.taggedAddresses(reader.chain.id)) {
      const entity = tags.entityAt(reader.chain.id, address);
      if (entity === undefined || !serviceKinds.has(entity.kind)) continue;
      const owner = ownerIfAny(reader, address);
      if (owner === undefined) continue;
      const isExchange = entity.category === "exchange";
      found.set(owner, { owner, service: entity.actor?.id ?? entity.entity, isExchange });
    }
    return [...found.values()].toSorted((left, right) => left.owner - right.owner);
  };
}

/** The owners of which two lists say different things. */
export function differing(left: ServiceList, right: ServiceList): readonly number[] {
  const [one, other] = [byOwner(left), byOwner(right)];
  const owners = new Set([...one.keys(), ...other.keys()]);
  return [...owners].filter((owner) => one.get(owner) !== other.get(owner));
}

function byOwner(list: ServiceList): ReadonlyMap<number, string> {
  return new Map(list.map(({ owner, service, isExchange }) => [owner, `${String(isExchange)} ${service}`]));
}
