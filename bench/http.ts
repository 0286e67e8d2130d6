/**
 * `npm run bench -- http [CONNECTIONS [PER_SECOND]]`: address look-ups, screenings and the same at an offered load, over HTTP by a
 * loader in another process.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { addressOf } from "../src/clusters/owners.ts";
import { LedgerReader } from "../src/ledger/reader.ts";
import { openLmdbStore } from "../src/store/lmdb-store.ts";
import { load, offer, type Asked, type Load } from "./http-load.ts";

const program = new URL("../src/cli/run.ts", import.meta.url).pathname;
const transactions = 200_000;
const addresses = 20_000;

/** A server in a process of its own, with things to ask it. */
export type BenchServer = {
  readonly port: number;
  readonly child: ChildProcess;
  readonly lookUps: readonly Asked[];
  readonly screenings: readonly Asked[];
  /** Processor time so far, milliseconds. */
  readonly cpuMs: () => number;
  /** Bytes in memory. */
  readonly rss: () => number;
};

/** Prints requests a second and their times. `FUNDTRAIL_BENCH_LEDGER` names a ledger of Bitcoin; otherwise one is made. */
export async function httpBench([connections = 16, perSecond = 5_000]: readonly number[]): Promise<void> {
  await withServer(async (server) => {
    const { port, lookUps, screenings, cpuMs } = server;
    for (const [name, asked] of [
      ["look-ups", lookUps],
      ["screenings", screenings],
    ] as const) {
      await load(port, asked, { connections, seconds: 5 });
      const before = cpuMs();
      const closed = await load(port, asked, { connections, seconds: 10 });
      const each = ((cpuMs() - before) * 1_000) / (closed.perSecond * 10);
      tell(`${name}, ${connections} connections`, closed, `, ${each.toFixed(0)} us of the server's processor each`);
      const offered = await offer(port, asked, { connections: 256, seconds: 10, perSecond });
      tell(`${name}, ${perSecond}/s offered`, offered, "");
    }
  });
}

function tell(name: string, { perSecond, p50, p99, p999, failed }: Load, more: string): void {
  process.stdout.write(
    `http: ${name}: ${Math.round(perSecond)} requests/s, p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, ` +
      `p99.9 ${p999.toFixed(2)} ms, ${failed} failed${more}\n`,
  );
}

/** Starts a server on a ledger and gives it to `use`. */
export async function withServer(use: (server: BenchServer) => Promise<void>): Promise<void> {
  const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-http-"));
  try {
    const folder = process.env["FUNDTRAIL_BENCH_LEDGER"] ?? makeLedger(scratch);
    const found = await someAddresses(folder);
    const state = path.join(scratch, "state");
    const args = [program, "serve", "--ledger", folder, "--state", state, "--port", "0", "--log", "warn"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [text] = (await once(child.stdout, "data")) as [Buffer];
    try {
      await use({
        port: Number(/:(?<port>[0-9]+);/u.exec(String(text))?.groups?.["port"]),
        child,
        lookUps: found.map((address) => ({ path: `/v1/chains/bitcoin/addresses/${encodeURIComponent(address)}` })),
        screenings: found.map((subject) => ({ path: "/v1/screenings", body: JSON.stringify({ subject }) })),
        cpuMs: () => {
          const parts = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(" ");
          return (Number(parts[13]) + Number(parts[14])) * 10;
        },
        rss: () =>
          Number(/VmRSS:\s+(?<kB>[0-9]+)/u.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.groups?.["kB"]) *
          1_024,
      });
    } finally {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
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
  run(program, "clusters", "build", "--ledger", ledger, "--chain", "bitcoin");
  run(program, "taint", "build", "--ledger", ledger);
  if (!existsSync(path.join(ledger, "data.mdb"))) throw new Error("bench: no ledger was made");
  return ledger;
}

/** Addresses spread over the whole ledger, in an order without a pattern. */
async function someAddresses(folder: string): Promise<readonly string[]> {
  const store = openLmdbStore(folder, { mode: "read" });
  const ledger = new LedgerReader(store, folder);
  const [reader] = ledger.chains;
  if (reader === undefined) throw new Error("bench: the ledger has no chain");
  const owners = reader.state.counts.owners ?? 0;
  const found = Array.from({ length: addresses }, (_, index) =>
    addressOf(reader, Number((BigInt(index) * 2_654_435_761n) % BigInt(owners))),
  );
  ledger.close();
  await store.close();
  return found;
}
