/** `fundtrail ingest`, and at the end the process's peak memory. */
import { run } from "../src/cli/main.ts";

let out = "";
process.exitCode = await run(["ingest", ...process.argv.slice(2)], {
  out: (text) => void (out += text),
  error: (text) => void process.stderr.write(text),
  isTerminal: false,
});
process.stdout.write(`${out}{"peakBytes": ${process.resourceUsage().maxRSS * 1024}}\n`);
