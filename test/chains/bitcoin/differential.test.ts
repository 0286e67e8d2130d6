/** Every real block beside `bitcoinjs-lib`, which knows no more of `src/` than the bytes. */
import { readFileSync } from "node:fs";
import { address, Block, networks, type Network } from "bitcoinjs-lib";
import { describe, expect, test } from "vitest";
import { chain } from "../../../src/base/chains.ts";
import { ownerKinds, type UtxoBlock } from "../../../src/chains/block.ts";
import { findBlocks } from "../../../src/chains/bitcoin/blk-file.ts";
import { decodeBlock } from "../../../src/chains/bitcoin/block.ts";
import { doubleSha256 } from "../../../src/chains/bitcoin/hash.ts";
import { readHeader } from "../../../src/chains/bitcoin/header.ts";
import { ownerText } from "../../../src/chains/bitcoin/owner.ts";
import { cursorOf, readCompactSize } from "../../../src/chains/bitcoin/reader.ts";
import { kindAt } from "../../../src/chains/bitcoin/script.ts";
import { layoutOf, measureTransaction } from "../../../src/chains/bitcoin/transaction.ts";
import { sharedData } from "../../shared-data.ts";
import { hash160 } from "./serialize.ts";

const display = (hash: Uint8Array): string => Buffer.from(hash.toReversed()).toString("hex");
const row = (column: Uint8Array, index: number): Uint8Array => column.subarray(index * 32, index * 32 + 32);

/** The address of a script by bitcoinjs; of a bare key, that of its hash. */
function peerAddress(script: Uint8Array, network: Network): string | undefined {
  const [length, last] = [script.length, script.at(-1)];
  if ((length === 35 || length === 67) && script[0] === length - 2 && last === 0xac) {
    return address.toBase58Check(hash160(script.subarray(1, -1)), network.pubKeyHash);
  }
  try {
    return address.fromOutputScript(script, network);
  } catch {
    return undefined;
  }
}

function compare(alias: string, bytes: Buffer, network: Network): UtxoBlock {
  const known = chain(alias);
  const block = decodeBlock(known, bytes);
  const peer = Block.fromBuffer(bytes);
  expect(display(block.hash)).toBe(peer.getId());
  expect(display(block.parent)).toBe(display(peer.prevHash ?? new Uint8Array(32)));
  expect(block.time).toBe(peer.timestamp);
  const transactions = peer.transactions ?? [];
  expect(block.transactionCount).toBe(transactions.length);
  expect(display(Block.calculateMerkleRoot(transactions))).toBe(display(peer.merkleRoot ?? new Uint8Array()));
  const wtxids = wtxidsOf(bytes);
  let [input, output] = [0, 0];
  for (const [index, one] of transactions.entries()) {
    expect(display(row(block.txids, index))).toBe(one.getId());
    expect(wtxids[index]).toBe(display(doubleSha256(one.toBuffer())));
    expect([block.inputStart[index], block.outputStart[index]]).toEqual([input, output]);
    for (const { hash, index: spentIndex } of one.ins) {
      expect(display(row(block.spentTxids, input))).toBe(display(hash));
      expect(block.spentIndexes[input]).toBe(spentIndex);
      input += 1;
    }
    for (const { script, value } of one.outs) {
      expect(block.values[output]).toBe(value);
      const text = ownerText(known, kindAt(block.owners, output), row(block.owners.identities, output));
      const wanted = peerAddress(script, network);
      if (wanted !== undefined) expect(text).toBe(wanted);
      else if (script[0] === 0x6a) expect(text).toBeUndefined();
      else expect(text).toMatch(/^(?:multisig|script):/u);
      output += 1;
    }
  }
  expect([block.inputStart.at(-1), block.outputStart.at(-1)]).toEqual([input, output]);
  expect([block.spentIndexes.length, block.values.length]).toEqual([input, output]);
  return block;
}

function wtxidsOf(bytes: Buffer): readonly string[] {
  const cursor = cursorOf(bytes, "block", "");
  readHeader(cursor, "bitcoin");
  const layout = layoutOf(readCompactSize(cursor));
  return Array.from({ length: layout.count }, (_, index) => {
    measureTransaction(cursor, layout, index, 1);
    return display(doubleSha256(bytes.subarray(layout.starts[index], layout.ends[index])));
  });
}

/** Every spent output must have been made before, by the ids and indexes that were decoded. */
function spendAndMake(block: UtxoBlock, unspent: Map<string, bigint>): void {
  for (let index = 0; index < block.transactionCount; index += 1) {
    for (let input = block.inputStart[index] ?? 0; input < (block.inputStart[index + 1] ?? 0); input += 1) {
      const outpoint = `${display(row(block.spentTxids, input))}:${block.spentIndexes[input]}`;
      expect(unspent.delete(outpoint)).toBe(index > 0);
    }
    const from = block.outputStart[index] ?? 0;
    for (let output = from; output < (block.outputStart[index + 1] ?? 0); output += 1) {
      unspent.set(`${display(row(block.txids, index))}:${output - from}`, block.values[output] ?? 0n);
    }
  }
}

const { bitcoin, testnet } = networks;
const single: readonly (readonly [file: string, alias: string, network: Network, height: number])[] = [
  ["block426884.raw", "bitcoin", bitcoin, 426_884],
  ["block482683.raw", "bitcoin", bitcoin, 482_683],
  ["blocks-with-undo/block300025.raw", "bitcoin", bitcoin, 300_025],
  ["blocks-with-undo/block928816.raw", "testnet4", testnet, 928_816],
  ["blocks-with-undo/block928828.raw", "testnet4", testnet, 928_828],
  ["blocks-with-undo/block928831.raw", "testnet4", testnet, 928_831],
];

describe("blocks decode as bitcoinjs-lib decodes them", () => {
  test.each(single)("%s", (file, alias, network, height) => {
    const found = sharedData(`bitcoin/${file}`);
    if (found === undefined) return;
    expect(compare(alias, readFileSync(found), network).height).toBe(height);
  });

  test("the 4,313 blocks of blk00000.dat", { timeout: 120_000 }, () => {
    const found = sharedData("bitcoin/blk00000.dat");
    if (found === undefined) return;
    const bytes = readFileSync(found);
    const { records, findings } = findBlocks(chain("bitcoin"), { bytes, offset: 0, last: true });
    expect([records.length, findings]).toEqual([4313, []]);
    const unspent = new Map<string, bigint>();
    let parent = "0".repeat(64);
    for (const [height, { start, end }] of records.entries()) {
      const block = compare("bitcoin", bytes.subarray(start, end), bitcoin);
      expect(block.height).toBe(height === 0 ? 0 : undefined);
      expect(display(block.parent)).toBe(parent);
      parent = display(block.hash);
      expect(kindAt(block.owners, 0)).toBe(ownerKinds.key);
      spendAndMake(block, unspent);
    }
    const supply = [...unspent.values()].reduce((sum, value) => sum + value, 0n);
    expect(supply).toBe(50n * 100_000_000n * 4313n);
  });
});
