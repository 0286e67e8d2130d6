/** `npm run bench -- http [CONNECTIONS]`: address look-ups over HTTP by a loader in another process. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { addressOf } from "../src/clusters/owners.ts";
import { LedgerReader } from "../src/ledger/reader.ts";
import { openLmdbStore } from "../src/store/lmdb-store.ts";
import { load } from "./http-load.ts";

const program = new URL("../src/cli/run.ts", import.meta.url).pathname;
const transactions = 200_000;
const addresses = 20_000;

/** Prints requests a second and their times. `FUNDTRAIL_BENCH_LEDGER` names a ledger of Bitcoin; otherwise one is made. */
export async function httpBench([connections = 16]: readonly number[]): Promise<void> {
  const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-http-"));
  try {
    const folder = process.env["FUNDTRAIL_BENCH_LEDGER"] ?? makeLedger(scratch);
    const paths = await somePaths(folder);
    const state = path.join(scratch, "state");
    const args = [program, "serve", "--ledger", folder, "--state", state, "--port", "0", "--log", "warn"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [text] = (await once(child.stdout, "data")) as [Buffer];
    const port = Number(/:(?<port>[0-9]+);/u.exec(String(text))?.groups?.["port"]);
    await load(port, paths, { connections, seconds: 5 });
    const { perSecond, p50, p99, failed } = await load(port, paths, { connections, seconds: 10 });
    process.stdout.write(
      `http: ${paths.length} addresses, ${connections} connections: ${Math.round(perSecond)} requests/s, ` +
        `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, ${failed} failed\n`,
    );
    child.kill("SIGTERM");
    await once(child, "exit");
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function makeLedger(scratch: string): string {
  const [blocks, ledger] = [path.join(scratch, "blocks"), path.join(scratch, "ledger")];
  const run = (...args: readonly string[]): unknown => spawnSync(process.execPath, args, { stdio: "ignore" });
  const generator = new URL("chain/main.ts", import.meta.url).pathname;
  run(generator, "--model", "utxo", "--transactions", String(transactions), "--seed", "1", "--out", blocks);
  run(program, "ingest", "--ledger", ledger, "--chain", "bitcoin", "--from", "bitcoin-blk", blocks);
  if (!existsSync(path.join(ledger, "data.mdb"))) throw new Error("bench: no ledger was made");
  return ledger;
}

/** Addresses spread over the whole ledger, in an order without a pattern. */
async function somePaths(folder: string): Promise<readonly string[]> {
  const store = openLmdbStore(folder, { mode: "read" });
  const ledger = new LedgerReader(store, folder);
  const [reader] = ledger.chains;
  if (reader === undefined) throw new Error("bench: the ledger has no chain");
  const owners = reader.state.counts.owners ?? 0;
  const found = Array.from({ length: addresses }, (_, index) => {
    const owner = Number((BigInt(index) * 2_654_435_761n) % BigInt(owners));
    return `/v1/chains/bitcoin/addresses/${encodeURIComponent(addressOf(reader, owner))}`;
  });
  ledger.close();
  await store.close();
  return found;
}
