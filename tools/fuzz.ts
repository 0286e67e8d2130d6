/** `npm run fuzz [-- RUNS [FILTER..]]`: the tests, with many more runs of their random input than `npm test` gives them. */
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";

const runs = process.argv[2] ?? "100000";
const seed = process.env["FUZZ_SEED"] ?? String(randomInt(2 ** 31 - 1));
process.stdout.write(`fuzz: ${runs} runs, FUZZ_SEED=${seed}\n`);
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const { status } = spawnSync(process.execPath, [vitest, "run", "--testTimeout=0", ...process.argv.slice(3)], {
  stdio: "inherit",
  env: { ...process.env, FUZZ_RUNS: runs, FUZZ_SEED: seed },
});
process.exitCode = status ?? 1;
