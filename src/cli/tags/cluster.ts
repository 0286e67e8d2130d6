import { entityOfCluster } from "../../clusters/cluster-entity.ts";
import { ClustersReader, type Cluster } from "../../clusters/clusters-reader.ts";
import { addressOf, ownerIfAny } from "../../clusters/owners.ts";
import { LedgerReader } from "../../ledger/reader.ts";
import type { PageStore } from "../../store/page-store.ts";
import type { TaggedEntity } from "../../tags/entity.ts";
import type { TagReader } from "../../tags/tag-reader.ts";
import type { TagSubject } from "../../tags/tag.ts";

/** The cluster that an address is in: its oldest address, its size, and whose its members' tags say it is. */
export type ClusterAnswer = {
  readonly id: string;
  readonly size: Cluster["size"];
  readonly entity: TaggedEntity | undefined;
};

/** The cluster of a subject; undefined where it is no address, is alone, or no clusters of its chain have been built. */
export function clusterAnswer(
  store: PageStore,
  folder: string,
  subject: TagSubject,
  tags: TagReader,
): ClusterAnswer | undefined {
  if (subject.kind !== "address") return undefined;
  const ledger = new LedgerReader(store, folder);
  try {
    const reader = ledger.chains.find(({ chain }) => chain.id === subject.chain);
    if (reader === undefined) return undefined;
    const clusters = ClustersReader.open(reader);
    const owner = ownerIfAny(reader, subject.address);
    if (owner === undefined || !(clusters instanceof ClustersReader)) return undefined;
    const cluster = clusters.clusterOf(owner);
    if (cluster.size === 1) return undefined;
    return {
      id: addressOf(reader, cluster.id),
      size: cluster.size,
      entity: entityOfCluster(tags, reader, clusters, cluster),
    };
  } finally {
    ledger.close();
  }
}
