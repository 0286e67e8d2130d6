import { DatabaseSync } from "node:sqlite";
import { DuckDBInstance } from "@duckdb/node-api";
import type { ChainReader } from "../../src/ledger/reader.ts";
import { noLimits } from "../../src/trace/trace.ts";
import { reachOf } from "../../src/trace/utxo/reach.ts";
import { traceUtxo } from "../../src/trace/utxo/utxo-trace.ts";
import type { UtxoView } from "../../src/trace/utxo/utxo-view.ts";

const smallLeast = 100;
const smallMost = 1_000;
const largeLeast = 100_000;
const smallCount = 30;
const largeCount = 5;
const ownRuns = 9;
const databaseRuns = 3;

type Origin = { readonly output: number; readonly reached: number; readonly firstMs: number };

/**
 * What poison reaches from single outputs that are spread over the chain, many that reach 100 to 1,000 transactions and some
 * that reach 100,000 or more; beside a recursive query over the same data in SQLite and DuckDB, both in memory, which get the
 * spends as ready edges between transactions, indexed. Medians of each, then quartiles over the origins.
 */
export async function reachBench(chain: ChainReader, view: UtxoView): Promise<void> {
  const [small, large] = [smallOrigins(chain, view), largeOrigins(chain, view)];
  const edges = edgesOf(view);
  const [sqlite, duck] = [sqliteOf(edges), await duckOf(edges)];
  for (const [name, origins] of [
    ["100 to 1,000 transactions", small],
    ["100,000 transactions and more", large],
  ] as const) {
    const [own, bySqlite, byDuck]: [number[], number[], number[]] = [[], [], []];
    for (const { output, reached } of origins) {
      const first = view.transactionOfInput(view.spenderOf(output));
      const ms = medianTime(() => reachOf(chain, [output], view), ownRuns);
      const answers = [sqlite(first), await duck(first)] as const;
      if (answers.some(({ count }) => count !== reached)) throw new Error(`bench: reach of ${output} differs`);
      own.push(ms);
      bySqlite.push(answers[0].ms / ms);
      byDuck.push(answers[1].ms / ms);
    }
    const perTransaction = own.map((ms, at) => (ms * 1e6) / (origins[at]?.reached ?? 1));
    process.stdout.write(
      `reach of ${name}, ${origins.length} origins (median, quartiles): ${told(own, 3)} ms; the first time ` +
        `${told(
          origins.map(({ firstMs }) => firstMs),
          1,
        )} ms; ${told(perTransaction, 0)} ns a transaction; ` +
        `SQLite takes ${told(bySqlite, 1)} ×, DuckDB ${told(byDuck, 1)} ×\n`,
    );
  }
}

/** Outputs all over the chain from which poison reaches few transactions: a trace with a budget tells which. */
function smallOrigins(chain: ChainReader, view: UtxoView): readonly Origin[] {
  const limits = { ...noLimits, budget: smallMost + 2 };
  const found: Origin[] = [];
  for (const output of spread(view.outputs, 16_384)) {
    if (found.length === smallCount) break;
    if (view.spenderOf(output) < 0) continue;
    const { cost } = traceUtxo(chain, { origins: [output], policy: "poison", stops: undefined, limits }, { view });
    if (cost.transactions <= smallLeast || cost.transactions > smallMost + 1) continue;
    found.push(measured(chain, view, output));
  }
  return found;
}

function largeOrigins(chain: ChainReader, view: UtxoView): readonly Origin[] {
  const found: Origin[] = [];
  for (const output of spread(view.outputs, 64)) {
    if (found.length === largeCount) break;
    if (view.spenderOf(output) < 0) continue;
    const origin = measured(chain, view, output);
    if (origin.reached >= largeLeast) found.push(origin);
  }
  return found;
}

function measured(chain: ChainReader, view: UtxoView, output: number): Origin {
  const begun = performance.now();
  const reached = reachOf(chain, [output], view).transactions;
  return { output, reached, firstMs: performance.now() - begun };
}

/** So many numbers below `end`, here and there: each is about as far as can be from those before it. */
function* spread(end: number, count: number): Generator<number> {
  const golden = (Math.sqrt(5) - 1) / 2;
  for (let at = 1; at <= count; at += 1) yield Math.floor(((at * golden) % 1) * end);
}

/** The first quartile, the median and the third one. */
function quartiles(numbers: readonly number[]): readonly [number, number, number] {
  const sorted = numbers.toSorted((left, right) => left - right);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return [at(0.25), at(0.5), at(0.75)];
}

function told(numbers: readonly number[], decimals: number): string {
  const [low, middle, high] = quartiles(numbers).map((one) => one.toFixed(decimals));
  return `${middle} (${low} to ${high})`;
}

/** The median of so many runs, after one that only warms. */
function medianTime(action: () => void, count: number): number {
  action();
  const times = Array.from({ length: count }, () => {
    const begun = performance.now();
    action();
    return performance.now() - begun;
  });
  return quartiles(times)[1];
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

type Answer = { readonly count: number; readonly ms: number };

function sqliteOf({ creators, spenders }: Edges): (first: number) => Answer {
  const database = new DatabaseSync(":memory:");
  database.exec("CREATE TABLE spend(creator INTEGER, spender INTEGER)");
  const insert = database.prepare("INSERT INTO spend VALUES (?, ?)");
  database.exec("BEGIN");
  for (const [at, creator] of creators.entries()) insert.run(creator, spenders[at] ?? 0);
  database.exec("COMMIT; CREATE INDEX by_creator ON spend(creator, spender); ANALYZE");
  const query = database.prepare(reachSql);
  return (first) => {
    let count = 0;
    const ms = medianTime(() => {
      ({ count } = query.get(first) as { readonly count: number });
    }, databaseRuns);
    return { count, ms };
  };
}

async function duckOf({ creators, spenders }: Edges): Promise<(first: number) => Promise<Answer>> {
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
    for (let run = 0; run < databaseRuns; run += 1) {
      const begun = performance.now();
      const result = await connection.runAndReadAll(reachSql, [first]);
      times.push(performance.now() - begun);
      count = Number(result.getRows()[0]?.[0]);
    }
    return { count, ms: quartiles(times)[1] };
  };
}
