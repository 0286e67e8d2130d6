/** `npm run fuzz [-- RUNS [FILTER..]]`: the tests, with many more runs of their random input than `npm test` gives them. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const runs = process.argv[2] ?? "100000";
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const { status } = spawnSync(process.execPath, [vitest, "run", "--testTimeout=0", ...process.argv.slice(3)], {
  stdio: "inherit",
  env: { ...process.env, FUZZ_RUNS: runs },
});
process.exitCode = status ?? 1;
