import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { chain } from "../src/base/chains.ts";
import { findBlocks } from "../src/chains/bitcoin/blk-file.ts";
import { decodeBlock } from "../src/chains/bitcoin/block.ts";
import { blockOf, coinbase, scripts, sha256, spending, uint32, whole } from "../test/chains/bitcoin/serialize.ts";

const runs = 30;
const folder = path.resolve(import.meta.dirname, "../../shared/data/bitcoin");

/** Transactions a second, on one thread, of raw blocks → columns; of a made-up block of today's shape, and real ones. */
export async function decodeBitcoinBench(): Promise<void> {
  measure("3,000 transactions of today's shape", "bitcoin", [modernBlock()]);
  measure("block 426,884 (2016; 15 inputs each)", "bitcoin", fileBlock("block426884.raw"));
  measure("block 300,025 (2014)", "bitcoin", fileBlock("blocks-with-undo/block300025.raw"));
  measure("testnet block 928,831 (11 inputs, 11 outputs)", "testnet4", fileBlock("blocks-with-undo/block928831.raw"));
  measure("blk00000.dat (2009; 4,313 blocks)", "bitcoin", blkBlocks());
  return Promise.resolve();
}

/** Two or three inputs and outputs, most with witnesses: the mean of 2023 to 2025 is near. */
function modernBlock(): Buffer {
  const hash = (index: number): Buffer => sha256(uint32(index)).subarray(0, 20);
  const witness = [Buffer.alloc(72, 1), Buffer.alloc(33, 2)];
  const transactions = Array.from({ length: 3000 }, (_, index) => {
    const outputs = [
      scripts.witness(0, hash(index)),
      scripts.p2pkh(hash(index + 1)),
      scripts.witness(1, sha256(hash(index))),
    ];
    return spending(
      1 + (index % 3),
      outputs
        .slice(0, 1 + (index % 5 === 0 ? 0 : (index % 2) + 1))
        .map((script) => ({ value: 1000n + BigInt(index), script })),
      index % 7 === 0 ? undefined : witness,
    );
  });
  return blockOf([coinbase([{ value: 1n, script: scripts.p2pkh(hash(0)) }]), ...transactions].map(whole));
}

function fileBlock(name: string): readonly Buffer[] {
  const file = path.join(folder, name);
  return existsSync(file) ? [readFileSync(file)] : [];
}

function blkBlocks(): readonly Buffer[] {
  const [bytes] = fileBlock("blk00000.dat");
  if (bytes === undefined) return [];
  const { records } = findBlocks(chain("bitcoin"), { bytes, offset: 0, last: true });
  return records.map(({ start, end }) => bytes.subarray(start, end));
}

function measure(name: string, alias: string, blocks: readonly Buffer[]): void {
  if (blocks.length === 0) {
    process.stdout.write(`${name.padEnd(48)} skipped: ../shared/data is not there\n`);
    return;
  }
  const known = chain(alias);
  const once = (): number => blocks.reduce((sum, bytes) => sum + decodeBlock(known, bytes).transactionCount, 0);
  for (let run = 0; run < runs; run += 1) once();
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    once();
    return performance.now() - start;
  });
  const median = times.toSorted((left, right) => left - right)[runs >> 1] ?? 0;
  const megabytes = blocks.reduce((sum, bytes) => sum + bytes.length, 0) / 1e6;
  const rate = Math.round((once() / median) * 1000).toLocaleString("en");
  process.stdout.write(
    `${name.padEnd(48)} ${rate.padStart(9)} tx/s ${((megabytes / median) * 1000).toFixed(0).padStart(5)} MB/s\n`,
  );
}
