import type { ChainReader } from "../ledger/reader.ts";
import type { TaggedEntity } from "../tags/entity.ts";
import type { TagReader } from "../tags/tag-reader.ts";
import { blockOfRow } from "./blocks.ts";
import { entityOfCluster } from "./cluster-entity.ts";
import type { ClustersReader } from "./clusters-reader.ts";
import type { Evidence } from "./evidence-reader.ts";
import { addressOf, txidOf } from "./owners.ts";
import { sameKeyOf } from "./same-key.ts";

const heldMax = 20;

/** A piece of evidence as it is shown. */
export type ShownEvidence = {
  readonly rule: string;
  readonly transaction: string;
  readonly block: number;
  readonly addresses: readonly [string, string];
  readonly struckOut: boolean;
};

export function shownEvidence(reader: ChainReader, evidence: Evidence): ShownEvidence {
  return {
    rule: evidence.rule,
    transaction: txidOf(reader, evidence.transaction),
    block: blockOfRow(reader, evidence.at),
    addresses: [addressOf(reader, evidence.left), addressOf(reader, evidence.right)],
    struckOut: evidence.isStruck,
  };
}

export type ClusterAsked = {
  /** All chains of the ledger. */
  readonly chains: readonly ChainReader[];
  readonly tags: TagReader | undefined;
  readonly clusters: ClustersReader;
  readonly reader: ChainReader;
  readonly owner: number;
  readonly limit: number;
  /** The member to begin with; undefined: the cluster's first. */
  readonly begin: number | undefined;
};

/** What is known of the cluster of an owner, as values of JSON: its entity, members with their evidence, what was held back. */
export function describeCluster({ chains, tags, clusters, reader, owner, limit, begin }: ClusterAsked) {
  const cluster = clusters.clusterOf(owner);
  const { members, next } = clusters.members(cluster.id, begin ?? cluster.id, limit);
  const entity = tags === undefined ? undefined : entityOfCluster(tags, reader, clusters, cluster);
  return {
    chain: reader.chain.id,
    address: addressOf(reader, owner),
    cluster: { id: addressOf(reader, cluster.id), size: cluster.size },
    rules: clusters.rules,
    rowsBehind: clusters.rowsBehind,
    entity: entity === undefined ? null : shownEntity(entity),
    members: members.map((member) => {
      const evidence = firstStanding(clusters, member);
      return {
        address: addressOf(reader, member),
        evidence: evidence === undefined ? null : shownEvidence(reader, evidence),
      };
    }),
    next: next === undefined ? null : addressOf(reader, next),
    held: [...clusters.held(cluster.id)].slice(0, heldMax).map((held) => ({
      clusters: held.clusters.map((id) => addressOf(reader, id)),
      services: held.services,
      evidence: shownEvidence(reader, clusters.evidence.get(held.evidence)),
    })),
    sameKey: sameKeyOf(chains, reader, owner).map((same) => ({
      chain: same.reader.chain.id,
      address: addressOf(same.reader, same.owner),
      by: same.by,
    })),
  };
}

type ShownEntity = {
  readonly entity: string;
  readonly actor: string | null;
  readonly category: string | null;
  readonly confidence: string;
  readonly tags: readonly object[];
  readonly conflicts: readonly object[];
};

function shownEntity(entity: TaggedEntity): ShownEntity {
  return {
    entity: entity.entity,
    actor: entity.actor?.id ?? null,
    category: entity.category ?? null,
    confidence: entity.confidence,
    tags: entity.tags.map(({ label, category, confidence, source, subject }) => ({
      label,
      category: category ?? null,
      confidence,
      source: source.name,
      address: subject.kind === "address" ? subject.address : null,
    })),
    conflicts: entity.conflicts.map(({ kind, values }) => ({ kind, values })),
  };
}

/** The first evidence about an owner that stands, in chain order as far as it is looked up. */
function firstStanding(clusters: ClustersReader, owner: number): Evidence | undefined {
  for (const row of clusters.evidence.about(owner)) {
    const found = row.find(({ left, right, isStruck }) => !isStruck && (left === owner || right === owner));
    if (found !== undefined) return found;
  }
  return undefined;
}
