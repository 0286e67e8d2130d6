import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Block } from "../../../src/chains/block.ts";
import type { Incident } from "../../../src/incidents/incident.ts";
import { ChainWriter } from "../../../src/ledger/chain-writer.ts";
import { openLmdbStore } from "../../../src/store/lmdb-store.ts";
import { openMemoryStore } from "../../../src/store/memory-store.ts";
import type { PageStore } from "../../../src/store/page-store.ts";
import { tagReaderOf } from "../../../src/tags/memory-tags.ts";
import { TaintReader } from "../../../src/trace/taint/taint-reader.ts";
import { randomOf } from "../../ledger/random-chain.ts";
import { theftOf } from "../../screen/fixture.ts";
import { expectFresh } from "./fresh.ts";
import {
  basisFrom,
  carry,
  chainOfSeed,
  folder,
  heightOf,
  noPrice,
  randomSizes,
  randomTags,
  randomThefts,
  read,
  somePrice,
  type Given,
} from "./story.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-taint-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What a story has met. */
type Met = { walked: number; kept: number; undone: number; blocks: number; compared: number };

/** Appends, goes back, changes tags and prices, carries the index forward and compares it, as a seed says. */
async function story(seed: number, store: PageStore, met: Met): Promise<void> {
  const made = chainOfSeed(seed);
  const { blocks } = made;
  const { chain, model } = blocks[0] as Block;
  const random = randomOf(seed * 977);
  const writer = await ChainWriter.open(store, { folder, chain, model, finality: 1_000 });
  let at = 0;
  let given: Given = {
    tags: randomTags(made, random),
    incidents: randomThefts(made, random),
    hasStamp: seed % 3 !== 0,
    policies: seed % 5 < 2 ? ["fifo", "haircut", "lifo", "poison"] : ["fifo", "haircut"],
    price: noPrice,
    sizes: randomSizes(random),
  };
  for (let step = 0; step < 14; step += 1) {
    if (at > 2 && random(3) === 0) {
      at = 1 + random(at - 1);
      await writer.rollback(heightOf(blocks, at - 1));
    }
    for (let more = 1 + random(6); more > 0 && at < blocks.length; more -= 1, at += 1) {
      writer.append(blocks[at] as Block, heightOf(blocks, at));
      await writer.commit(String(at));
    }
    if (random(4) === 0) given = { ...given, tags: randomTags(made, random) };
    if (random(6) === 0) given = { ...given, incidents: randomThefts(made, random) };
    if (random(4) === 0) given = { ...given, price: given.price === noPrice ? somePrice : noPrice };
    if (random(3) === 0) continue;
    const carried = await carry(store, chain, given);
    for (const name of ["walked", "kept", "undone", "blocks"] as const) met[name] += carried[name];
    const [now, before] = [given, met.compared];
    met.compared = read(store, (reader) => before + expectFresh(reader, now));
    expect(await carry(store, chain, given)).toMatchObject({ walked: 0, undone: 0, blocks: 0 });
  }
  writer.close();
}

describe("the taint index", () => {
  it("equals fresh traces, whatever the batches, reorganisations, late origins, changed tags and prices", async () => {
    const met: Met = { walked: 0, kept: 0, undone: 0, blocks: 0, compared: 0 };
    // In the last one prices change while tags stay the same, of origins that go on from where they were.
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 82]) {
      const store = openMemoryStore();
      await story(seed, store, met);
      await store.close();
    }
    expect(met.walked).toBeGreaterThan(100);
    expect(met.kept).toBeGreaterThan(100);
    expect(met.undone).toBeGreaterThan(20);
    expect(met.compared).toBeGreaterThan(2_000);
  });

  it("does so in LMDB", async () => {
    const met: Met = { walked: 0, kept: 0, undone: 0, blocks: 0, compared: 0 };
    for (const seed of [2]) {
      const store = openLmdbStore(path.join(scratch, String(seed)), { mode: "write" });
      await story(seed, store, met);
      await store.close();
    }
    expect(met.compared).toBeGreaterThan(50);
  });

  it("says what has changed since: blocks, branches, tags, prices", async () => {
    const store = openMemoryStore();
    const made = chainOfSeed(4);
    const { blocks } = made;
    const { chain, model } = blocks[0] as Block;
    const random = randomOf(8);
    const writer = await ChainWriter.open(store, { folder, chain, model, finality: 1_000 });
    const append = async (from: number, to: number): Promise<void> => {
      for (let at = from; at < to; at += 1) {
        writer.append(blocks[at] as Block, heightOf(blocks, at));
        await writer.commit(String(at));
      }
    };
    const given: Given = {
      tags: randomTags(made, random),
      incidents: [],
      hasStamp: false,
      policies: ["fifo"],
      price: noPrice,
      sizes: randomSizes(random),
    };
    const standing = (now: Given): unknown =>
      read(store, (reader) => {
        const index = TaintReader.open(reader, basisFrom(now));
        return index instanceof TaintReader ? index.standing : index;
      });
    await append(0, 8);
    expect(standing(given)).toBe("none");
    await carry(store, chain, given);
    expect(standing(given)).toEqual({ kind: "current", blocksBehind: 0, changed: [] });
    const other = { ...given, tags: randomTags(made, randomOf(9)) };
    expect(standing(other)).toEqual({ kind: "stale", blocksBehind: 0, changed: ["tags"] });
    expect(standing({ ...given, price: somePrice })).toMatchObject({ kind: "stale", changed: ["prices"] });
    await append(8, 11);
    expect(standing(given)).toEqual({ kind: "behind", blocksBehind: 3, changed: [] });
    expect(standing(other)).toEqual({ kind: "stale", blocksBehind: 3, changed: ["tags"] });
    await writer.rollback(heightOf(blocks, 4));
    expect(standing(given)).toBe("lost");
    await carry(store, chain, other);
    expect(standing(other)).toMatchObject({ kind: "current" });
    writer.close();
    await store.close();
  });

  it("is stale by another register, and walks only what that one says otherwise", async () => {
    const store = openMemoryStore();
    const made = chainOfSeed(5);
    const { blocks } = made;
    const { chain, model } = blocks[0] as Block;
    const writer = await ChainWriter.open(store, { folder, chain, model, finality: 1_000 });
    for (const [at, block] of blocks.entries()) writer.append(block, heightOf(blocks, at));
    await writer.commit("end");
    const named = (id: string, address: number): Incident =>
      theftOf(id, "2017-01-01", [], { thief: [`bitcoin:${made.addresses[address] ?? ""}`] });
    const [both, first, second] = [named("both", 1), named("first", 2), named("second", 3)];
    const ours: Given = {
      tags: tagReaderOf([], () => undefined),
      incidents: [both, first],
      hasStamp: true,
      policies: ["fifo", "haircut"],
      price: noPrice,
      sizes: randomSizes(randomOf(8)),
    };
    const theirs = { ...ours, incidents: [both, second] };
    await carry(store, chain, ours);
    const changed = read(store, (reader) => {
      const index = TaintReader.open(reader, basisFrom(theirs));
      return index instanceof TaintReader ? index.standing : index;
    });
    expect(changed).toEqual({ kind: "stale", blocksBehind: 0, changed: ["register"] });
    const carried = await carry(store, chain, theirs);
    expect([carried.walked, carried.kept > 1]).toEqual([2, true]);
    read(store, (reader) => expectFresh(reader, theirs));
    // Back again, and the one that both have is still the one that was walked at first.
    expect((await carry(store, chain, ours)).walked).toBe(2);
    read(store, (reader) => expectFresh(reader, ours));
    writer.close();
    await store.close();
  });
});
