/**
 * `npm run bench [-- NAME [SIZE..]]`: measures and prints. Speed is claimed from here and never by a timed test.
 */
import { clustersBench } from "./clusters.ts";
import { decodeBitcoinBench } from "./decode-bitcoin.ts";
import { decodeEthereumEtlBench } from "./decode-ethereum-etl.ts";
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
const [name, ...sizes] = process.argv.slice(2);
if (name !== undefined && benches[name] === undefined) {
  process.stderr.write(`bench: unknown "${name}"; use one of ${Object.keys(benches).join(", ")}\n`);
  process.exitCode = 2;
} else {
  for (const [known, bench] of Object.entries(benches)) {
    if (name === undefined || name === known) await bench(sizes.map(Number));
  }
}
