import { blockOfRow } from "../../clusters/blocks.ts";
import { entityOfCluster } from "../../clusters/cluster-entity.ts";
import type { ClustersReader } from "../../clusters/clusters-reader.ts";
import type { Evidence } from "../../clusters/evidence-reader.ts";
import { addressOf, txidOf } from "../../clusters/owners.ts";
import { sameKeyOf } from "../../clusters/same-key.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import type { TaggedEntity } from "../../tags/entity.ts";
import { groupDigits } from "../../base/usd.ts";
import { readCount, type Arguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { plainText, textTable, type Table } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { clustersOf, namedOwner, type OpenedLedger } from "./opened.ts";

const limitDefault = 20;
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

/** `fundtrail clusters show ADDRESS`. */
export function show(opened: OpenedLedger, options: Arguments, address: string, terminal: Terminal): void {
  const named = namedOwner(opened, options, address);
  const clusters = clustersOf(named.reader, opened.folder);
  const limit = Math.max(1, readCount(options, "limit", limitDefault));
  const after = options.text("from");
  const begin = after === undefined ? undefined : namedOwner(opened, options, after).owner;
  const found = described(opened, clusters, { ...named, limit, begin });
  terminal.out(options.flag("json") ? jsonText(found) : asText(found, terminal));
}

type Described = ReturnType<typeof described>;

type Asked = ReturnType<typeof namedOwner> & { readonly limit: number; readonly begin: number | undefined };

function described(opened: OpenedLedger, clusters: ClustersReader, { reader, owner, limit, begin }: Asked) {
  const cluster = clusters.clusterOf(owner);
  const { members, next } = clusters.members(cluster.id, begin ?? cluster.id, limit);
  const entity = opened.tags === undefined ? undefined : entityOfCluster(opened.tags, reader, clusters, cluster);
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
    sameKey: sameKeyOf(opened.ledger.chains, reader, owner).map((same) => ({
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

function asText(found: Described, terminal: Terminal): string {
  const { cluster, members, held, sameKey, entity, rowsBehind } = found;
  const lines = [
    cluster.size === 1
      ? `${found.address} is in no cluster: nothing links it with another address`
      : `${found.address} is in cluster ${cluster.id}, of ${groupDigits(String(cluster.size))} addresses`,
  ];
  if (rowsBehind > 0) {
    lines.push(`built before the ledger's last ${groupDigits(String(rowsBehind))} rows: run fundtrail clusters build`);
  }
  if (entity === null) lines.push("no tag on any of its addresses: unknown");
  else lines.push(`tagged as ${entity.entity}`, ...entity.conflicts.map((one) => `conflict: ${JSON.stringify(one)}`));
  for (const { chain, address, by } of sameKey) lines.push(`the same ${by}: ${chain}, ${address}`);
  for (const { services, evidence } of held) {
    lines.push(`held back: a merge of ${services.join(" and ")} by ${evidence.rule}, ${evidence.transaction}`);
  }
  const rows = members.map(({ address, evidence }) => [
    address,
    evidence?.rule ?? "",
    evidence?.transaction ?? "",
    evidence === null ? "" : String(evidence.block),
    evidence === null ? "" : (evidence.addresses.find((one) => one !== address) ?? ""),
  ]);
  const left = (title: string): Table["columns"][number] => ({ title, align: "left" });
  const columns = [left("Address"), left("Rule"), left("Transaction"), left("Block"), left("Linked with")];
  const table = cluster.size === 1 ? "" : textTable({ columns, rows, totals: 0 }, terminal);
  const more = found.next === null ? "" : `more: --from ${found.next}\n`;
  return `${lines.map(plainText).join("\n")}\n${table}${more}`;
}
