/** `fundtrail ingest`, and at the end the process's peak memory and the processor time of its main thread. */
import { run } from "../src/cli/main.ts";

let out = "";
process.exitCode = await run(["ingest", ...process.argv.slice(2)], {
  out: (text) => void (out += text),
  error: (text) => void process.stderr.write(text),
  drained: async () => Promise.resolve(),
  isTerminal: false,
});
const { user, system } = process.threadCpuUsage();
const [peakBytes, mainSeconds] = [process.resourceUsage().maxRSS * 1024, (user + system) / 1e6];
process.stdout.write(`${out}${JSON.stringify({ peakBytes, mainSeconds })}\n`);
