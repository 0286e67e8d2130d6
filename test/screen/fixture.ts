/** Ledgers in memory to be screened, with tags, thefts, prices and rules of their own. */
import type { ChainId } from "../../src/base/caip.ts";
import type { Day } from "../../src/base/day.ts";
import type { Block } from "../../src/chains/block.ts";
import { buildClusters } from "../../src/clusters/build.ts";
import { noServices } from "../../src/clusters/services.ts";
import type { Incident } from "../../src/incidents/incident.ts";
import { ChainWriter } from "../../src/ledger/chain-writer.ts";
import { LedgerReader } from "../../src/ledger/reader.ts";
import type { PriceTable } from "../../src/prices/price-table.ts";
import { readRules, type RuleSet } from "../../src/screen/rules.ts";
import { Screener } from "../../src/screen/screener.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import type { PageStore } from "../../src/store/page-store.ts";
import type { Confidence } from "../../src/tags/actor.ts";
import { tagReaderOf } from "../../src/tags/memory-tags.ts";
import type { Tag, TagId } from "../../src/tags/tag.ts";
import { priceRule } from "../../src/trace/price-rule.ts";
import { carryTaint } from "../../src/trace/taint/carry.ts";
import { ledgerBasis } from "../../src/trace/taint/standing.ts";

export function tagOf(
  chain: ChainId,
  address: string,
  category: string,
  more: { readonly confidence?: Confidence; readonly label?: string; readonly withdrawn?: Day } = {},
): Tag {
  return {
    id: `${category}${address}` as TagId,
    subject: { kind: "address", chain, address },
    label: more.label ?? `${category} of ${address}`,
    category,
    concepts: [],
    abuse: undefined,
    actor: undefined,
    confidence: more.confidence ?? "high",
    grade: undefined,
    source: { name: "a list", url: undefined, date: undefined, licence: undefined, set: "a", hash: "" },
    from: undefined,
    to: undefined,
    checked: "2026-01-01" as Day,
    clusterDefiner: "unknown",
    details: [],
    withdrawn: more.withdrawn,
    remarks: [],
    given: undefined,
  };
}

/** A theft of which only what screening reads is there. */
export function theftOf(
  id: string,
  date: string,
  theft: readonly string[],
  { stolen = [], thief = [] }: { readonly stolen?: readonly object[]; readonly thief?: readonly string[] } = {},
): Incident {
  return {
    id,
    date: { text: date, first: date as Day, last: date as Day },
    victim: { name: `Victim of ${id}` },
    stolen,
    attribution: undefined,
    chain: { theft, thief, victim: [] },
    sources: new Map([["press", { name: "A newspaper" }]]),
    simulated: false,
  } as unknown as Incident;
}

export const rulesOf = (text: string): RuleSet => readRules("rules.yaml", text);

/** What a ledger is made of, and what was done to it. */
export type Given = {
  readonly blocks: readonly Block[];
  readonly tags: readonly Tag[];
  readonly incidents: readonly Incident[];
  readonly prices: PriceTable;
  readonly rules: RuleSet;
  /** How many of the blocks, and which tags and thefts, the taint index was carried forward with; undefined: none was built. */
  readonly index:
    | { readonly blocks: number; readonly tags: readonly Tag[]; readonly incidents: readonly Incident[] }
    | undefined;
  /** Whether clusters are built, and after how many blocks. */
  readonly clusters: number | undefined;
};

export const noPrices: PriceTable = new Map();
const folder = "a ledger";

/** Makes the ledger, screens it and lets go of it. */
export async function withScreener<Result>(
  given: Given,
  use: (screener: Screener, store: PageStore) => Result | Promise<Result>,
): Promise<Result> {
  const store = openMemoryStore();
  await makeChain(store, given);
  const reader = new LedgerReader(store, folder);
  try {
    return await use(screenerOf(reader, given), store);
  } finally {
    reader.close();
    await store.close();
  }
}

export async function makeChain(store: PageStore, given: Given): Promise<void> {
  const { blocks, index, clusters } = given;
  const [first] = blocks;
  if (first === undefined) throw new Error("test: a ledger without blocks");
  const { chain, model } = first;
  const writer = await ChainWriter.open(store, { folder, chain, model, finality: 100 });
  const stops = [...new Set([index?.blocks ?? 0, clusters ?? 0, blocks.length])].toSorted(
    (left, right) => left - right,
  );
  let at = 0;
  for (const stop of stops) {
    for (; at < stop; at += 1) {
      const block = blocks[at] as Block;
      writer.append(block, block.height ?? at);
      await writer.commit(String(at));
    }
    if (index?.blocks === at) await carry(store, given, chain);
    if (clusters === at) {
      await buildClusters(store, { folder, chain, rules: undefined, services: noServices });
    }
  }
  writer.close();
}

async function carry(store: PageStore, { index, prices }: Given, chain: ChainId): Promise<void> {
  if (index === undefined) return;
  await carryTaint(store, {
    folder,
    chain,
    policies: ["fifo", "haircut"],
    // These tags lie beside the store, whose stamp says nothing of them.
    basis: (reader) => ({
      ...ledgerBasis(
        reader,
        { incidents: index.incidents, prices, digest: "some" },
        tagReaderOf(index.tags, () => undefined),
      ),
      stamp: "",
    }),
    price: priceRule(prices),
    onProgress: () => undefined,
  });
}

export function screenerOf(reader: LedgerReader, { tags, incidents, prices, rules }: Given): Screener {
  return new Screener(reader.chains, {
    tags: tagReaderOf(tags, () => undefined),
    known: { lists: [], digest: "tags" },
    register: { incidents, prices, digest: "some" },
    rules,
  });
}
