import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * Blocks and transfers into a new ledger, each in a process of its own: transactions a second from start to end, bytes a
 * transaction (or transfer) on disk, and the process's peak memory, at the sizes that are asked for. What the writing
 * thread itself took tells how it grows also where the machine has other work.
 */
export async function ingestBench(sizes: readonly number[]): Promise<void> {
  for (const size of sizes.length === 0 ? [1_000_000, 5_000_000, 20_000_000] : sizes) {
    measure("utxo", size);
    measure("transfers", size);
    // Its chains are made in memory of their own and far slower.
    if (size <= 1_000_000) measure("ethereum-etl", size);
  }
  return Promise.resolve();
}

/** How each model's source is named to `fundtrail ingest`. */
const sources = {
  utxo: (folder: string) => ["--chain", "bitcoin", "--from", "bitcoin-blk", folder],
  transfers: (folder: string) => {
    const file = path.join(folder, "transfers.csv");
    return ["--chain", "ethereum", "--from", "transfers", "--addresses", "as-written", file];
  },
  "ethereum-etl": (folder: string) => ["--chain", "ethereum", "--from", "ethereum-etl", folder],
} as const;

function measure(model: keyof typeof sources, transactions: number): void {
  const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-bench-"));
  try {
    const source = path.join(scratch, "source");
    node([
      fileOf("chain/main.ts"),
      "--model",
      model,
      "--transactions",
      String(transactions),
      "--seed",
      "1",
      "--out",
      source,
    ]);
    const ledger = path.join(scratch, "ledger");
    const args = sources[model](source);
    const begun = performance.now();
    const { peak, mainSeconds } = node([fileOf("ingest-process.ts"), "--ledger", ledger, ...args, "--json"]);
    const seconds = (performance.now() - begun) / 1_000;
    const info = node([fileOf("../bin/fundtrail.mjs"), "ledger", "info", "--ledger", ledger, "--json"]);
    const [chain] = (JSON.parse(info.out) as { chains: { transactions: number; rows: number }[] }).chains;
    const rows = model === "utxo" ? (chain?.transactions ?? 0) : (chain?.rows ?? 0);
    const bytes = sizeOf(ledger);
    process.stdout.write(
      `ingest ${model.padEnd(12)} ${rows.toLocaleString("en")} ${model === "utxo" ? "transactions" : "transfers"}: ` +
        `${Math.round(rows / seconds).toLocaleString("en")}/s, ${(bytes / rows).toFixed(1)} bytes each, ` +
        `peak ${Math.round(peak / 1_048_576)} MiB, ` +
        `${Math.round(rows / mainSeconds).toLocaleString("en")} per second of the writing thread's own time\n`,
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function node(args: readonly string[]): {
  readonly out: string;
  readonly peak: number;
  readonly mainSeconds: number;
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args], { encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`bench: ${args[0]} failed: ${stderr}`);
  const told = (name: string): number => Number(new RegExp(`"${name}":([0-9.]+)`, "u").exec(stdout)?.[1] ?? 0);
  return { out: stdout, peak: told("peakBytes"), mainSeconds: told("mainSeconds") };
}

function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
}
