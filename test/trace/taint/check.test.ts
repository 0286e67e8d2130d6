import { describe, expect, it } from "vitest";
import type { Block } from "../../../src/chains/block.ts";
import { taintPartOf, taintRange } from "../../../src/ledger/keys.ts";
import { ChainWriter } from "../../../src/ledger/chain-writer.ts";
import { sealPage } from "../../../src/ledger/page.ts";
import { openMemoryStore } from "../../../src/store/memory-store.ts";
import type { PageStore } from "../../../src/store/page-store.ts";
import { checkTaint } from "../../../src/trace/taint/check.ts";
import { randomOf } from "../../ledger/random-chain.ts";
import { carry, chainOfSeed, folder, heightOf, noPrice, randomSizes, randomTags, randomThefts, read } from "./story.ts";

/** An index of a random chain that was carried forward in two parts, by several policies. */
async function made(seed: number): Promise<PageStore> {
  const chainMade = chainOfSeed(seed);
  const { blocks } = chainMade;
  const { chain, model } = blocks[0] as Block;
  const random = randomOf(seed);
  const store = openMemoryStore();
  const writer = await ChainWriter.open(store, { folder, chain, model, finality: 1_000 });
  const given = {
    tags: randomTags(chainMade, random),
    incidents: randomThefts(chainMade, random),
    hasStamp: true,
    policies: ["fifo", "haircut", "lifo", "poison"] as const,
    price: noPrice,
    sizes: randomSizes(random),
  };
  for (const [at, block] of blocks.entries()) {
    writer.append(block, heightOf(blocks, at));
    if (at !== 15 && at !== blocks.length - 1) continue;
    await writer.commit(String(at));
    await carry(store, chain, given);
  }
  writer.close();
  return store;
}

type Page = { readonly key: Uint8Array; readonly value: Uint8Array };

function pagesOf(store: PageStore): readonly Page[] {
  const snapshot = store.snapshot();
  const found = [...snapshot.range({ ...taintRange(1), order: "ascending" })].map(({ key, value }) => ({
    key: Uint8Array.from(key),
    value: Uint8Array.from(value),
  }));
  snapshot.release();
  return found;
}

const findings = (store: PageStore): readonly string[] =>
  read(store, (reader) => [...checkTaint(reader)]).map(({ where, what }) => `${where}: ${what}`);

/** Parts that there are in an index of each kind of chain. */
const everywhere = ["state", "strand", "stops", "owners", "records", "repeats", "begins", "originOwners"];
const partsOf = { utxo: [...everywhere, "spends", "segments"], account: [...everywhere, "accounts", "accountsAt"] };

describe("the check of the taint index", () => {
  it("finds nothing in a sound one", async () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const store = await made(seed);
      expect([seed, findings(store)]).toEqual([seed, []]);
      await store.close();
    }
  });

  it("names a page of which a byte has changed, in every part", async () => {
    for (const seed of [3, 4]) {
      const store = await made(seed);
      const seen = new Set<string>();
      for (const { key, value } of pagesOf(store)) {
        const { part, numbers } = taintPartOf(key);
        if (seen.has(part)) continue;
        seen.add(part);
        const changed = Uint8Array.from(value, (byte, at) => (at === value.length - 1 ? byte ^ 16 : byte));
        await store.commit([{ key, value: changed }]);
        const where = `taint index, ${part}${numbers.length === 0 ? "" : ` ${numbers.join(", ")}`}`;
        expect(findings(store)).toEqual([`${where}: its checksum does not match`]);
        await store.commit([{ key, value }]);
      }
      expect([...seen]).toEqual(expect.arrayContaining(partsOf[seed % 2 === 0 ? "account" : "utxo"]));
      expect(findings(store)).toEqual([]);
      await store.close();
    }
  });

  it("names most of what says something else under a checksum that is right, and all of it in what owners received", async () => {
    const unseen = new Map<string, number>();
    let changes = 0;
    for (const seed of [3, 4]) {
      const store = await made(seed);
      const random = randomOf(seed);
      const counted = new Map<string, number>();
      for (const { key, value } of pagesOf(store)) {
        const { part } = taintPartOf(key);
        const count = (counted.get(part) ?? 0) + 1;
        counted.set(part, count);
        for (let tries = count > 2 ? 4 : 0; tries < 4; tries += 1) {
          const at = random(value.length - 4);
          const other = Uint8Array.from(value.slice(4), (byte, place) =>
            place === at ? byte ^ (1 << random(8)) : byte,
          );
          await store.commit([{ key, value: sealPage(other) }]);
          changes += 1;
          if (findings(store).length === 0) unseen.set(part, (unseen.get(part) ?? 0) + 1);
        }
        await store.commit([{ key, value }]);
      }
      await store.close();
    }
    const all = [...unseen.values()].reduce((sum, one) => sum + one, 0);
    // The others are in words that mean nothing, in texts, and in where a gap is.
    expect([changes > 100, all < changes / 3]).toEqual([true, true]);
    expect(["owners", "stops", "originOwners"].filter((part) => unseen.has(part))).toEqual([]);
  });
});
