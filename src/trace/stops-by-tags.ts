import type { KnownChain } from "../base/chains.ts";
import { tagForm } from "../clusters/owners.ts";
import type { TagReader } from "../tags/tag-reader.ts";
import type { StopRule } from "./stops.ts";

/** Stops are the addresses that tags say are a pooled service's. Cost of an address: a look-up of its tags. */
export function stopsByTags(tags: TagReader, chain: KnownChain): StopRule {
  return (address) => {
    const entity = tags.entityAt(chain.id, tagForm(chain, address));
    return entity?.kind === "pooled" ? { entity: entity.entity, category: entity.category ?? "" } : undefined;
  };
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
