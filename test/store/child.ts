/** The other processes of the tests of stores: `child.ts TASK FOLDER [NUMBER]`. Each prints what it saw. */
import { isFailure } from "../../src/base/failure.ts";
import { openLmdbStore } from "../../src/store/lmdb-store.ts";
import type { Change, PageStore, StoreSnapshot } from "../../src/store/page-store.ts";
import { anyBytes, batchOf, batchRecords, numberKey, pairs, pairsTotal } from "./batches.ts";

const [task = "", folder = "", argument = "0"] = process.argv.slice(2);
const end = new Uint8Array(65).fill(0xff);
const all = (
  snapshot: StoreSnapshot,
  prefix: string,
): Iterable<{ readonly key: Uint8Array; readonly value: Uint8Array }> =>
  snapshot.range({
    from: Buffer.from(prefix),
    to: Buffer.concat([Buffer.from(prefix), end]).subarray(0, 65),
    order: "ascending",
  });

/** Commits numbered batches until it is killed, printing each number once it is durable. */
async function writeBatches(store: PageStore): Promise<void> {
  for (let number = Number(argument); ; number += 1) {
    await store.commit(batchOf(number));
    process.stdout.write(`${number}\n`);
    // So that the pipe is written while this process lives.
    await new Promise((resolve) => void setImmediate(resolve));
  }
}

/** Changes pairs whose sum is always the same, for so many commits; each pair's halves lie far apart. */
async function writePairs(store: PageStore): Promise<void> {
  for (let round = 1; round <= Number(argument); round += 1) {
    const changes = Array.from({ length: pairs }, (_none, pair): readonly Change[] => [
      { key: numberKey("a", pair), value: Buffer.from(`${round * (pair + 1)}`) },
      { key: numberKey("b", pair), value: Buffer.from(`${pairsTotal - round * (pair + 1)}`) },
    ]);
    await store.commit([...changes.flat(), { key: Buffer.from("round"), value: Buffer.from(`${round}`) }]);
  }
  process.stdout.write("done\n");
}

/** Reads snapshots until the writer's last round; prints how many rounds it saw, or what was broken. */
async function readPairs(store: PageStore): Promise<void> {
  const rounds = new Set<string>();
  for (let before = -1; ;) {
    const snapshot = store.snapshot();
    const round = Number(Buffer.from(snapshot.get(Buffer.from("round")) ?? []).toString() || 0);
    const [left, right] = ["a", "b"].map((prefix) =>
      Array.from(all(snapshot, prefix), ({ value }) => Number(Buffer.from(value).toString())),
    );
    const broken = left?.findIndex(
      (value, pair) => value !== round * (pair + 1) || value + (right?.[pair] ?? 0) !== pairsTotal,
    );
    if (broken !== -1 || round < before || (round > 0 && left?.length !== pairs)) {
      process.stdout.write(`broken at round ${round} pair ${broken}\n`);
      return;
    }
    snapshot.release();
    before = round;
    rounds.add(`${round}`);
    if (round === Number(argument)) break;
    await new Promise((resolve) => void setTimeout(resolve, 0));
  }
  process.stdout.write(`${rounds.size}\n`);
}

/** Adds one to a number so many times, each in a commit of its own with a key of this process. */
async function count(store: PageStore): Promise<void> {
  for (let index = 0; index < Number(argument); index += 1) {
    await store.commit([{ key: Buffer.from(`${process.pid}.${index}`), value: anyBytes(index) }]);
  }
  process.stdout.write("done\n");
}

/** Commits until the disk is full, then checks that the last commit left nothing, and that small ones go on or fail alike. */
async function fill(store: PageStore): Promise<void> {
  const batches: number[] = [];
  const codes: string[] = [];
  for (let number = 0; codes.length < 3 && number < 10_000; number += 1) {
    try {
      await store.commit(batchOf(number));
      batches.push(number);
    } catch (error) {
      codes.push(isFailure(error) ? error.code : String(error));
    }
  }
  const snapshot = store.snapshot();
  const records = [...all(snapshot, "n")].length;
  process.stdout.write(
    `${JSON.stringify({ codes, batches: batches.length, whole: records === batches.length * batchRecords })}\n`,
  );
}

const tasks: Readonly<Record<string, (store: PageStore) => Promise<void>>> = {
  writeBatches,
  writePairs,
  readPairs,
  count,
  fill,
};
try {
  const store = openLmdbStore(folder, { mode: task === "readPairs" ? "read" : "write" });
  await tasks[task]?.(store);
  await store.close();
} catch (error) {
  if (!isFailure(error)) throw error;
  process.stdout.write(`${error.code} ${error.message}\n`);
}
