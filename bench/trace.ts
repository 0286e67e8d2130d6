import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { LedgerReader, type ChainReader } from "../src/ledger/reader.ts";
import { accountTransactionsShape, utxoTransactionsShape } from "../src/ledger/shapes.ts";
import { openLmdbStore } from "../src/store/lmdb-store.ts";
import type { Policy } from "../src/trace/policy.ts";
import { noLimits } from "../src/trace/trace.ts";
import { traceUtxo } from "../src/trace/utxo/utxo-trace.ts";
import { UtxoView } from "../src/trace/utxo/utxo-view.ts";
import { accountsBench } from "./trace/accounts.ts";
import { reachBench } from "./trace/reach.ts";
import { speedOf } from "./trace/speed.ts";

/** Transactions of the chain of accounts: two million transfers. */
const accountTransactions = 1_000_000;
const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * Traces on generated chains of outputs: tainted transactions a second, the first time and warm, for each of several policies and
 * sizes of the tainted set; and what poison reaches beside recursive queries (`trace/reach.ts`). With several sizes it can be seen
 * whether the chain's length matters. Then the same on a chain of accounts (`trace/accounts.ts`). `BENCH_LEDGER` names a ledger
 * that is there already, of either kind.
 */
export async function traceBench(sizes: readonly number[]): Promise<void> {
  const ready = process.env["BENCH_LEDGER"];
  if (ready !== undefined) {
    await measureLedger(ready);
    return;
  }
  for (const size of sizes.length === 0 ? [1_000_000] : sizes) await measureChain("utxo", size);
  await measureChain("transfers", accountTransactions);
}

const sources = {
  utxo: ["bitcoin", "bitcoin-blk", ""],
  transfers: ["ethereum", "transfers", "transfers.csv"],
} as const;

/** Makes a chain, reads it in, measures, and leaves nothing. */
async function measureChain(model: "utxo" | "transfers", transactions: number): Promise<void> {
  const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-bench-"));
  try {
    const [made, ledger] = [path.join(scratch, "chain"), path.join(scratch, "ledger")];
    const size = ["--transactions", String(transactions), "--seed", "1"];
    node(fileOf("chain/main.ts"), "--model", model, ...size, "--out", made);
    const [chain, from, file] = sources[model];
    const source = ["--chain", chain, "--from", from, path.join(made, file)];
    node(fileOf("../bin/fundtrail.mjs"), "ingest", "--ledger", ledger, ...source);
    rmSync(made, { recursive: true });
    await measureLedger(ledger);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
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
  const shape = chain.model === "utxo" ? utxoTransactionsShape : accountTransactionsShape;
  const transactions = chain.table(shape).count.toLocaleString("en");
  process.stdout.write(`trace: a chain of ${transactions} transactions, load ${loadavg()[0]?.toFixed(1)}\n`);
  if (chain.model === "utxo") await outputsBench(chain);
  else accountsBench(chain);
  reader.close();
  await store.close();
}

async function outputsBench(chain: ChainReader): Promise<void> {
  const view = new UtxoView(chain);
  const early = (view.outputs / 10) | 0;
  const originsOf = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => early + at * 7);
  for (const count of [1, 100, 1_000, 10_000]) speed(chain, view, "fifo", originsOf(count));
  for (const policy of ["haircut", "poison"] as const) speed(chain, view, policy, originsOf(100));
  await reachBench(chain, view);
}

function speed(chain: ChainReader, view: UtxoView, policy: Policy, origins: readonly number[]): void {
  const request = { origins, policy, stops: undefined, limits: noLimits };
  speedOf(
    `${policy}, ${origins.length.toLocaleString("en")} origins`,
    "transactions",
    () => traceUtxo(chain, request, { view }).cost.transactions,
  );
}
