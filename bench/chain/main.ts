/**
 * `node bench/chain/main.ts --model utxo|transfers|evm|ethereum-etl --transactions N --seed S --out DIR`: writes a synthetic chain.
 *
 * `utxo`: a node's folder of `blk*.dat`. `transfers`: `transfers.csv` (or `.jsonl`). `evm`: one JSON line a block with the
 * answers of `eth_getBlockByNumber`, `eth_getBlockReceipts`, `trace_block` and `debug_traceBlockByNumber`.
 * `ethereum-etl`: the same chain as the exporter's tables.
 */
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { writeBlkFiles } from "./blk-files.ts";
import { writeEtlFolder } from "./ethereum-etl.ts";
import { evmBlocks } from "./evm.ts";
import { transferChunks } from "./transfers.ts";
import { utxoBlocks } from "./utxo.ts";

const usage = `usage: node bench/chain/main.ts --model utxo|transfers|evm|ethereum-etl --transactions N --seed S --out DIR
  utxo:       [--masked] [--shuffled BLOCKS] [--orphans PER_THOUSAND] [--per-block MEAN] [--live-max OUTPUTS]
  transfers:  [--jsonl] [--per-block MEAN] [--live-max ACCOUNTS]
`;

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    transactions: { type: "string" },
    seed: { type: "string", default: "1" },
    out: { type: "string" },
    masked: { type: "boolean", default: false },
    shuffled: { type: "string", default: "1" },
    orphans: { type: "string", default: "0" },
    "per-block": { type: "string" },
    "live-max": { type: "string" },
    jsonl: { type: "boolean", default: false },
  },
});

type Job = {
  readonly out: string;
  readonly seed: string;
  readonly transactions: number;
  readonly transactionsPerBlock?: number;
  readonly liveMax?: number;
};

/** Tells on stderr how far it is, at most twice a second. */
function progressOf(name: string, total: number): (done: number) => void {
  const start = performance.now();
  let told = start;
  return (done) => {
    const now = performance.now();
    if (now - told < 500 && done < total) return;
    told = now;
    const rate = Math.round((done / (now - start)) * 1_000);
    const left = rate > 0 ? Math.ceil((total - done) / rate) : 0;
    const share = Math.min(100, Math.floor((done / total) * 100));
    process.stderr.write(`\r${name}: ${done} of ${total} (${share}%), ${rate}/s, ${left} s left   `);
    if (done >= total) process.stderr.write("\n");
  };
}

function writeUtxo(job: Job): void {
  const progress = progressOf("transactions", job.transactions);
  let done = 0;
  const folder = writeBlkFiles(job.out, utxoBlocks(job), {
    seed: job.seed,
    masked: values.masked,
    shuffled: Number(values.shuffled),
    orphans: Number(values.orphans),
    onBlock: (block) => {
      done += block.transactions;
      progress(done);
    },
  });
  const { blocks, orphans, transactions, bytes, files } = folder;
  const told = `${transactions} transactions in ${blocks} blocks and ${orphans} orphans, ${bytes} bytes, ${files.length} files`;
  process.stdout.write(`${told}\n`);
}

/** Writes pieces into one file. */
function writeFile(job: Job, name: string, pieces: Iterable<Uint8Array>): void {
  mkdirSync(job.out, { recursive: true });
  const file = openSync(path.join(job.out, name), "w");
  let bytes = 0;
  for (const piece of pieces) {
    for (let written = 0; written < piece.length;) written += writeSync(file, piece, written);
    bytes += piece.length;
  }
  closeSync(file);
  process.stdout.write(`${bytes} bytes in ${name}\n`);
}

function* transfersPieces(job: Job, form: "csv" | "jsonl"): Generator<Uint8Array> {
  // A row has about 200 bytes, a transaction about two rows.
  const progress = progressOf("bytes (estimated)", job.transactions * (form === "csv" ? 424 : 560));
  let done = 0;
  for (const chunk of transferChunks({ ...job, form })) {
    yield chunk;
    done += chunk.length;
    progress(done);
  }
}

function* evmPieces(job: Job): Generator<Uint8Array> {
  const progress = progressOf("transactions", job.transactions);
  let done = 0;
  for (const { answers } of evmBlocks(job)) {
    const { block, receipts, traces, callTraces } = answers;
    yield Buffer.from(`${JSON.stringify({ block, receipts, traces, callTraces })}\n`);
    done += receipts.length;
    progress(done);
  }
}

function writeEtl(job: Job): void {
  const progress = progressOf("transactions", job.transactions);
  const { transactions, bytes } = writeEtlFolder(job.out, evmBlocks(job), progress);
  process.stdout.write(`${transactions} transactions, ${bytes} bytes\n`);
}

function run(): void {
  const transactions = Number(values.transactions);
  const { model, out, seed } = values;
  if (out === undefined || !Number.isSafeInteger(transactions) || transactions < 1) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  const job: Job = {
    out,
    seed,
    transactions,
    ...(values["per-block"] === undefined ? {} : { transactionsPerBlock: Number(values["per-block"]) }),
    ...(values["live-max"] === undefined ? {} : { liveMax: Number(values["live-max"]) }),
  };
  if (model === "utxo") {
    writeUtxo(job);
  } else if (model === "transfers") {
    const form = values.jsonl ? "jsonl" : "csv";
    writeFile(job, `transfers.${form}`, transfersPieces(job, form));
  } else if (model === "evm") {
    writeFile(job, "blocks.jsonl", evmPieces(job));
  } else if (model === "ethereum-etl") {
    writeEtl(job);
  } else {
    process.stderr.write(usage);
    process.exitCode = 2;
  }
}

run();
