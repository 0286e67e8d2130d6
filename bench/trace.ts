import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { LedgerReader, type ChainReader } from "../src/ledger/reader.ts";
import { openLmdbStore } from "../src/store/lmdb-store.ts";
import type { Policy } from "../src/trace/policy.ts";
import { noLimits } from "../src/trace/trace.ts";
import { traceUtxo } from "../src/trace/utxo/utxo-trace.ts";
import { reachOf } from "../src/trace/utxo/reach.ts";
import { UtxoView } from "../src/trace/utxo/utxo-view.ts";

const runs = 3;
const small = 1_000;
const large = 100_000;
const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * Traces on generated chains of outputs: tainted transactions a second, warm, for each of several policies and sizes of the
 * tainted set; and what poison reaches beside a recursive CTE over the same data in SQLite and DuckDB, which get the
 * spends as ready edges between transactions, indexed. `BENCH_LEDGER` names a ledger that is there already.
 */
export async function traceBench(sizes: readonly number[]): Promise<void> {
  const ready = process.env["BENCH_LEDGER"];
  if (ready !== undefined) {
    await measureLedger(ready);
    return;
  }
  for (const size of sizes.length === 0 ? [1_000_000] : sizes) {
    const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-bench-"));
    try {
      const [chain, ledger] = [path.join(scratch, "chain"), path.join(scratch, "ledger")];
      node(fileOf("chain/main.ts"), "--model", "utxo", "--transactions", String(size), "--seed", "1", "--out", chain);
      const source = ["--chain", "bitcoin", "--from", "bitcoin-blk", chain];
      node(fileOf("../bin/fundtrail.mjs"), "ingest", "--ledger", ledger, ...source);
      rmSync(chain, { recursive: true });
      await measureLedger(ledger);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
}

function node(...args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [...args], { encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`bench: ${args[0]} failed: ${stderr}`);
}

async function measureLedger(folder: string): Promise<void> {
  const store = openLmdbStore(folder, { mode: "read" });
  const reader = new LedgerReader(store, folder);
  const [chain] = reader.chains;
  if (chain === undefined) throw new Error("bench: the ledger holds no chain");
  const view = new UtxoView(chain);
  process.stdout.write(`trace: a chain of ${view.transactions.toLocaleString("en")} transactions\n`);
  const early = (view.outputs / 10) | 0;
  const originsOf = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => early + at * 7);
  for (const count of [1, 100, 10_000]) speed(chain, view, "fifo", originsOf(count));
  for (const policy of ["haircut", "poison"] as const) speed(chain, view, policy, originsOf(100));
  await beside(chain, view);
  reader.close();
  await store.close();
}

const medianOf = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;

/** The median of so many runs, the first of which only warms. */
function timed(action: () => void, count = runs): number {
  action();
  const times = Array.from({ length: count }, () => {
    const begun = performance.now();
    action();
    return performance.now() - begun;
  });
  return medianOf(times);
}

function speed(chain: ChainReader, view: UtxoView, policy: Policy, origins: readonly number[]): void {
  let visited = 0;
  const action = (): void => {
    visited = traceUtxo(chain, { origins, policy, stops: undefined, limits: noLimits }, { view }).cost.transactions;
  };
  action();
  const begun = process.cpuUsage();
  const ms = timed(action);
  const { user, system } = process.cpuUsage(begun);
  const cpu = (user + system) / 1_000 / (runs + 1);
  const rate = (time: number): string => Math.round((visited * 1_000) / time).toLocaleString("en");
  const name = `${policy}, ${origins.length.toLocaleString("en")} origins, ${visited.toLocaleString("en")} transactions`;
  process.stdout.write(
    `${name.padEnd(56)} ${rate(ms).padStart(10)} tx/s by the clock, ${rate(cpu)} by processor time\n`,
  );
}

/** What poison reaches from one output, of each size, with the two databases beside. */
async function beside(chain: ChainReader, view: UtxoView): Promise<void> {
  const edges = edgesOf(view);
  const [sqlite, duck] = [sqliteOf(edges), await duckOf(edges)];
  for (const [least, most] of [
    [100, small],
    [large, Infinity],
  ] as const) {
    const found = findOrigin(chain, view, least, most);
    if (found === undefined) continue;
    const { output, reached } = found;
    const first = view.transactionOfInput(view.spenderOf(output));
    const own = timed(() => reachOf(chain, [output], view));
    const bySqlite = sqlite(first);
    const byDuck = await duck(first);
    if (bySqlite.count !== reached || byDuck.count !== reached) {
      throw new Error(`bench: reach differs: ${reached}, SQLite ${bySqlite.count}, DuckDB ${byDuck.count}`);
    }
    process.stdout.write(
      `reach of ${reached.toLocaleString("en")}: ${own.toFixed(1)} ms; SQLite ${bySqlite.ms.toFixed(1)} ms ` +
        `(${(bySqlite.ms / own).toFixed(1)} ×), DuckDB ${byDuck.ms.toFixed(1)} ms (${(byDuck.ms / own).toFixed(1)} ×)\n`,
    );
  }
}

/** An output, from the end of the chain backwards, from which poison reaches so many transactions. */
function findOrigin(
  chain: ChainReader,
  view: UtxoView,
  least: number,
  most: number,
): { readonly output: number; readonly reached: number } | undefined {
  for (let back = 1; back < 400; back += 1) {
    const output = view.outputs - 1 - (((view.outputs * back) / 401) | 0);
    if (view.spenderOf(output) < 0) continue;
    const reached = reachOf(chain, [output], view).transactions;
    if (reached > least && reached <= most) return { output, reached };
  }
  return undefined;
}

type Edges = { readonly creators: Int32Array; readonly spenders: Int32Array };

/** Each spend as a pair of transactions. */
function edgesOf(view: UtxoView): Edges {
  const owners = new Int32Array(view.outputs);
  const [creators, spenders] = [new Int32Array(view.inputs), new Int32Array(view.inputs)];
  let count = 0;
  for (let transaction = 0; transaction < view.transactions; transaction += 1) {
    for (let output = view.firstOutput(transaction); output < view.firstOutput(transaction + 1); output += 1) {
      owners[output] = transaction;
    }
    for (let input = view.firstInput(transaction); input < view.firstInput(transaction + 1); input += 1) {
      const spent = view.spent(input);
      if (spent % 2 === 0) continue;
      creators[count] = owners[(spent - 1) / 2] ?? 0;
      spenders[count] = transaction;
      count += 1;
    }
  }
  return { creators: creators.subarray(0, count), spenders: spenders.subarray(0, count) };
}

const reachSql = `WITH RECURSIVE reach(tx) AS (
  SELECT CAST(? AS INTEGER) UNION SELECT spend.spender FROM reach JOIN spend ON spend.creator = reach.tx
) SELECT count(*) AS count FROM reach`;

type Reach = { readonly count: number; readonly ms: number };

function sqliteOf({ creators, spenders }: Edges): (first: number) => Reach {
  const database = new DatabaseSync(":memory:");
  database.exec("CREATE TABLE spend(creator INTEGER, spender INTEGER)");
  const insert = database.prepare("INSERT INTO spend VALUES (?, ?)");
  database.exec("BEGIN");
  for (const [at, creator] of creators.entries()) insert.run(creator, spenders[at] ?? 0);
  database.exec("COMMIT; CREATE INDEX by_creator ON spend(creator, spender); ANALYZE");
  const query = database.prepare(reachSql);
  return (first) => {
    let count = 0;
    const ms = timed(() => {
      ({ count } = query.get(first) as { readonly count: number });
    }, 3);
    return { count, ms };
  };
}

async function duckOf({ creators, spenders }: Edges): Promise<(first: number) => Promise<Reach>> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run("CREATE TABLE spend(creator INTEGER, spender INTEGER)");
  const appender = await connection.createAppender("spend");
  for (const [at, creator] of creators.entries()) {
    appender.appendInteger(creator);
    appender.appendInteger(spenders[at] ?? 0);
    appender.endRow();
  }
  appender.closeSync();
  await connection.run("CREATE INDEX by_creator ON spend(creator)");
  return async (first) => {
    const times: number[] = [];
    let count = 0;
    for (let run = 0; run < 3; run += 1) {
      const begun = performance.now();
      const result = await connection.runAndReadAll(reachSql, [first]);
      times.push(performance.now() - begun);
      count = Number(result.getRows()[0]?.[0]);
    }
    return { count, ms: medianOf(times) };
  };
}
