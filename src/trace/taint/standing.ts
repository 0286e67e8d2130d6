import { createHash } from "node:crypto";
import type { Incident } from "../../incidents/incident.ts";
import type { Register } from "../../incidents/register.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import type { PriceTable } from "../../prices/price-table.ts";
import { entityOf } from "../../tags/entity.ts";
import { tagsStamp } from "../../tags/stamp.ts";
import type { TagReader } from "../../tags/tag-reader.ts";
import { incidentsFor, partiesOn, theftTxids } from "../theft/incident-chain.ts";
import { illicitOf } from "./illicit.ts";
import type { StoredBasis, StoredTaint } from "./state.ts";

/** What the index rests on beside the ledger, as it is now. */
export type TaintBasis = {
  readonly incidents: readonly Incident[];
  readonly tags: TagReader;
  /** What tells one table of prices from another. */
  readonly priceBasis: string;
  /**
   * What is the same only while tags and register are (`tagsStamp` and the register's digest): then every tag need not be looked
   * at. Empty where that is not known.
   */
  readonly stamp: string;
};

/**
 * What can have changed since the index was carried forward. `unfinished`: origins are still to be walked, since a build is
 * under way or was stopped.
 */
export type TaintChange = "tags" | "register" | "prices" | "unfinished";

/** What an index is, compared with the ledger and with what it rests on. */
export type TaintStanding = {
  /** `stale` counts more than `behind`: carrying it forward mends both. */
  readonly kind: "current" | "behind" | "stale";
  /** Blocks of the ledger that it does not cover yet. */
  readonly blocksBehind: number;
  /** What has changed; empty where nothing has, or where it was not compared. */
  readonly changed: readonly TaintChange[];
};

const priceDigests = new WeakMap<PriceTable, string>();

/** What the index of a chain rests on, by a register and the ledger's own tags. Cost: the prices, once; the remarks on tags. */
export function ledgerBasis(
  reader: ChainReader,
  { incidents, prices, digest }: Pick<Register, "incidents" | "prices" | "digest">,
  tags: TagReader,
): TaintBasis {
  return { incidents, tags, priceBasis: pricesDigest(prices), stamp: `${tagsStamp(reader.snapshot)} ${digest}` };
}

function pricesDigest(prices: PriceTable): string {
  const known = priceDigests.get(prices);
  if (known !== undefined) return known;
  const lines = [...prices].flatMap(([asset, list]) =>
    list.map(({ day, kind, usd }) => `${asset} ${day} ${kind} ${usd.digits} ${usd.scale}`),
  );
  const made = digestOf(lines.toSorted());
  priceDigests.set(prices, made);
  return made;
}

/** Digests of what there is now. Cost: every tagged address of the chain. */
export function basisOf(reader: ChainReader, { incidents, tags, priceBasis, stamp }: TaintBasis): StoredBasis {
  const register = incidentsFor(incidents, reader).flatMap((incident) => {
    const txids = theftTxids(incident, reader.chain);
    const parties = partiesOn(incident, reader.chain);
    if (txids.length === 0 && parties.thieves.length === 0) return [];
    const { id, victim, attribution, date, sources } = incident;
    const shown = [victim.name, attribution?.actor ?? "", date.text, [...sources.keys()]];
    return [JSON.stringify([id, txids, parties, shown])];
  });
  const prices = reader.model === "account" ? priceBasis : "";
  return { tags: digestOf(tagLines(reader, tags)), register: digestOf(register), prices, stamp };
}

/**
 * Compares a stored index with what there is now.
 *
 * Cost: nothing where the basis has the index's stamp, else every tagged address of the chain.
 */
export function taintStanding(
  reader: ChainReader,
  { basis: stored, isWhole }: StoredTaint,
  { blocksBehind, basis }: { readonly blocksBehind: number; readonly basis: TaintBasis | undefined },
): TaintStanding {
  const changed: TaintChange[] = isWhole ? [] : ["unfinished"];
  if (basis !== undefined) {
    const isStamped = basis.stamp !== "" && basis.stamp === stored.stamp;
    if (isStamped) {
      if (reader.model === "account" && basis.priceBasis !== stored.prices) changed.push("prices");
    } else {
      const now = basisOf(reader, basis);
      for (const name of ["tags", "register", "prices"] as const) if (now[name] !== stored[name]) changed.push(name);
    }
  }
  return { kind: changed.length > 0 ? "stale" : blocksBehind > 0 ? "behind" : "current", blocksBehind, changed };
}

/** What tags decide: where tracing ends, and what is an origin. */
function tagLines(reader: ChainReader, tags: TagReader): readonly string[] {
  const { id } = reader.chain;
  const lines: string[] = [];
  for (const { address, tags: own } of tags.taggedAddresses(id)) {
    const entity = entityOf(own, tags.resolve);
    if (entity === undefined) continue;
    const illicit = illicitOf(entity);
    if (entity.kind !== "pooled" && illicit.length === 0) continue;
    lines.push(JSON.stringify([address, entity.kind === "pooled", entity.entity, entity.actor?.id ?? "", illicit]));
  }
  return lines;
}

function digestOf(lines: readonly string[]): string {
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}
