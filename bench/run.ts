/**
 * `npm run bench [NAME]`: measures and prints medians. Speed is claimed from here and never by a timed test.
 */
import { lossesBench } from "./losses.ts";

const benches: Readonly<Record<string, () => Promise<void>>> = { losses: lossesBench };
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => benches[name] === undefined);
if (unknown === undefined) {
  for (const [name, bench] of Object.entries(benches)) {
    if (wanted.length === 0 || wanted.includes(name)) await bench();
  }
} else {
  process.stderr.write(`bench: unknown "${unknown}"; use one of ${Object.keys(benches).join(", ")}\n`);
  process.exitCode = 2;
}
