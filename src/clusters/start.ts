import { halves } from "../base/halves.ts";
import type { Run } from "../ledger/index/run.ts";
import type { ChainReader } from "../ledger/reader.ts";
import type { ChainBlocks } from "./blocks.ts";
import { freshGeneration, storedColumn } from "./forest-pages.ts";
import type { RuleSet } from "./rules.ts";
import { firstNotBelow } from "./search.ts";
import { differing, type ServiceList } from "./services.ts";
import { clustersFormat, coinjoinsShape, evidenceShape, heldShape, mergesShape, servicesShape } from "./shapes.ts";
import { emptyClusters, type ClustersState } from "./state.ts";
import { tableOf } from "./tables.ts";

/** Where a build begins. */
export type Start = {
  /** `on`: where the last one stopped; `reapplied`: all evidence is applied again; `anew`: from the first block. */
  readonly way: "on" | "reapplied" | "anew";
  readonly why: string;
  /** What of the stored records counts from here on. */
  readonly state: ClustersState;
  /** The first block that is new. */
  readonly block: number;
  /** Blocks that are no longer part of the chain. */
  readonly undone: number;
  /** Merges that the stored forest holds; those beyond the state's are to be undone. */
  readonly storedMerges: number;
  /** Whether what is stored beside the clusters must be written even where nothing is new. */
  readonly isStale: boolean;
  /** Runs of the index of evidence that nothing needs any more. */
  readonly abandoned: readonly Run[];
};

export type Wanted = {
  readonly stored: ClustersState | undefined;
  readonly rules: RuleSet;
  readonly strikes: ClustersState["strikes"];
  readonly services: ServiceList;
  readonly blocks: ChainBlocks;
};

/** Decides how to get from what is stored to what is wanted, with the least work. */
export function startingPoint(reader: ChainReader, wanted: Wanted): Start {
  const { stored, rules, strikes, blocks } = wanted;
  const anew = (why: string): Start => ({
    way: "anew",
    why,
    state: emptyClusters(rules, freshGeneration(reader.snapshot, reader.number), stored?.nextRun ?? 1),
    block: 0,
    undone: 0,
    storedMerges: 0,
    isStale: true,
    abandoned: stored?.runs ?? [],
  });
  if (stored === undefined) return anew("there were no clusters yet");
  if (stored.format !== clustersFormat) return anew("another version of Fundtrail built them");
  if (JSON.stringify(stored.rules) !== JSON.stringify(rules)) return anew("the rules have changed");
  if (stored.strikes.detectors !== strikes.detectors) return anew("what counts as a CoinJoin has changed");
  const common = stored.blocks.length === 0 ? undefined : blocks.common(stored.blocks);
  if (common === undefined && stored.blocks.length > 0) return anew("the chain was reorganised deeply");
  const kept = truncated(reader, stored, common === undefined ? 0 : common.place + 1);
  const changes = serviceChanges(reader, stored, kept, wanted);
  if (changes === "exchanges") return anew("tags name other services");
  const position = {
    block: common === undefined ? 0 : common.block + 1,
    undone: stored.blocks.length - kept.blocks.length,
    isStale: changes !== "none",
    abandoned: [],
  };
  const isStruckOtherwise = stored.strikes.links !== strikes.links;
  if (!isStruckOtherwise && changes !== "merges") {
    return { way: "on", why: "", state: kept, storedMerges: stored.merges, ...position };
  }
  return {
    way: "reapplied",
    why: isStruckOtherwise ? "what is struck out has changed" : "tags name other services",
    state: { ...kept, merges: 0, held: 0, applied: 0, generation: freshGeneration(reader.snapshot, reader.number) },
    storedMerges: 0,
    ...position,
  };
}

/** What is stored of the blocks up to the first so many seen ones. */
function truncated(reader: ChainReader, stored: ClustersState, seen: number): ClustersState {
  if (seen === stored.blocks.length) return stored;
  const blocks = stored.blocks.slice(0, seen);
  const rows = blocks.at(-1)?.rows ?? 0;
  const evidenceTable = tableOf(reader, evidenceShape, stored.evidence);
  const evidence = firstNotBelow((record) => evidenceTable.value("at", record), stored.evidence, rows);
  const merges = tableOf(reader, mergesShape, stored.merges);
  const held = tableOf(reader, heldShape, stored.held);
  const coinjoins = tableOf(reader, coinjoinsShape, stored.coinjoins);
  return {
    ...stored,
    blocks,
    evidence,
    merges: firstNotBelow((record) => merges.value("evidence", record), stored.merges, evidence),
    held: firstNotBelow((record) => held.value("evidence", record), stored.held, evidence),
    coinjoins: firstNotBelow((record) => coinjoins.value("transaction", record), stored.coinjoins, rows),
    applied: Math.min(stored.applied, evidence),
  };
}

/**
 * What a change of tags means for what was built.
 *
 * An owner that no evidence is about has joined nothing and held nothing back, so its tags do not matter yet; that is also
 * true of one that has only now appeared.
 */
function serviceChanges(
  reader: ChainReader,
  stored: ClustersState,
  kept: ClustersState,
  { services, rules }: Wanted,
): "none" | "harmless" | "merges" | "exchanges" {
  const before = readServices(reader, stored.services);
  const changed = differing(before, services);
  if (changed.length === 0) return "none";
  // The rules of accounts leave services out: which these are decides what is evidence.
  if (rules.includes("deposit-reuse") || rules.includes("airdrop-reuse")) {
    const rows = kept.blocks.at(-1)?.rows ?? 0;
    const first = reader.index("transferByAccount");
    const isSeen = (owner: number): boolean => {
      const transfer = first.first(...halves(owner));
      return transfer >= 0 && transfer < rows;
    };
    if (changed.some(isSeen)) return "exchanges";
  }
  const parents = storedColumn(
    () => reader.snapshot,
    () => ({ chain: reader.number, generation: stored.generation, column: "parents" }),
  );
  const held = tableOf(reader, heldShape, stored.held);
  const heldBack = new Set<number>();
  for (let record = 0; record < stored.held; record += 1) {
    heldBack.add(held.value("left", record)).add(held.value("right", record));
  }
  return changed.some((owner) => heldBack.has(owner) || parents.get(owner) !== 0) ? "merges" : "harmless";
}

/** The services that clusters were built with. */
export function readServices(reader: ChainReader, count: number): ServiceList {
  const table = tableOf(reader, servicesShape, count);
  return Array.from({ length: count }, (_, record) => ({
    owner: table.value("owner", record),
    service: table.value("service", record),
    isExchange: table.value("exchange", record) === 1,
  }));
}
