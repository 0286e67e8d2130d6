import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const repeats = 3;

/**
 * Clusters of a synthetic chain from nothing, each time in a process of its own: addresses of the chain (all of them are
 * looked at and end in a cluster) a second, by the clock and by the processor's time; merges a second; bytes an address that
 * the ledger grows by; and the peak memory. Then one block's worth: a build that finds nothing new. Sizes are transactions;
 * with `CLUSTERS_LEDGER` set to a ledger that is there, that one is built instead, and left with its clusters.
 */
export async function clustersBench(sizes: readonly number[]): Promise<void> {
  const ready = process.env["CLUSTERS_LEDGER"];
  if (ready !== undefined) measure(ready);
  else for (const size of sizes.length === 0 ? [1_000_000] : sizes) withChain(size, measure);
  return Promise.resolve();
}

function withChain(transactions: number, use: (ledger: string) => void): void {
  const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-bench-"));
  try {
    const [source, ledger] = [path.join(scratch, "source"), path.join(scratch, "ledger")];
    const size = String(transactions);
    node([fileOf("chain/main.ts"), "--model", "utxo", "--transactions", size, "--seed", "1", "--out", source]);
    const args = ["--chain", "bitcoin", "--from", "bitcoin-blk", source];
    node([fileOf("../bin/fundtrail.mjs"), "ingest", "--ledger", ledger, ...args]);
    rmSync(source, { recursive: true });
    use(ledger);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

type Measured = {
  readonly addresses: number;
  readonly transactions: number;
  readonly merges: number;
  readonly evidence: number;
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly idleSeconds: number;
  readonly peakBytes: number;
  readonly storedBytes: number;
};

function measure(ledger: string): void {
  const runs = Array.from(
    { length: repeats },
    () => JSON.parse(node([fileOf("clusters-process.ts"), ledger])) as Measured,
  );
  const median = (of: (run: Measured) => number): number =>
    runs.map(of).toSorted((left, right) => left - right)[1] ?? 0;
  const [first] = runs;
  if (first === undefined) return;
  const { addresses, transactions, merges, evidence, storedBytes } = first;
  const rate = (count: number, seconds: number): string => Math.round(count / seconds).toLocaleString("en");
  const [clock, processor] = [median(({ seconds }) => seconds), median(({ processorSeconds }) => processorSeconds)];
  process.stdout.write(
    `clusters ${transactions.toLocaleString("en")} transactions, ${addresses.toLocaleString("en")} addresses, ` +
      `${merges.toLocaleString("en")} merges by ${evidence.toLocaleString("en")} pieces of evidence: ` +
      `${rate(addresses, clock)} addresses/s by the clock, ${rate(addresses, processor)} by the processor; ` +
      `${rate(merges, clock)} merges/s; ${(storedBytes / addresses).toFixed(1)} bytes an address; ` +
      `peak ${Math.round(median(({ peakBytes }) => peakBytes) / 1_048_576)} MiB with the mapped file; ` +
      `nothing new: ${(median(({ idleSeconds }) => idleSeconds) * 1_000).toFixed(0)} ms\n`,
  );
}

function node(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args], { encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`bench: ${args[0]} failed: ${stderr}`);
  return stdout;
}
