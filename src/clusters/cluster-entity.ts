import type { ChainReader } from "../ledger/reader.ts";
import { entityOf, type TaggedEntity } from "../tags/entity.ts";
import type { TagReader } from "../tags/tag-reader.ts";
import type { Tag } from "../tags/tag.ts";
import type { Cluster, ClustersReader } from "./clusters-reader.ts";
import { addressOf, ownerIfAny, tagForm } from "./owners.ts";

/** Up to so many members are asked for their tags; of a larger cluster the tags are asked for their addresses. */
const membersMax = 10_000;

/**
 * Who is behind a cluster: the tags of all its members as one, the strongest first, with every conflict among them.
 * Undefined where no member has a tag.
 *
 * Cost: of up to 10,000 members three reads each; else a few for each tagged address of the chain.
 */
export function entityOfCluster(
  tags: TagReader,
  reader: ChainReader,
  clusters: ClustersReader,
  cluster: Cluster,
): TaggedEntity | undefined {
  const found = cluster.size <= membersMax ? ofMembers(tags, reader, clusters, cluster) : ofTagged(tags, reader, clusters, cluster);
  return entityOf(found, tags.resolve);
}

function ofMembers(tags: TagReader, reader: ChainReader, clusters: ClustersReader, { id, size }: Cluster): readonly Tag[] {
  return clusters.members(id, id, size).members.flatMap((owner) => tags.tagsOf(reader.chain.id, tagForm(reader.chain, addressOf(reader, owner))));
}

function ofTagged(tags: TagReader, reader: ChainReader, clusters: ClustersReader, { id }: Cluster): readonly Tag[] {
  return [...tags.taggedAddresses(reader.chain.id)].flatMap(({ address, tags: own }) => {
    const owner = ownerIfAny(reader, address);
    return owner !== undefined && clusters.clusterOf(owner).id === id ? own : [];
  });
}
