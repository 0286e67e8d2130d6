import { halves } from "../../base/halves.ts";
import { canonicalAddress } from "../../chains/address.ts";
import { ownerIfAny } from "../../clusters/owners.ts";
import type { Incident } from "../../incidents/incident.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import type { TaggedEntity } from "../../tags/entity.ts";
import type { TagReader } from "../../tags/tag-reader.ts";
import { AccountView } from "../account/account-view.ts";
import { incidentsFor, partiesOn, theftTxids } from "../theft/incident-chain.ts";
import { theftOnChain } from "../theft/theft-on-chain.ts";
import type { TheftOnChain } from "../theft/theft-transaction.ts";
import { theftBegins, thiefReceipts } from "../theft/thief-receipts.ts";
import { illicitOf, type Illicit } from "./illicit.ts";
import type { TaintOrigin } from "./state.ts";

/** An origin and the outputs or transfers that it begins with. */
export type FoundOrigin = { readonly origin: TaintOrigin; readonly rows: readonly number[] };

/** What the origins of a chain are. */
export type FoundOrigins = { readonly found: readonly FoundOrigin[]; readonly absent: readonly string[] };

/**
 * The origins of a ledger's chain: the incidents whose theft's transactions it holds, or else their thief's addresses; and the
 * entities whose tags are illicit, or a mixer's, as far as the ledger has seen their addresses.
 *
 * Cost: the thefts' transactions, every tagged address of the chain, and the rows of those that are origins.
 */
export function findOrigins(
  reader: ChainReader,
  { incidents, tags }: { readonly incidents: readonly Incident[]; readonly tags: TagReader },
): FoundOrigins {
  const found: FoundOrigin[] = [];
  const absent: string[] = [];
  for (const incident of incidentsFor(incidents, reader)) {
    const txids = theftTxids(incident, reader.chain);
    const theft = txids.length === 0 ? nothing : theftOnChain(reader, txids, partiesOn(incident, reader.chain));
    const rows = theft.found.flatMap((one) => one.rows);
    if (rows.length > 0) {
      const origin = ofIncident(incident, { basis: "transactions", addresses: [], missing: theft.missing });
      found.push({ origin, rows: ordered(rows) });
      continue;
    }
    if (txids.length > 0) absent.push(incident.id);
    const byThief = thiefOrigin(reader, { incident, tags, missing: theft.missing });
    if (byThief !== undefined) found.push(byThief);
  }
  return { found: [...found, ...taggedOrigins(reader, tags)], absent };
}

const nothing: TheftOnChain = { found: [], missing: [] };

/**
 * What came to a theft's thief from its day on; undefined where the ledger shows nothing of the kind. An address that tags call a
 * pooled service's is left out: what leaves it is its other customers' money.
 */
function thiefOrigin(
  reader: ChainReader,
  by: { readonly incident: Incident; readonly tags: TagReader; readonly missing: readonly string[] },
): FoundOrigin | undefined {
  const { incident, tags, missing } = by;
  const { chain } = reader;
  const thieves = new Map<number, string>();
  for (const address of partiesOn(incident, chain).thieves) {
    const owner = ownerIfAny(reader, address);
    const entity = tags.entityAt(chain.id, canonicalAddress(chain, address) ?? address);
    if (owner !== undefined && entity?.kind !== "pooled") thieves.set(owner, address);
  }
  if (thieves.size === 0) return undefined;
  const rows = thiefReceipts(reader, { thieves: new Set(thieves.keys()), since: theftBegins(incident) });
  if (rows.length === 0) return undefined;
  return { origin: ofIncident(incident, { basis: "addresses", addresses: [...thieves.values()], missing }), rows };
}

function ofIncident(incident: Incident, begins: Pick<TaintOrigin, "basis" | "addresses" | "missing">): TaintOrigin {
  return {
    key: `incident:${incident.id}`,
    kind: "incident",
    name: incident.victim.name,
    category: "theft",
    actor: incident.attribution?.actor ?? null,
    // That the theft took place is known by itself; how sure its author is, the register says of the actor.
    confidence: "confirmed",
    sources: [...incident.sources.keys()],
    date: incident.date.text,
    ...begins,
  };
}

function taggedOrigins(reader: ChainReader, tags: TagReader): readonly FoundOrigin[] {
  const { id } = reader.chain;
  const rowsFrom = reader.model === "utxo" ? outputsOf(reader) : paymentsOf(reader);
  const groups = new Map<string, TaggedGroup>();
  for (const { address } of tags.taggedAddresses(id)) {
    const entity = tags.entityAt(id, address);
    if (entity === undefined) continue;
    const illicit = illicitOf(entity);
    const owner = illicit.length === 0 ? undefined : ownerIfAny(reader, address);
    if (owner === undefined) continue;
    const own = rowsFrom(owner);
    for (const one of illicit) {
      const key = `tag:${one.category}:${entity.actor?.id ?? entity.entity}`;
      const group = groups.get(key) ?? { entity, illicit: one, rows: [], at: [] };
      group.rows.push(...own);
      group.at.push(address);
      groups.set(key, group);
    }
  }
  return [...groups].map(([key, { entity, illicit, rows, at }]) => ({
    origin: {
      key,
      kind: "tag",
      basis: "addresses",
      name: entity.entity,
      category: illicit.category,
      actor: entity.actor?.id ?? null,
      confidence: illicit.confidence,
      sources: illicit.sources,
      date: null,
      addresses: at,
      missing: [],
    },
    rows: ordered(rows),
  }));
}

type TaggedGroup = {
  readonly entity: TaggedEntity;
  readonly illicit: Illicit;
  readonly rows: number[];
  readonly at: string[];
};

/**
 * All that an owner of outputs was paid, since what leaves it is made of that. Odd values are outputs from before the ledger,
 * with which no trace can begin.
 */
function outputsOf(reader: ChainReader): (owner: number) => readonly number[] {
  const index = reader.index("outputByOwner");
  return (owner) =>
    index
      .get(...halves(owner))
      .filter((value) => value % 2 === 0)
      .map((value) => value / 2);
}

/** All that an account paid, but its fees. */
function paymentsOf(reader: ChainReader): (account: number) => readonly number[] {
  const view = new AccountView(reader);
  return (account) =>
    view
      .rowsOf(account, 0, Infinity)
      .filter((row) => view.from(row) === account && view.to(row) >= 0 && view.to(row) !== account && !view.isFee(row));
}

function ordered(rows: readonly number[]): readonly number[] {
  return [...new Set(rows)].toSorted((left, right) => left - right);
}
