import { describe, expect, it } from "vitest";
import type { ChainId } from "../../src/base/caip.ts";
import type { Day } from "../../src/base/day.ts";
import type { Block } from "../../src/chains/block.ts";
import { addressOf } from "../../src/clusters/owners.ts";
import { ChainWriter } from "../../src/ledger/chain-writer.ts";
import { LedgerReader, type ChainReader } from "../../src/ledger/reader.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import type { PageStore } from "../../src/store/page-store.ts";
import { tagReaderOf } from "../../src/tags/memory-tags.ts";
import type { TagReader } from "../../src/tags/tag-reader.ts";
import type { Tag, TagId } from "../../src/tags/tag.ts";
import { runTrace } from "../../src/trace/run.ts";
import { tagStops } from "../../src/trace/tag-stops.ts";
import { buildTaint, type TaintBuilt } from "../../src/trace/taint/build.ts";
import { findOrigins } from "../../src/trace/taint/origins.ts";
import { TaintReader } from "../../src/trace/taint/taint-reader.ts";
import { noLimits } from "../../src/trace/trace.ts";
import { randomAccounts } from "./random-accounts.ts";
import { randomUtxo } from "./random-utxo.ts";

const policies = ["fifo", "haircut"] as const;

function tagOf(chain: ChainId, address: string, category: string): Tag {
  return {
    id: `${category}${address}` as TagId,
    subject: { kind: "address", chain, address },
    label: `${category} of ${address.slice(-6)}`,
    category,
    concepts: [],
    abuse: undefined,
    actor: undefined,
    confidence: "high",
    grade: undefined,
    source: { name: "a list", url: undefined, date: undefined, licence: undefined, set: "a", hash: "" },
    from: undefined,
    to: undefined,
    checked: "2026-01-01" as Day,
    clusterDefiner: "unknown",
    details: [],
    withdrawn: undefined,
    remarks: [],
    given: undefined,
  };
}

const build = async (store: PageStore, chain: ChainId, tags: TagReader): Promise<TaintBuilt> =>
  buildTaint(store, {
    folder: "a ledger",
    chain,
    policies,
    incidents: [],
    tags: () => tags,
    price: () => undefined,
    priceBasis: "none",
    onProgress: () => undefined,
  });

/** Taint received by address and asset: of the index, and of fresh traces by their flows. */
function bothWays(reader: ChainReader, tags: TagReader): readonly [object, object] {
  const index = TaintReader.open(reader);
  if (!(index instanceof TaintReader)) throw new Error(`test: the index is ${index}`);
  expect(index.isBehind).toBe(false);
  const indexed: Record<string, string> = {};
  const traced: Record<string, string> = {};
  const owners = reader.state.counts.owners ?? reader.state.counts.accounts ?? 0;
  for (let owner = 0; owner < owners; owner += 1) {
    for (const one of index.ofOwner(owner)) {
      const key = `${one.strand.policy} ${one.strand.origin.key} ${addressOf(reader, owner)}`;
      indexed[key] = (BigInt(indexed[key] ?? 0) + one.amount).toString();
      const path = index.path(one.strand.number, one.largest);
      expect(path[0]?.parent).toBe(-1);
      expect(path.at(-1)?.owner).toBe(owner);
    }
  }
  for (const { origin, rows } of findOrigins(reader, { incidents: [], tags }).found) {
    for (const policy of policies) {
      const trace = runTrace(reader, {
        origins: rows,
        policy,
        stops: tagStops(tags, reader.chain),
        limits: noLimits,
        swaps: reader.model === "account" ? "on" : "off",
        price: () => undefined,
        hubTransfers: undefined,
      });
      for (const { target, amount } of trace.flows()) {
        if (!target.startsWith("address:") || amount === 0n) continue;
        const key = `${policy} ${origin.key} ${target.slice("address:".length)}`;
        traced[key] = (BigInt(traced[key] ?? 0) + amount).toString();
      }
    }
  }
  return [indexed, traced];
}

function chainOfSeed(seed: number): { readonly blocks: readonly Block[]; readonly addresses: readonly string[] } {
  if (seed % 2 === 0) return randomAccounts({ seed, blocks: 14, scale: 1_000n });
  return randomUtxo({ seed, chain: "bitcoin", blocks: 14, unseen: "mixed", scale: 1_000n });
}

describe("the taint index", () => {
  it("equals fresh traces to the base unit, while chains grow and are reorganised and origins come late", async () => {
    let compared = 0;
    for (let seed = 1; seed <= 24; seed += 1) {
      const { blocks, addresses } = chainOfSeed(seed);
      const [first] = blocks as readonly [Block];
      const store = openMemoryStore();
      const { chain } = first;
      const words = ["sanction", "exchange", "ransomware", "mixing_service"];
      const all = words.flatMap((word, place) => {
        const address = addresses[place];
        return address === undefined ? [] : [tagOf(chain, address, word)];
      });
      const early = tagReaderOf(all.slice(0, 2), () => undefined);
      const late = tagReaderOf(all, () => undefined);
      const writer = await ChainWriter.open(store, { folder: "a ledger", chain, model: first.model, finality: 20 });
      const append = async (from: number, to: number): Promise<void> => {
        for (let at = from; at < to; at += 1) {
          const block = blocks[at] as Block;
          writer.append(block, block.height ?? at);
          await writer.commit(String(at));
        }
      };
      const check = async (tags: TagReader): Promise<void> => {
        await build(store, chain, tags);
        const again = await build(store, chain, tags);
        expect(again.traced).toBe(0);
        const ledger = new LedgerReader(store, "a ledger");
        const [indexed, traced] = bothWays(ledger.chains[0] as ChainReader, tags);
        expect(indexed).toEqual(traced);
        compared += Object.keys(indexed).length;
        ledger.close();
      };
      await append(0, 8);
      await check(early);
      await append(8, blocks.length);
      await check(early);
      await check(late);
      await writer.rollback(blocks[9]?.height ?? 9);
      const lost = new LedgerReader(store, "a ledger");
      expect(TaintReader.open(lost.chains[0] as ChainReader)).toBe("lost");
      lost.close();
      await check(late);
      await append(10, blocks.length);
      await check(late);
      writer.close();
      await store.close();
    }
    expect(compared).toBeGreaterThan(500);
  });
});
