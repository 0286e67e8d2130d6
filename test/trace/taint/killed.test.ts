import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Block } from "../../../src/chains/block.ts";
import { checkChain } from "../../../src/ledger/check.ts";
import { ChainWriter } from "../../../src/ledger/chain-writer.ts";
import { openLmdbStore } from "../../../src/store/lmdb-store.ts";
import { openMemoryStore } from "../../../src/store/memory-store.ts";
import type { PageStore } from "../../../src/store/page-store.ts";
import { TaintReader } from "../../../src/trace/taint/taint-reader.ts";
import { randomOf } from "../../ledger/random-chain.ts";
import { givenInChild } from "./child.ts";
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
  type Given,
} from "./story.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-taint-killed-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A store whose commit of a number fails, before or after it is done; like a process that dies there. */
function failing(store: PageStore, commit: number, when: "before" | "after"): PageStore {
  let commits = 0;
  return {
    ...store,
    commit: async (changes) => {
      commits += 1;
      if (commits === commit && when === "before") throw new Error("test: died before a commit");
      await store.commit(changes);
      if (commits === commit) throw new Error("test: died after a commit");
    },
  };
}

/** Reads all that an index says; it may be behind, or not whole, but not damaged, and not current unless it is. */
function expectUsable(store: PageStore, given: Given): void {
  read(store, (reader) => {
    expect([...checkChain(reader)]).toEqual([]);
    const index = TaintReader.open(reader, basisFrom(given));
    if (!(index instanceof TaintReader)) return;
    if (index.standing.kind === "current") {
      expectFresh(reader, given);
      return;
    }
    const { counts } = reader.state;
    for (let owner = -1; owner < (counts.owners ?? counts.accounts ?? 0); owner += 1) {
      for (const { strand, largest } of index.ofOwner(owner)) {
        expect(index.path(strand.number, largest).at(-1)?.owner).toBe(owner);
      }
    }
  });
}

/** Carries the index forward through one death after the other; how many. */
async function throughDeaths(store: PageStore, given: Given, random: (below: number) => number): Promise<number> {
  const chain = read(store, (reader) => reader.chain.id);
  for (let deaths = 0; ; deaths += 1) {
    const dying = failing(store, 1 + random(deaths < 12 ? 3 : 40), random(2) === 0 ? "before" : "after");
    try {
      await carry(dying, chain, given);
      return deaths;
    } catch (thrown) {
      expect((thrown as Error).message).toContain("test: died");
    }
    expectUsable(store, given);
  }
}

describe("carrying taint forward, killed", () => {
  it("goes on from any commit, and ends at what fresh traces say", async () => {
    let deaths = 0;
    for (let seed = 1; seed <= 6; seed += 1) {
      const made = chainOfSeed(seed);
      const { blocks } = made;
      const { chain, model } = blocks[0] as Block;
      const random = randomOf(seed * 31);
      const store = openMemoryStore();
      const writer = await ChainWriter.open(store, { folder, chain, model, finality: 1_000 });
      let given: Given = {
        tags: randomTags(made, random),
        incidents: randomThefts(made, random),
        hasStamp: seed % 2 === 0,
        policies: ["fifo", "haircut"],
        price: noPrice,
        sizes: randomSizes(random),
      };
      for (let at = 0, step = 0; step < 5; step += 1) {
        for (let more = 4; more > 0 && at < blocks.length; more -= 1, at += 1) {
          writer.append(blocks[at] as Block, heightOf(blocks, at));
          await writer.commit(String(at));
        }
        deaths += await throughDeaths(store, given, random);
        const now = given;
        read(store, (reader) => expectFresh(reader, now));
        given = { ...given, tags: random(2) === 0 ? randomTags(made, random) : given.tags };
        at -= random(4);
        await writer.rollback(heightOf(blocks, at - 1));
      }
      writer.close();
      await store.close();
    }
    expect(deaths).toBeGreaterThan(60);
  });

  it("leaves ledger and index usable when its process is", async () => {
    const ledger = path.join(scratch, "ledger");
    let out = "";
    for (const lines of [1, 4, 9, 2, Infinity]) {
      const child = spawn(process.execPath, [path.join(import.meta.dirname, "child.ts"), ledger]);
      out = "";
      child.stdout.on("data", (data: Buffer) => {
        out += data.toString();
        if (out.split("\n").length > lines) child.kill("SIGKILL");
      });
      await once(child, "close");
      const store = openLmdbStore(ledger, { mode: "read" });
      expectUsable(store, givenInChild());
      await store.close();
    }
    expect(out).toContain("done");
    const store = openLmdbStore(ledger, { mode: "read" });
    read(store, (reader) => expectFresh(reader, givenInChild()));
    await store.close();
  });
});
