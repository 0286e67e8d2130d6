import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openLmdbStore } from "../src/store/lmdb-store.ts";
import type { Change, PageStore } from "../src/store/page-store.ts";

const commits = 15;
const gets = 200_000;

/** Random keys of 8 bytes into LMDB on the disk of the temporary folder, each commit on the disk before the next. */
export async function storeBench(): Promise<void> {
  await measure("store: 100-byte values, 10,000 a commit", 10_000, 100);
  await measure("store: 4-kB values, 1,000 a commit", 1_000, 4_000);
  await measure("store: 100-byte values, 1 a commit", 1, 100);
}

async function measure(name: string, perCommit: number, valueBytes: number): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "fundtrail-bench-"));
  const store = openLmdbStore(folder, { mode: "write" });
  const keys: Uint8Array[] = [];
  const times: number[] = [];
  for (let count = 0; count < commits * (perCommit === 1 ? 20 : 1); count += 1) {
    const changes = Array.from({ length: perCommit }, (): Change => ({
      key: randomBytes(8),
      value: randomBytes(valueBytes),
    }));
    keys.push(...changes.map(({ key }) => key));
    const start = performance.now();
    await store.commit(changes);
    times.push(performance.now() - start);
  }
  const median = printTimes(`${name}: commit`, times);
  printRate(`${name}: puts`, (perCommit * 1000) / median);
  readBack(name, store, keys);
  const { size } = statSync(path.join(folder, "data.mdb"));
  const ratio = size / (keys.length * (8 + valueBytes));
  process.stdout.write(`${`${name}: bytes on disk`.padEnd(58)} ${ratio.toFixed(2).padStart(11)} × those put\n`);
  await store.close();
  rmSync(folder, { recursive: true });
}

function readBack(name: string, store: PageStore, keys: readonly Uint8Array[]): void {
  const snapshot = store.snapshot();
  const asked = Array.from({ length: gets }, () => keys[Math.trunc(Math.random() * keys.length)] ?? new Uint8Array(8));
  let start = performance.now();
  for (const key of asked) snapshot.get(key);
  printRate(`${name}: random gets`, (gets * 1000) / (performance.now() - start));
  start = performance.now();
  let entries = 0;
  const all = { from: new Uint8Array(0), to: new Uint8Array(9).fill(0xff), order: "ascending" } as const;
  for (const entry of snapshot.range(all)) entries += entry.key.length / 8;
  printRate(`${name}: entries of a range`, (entries * 1000) / (performance.now() - start));
  snapshot.release();
}

function printRate(name: string, perSecond: number): void {
  process.stdout.write(`${name.padEnd(58)} ${perSecond.toFixed(0).padStart(11)} /s\n`);
}

function printTimes(name: string, times: readonly number[]): number {
  const sorted = times.toSorted((left, right) => left - right);
  const median = sorted[sorted.length >> 1] ?? 0;
  const range = `(${sorted[0]?.toFixed(2)} to ${sorted.at(-1)?.toFixed(2)})`;
  process.stdout.write(`${name.padEnd(58)} ${median.toFixed(2).padStart(11)} ms  ${range}\n`);
  return median;
}
