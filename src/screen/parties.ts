import type { ChainId } from "../base/caip.ts";
import { canonicalAddress } from "../chains/address.ts";
import { ClustersReader, type Cluster } from "../clusters/clusters-reader.ts";
import { addressOf, ownerIfAny } from "../clusters/owners.ts";
import { isLinking } from "../clusters/rules.ts";
import { sameKeyOf } from "../clusters/same-key.ts";
import type { ChainReader } from "../ledger/reader.ts";
import { entityOf, type TaggedEntity } from "../tags/entity.ts";
import { taggedElsewhere } from "../tags/same-address.ts";
import type { TagReader } from "../tags/tag-reader.ts";
import { stands, type Tag } from "../tags/tag.ts";
import { illicitOf } from "../trace/taint/illicit.ts";
import type { Fact, Party } from "./fact.ts";
import type { Role } from "./words.ts";

/** An address and what is said of it, before it has its place in a verdict. */
export type Known = { readonly party: Party; readonly facts: readonly Omit<Fact, "party">[] };

/** Up to so many members are asked for their tags one by one; of a larger cluster all tagged addresses are gone through, once. */
const membersMax = 32;
/** So many clusters' entities are kept. */
const keptMax = 10_000;

/** Says who addresses of a chain are: by their tags, by those of the same account elsewhere, by those of their cluster. */
export class Parties {
  readonly #reader: ChainReader;
  readonly #tags: TagReader;
  readonly #clusters: ClustersReader | undefined;
  /** By cluster: its tags with their owners. */
  readonly #clusterTags = new Map<number, readonly OwnedTags[]>();
  #large: ReadonlyMap<number, readonly OwnedTags[]> | undefined;

  constructor(reader: ChainReader, tags: TagReader, clusters: ClustersReader | undefined) {
    this.#reader = reader;
    this.#tags = tags;
    this.#clusters = clusters;
  }

  /** Who an owner of the ledger is. */
  ofOwner(owner: number, role: Role): Known {
    const text = addressOf(this.#reader, owner);
    return this.of(canonicalAddress(this.#reader.chain, text) ?? text, owner, role);
  }

  /** @param address - In canonical form. */
  of(address: string, owner: number | undefined, role: Role): Known {
    const { id } = this.#reader.chain;
    const named = partyByTags(this.#tags, id, address, role);
    const known = owner === undefined ? named : { ...named, facts: [...named.facts, ...this.#ofSameKey(owner)] };
    const cluster = owner === undefined ? undefined : this.#clusters?.clusterOf(owner);
    if (owner === undefined || cluster === undefined || cluster.size < 2)
      return { ...known, party: { ...known.party, owner } };
    const others = this.#tagsOf(cluster)
      .filter((one) => one.owner !== owner)
      .flatMap(({ tags }) => tags);
    const entity = entityOf(others, this.#tags.resolve);
    const rules = (this.#clusters?.rules ?? []).filter(isLinking);
    const facts = entity === undefined ? [] : factsOf("cluster", entity, rules);
    const within = { id: addressOf(this.#reader, cluster.id), size: cluster.size, entity: entity?.entity ?? null };
    return { party: { ...known.party, owner, cluster: within }, facts: [...known.facts, ...facts] };
  }

  /** What tags say of the same key's address in another form, on chains of outputs. */
  #ofSameKey(owner: number): readonly Omit<Fact, "party">[] {
    const reader = this.#reader;
    if (reader.model !== "utxo") return [];
    return sameKeyOf([reader], reader, owner).flatMap((same) => {
      const entity = this.#tags.entityAt(reader.chain.id, addressOf(reader, same.owner));
      return entity === undefined ? [] : factsOf("tag", entity, ["same-key"]);
    });
  }

  /** What tags say of a transaction. */
  ofTags(txid: string, tags: readonly Tag[]): Known {
    return knownOf(tags, { tags: this.#tags, chain: this.#reader.chain.id, address: txid, role: "subject" });
  }

  #tagsOf(cluster: Cluster): readonly OwnedTags[] {
    const kept = this.#clusterTags.get(cluster.id);
    if (kept !== undefined) return kept;
    const found = cluster.size <= membersMax ? this.#ofMembers(cluster) : (this.#byCluster().get(cluster.id) ?? []);
    if (this.#clusterTags.size >= keptMax) this.#clusterTags.clear();
    this.#clusterTags.set(cluster.id, found);
    return found;
  }

  #ofMembers({ id, size }: Cluster): readonly OwnedTags[] {
    const members = this.#clusters?.members(id, id, size).members ?? [];
    return members.flatMap((owner) => {
      const { chain } = this.#reader;
      const address = canonicalAddress(chain, addressOf(this.#reader, owner));
      const tags = address === undefined ? [] : this.#tags.tagsOf(chain.id, address);
      return tags.length === 0 ? [] : [{ owner, tags }];
    });
  }

  #byCluster(): ReadonlyMap<number, readonly OwnedTags[]> {
    if (this.#large !== undefined) return this.#large;
    const found = new Map<number, OwnedTags[]>();
    for (const { address, tags } of this.#tags.taggedAddresses(this.#reader.chain.id)) {
      const owner = ownerIfAny(this.#reader, address);
      const cluster = owner === undefined ? undefined : this.#clusters?.clusterOf(owner);
      if (owner === undefined || cluster === undefined || cluster.size <= membersMax) continue;
      const of = found.get(cluster.id) ?? [];
      found.set(cluster.id, of);
      of.push({ owner, tags });
    }
    return (this.#large = found);
  }
}

type OwnedTags = { readonly owner: number; readonly tags: readonly Tag[] };

/** Who an address is by its tags alone: also of a chain that no ledger holds. */
export function partyByTags(tags: TagReader, chain: ChainId, address: string, role: Role): Known {
  const { party, facts } = knownOf(tags.tagsOf(chain, address), { tags, chain, address, role });
  const elsewhere = taggedElsewhere(tags, chain, address);
  const others = elsewhere.flatMap((other) => {
    const found = tags.entityAt(other, address);
    return found === undefined ? [] : factsOf("tag", found, ["same-key"]);
  });
  return { party: { ...party, elsewhere }, facts: [...facts, ...others] };
}

function knownOf(
  own: readonly Tag[],
  of: { readonly tags: TagReader; readonly chain: ChainId; readonly address: string; readonly role: Role },
): Known {
  const { tags, chain, address, role } = of;
  const entity = entityOf(own, tags.resolve);
  const party: Party = {
    role,
    address,
    chain,
    owner: undefined,
    entity: entity?.entity ?? null,
    category: entity?.category ?? null,
    tags: own,
    elsewhere: [],
    cluster: undefined,
  };
  return { party, facts: entity === undefined ? [] : factsOf("tag", entity, []) };
}

/** What is said of an entity: all that is illicit, and else its category. */
export function factsOf(
  evidence: "tag" | "cluster",
  entity: TaggedEntity,
  methods: readonly string[],
): readonly Omit<Fact, "party">[] {
  const { category, confidence, actor } = entity;
  const illicit = illicitOf(entity);
  const isSaid = category === undefined || illicit.some((one) => one.category === category);
  const sources = [...new Set(entity.tags.filter(stands).map(({ source }) => source.name))];
  const said = isSaid ? illicit : [...illicit, { category, confidence, sources }];
  return said.map((one) => ({
    evidence,
    origin: actor?.id ?? entity.entity,
    name: entity.entity,
    actor: actor?.id ?? null,
    ...one,
    methods: [...methods, ...(actor === undefined || actor.rule === "id" ? [] : ["actor-by-name"])],
    date: null,
    exposure: undefined,
  }));
}
