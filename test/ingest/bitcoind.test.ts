/** Real Bitcoin nodes, where they are on the machine: what they answer and what they keep give the same ledger. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UtxoBlock } from "../../src/chains/block.ts";
import { bitcoinBlkSource } from "../../src/ingest/bitcoin-blk.ts";
import { bitcoinRpcSource } from "../../src/ingest/bitcoin-rpc.ts";
import { diskFiles } from "../../src/io/disk-files.ts";
import { regtest, TestLedger } from "./bitcoin-chain.ts";
import { BitcoinNode, findNodes } from "./bitcoin-node.ts";
import { writeBlkFolder } from "./blk-folder.ts";
import { Miner, type MinedBlock } from "./mined-chain.ts";

const nodes = findNodes();
if (nodes.length === 0) {
  const how = "put bitcoind or btcd on the PATH, or name it in BITCOIND or BTCD";
  process.stderr.write(`skipped: no real Bitcoin node is on this machine; ${how}\n`);
}

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-node-"));
const files = diskFiles();
afterAll(async () => {
  await files.close();
  rmSync(scratch, { recursive: true, force: true });
});

const mineMany = (miner: Miner, count: number): readonly MinedBlock[] =>
  Array.from({ length: count }, () => miner.mine());

/** Regtest's first block, of which no miner makes another. */
async function firstBlock(node: BitcoinNode): Promise<{ readonly hash: string; readonly bytes: Buffer }> {
  const hash = (await node.ask("getblockhash", 0)) as string;
  const raw = await node.ask("getblock", hash, 0).catch(async () => node.ask("getblock", hash, false));
  return { hash, bytes: Buffer.from(raw as string, "hex") };
}

describe.skipIf(nodes.length === 0)("a real node", () => {
  // Without a node the list below would be empty, and the suite without a test.
  it("is there", () => expect(nodes).not.toEqual([]));

  describe.each(nodes)("$name", (found) => {
    const node = new BitcoinNode(found, path.join(scratch, found.kind.program));
    const trunk = new Miner(1);
    const shared = mineMany(trunk, 130);
    const lost = mineMany(new Miner(2, trunk), 4);
    const winner = new Miner(3, trunk);
    const won = mineMany(winner, 9);
    const ledger = new TestLedger();
    const submit = async (blocks: readonly MinedBlock[]): Promise<void> => {
      for (const { bytes } of blocks) {
        const refused = await node.ask("submitblock", bytes.toString("hex"));
        // A branch that is not the best one yet is "inconclusive".
        if (refused !== null && refused !== "inconclusive")
          throw new Error(`the node says: ${JSON.stringify(refused)}`);
      }
    };
    beforeAll(async () => node.start(), 60_000);
    afterAll(async () => node.remove(), 60_000);

    it("takes the blocks, and tells them as they are", async () => {
      await submit([...shared, ...lost]);
      expect(await ledger.take(bitcoinRpcSource(node.rpc, regtest))).toMatchObject({ blocks: 135, rollbacks: 0 });
      expect(await ledger.take(bitcoinRpcSource(node.rpc, regtest))).toMatchObject({ blocks: 0, rollbacks: 0 });
      const direct = new TestLedger();
      writeBlkFolder(path.join(scratch, "lost"), [await firstBlock(node), ...shared, ...lost]);
      await direct.take(bitcoinBlkSource(files, regtest, path.join(scratch, "lost")));
      expect(ledger.dump()).toBe(direct.dump());
    }, 60_000);

    it("changes to another branch, and the ledger follows; so it does after a restart", async () => {
      await submit(won.slice(0, 6));
      expect(await ledger.take(bitcoinRpcSource(node.rpc, regtest))).not.toMatchObject({ rollbacks: 0 });
      await node.stop();
      await node.start();
      if (found.kind.forgets) {
        // A node that is behind the ledger changes nothing.
        expect(await ledger.take(bitcoinRpcSource(node.rpc, regtest))).toMatchObject({ blocks: 0, rollbacks: 0 });
        await submit([...shared, ...won.slice(0, 6)]);
      }
      expect(await ledger.take(bitcoinRpcSource(node.rpc, regtest))).toMatchObject({ blocks: 0, rollbacks: 0 });
      await submit(won.slice(6));
      expect(await ledger.take(bitcoinRpcSource(node.rpc, regtest))).toMatchObject({ blocks: 3, rollbacks: 0 });
      expect(ledger.contradictions()).toEqual([]);
      const direct = new TestLedger();
      writeBlkFolder(path.join(scratch, "won"), [await firstBlock(node), ...shared, ...won]);
      await direct.take(bitcoinBlkSource(files, regtest, path.join(scratch, "won")));
      expect(ledger.dump()).toBe(direct.dump());
    }, 60_000);

    it.skipIf(!found.kind.invalidates)(
      "goes back by command, and the ledger with it",
      async () => {
        const last = won.at(-1)?.hash ?? "";
        await node.ask("invalidateblock", last);
        expect(await ledger.take(bitcoinRpcSource(node.rpc, regtest))).toMatchObject({ blocks: 0 });
        const other = new Miner(4, trunk);
        await submit(mineMany(other, 10));
        expect(await ledger.take(bitcoinRpcSource(node.rpc, regtest))).not.toMatchObject({ rollbacks: 0 });
        expect(ledger.contradictions()).toEqual([]);
      },
      60_000,
    );

    it.skipIf(found.kind.blocks === undefined)(
      "keeps files that give the same, and what blocks spend",
      async () => {
        await node.stop();
        const folder = node.blocks ?? "";
        const byFiles = new TestLedger();
        await byFiles.take(bitcoinBlkSource(files, regtest, folder));
        // The files know of a block that was made invalid by command, which the node alone does not follow.
        expect(byFiles.contradictions()).toEqual([]);
        expect(byFiles.dump()).toBe(ledger.dump());

        const spent = await spentBy(laterFolder(folder, 110));
        for (const block of shared.filter(({ height }) => height > 110 && height <= 130)) {
          expect(spent.get(block.hash)).toEqual(block.spent.map(({ value }) => value));
        }
      },
      60_000,
    );
  });
});

/** A node's folder without its first blocks, as if these were pruned: its undo files then tell what is spent from before. */
function laterFolder(folder: string, records: number): string {
  const later = path.join(scratch, "later");
  mkdirSync(later);
  const key = readOptional(path.join(folder, "xor.dat"));
  const mask = (bytes: Buffer): Buffer => {
    if (key === undefined) return bytes;
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = (bytes[at] ?? 0) ^ (key[at % key.length] ?? 0);
    return bytes;
  };
  const plain = mask(readFileSync(path.join(folder, "blk00000.dat")));
  let at = 0;
  for (let record = 0; record <= records; record += 1) at += 8 + plain.readUInt32LE(at + 4);
  writeFileSync(path.join(later, "blk00000.dat"), mask(Buffer.from(plain.subarray(at))));
  writeFileSync(path.join(later, "rev00000.dat"), readFileSync(path.join(folder, "rev00000.dat")));
  if (key !== undefined) writeFileSync(path.join(later, "xor.dat"), key);
  return later;
}

function readOptional(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** The values that the inputs of each block but the coinbase's spend, as the source says. */
async function spentBy(folder: string): Promise<ReadonlyMap<string, readonly bigint[]>> {
  const found = new Map<string, readonly bigint[]>();
  for await (const { block } of bitcoinBlkSource(files, regtest, folder).open({ cursor: "", tip: undefined })) {
    const { hash, spent } = block as UtxoBlock;
    const name = Buffer.from(hash.toReversed()).toString("hex");
    found.set(name, spent === undefined ? [] : [...spent.values].slice(1));
  }
  return found;
}
