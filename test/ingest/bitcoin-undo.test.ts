/** A node's blocks folder that begins in the middle of the chain: its rev files tell what is spent from before. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { chain } from "../../src/base/chains.ts";
import { decodeBlock } from "../../src/chains/bitcoin/block.ts";
import { bitcoinBlkSource } from "../../src/ingest/bitcoin-blk.ts";
import { diskFiles } from "../../src/io/disk-files.ts";
import type { TestOutput } from "../chains/bitcoin/serialize.ts";
import { randomOf } from "../ledger/random-chain.ts";
import { sharedData } from "../shared-data.ts";
import { chainOf, regtest, TestLedger, type ChainBlock } from "./bitcoin-chain.ts";
import { undoOf, writeRevFile, type UndoRecord } from "./bitcoin-undo-form.ts";
import { writeBlkFolder } from "./blk-folder.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-undo-"));
const files = diskFiles();
afterAll(async () => {
  await files.close();
  rmSync(scratch, { recursive: true, force: true });
});
const at = (name: string): string => path.join(scratch, name);
const magic = "fabfb5da";

const main = chainOf(79, 1);
const lost = chainOf(3, 2, main.slice(0, 50)).slice(50);
const begin = 40;

const recordOf = ({ transactions, spent, parent }: ChainBlock): UndoRecord => ({
  undo: undoOf(
    transactions.slice(1).map(({ inputs }) => inputs.length),
    spent,
  ),
  parent,
});

type DumpInput = { readonly ref?: string; readonly amount?: string | null; readonly unseen?: true };
type DumpLine = { readonly tx?: string; readonly inputs?: readonly DumpInput[] };
const inputsOf = (dump: string): readonly DumpInput[] =>
  dump
    .trim()
    .split("\n")
    .flatMap((line) => (JSON.parse(line) as DumpLine).inputs ?? []);

/** A folder from the middle of the chain: blocks shuffled, undo data in order of connection, a lost branch in both. */
function writeFolder(name: string, perFile: number, key?: Uint8Array): string {
  const random = randomOf(perFile);
  const stored = [...main.slice(begin), ...lost]
    .map((block) => ({ block, by: block.height * 10 + random(60) }))
    .toSorted((left, right) => left.by - right.by)
    .map(({ block }) => block);
  writeBlkFolder(at(name), stored, { perFile, key: key ?? new Uint8Array() });
  for (let file = 0; file * perFile < stored.length; file += 1) {
    const own = stored
      .slice(file * perFile, (file + 1) * perFile)
      .toSorted((left, right) => left.height - right.height);
    writeRevFile(at(name), file, own.map(recordOf), { magic, ...(key === undefined ? {} : { key }) });
  }
  return at(name);
}

/** What the whole chain's ledger says of the inputs of the blocks from `begin` on, amounts and owners. */
async function wanted(): Promise<readonly object[]> {
  writeBlkFolder(at("whole"), main);
  const ledger = new TestLedger();
  await ledger.take(bitcoinBlkSource(files, regtest, at("whole")));
  const lines = ledger.dump().trim().split("\n");
  const from = lines.findIndex((line) => line.includes(`"block":${begin},`));
  return inputsOf(lines.slice(from).join("\n"));
}

describe("a folder from the middle of a chain", () => {
  it.each([
    ["one file", 100, undefined],
    ["small files", 7, undefined],
    ["masked", 11, new Uint8Array([9, 8, 7, 6, 5, 4, 3, 255])],
  ] as const)(
    "%s: value and owner of every spent output are those of the whole chain's ledger",
    async (name, perFile, key) => {
      const expected = await wanted();
      const source = bitcoinBlkSource(files, regtest, writeFolder(name, perFile, key));
      const ledger = new TestLedger();
      expect((await ledger.take(source)).blocks).toBe(main.length - begin);
      const inputs = inputsOf(ledger.dump());
      expect(inputs.filter(({ unseen }) => unseen === true).length).toBeGreaterThan(10);
      expect(inputs.map(({ unseen: _unseen, ...input }) => input)).toEqual(expected);
      expect(source.findings()).toEqual([]);
      expect(ledger.contradictions()).toEqual([]);
    },
  );

  it("stopped and gone on with, the same", async () => {
    const place = writeFolder("resumed", 9);
    const [calm, stopped] = [new TestLedger(), new TestLedger()];
    await calm.take(bitcoinBlkSource(files, regtest, place));
    let blocks = 0;
    const stop = (): void => {
      blocks += 1;
      if (blocks === 17) throw new Error("stopped");
    };
    await expect(stopped.take(bitcoinBlkSource(files, regtest, place), { onBlock: stop })).rejects.toThrow("stopped");
    await stopped.take(bitcoinBlkSource(files, regtest, place));
    expect(stopped.dump()).toBe(calm.dump());
  });

  it("gone on with from a whole folder, still knows what is spent from before its beginning", async () => {
    const [part, all] = [writeFolder("part", 100), at("all")];
    writeBlkFolder(at("part-short"), main.slice(begin, 60));
    writeRevFile(at("part-short"), 0, main.slice(begin, 60).map(recordOf), { magic });
    writeBlkFolder(all, main);
    writeRevFile(all, 0, main.slice(1).map(recordOf), { magic });
    const [expected, ledger] = [new TestLedger(), new TestLedger()];
    await expected.take(bitcoinBlkSource(files, regtest, part));
    await ledger.take(bitcoinBlkSource(files, regtest, at("part-short")));
    await ledger.take(bitcoinBlkSource(files, regtest, all));
    expect(ledger.dump()).toBe(expected.dump());
  });

  it("without rev files, or with a damaged record, knows less, and says so", async () => {
    writeBlkFolder(at("none"), main.slice(begin));
    const none = bitcoinBlkSource(files, regtest, at("none"));
    const without = new TestLedger();
    await without.take(none);
    expect(none.findings()).toMatchObject([{ where: `${at("none")}/rev00000.dat` }]);
    expect(inputsOf(without.dump()).some(({ amount }) => amount === null)).toBe(true);
    const place = writeFolder("damaged", 100);
    const rev = path.join(place, "rev00000.dat");
    const bytes = readFileSync(rev);
    const victim = main.slice(begin).find(({ transactions }) => transactions.length > 2);
    if (victim === undefined) throw new Error("no block of three transactions");
    const found = bytes.indexOf(recordOf(victim).undo);
    bytes[found + 5] = (bytes[found + 5] ?? 0) ^ 1;
    writeFileSync(rev, bytes);
    const damaged = bitcoinBlkSource(files, regtest, place);
    const ledger = new TestLedger();
    await ledger.take(damaged);
    expect(damaged.findings()).toHaveLength(1);
    expect(damaged.findings()[0]?.what).toContain(`no undo data that are surely of block ${victim.hash}`);
    expect(ledger.contradictions()).toEqual([]);
  });
});

describe("two blocks of one parent", () => {
  const counts = ({ transactions }: ChainBlock): string => transactions.map(({ inputs }) => inputs.length).join(" ");
  const parent = 50;
  const own = main[parent];
  const siblings = Array.from({ length: 400 }, (_, seed) => chainOf(1, seed + 100, main.slice(0, parent)).at(-1));
  /** A block beside, that spends other outputs. */
  const beside = (isSameShape: (same: boolean) => boolean): ChainBlock => {
    const found = siblings.find(
      (one) =>
        one !== undefined &&
        own !== undefined &&
        one.transactions.length === own.transactions.length &&
        isSameShape(counts(one) === counts(own)) &&
        !recordOf(one).undo.equals(recordOf(own).undo),
    );
    if (found === undefined) throw new Error("no such sibling");
    return found;
  };
  const taken = async (
    name: string,
    sibling: ChainBlock,
  ): Promise<readonly [readonly string[], readonly DumpInput[]]> => {
    const blocks = main.slice(begin);
    writeBlkFolder(at(name), [...blocks, sibling]);
    const records = [...blocks.slice(0, parent - begin), sibling, ...blocks.slice(parent - begin)].map(recordOf);
    writeRevFile(at(name), 0, records, { magic });
    const source = bitcoinBlkSource(files, regtest, at(name));
    const ledger = new TestLedger();
    await ledger.take(source);
    return [source.findings().map(({ what }) => what), inputsOf(ledger.dump())];
  };

  it("are told apart by their shape", async () => {
    const [findings, inputs] = await taken(
      "other-shape",
      beside((same) => !same),
    );
    expect(findings).toEqual([]);
    expect(inputs.map(({ unseen: _unseen, ...input }) => input)).toEqual(await wanted());
  });

  it("of one shape leave what they spend from before unknown, and never wrong", async () => {
    const [findings, inputs] = await taken(
      "same-shape",
      beside((same) => same),
    );
    expect(findings).toMatchObject([expect.stringContaining(`surely of block ${own?.hash}`)]);
    const expected = await wanted();
    const differing = inputs.filter((input, index) => input.amount !== (expected[index] as DumpInput).amount);
    expect(differing.every(({ amount }) => amount === null)).toBe(true);
  });
});

const real: readonly (readonly [name: string, alias: string, magic: string])[] = [
  ["block300025", "bitcoin", "f9beb4d9"],
  ["block928816", "testnet4", "1c163f28"],
  ["block928828", "testnet4", "1c163f28"],
  ["block928831", "testnet4", "1c163f28"],
];

/** A list of value and script. */
function plainOutputs(bytes: Buffer): readonly TestOutput[] {
  const outputs: TestOutput[] = [];
  for (let place = 0; place < bytes.length;) {
    const long = bytes[place + 8] === 0xfd;
    const start = place + (long ? 11 : 9);
    const length = long ? bytes.readUInt16LE(place + 9) : (bytes[place + 8] ?? 0);
    outputs.push({ value: bytes.readBigUInt64LE(place), script: bytes.subarray(start, start + length) });
    place = start + length;
  }
  return outputs;
}

describe("a folder with one real block", () => {
  it.each(real)("%s: every spent value is known", async (name, alias, magicOf) => {
    const [file, undoFile] = ["", "-undo"].map((end) => sharedData(`bitcoin/blocks-with-undo/${name}${end}.raw`));
    if (file === undefined || undoFile === undefined) return;
    const bytes = readFileSync(file);
    const block = decodeBlock(chain(alias), bytes);
    const outputs = plainOutputs(readFileSync(undoFile));
    const counts = [...block.inputStart].slice(2).map((end, index) => end - (block.inputStart[index + 1] ?? 0));
    mkdirSync(at(name));
    const head = Buffer.from(`${magicOf}00000000`, "hex");
    head.writeUInt32LE(bytes.length, 4);
    writeFileSync(path.join(at(name), "blk00000.dat"), Buffer.concat([head, bytes]));
    const parent = Buffer.from(block.parent.toReversed()).toString("hex");
    writeRevFile(at(name), 0, [{ undo: undoOf(counts, outputs), parent }], { magic: magicOf });
    const ledger = new TestLedger(alias);
    await ledger.take(bitcoinBlkSource(files, chain(alias), at(name)), { commit: 100_000 });
    const inputs = inputsOf(ledger.dump()).filter(({ ref }) => ref !== undefined);
    expect(inputs.map(({ amount }) => amount)).toEqual(outputs.map(({ value }) => String(value)));
    expect(ledger.contradictions()).toEqual([]);
  });
});
