import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { LedgerReader, type ChainReader } from "../src/ledger/reader.ts";
import { openLmdbStore } from "../src/store/lmdb-store.ts";
import type { Policy } from "../src/trace/policy.ts";
import { noLimits } from "../src/trace/trace.ts";
import { traceUtxo } from "../src/trace/utxo/utxo-trace.ts";
import { UtxoView } from "../src/trace/utxo/utxo-view.ts";
import { reachBench } from "./trace/reach.ts";

const runs = 3;
const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * Traces on generated chains of outputs: tainted transactions a second, the first time and warm, for each of several policies and
 * sizes of the tainted set; and what poison reaches beside recursive queries (`trace/reach.ts`). With several sizes it can be seen
 * whether the chain's length matters. `BENCH_LEDGER` names a ledger that is there already.
 */
export async function traceBench(sizes: readonly number[]): Promise<void> {
  const ready = process.env["BENCH_LEDGER"];
  if (ready !== undefined) {
    await measureLedger(ready);
    return;
  }
  for (const size of sizes.length === 0 ? [1_000_000] : sizes) {
    const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-bench-"));
    try {
      const [chain, ledger] = [path.join(scratch, "chain"), path.join(scratch, "ledger")];
      node(fileOf("chain/main.ts"), "--model", "utxo", "--transactions", String(size), "--seed", "1", "--out", chain);
      const source = ["--chain", "bitcoin", "--from", "bitcoin-blk", chain];
      node(fileOf("../bin/fundtrail.mjs"), "ingest", "--ledger", ledger, ...source);
      rmSync(chain, { recursive: true });
      await measureLedger(ledger);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
}

function node(...args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [...args], { encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`bench: ${args[0]} failed: ${stderr}`);
}

async function measureLedger(folder: string): Promise<void> {
  const store = openLmdbStore(folder, { mode: "read" });
  const reader = new LedgerReader(store, folder);
  const [chain] = reader.chains;
  if (chain === undefined) throw new Error("bench: the ledger holds no chain");
  const view = new UtxoView(chain);
  const load = loadavg().map((one) => one.toFixed(1));
  process.stdout.write(`trace: a chain of ${view.transactions.toLocaleString("en")} transactions, load ${load[0]}\n`);
  const early = (view.outputs / 10) | 0;
  const originsOf = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => early + at * 7);
  for (const count of [1, 100, 1_000, 10_000]) speed(chain, view, "fifo", originsOf(count));
  for (const policy of ["haircut", "poison"] as const) speed(chain, view, policy, originsOf(100));
  await reachBench(chain, view);
  reader.close();
  await store.close();
}

function speed(chain: ChainReader, view: UtxoView, policy: Policy, origins: readonly number[]): void {
  let visited = 0;
  const action = (): { readonly clock: number; readonly processor: number } => {
    const [begun, before] = [performance.now(), process.cpuUsage()];
    visited = traceUtxo(chain, { origins, policy, stops: undefined, limits: noLimits }, { view }).cost.transactions;
    const { user, system } = process.cpuUsage(before);
    return { clock: performance.now() - begun, processor: (user + system) / 1_000 };
  };
  const first = action();
  const warm = Array.from({ length: runs }, action);
  const median = (part: "clock" | "processor"): number =>
    warm.map((one) => one[part]).toSorted((left, right) => left - right)[runs >> 1] ?? 0;
  const rate = (ms: number): string => Math.round((visited * 1_000) / ms).toLocaleString("en");
  const name = `${policy}, ${origins.length.toLocaleString("en")} origins, ${visited.toLocaleString("en")} transactions`;
  process.stdout.write(
    `${name.padEnd(56)} ${rate(median("clock")).padStart(10)} tx/s by the clock, ` +
      `${rate(median("processor"))} by processor time; the first time ${rate(first.processor)}\n`,
  );
}
