import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { ChainId } from "../../src/base/caip.ts";
import type { Day } from "../../src/base/day.ts";
import type { Block } from "../../src/chains/block.ts";
import { ChainWriter } from "../../src/ledger/chain-writer.ts";
import { LedgerReader, type ChainReader } from "../../src/ledger/reader.ts";
import { openLmdbStore } from "../../src/store/lmdb-store.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import type { PageStore } from "../../src/store/page-store.ts";
import { tagReaderOf } from "../../src/tags/memory-tags.ts";
import type { TagReader } from "../../src/tags/tag-reader.ts";
import type { Tag, TagId } from "../../src/tags/tag.ts";
import type { PriceRule } from "../../src/trace/account/swap.ts";
import type { Policy } from "../../src/trace/policy.ts";
import { carryTaint, type TaintCarried } from "../../src/trace/taint/carry.ts";
import { TaintReader } from "../../src/trace/taint/taint-reader.ts";
import { randomOf } from "../ledger/random-chain.ts";
import { freshlySaid, indexSaid } from "./taint-fresh.ts";
import { randomAccounts } from "./random-accounts.ts";
import { randomUtxo } from "./random-utxo.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-taint-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

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

const noPrice: PriceRule = () => undefined;
const somePrice: PriceRule = (asset) => ({ numerator: BigInt(asset.length), denominator: 7n });

type Given = { readonly tags: TagReader; readonly policies: readonly Policy[]; readonly price: PriceRule };

const carry = async (store: PageStore, chain: ChainId, { tags, policies, price }: Given): Promise<TaintCarried> =>
  carryTaint(store, {
    folder: "a ledger",
    chain,
    policies,
    incidents: [],
    tags: () => tags,
    price,
    priceBasis: price === noPrice ? "none" : "some",
    stamp: () => "",
    onProgress: () => undefined,
  });

function read<Result>(store: PageStore, use: (reader: ChainReader) => Result): Result {
  const ledger = new LedgerReader(store, "a ledger");
  try {
    return use(ledger.chains[0] as ChainReader);
  } finally {
    ledger.close();
  }
}

const words = ["sanction", "exchange", "ransomware", "mixing_service", "exchange", "terrorism"];

function chainOfSeed(seed: number): { readonly blocks: readonly Block[]; readonly addresses: readonly string[] } {
  if (seed % 2 === 0) return randomAccounts({ seed, blocks: 24, scale: 1_000n });
  const scale = seed % 9 === 1 ? 2n ** 40n : 1_000n;
  return randomUtxo({ seed, chain: "bitcoin", blocks: 24, unseen: seed % 4 === 1 ? "none" : "mixed", scale });
}

/** Appends, goes back, changes tags and prices, carries the index forward and compares it, as a seed says. */
async function story(seed: number, store: PageStore): Promise<number> {
  const { blocks, addresses } = chainOfSeed(seed);
  const [first] = blocks as readonly [Block];
  const { chain, model } = first;
  const random = randomOf(seed * 977);
  const policies: readonly Policy[] = seed % 5 < 2 ? ["fifo", "haircut", "lifo", "poison"] : ["fifo", "haircut"];
  const writer = await ChainWriter.open(store, { folder: "a ledger", chain, model, finality: 1_000 });
  const heightOf = (at: number): number => blocks[at]?.height ?? at;
  let [at, compared] = [0, 0];
  let tags = tagReaderOf([], () => undefined);
  let price: PriceRule = noPrice;
  for (let step = 0; step < 14; step += 1) {
    if (at > 2 && random(3) === 0) {
      at = 1 + random(at - 1);
      await writer.rollback(heightOf(at - 1));
    }
    for (let more = 1 + random(6); more > 0 && at < blocks.length; more -= 1, at += 1) {
      writer.append(blocks[at] as Block, heightOf(at));
      await writer.commit(String(at));
    }
    if (random(3) === 0) {
      const picked = words.flatMap((word) => {
        const address = addresses[random(addresses.length)];
        return address === undefined || random(3) === 0 ? [] : [tagOf(chain, address, word)];
      });
      tags = tagReaderOf(picked, () => undefined);
    }
    if (random(4) === 0) price = price === noPrice ? somePrice : noPrice;
    if (random(3) === 0) continue;
    await carry(store, chain, { tags, policies, price });
    compared += read(store, (reader) => {
      const basis = { incidents: [], tags, priceBasis: price === noPrice ? "none" : "some", stamp: "" };
      const index = TaintReader.open(reader, basis);
      if (!(index instanceof TaintReader)) throw new Error(`test: the index is ${index}`);
      expect(index.standing).toEqual({ kind: "current", blocksBehind: 0, changed: [] });
      const [own, fresh] = [indexSaid(index, reader), freshlySaid(reader, tags, policies, price)];
      expect(own.records).toEqual(fresh.records);
      expect(own.owners).toEqual(fresh.owners);
      expect(own.transactions).toEqual(fresh.transactions);
      return Object.keys(own.owners).length;
    });
    expect(await carry(store, chain, { tags, policies, price })).toMatchObject({ walked: 0, undone: 0, blocks: 0 });
  }
  writer.close();
  return compared;
}

describe("the taint index", () => {
  it("equals fresh traces, whatever the batches, reorganisations, late origins, changed tags and prices", async () => {
    let compared = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      const store = openMemoryStore();
      compared += await story(seed, store);
      await store.close();
    }
    expect(compared).toBeGreaterThan(5_000);
  });
  it("does so in LMDB", async () => {
    for (const seed of [2, 3, 5, 8]) {
      const store = openLmdbStore(path.join(scratch, String(seed)), { mode: "write" });
      await story(seed, store);
      await store.close();
    }
  });
});
