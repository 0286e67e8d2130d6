/**
 * `node bench/chain/measure.ts utxo|transfers N [N..]`: how fast chains of N transactions are made, in how much memory.
 * Bytes are made and thrown away. Each size runs in a process of its own, so that its peak is its own.
 */
import { spawnSync } from "node:child_process";
import { transferChunks } from "./transfers.ts";
import { utxoBlocks } from "./utxo.ts";

function measure(model: string, transactions: number): void {
  const start = performance.now();
  let bytes = 0;
  if (model === "utxo") for (const block of utxoBlocks({ seed: 1, transactions })) bytes += block.bytes.length;
  else for (const chunk of transferChunks({ seed: 1, transactions })) bytes += chunk.length;
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage();
  const rate = Math.round(transactions / seconds);
  const cpuRate = Math.round(transactions / ((user + system) / 1e6));
  const peak = Math.round(process.resourceUsage().maxRSS / 1_024);
  const size = Math.round(bytes / transactions);
  const told = `${model} ${transactions}: ${rate} tx/s (${cpuRate} per CPU second), ${size} bytes/tx, peak ${peak} MiB`;
  process.stdout.write(`${told}\n`);
}

const [model = "", ...sizes] = process.argv.slice(2);
if (!["utxo", "transfers"].includes(model) || sizes.length === 0) {
  process.stderr.write("usage: node bench/chain/measure.ts utxo|transfers N [N..]\n");
  process.exitCode = 2;
} else if (sizes.length === 1) {
  measure(model, Number(sizes[0]));
} else {
  for (const size of sizes) {
    spawnSync(process.execPath, [import.meta.filename, model, size], { stdio: "inherit" });
  }
}
