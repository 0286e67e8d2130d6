import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chain } from "../src/base/chains.ts";
import { ethereumEtlSource } from "../src/ingest/ethereum-etl.ts";
import { diskFiles } from "../src/io/disk-files.ts";
import { evmBlocks } from "./chain/evm.ts";
import { writeEtlFolder } from "./chain/ethereum-etl.ts";

const runs = 5;
/** Ethereum's blocks of 2023 and 2024 have 150 transactions in the mean. */
const transactionsPerBlock = 150;

/** Transfers a second, on one thread, of an ethereum-etl export (blocks, transactions, receipts, logs, traces) → blocks. */
export async function decodeEthereumEtlBench([transactions = 100_000]: readonly number[]): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "fundtrail-bench-"));
  try {
    const { bytes } = writeEtlFolder(
      folder,
      evmBlocks({ seed: 1, transactions, transactionsPerBlock }),
      () => undefined,
    );
    for (const [name, without] of [
      ["ethereum-etl with traces", ""],
      ["ethereum-etl without traces", "traces"],
    ] as const) {
      if (without !== "") rmSync(path.join(folder, `${without}.csv`));
      const rates: number[] = [];
      for (let run = 0; run < runs; run += 1) rates.push(await decode(folder));
      const [low = 0, , median = 0, , high = 0] = rates.toSorted((left, right) => left - right);
      const figures = [median, low, high].map((rate) => Math.round(rate).toLocaleString("en"));
      process.stdout.write(
        `${name.padEnd(42)} ${figures[0]?.padStart(9)} transfers/s  (${figures[1]} to ${figures[2]})\n`,
      );
    }
    process.stdout.write(`  ${Math.round(bytes / transactions)} bytes a transaction, all tables\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function decode(folder: string): Promise<number> {
  const files = diskFiles();
  const begun = performance.now();
  let transfers = 0;
  const source = ethereumEtlSource(files, chain("ethereum"), folder);
  for await (const { block } of source.open({ cursor: "", tip: undefined })) {
    transfers += block.model === "account" ? block.transfers.length : 0;
  }
  await files.close();
  return (transfers / (performance.now() - begun)) * 1_000;
}
