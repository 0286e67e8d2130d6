/**
 * `npm run bench [-- NAME [SIZE..]]`: measures and prints. Speed is claimed from here and never by a timed test.
 */
import { clustersBench } from "./clusters.ts";
import { decodeBitcoinBench } from "./decode-bitcoin.ts";
import { decodeEthereumEtlBench } from "./decode-ethereum-etl.ts";
import { httpSoakBench } from "./http-soak.ts";
import { httpBench } from "./http.ts";
import { indexBench } from "./index.ts";
import { ingestBench } from "./ingest.ts";
import { lossesBench } from "./losses.ts";
import { pagesBench } from "./pages.ts";
import { parseTransfersBench } from "./parse-transfers.ts";
import { screenBench } from "./screen.ts";
import { storeBench } from "./store.ts";
import { tagsBench } from "./tags.ts";
import { traceBench } from "./trace.ts";

const benches: Readonly<Record<string, (sizes: readonly number[]) => unknown>> = {
  losses: lossesBench,
  "decode-bitcoin": decodeBitcoinBench,
  "decode-ethereum-etl": decodeEthereumEtlBench,
  "parse-transfers": parseTransfersBench,
  index: indexBench,
  store: storeBench,
  ingest: ingestBench,
  tags: tagsBench,
  clusters: clustersBench,
  trace: traceBench,
  http: httpBench,
  screen: screenBench,
  pages: pagesBench,
};
/** Run where they are named only: they take long. */
const longBenches: typeof benches = { "http-soak": httpSoakBench };
const [name, ...sizes] = process.argv.slice(2);
const all = { ...benches, ...longBenches };
if (name !== undefined && all[name] === undefined) {
  process.stderr.write(`bench: unknown "${name}"; use one of ${Object.keys(all).join(", ")}\n`);
  process.exitCode = 2;
} else {
  for (const [known, bench] of Object.entries(name === undefined ? benches : all)) {
    if (name === undefined || name === known) await bench(sizes.map(Number));
  }
}
