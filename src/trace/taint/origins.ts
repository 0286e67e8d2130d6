import { halves } from "../../base/halves.ts";
import { canonicalAddress } from "../../chains/address.ts";
import { ownerIfAny } from "../../clusters/owners.ts";
import type { Incident } from "../../incidents/incident.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import type { TagReader } from "../../tags/tag-reader.ts";
import { AccountView } from "../account/account-view.ts";
import { incidentsFor, partiesOn, theftTxids } from "../theft/incident-chain.ts";
import { theftOnChain } from "../theft/theft-on-chain.ts";
import type { TheftOnChain } from "../theft/theft-transaction.ts";
import { theftBegins, thiefReceipts } from "../theft/thief-receipts.ts";
import type { TaintOrigin } from "./state.ts";
import { taggedOwners, type TaggedOwners } from "./tagged-owners.ts";

/** An origin and the outputs or transfers that it begins with. */
export type FoundOrigin = {
  readonly origin: TaintOrigin;
  /** In ledger order. */
  readonly rows: readonly number[];
  /** The owners that a tagged entity is. */
  readonly owners: readonly number[];
  /** Whether only the rows of blocks are given that the index does not cover; the others are then those that it has. */
  readonly isNew: boolean;
};

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
  const { found, absent } = theftOrigins(reader, { incidents, tags });
  return { found: [...found, ...taggedOrigins(reader, taggedOwners(reader, tags))], absent };
}

/** The incidents among {@link findOrigins}. Cost: the thefts' transactions, and the rows of thieves. */
export function theftOrigins(
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
      found.push({ origin, rows: ordered(rows), owners: [], isNew: false });
      continue;
    }
    if (txids.length > 0) absent.push(incident.id);
    const byThief = thiefOrigin(reader, { incident, tags, missing: theft.missing });
    if (byThief !== undefined) found.push(byThief);
  }
  return { found, absent };
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
  const origin = ofIncident(incident, { basis: "addresses", addresses: [...thieves.values()], missing });
  return { origin, rows, owners: [], isNew: false };
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

/** The tagged entities among {@link findOrigins}. Cost: the rows of their owners. */
export function taggedOrigins(reader: ChainReader, { groups }: Pick<TaggedOwners, "groups">): readonly FoundOrigin[] {
  const rowsFrom = reader.model === "utxo" ? outputsOf(reader) : paymentsOf(reader);
  return groups.map(({ key, entity, illicit, addresses, owners }) => ({
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
      addresses,
      missing: [],
    },
    rows: ordered(owners.flatMap(rowsFrom)),
    owners,
    isNew: false,
  }));
}

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
    view.rowsOf(account, 0, Infinity).filter((row) => view.from(row) === account && isPaidByEntity(view, row));
}

/** Whether a transfer is part of the origin that its payer is: it pays somebody else, and is no fee. */
export function isPaidByEntity(view: AccountView, row: number): boolean {
  const to = view.to(row);
  return to >= 0 && to !== view.from(row) && !view.isFee(row);
}

function ordered(rows: readonly number[]): readonly number[] {
  return [...new Set(rows)].toSorted((left, right) => left - right);
}
