/** `fundtrail tags import`, and at the end the process's peak memory and its processor time. */
import { run } from "../src/cli/main.ts";

process.exitCode = await run(["tags", "import", ...process.argv.slice(2)], {
  out: () => undefined,
  error: (text) => void process.stderr.write(text),
  drained: async () => Promise.resolve(),
  isTerminal: false,
});
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
process.stdout.write(JSON.stringify({ peakBytes: maxRSS * 1_024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 }));
