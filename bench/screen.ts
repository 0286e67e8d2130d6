import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** A part of the bench: measures a ledger that has a taint index, and prints lines. */
type Part = (ledger: string) => void;

/** What is measured once the index is there; whole verdicts and the server's answers belong here as well. */
const parts: readonly Part[] = [lookUps];

/**
 * Screening on a generated chain of outputs: building the taint index of an entity that is sanctioned from the beginning, by
 * haircut, which reaches most addresses (`SCREEN_POLICIES=fifo,haircut` for both); carrying it forward block by block; what it
 * takes on the disk; and looking up 200,000 random addresses, half of which are in the index, from their text on. Each in a process
 * of its own. Sizes are transactions. `SCREEN_SOURCE` names a folder of blk files and `SCREEN_LEDGER` the ledger that is made of
 * it and left; where that one is there already, only the parts that come after the build are measured.
 */
export async function screenBench(sizes: readonly number[]): Promise<void> {
  const [source, ledger, isReady] = ["SCREEN_SOURCE", "SCREEN_LEDGER", "SCREEN_READY"].map((name) => process.env[name]);
  if (isReady !== undefined && ledger !== undefined) for (const part of parts) part(ledger);
  else if (source !== undefined && ledger !== undefined) measure(source, ledger);
  else for (const size of sizes.length === 0 ? [1_000_000] : sizes) generated(size);
  return Promise.resolve();
}

function generated(transactions: number): void {
  const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-bench-"));
  try {
    const [source, ledger] = [path.join(scratch, "source"), path.join(scratch, "ledger")];
    const size = String(transactions);
    node([fileOf("chain/main.ts"), "--model", "utxo", "--transactions", size, "--seed", "1", "--out", source]);
    measure(source, ledger);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function measure(source: string, ledger: string): void {
  const taken = phase("ingest", ledger, source) as { readonly blocks: number; readonly seconds: number };
  print(`screen: ${count(taken.blocks)} blocks in the ledger after ${taken.seconds.toFixed(0)} s`);
  const built = phase("build", ledger) as Built;
  const { records, owners, seconds, processorSeconds, bytes, fileGrownBytes, peakBytes } = built;
  print(
    `  index: ${count(records)} receipts of ${count(owners)} addresses in ${seconds.toFixed(0)} s ` +
      `(${processorSeconds.toFixed(0)} s of the processor's time, ${count(records / processorSeconds)} receipts a second of it); ` +
      `${(bytes / owners).toFixed(1)} bytes an address, on the disk ${(fileGrownBytes / owners).toFixed(1)}; peak ${mebi(peakBytes)}`,
  );
  const extended = phase("extend", ledger, source) as Extended;
  print(
    `  a block more: ${extended.blockMs.toFixed(0)} ms, ${extended.blockProcessorMs.toFixed(0)} ms of the processor's time ` +
      `(median of ${extended.blocks}; ${count((extended.receipts - records) / extended.blocks)} receipts a block); peak ${mebi(extended.peakBytes)}`,
  );
  for (const part of parts) part(ledger);
}

type Built = {
  readonly records: number;
  readonly owners: number;
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly bytes: number;
  readonly fileGrownBytes: number;
  readonly peakBytes: number;
};
type Extended = {
  readonly blocks: number;
  readonly receipts: number;
  readonly blockMs: number;
  readonly blockProcessorMs: number;
  readonly peakBytes: number;
};
type LookedUp = {
  readonly tainted: number;
  readonly clean: number;
  readonly microseconds: Readonly<Record<"p50" | "p90" | "p99" | "p999" | "max", number>>;
  readonly perSecond: number;
  readonly processorMicroseconds: number;
  readonly peakBytes: number;
};

function lookUps(ledger: string): void {
  const { tainted, clean, microseconds, perSecond, processorMicroseconds, peakBytes } = phase(
    "look-up",
    ledger,
  ) as LookedUp;
  const times = Object.entries(microseconds).map(([name, time]) => `${name} ${(time / 1_000).toFixed(3)}`);
  print(
    `  look-ups by library call, ${count(tainted)} addresses in the index and ${count(clean)} not: ${times.join(", ")} ms; ` +
      `${count(perSecond)}/s, ${processorMicroseconds.toFixed(1)} µs of the processor's time each; peak ${mebi(peakBytes)} with the mapped file`,
  );
}

function phase(name: string, ...more: readonly string[]): unknown {
  return JSON.parse(node([fileOf("screen-process.ts"), name, ...more]));
}

const count = (value: number): string => Math.round(value).toLocaleString("en");
const mebi = (bytes: number): string => `${count(bytes / 1_048_576)} MiB`;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function node(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args], { encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`bench: ${args[0]} failed: ${stderr}`);
  return stdout;
}
