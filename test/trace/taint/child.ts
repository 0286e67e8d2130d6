/** `child.ts FOLDER`: appends blocks, goes back at times, carries the taint index forward, and prints a line for each step. */
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Block } from "../../../src/chains/block.ts";
import { ChainWriter } from "../../../src/ledger/chain-writer.ts";
import { openLmdbStore } from "../../../src/store/lmdb-store.ts";
import { randomOf } from "../../ledger/random-chain.ts";
import {
  carry,
  chainOfSeed,
  folder,
  heightOf,
  noPrice,
  randomSizes,
  randomTags,
  randomThefts,
  type Given,
} from "./story.ts";

const made = chainOfSeed(6);

/** What the child's index is of. */
export function givenInChild(): Given {
  const random = randomOf(3);
  const tags = randomTags(made, random);
  const incidents = randomThefts(made, random);
  return {
    tags,
    incidents,
    hasStamp: true,
    policies: ["fifo", "haircut"],
    price: noPrice,
    sizes: { ...randomSizes(random), depth: 9, rows: 5 },
  };
}

async function run(place: string): Promise<void> {
  const { blocks } = made;
  const { chain, model } = blocks[0] as Block;
  const store = openLmdbStore(place, { mode: "write" });
  const writer = await ChainWriter.open(store, { folder, chain, model, finality: 1_000 });
  const tell = async (what: string): Promise<void> => {
    process.stdout.write(`${what}\n`);
    // So that the pipe is written while this process lives.
    await setImmediate();
  };
  let at = blocks.findIndex((_, index) => heightOf(blocks, index) > (writer.tip?.height ?? -1));
  if (at < 0) at = blocks.length;
  if (at > 4) {
    at -= 2;
    await writer.rollback(heightOf(blocks, at - 1));
    await tell("back");
  }
  while (at < blocks.length) {
    for (let more = 2; more > 0 && at < blocks.length; more -= 1, at += 1) {
      writer.append(blocks[at] as Block, heightOf(blocks, at));
      await writer.commit(String(at));
    }
    await tell("appended");
    await carry(store, chain, givenInChild());
    await tell("carried");
  }
  await carry(store, chain, givenInChild());
  writer.close();
  await store.close();
  await tell("done");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run(process.argv[2] ?? "");
