import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { loadValidRegister } from "../src/cli/register.ts";
import { computeLosses } from "../src/losses/losses.ts";
import { studySelection } from "../src/losses/selection.ts";

const runs = 9;

/** Whole processes, from start to exit, and the parts of one. */
export async function lossesBench(): Promise<void> {
  const launcher = fileURLToPath(new URL("../bin/fundtrail.mjs", import.meta.url));
  const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-bench-"));
  const whole = (name: string, ...args: readonly string[]): void =>
    report(name, () => void spawnSync(process.execPath, [launcher, ...args], { cwd: scratch }));
  whole("process: version (start alone)", "version");
  whole("process: losses, table", "losses");
  whole("process: start (table and HTML report)", "start");
  whole("process: reconcile, all sets", "reconcile");
  rmSync(scratch, { recursive: true });

  const register = await loadValidRegister([]);
  await reportAsync("read and check the register", async () => void (await loadValidRegister([])));
  report("compute losses by country", () => void computeLosses(register, studySelection, "country"));
}

function report(name: string, run: () => void): void {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  print(name, times);
}

async function reportAsync(name: string, run: () => Promise<void>): Promise<void> {
  const times: number[] = [];
  for (let count = 0; count < runs; count += 1) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  print(name, times);
}

function print(name: string, times: readonly number[]): void {
  const sorted = times.toSorted((left, right) => left - right);
  const median = sorted[sorted.length >> 1] ?? 0;
  process.stdout.write(
    `${name.padEnd(42)} ${median.toFixed(1).padStart(8)} ms  (${sorted[0]?.toFixed(1)} to ${sorted.at(-1)?.toFixed(1)})\n`,
  );
}
