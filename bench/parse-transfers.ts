import { chain } from "../src/base/chains.ts";
import { TransfersReader } from "../src/chains/transfers/rows.ts";

const rows = 400_000;
const runs = 7;
const chunkBytes = 262_144;

/** Rows a second from bytes in memory to blocks: CSV, plain and checked, CSV with quotes, and JSON lines. */
export async function parseTransfersBench(): Promise<void> {
  const lines = Array.from({ length: rows }, (_, row) => line(row));
  const header = "chain,block,time,tx,index,from,to,asset,amount";
  const csv = Buffer.from([header, ...lines.map((fields) => fields.join(","))].join("\n"));
  const quoted = Buffer.from([header, ...lines.map((fields) => `"${fields.join('","')}"`)].join("\n"));
  const keys = header.split(",");
  const json = Buffer.from(
    lines.map((fields) => JSON.stringify(Object.fromEntries(keys.map((key, at) => [key, fields[at]])))).join("\n"),
  );
  report("transfers CSV, plain", csv, "as-written");
  report("transfers CSV, addresses checked", csv, "checked");
  report("transfers CSV, every field quoted", quoted, "as-written");
  report("transfers JSON lines", json, "as-written");
  await Promise.resolve();
}

/** An EVM-like row: 200 rows a block, two a transaction, a fee and a payment. */
function line(row: number): readonly string[] {
  const transaction = row >> 1;
  const block = Math.floor(row / 200);
  const account = (seed: number): string => `0x${((seed * 2654435761) % 20011).toString(16).padStart(40, "0")}`;
  const to = row % 2 === 0 ? "" : account(transaction * 3 + 1);
  const tx = `0x${transaction.toString(16).padStart(64, "0")}`;
  const amount = row % 2 === 0 ? "21000000000000" : `${row + 1}000000000000000000`;
  const time = new Date(1_600_000_000_000 + block * 12_000).toISOString().replace(".000", "");
  return ["ethereum", `${block}`, time, tx, `${row % 200}`, account(transaction), to, "ETH", amount];
}

function report(name: string, data: Uint8Array, addresses: "checked" | "as-written"): void {
  const rates = Array.from({ length: runs }, () => {
    const start = performance.now();
    const reader = new TransfersReader(chain("ethereum"), { source: "bench", addresses, resume: undefined });
    let count = 0;
    for (let at = 0; at < data.length; at += chunkBytes) {
      for (const { block } of reader.push(data.subarray(at, at + chunkBytes))) count += block.transfers.length;
    }
    for (const { block } of reader.finish()) count += block.transfers.length;
    if (count !== rows) throw new Error(`${name}: ${count} rows of ${rows}`);
    return (rows / (performance.now() - start)) * 1000;
  }).toSorted((left, right) => left - right);
  const median = rates[runs >> 1] ?? 0;
  const [low = 0, high = 0] = [rates[0], rates.at(-1)];
  process.stdout.write(
    `${name.padEnd(42)} ${median.toFixed(0).padStart(9)} rows/s  (${low.toFixed(0)} to ${high.toFixed(0)}; ${(data.length / rows).toFixed(0)} bytes a row)\n`,
  );
}
