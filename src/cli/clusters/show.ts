import { describeCluster } from "../../clusters/describe.ts";
import { groupDigits } from "../../base/usd.ts";
import { readCount, type Arguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { plainText, textTable, type Table } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { clustersOf, namedOwner, type OpenedLedger } from "./opened.ts";

const limitDefault = 20;

/** `fundtrail clusters show ADDRESS`. */
export function show(opened: OpenedLedger, options: Arguments, address: string, terminal: Terminal): void {
  const named = namedOwner(opened, options, address);
  const clusters = clustersOf(named.reader, opened.folder);
  const limit = Math.max(1, readCount(options, "limit", limitDefault));
  const after = options.text("from");
  const begin = after === undefined ? undefined : namedOwner(opened, options, after).owner;
  const found = describeCluster({ ...named, chains: opened.ledger.chains, tags: opened.tags, clusters, limit, begin });
  terminal.out(options.flag("json") ? jsonText(found) : asText(found, terminal));
}

type Described = ReturnType<typeof describeCluster>;

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
