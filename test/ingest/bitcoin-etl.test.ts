/** bitcoin-etl's export as a source: its own fixtures, and a synthetic chain in every arrangement of lines. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { chain } from "../../src/base/chains.ts";
import { bitcoinBlkSource } from "../../src/ingest/bitcoin-blk.ts";
import { bitcoinEtlSource } from "../../src/ingest/bitcoin-etl.ts";
import type { Files } from "../../src/ingest/files.ts";
import { diskFiles } from "../../src/io/disk-files.ts";
import { randomOf } from "../ledger/random-chain.ts";
import { sharedData } from "../shared-data.ts";
import { chainOf, etlLines, regtest, TestLedger, type ChainBlock } from "./bitcoin-chain.ts";
import { writeBlkFolder } from "./blk-folder.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-etl-"));
const files = diskFiles();
afterAll(async () => {
  await files.close();
  rmSync(scratch, { recursive: true, force: true });
});
const at = (name: string): string => path.join(scratch, name);
const source = (place: string): ReturnType<typeof bitcoinEtlSource> => bitcoinEtlSource(files, regtest, place);

const fixtures = "bitcoin/bitcoin-etl/tests/resources/test_export_blocks_job";
const real: readonly (readonly [folder: string, alias: string, height: number])[] = [
  ["bitcoin/block_0", "bitcoin", 0],
  ["bitcoin/block_1", "bitcoin", 1],
  ["bitcoin/block_with_transactions", "bitcoin", 50_001],
  ["bitcoin/block_without_transactions", "bitcoin", 50_000],
  ["bitcoin/stream_50001_50002", "bitcoin", 50_001],
  ["bitcoin_cash/block_with_duplicate_txid", "bitcoin-cash", 91_722],
  ["dogecoin/block_without_transactions", "dogecoin", 2],
  ["dogecoin/block_with_float_precision_loss", "dogecoin", 107_212],
  ["zcash/block_0", "zcash", 0],
  ["zcash/block_with_shielded_addresses", "zcash", 508],
  ["zcash/block_with_value_balance", "zcash", 462_085],
];

type FixtureTransaction = {
  readonly hash: string;
  readonly outputs: readonly { readonly value: number; readonly type: string }[];
};

describe("bitcoin-etl's own fixtures", () => {
  it.each(real)("%s", async (name, alias, height) => {
    const folder = sharedData(`${fixtures}/${name}`);
    if (folder === undefined) return;
    const place = at(name.replace("/", "-"));
    mkdirSync(place);
    for (const kind of ["blocks", "transactions"]) {
      copyFileSync(path.join(folder, `expected_${kind}.json`), path.join(place, `${kind}.json`));
    }
    const ledger = new TestLedger(alias);
    const wanted = readFileSync(path.join(place, "transactions.json"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as FixtureTransaction);
    const taken = await ledger.take(bitcoinEtlSource(files, chain(alias), place));
    expect(taken.transactions).toBe(wanted.length);
    expect(ledger.contradictions()).toEqual([]);
    const lines = ledger.dump().trim().split("\n");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ block: height });
    const transactions = lines.map((line) => JSON.parse(line) as { tx?: string; outputs?: { amount: string }[] });
    expect(
      transactions.flatMap(({ tx, outputs }) => (tx === undefined ? [] : [[tx, outputs?.map((o) => o.amount)]])),
    ).toEqual(
      wanted.map(({ hash, outputs }) => [
        hash,
        outputs.filter(({ type }) => type !== "shielded").map(({ value }) => String(value)),
      ]),
    );
    expect(await ledger.take(bitcoinEtlSource(files, chain(alias), place))).toMatchObject({ blocks: 0, rollbacks: 0 });
  });
});

const main = chainOf(59, 1);

/** A folder of an export, its lines in the order given. */
function writeExport(name: string, blocks: readonly ChainBlock[], order = [...blocks]): string {
  mkdirSync(at(name));
  const text = (lines: readonly string[]): string => `${lines.join("\n")}\n`;
  writeFileSync(path.join(at(name), "blocks.json"), text(order.map((block) => etlLines(block).block)));
  writeFileSync(
    path.join(at(name), "transactions.json"),
    text(blocks.flatMap((block) => etlLines(block).transactions)),
  );
  return at(name);
}

async function direct(blocks: readonly ChainBlock[], name: string): Promise<string> {
  writeBlkFolder(at(name), blocks);
  const ledger = new TestLedger();
  await ledger.take(bitcoinBlkSource(files, regtest, at(name)));
  return ledger.dump();
}

describe("an export", () => {
  it("gives what the raw blocks give, in whatever arrangement, packed or not", async () => {
    const wanted = await direct(main, "raw");
    expect(wanted.split('"ref"').length).toBeGreaterThan(50);
    const random = randomOf(3);
    const shuffled = main.map((block) => ({ block, by: random(1_000) })).toSorted((a, b) => a.by - b.by);
    const jumbled = writeExport(
      "jumbled",
      main,
      shuffled.map(({ block }) => block),
    );
    const mixed = main.flatMap((block) => [etlLines(block).block, ...etlLines(block).transactions]);
    const jumbledLines = mixed.map((line) => ({ line, by: random(1_000) })).toSorted((a, b) => a.by - b.by);
    writeFileSync(at("stream.json"), mixed.join("\r\n"));
    writeFileSync(at("stream-jumbled.json.gz"), gzipSync(jumbledLines.map(({ line }) => line).join("\n\n")));
    mkdirSync(at("parts"));
    for (const [part, from] of [0, 9, 10, 35].entries()) {
      const own = main.slice(from, [9, 10, 35, 60][part]);
      const packed = (lines: readonly string[]): Buffer => gzipSync(`${lines.join("\n")}\n`);
      // Part 10 comes behind part 9, not behind part 1.
      const number = part + 8;
      writeFileSync(path.join(at("parts"), `blocks_${number}.json.gz`), packed(own.map((one) => etlLines(one).block)));
      const transactions = own.flatMap((one) => etlLines(one).transactions);
      writeFileSync(path.join(at("parts"), `transactions_${number}.json.gz`), packed(transactions));
    }
    const places = [writeExport("plain", main), jumbled, at("stream.json"), at("stream-jumbled.json.gz"), at("parts")];
    for (const place of places) {
      const ledger = new TestLedger();
      expect([place, (await ledger.take(source(place))).blocks]).toEqual([place, 60]);
      expect(ledger.dump()).toBe(wanted);
      expect(ledger.contradictions()).toEqual([]);
      expect(await ledger.take(source(place))).toEqual({ blocks: 0, transactions: 0, rollbacks: 0 });
    }
  });

  it("is gone on with when it has grown, and by one that begins where it ended", async () => {
    const wanted = await direct(main, "raw2");
    const ledger = new TestLedger();
    await ledger.take(source(writeExport("first", main.slice(0, 20))));
    expect((await ledger.take(source(writeExport("grown", main.slice(0, 40))))).blocks).toBe(20);
    expect((await ledger.take(source(writeExport("rest", main.slice(40))))).blocks).toBe(20);
    expect(await ledger.take(source(at("first")))).toMatchObject({ blocks: 0, rollbacks: 0 });
    expect(ledger.dump()).toBe(wanted);
    expect(ledger.contradictions()).toEqual([]);
  });

  it("that has left the ledger's chain is followed", async () => {
    const other = chainOf(30, 2, main.slice(0, 35));
    const ledger = new TestLedger();
    await ledger.take(source(writeExport("before", main.slice(0, 45))));
    expect((await ledger.take(source(writeExport("after", other)))).rollbacks).toBeGreaterThan(0);
    expect(ledger.dump()).toBe(await direct(other, "raw3"));
    expect(ledger.contradictions()).toEqual([]);
  });

  it("may begin anywhere and leave blocks out, which is said", async () => {
    const ledger = new TestLedger();
    const export1 = source(writeExport("gap", [...main.slice(10, 20), ...main.slice(30, 40)]));
    expect((await ledger.take(export1)).blocks).toBe(20);
    expect(export1.findings()).toMatchObject([{ what: "no block between 19 and 30 is there" }]);
    expect(export1.findings()[0]?.where).toMatch(/gap\/blocks\.json, line 11$/u);
    expect(ledger.contradictions()).toEqual([]);
  });

  it("whose transactions go further than its blocks gives the blocks, and says so", async () => {
    const place = writeExport("short", main);
    const blocks = readFileSync(path.join(place, "blocks.json"), "utf8").split("\n");
    writeFileSync(path.join(place, "blocks.json"), blocks.slice(0, 50).join("\n"));
    const ledger = new TestLedger();
    const short = source(place);
    expect((await ledger.take(short)).blocks).toBe(50);
    expect(short.findings()).toHaveLength(10);
    expect(short.findings()[0]).toMatchObject({ what: "block 50 is not there, of which this is a transaction" });
  });

  it.each<readonly [string, (place: string) => void, RegExp]>([
    [
      "cut",
      (place) => change(place, "transactions", (text) => text.slice(0, -100)),
      /transactions\.json, line [0-9]+: it is not JSON/u,
    ],
    [
      "missing",
      (place) => change(place, "transactions", (text) => text.trim().split("\n").slice(0, -1).join("\n")),
      /blocks\.json, line 60: block 59 has [0-9]+ transactions, and the export [0-9]+ of them/u,
    ],
    [
      "late",
      (place) =>
        change(place, "blocks", (text) =>
          text
            .trim()
            .split("\n")
            .toSpliced(60, 0, text.split("\n")[3] ?? "")
            .join("\n"),
        ),
      /blocks\.json, line 61: block 3 stands too far behind block/u,
    ],
    [
      "two",
      (place) => change(place, "blocks", (text) => text.replace(`"number":5,`, `"number":4,`)),
      /blocks\.json, line 6: .*block 4/u,
    ],
    [
      "altered",
      (place) => change(place, "blocks", (text) => text.replace(/"merkle_root":"[0-9a-f]{2}/u, `"merkle_root":"00`)),
      /blocks\.json, line 1, block [0-9a-f]{64}: .*Merkle root/u,
    ],
    [
      "uncounted",
      (place) => change(place, "blocks", (text) => text.replace(/,"transaction_count":[0-9]+/u, "")),
      /blocks\.json, line 1: .*transaction_count/u,
    ],
    ["nothing", (place) => rmSync(path.join(place, "blocks.json")), /has no blocks\.json; export it too/u],
  ])("%s: refused with file and line", async (name, damage, message) => {
    const place = writeExport(`bad-${name}`, main);
    damage(place);
    const ledger = new TestLedger();
    await expect(ledger.take(source(place))).rejects.toThrow(message);
    if (name === "nothing") return;
    expect(ledger.contradictions()).toEqual([]);
    await ledger.take(source(writeExport(`mended-${name}`, main)));
    expect(ledger.dump()).toBe(await direct(main, `raw-${name}`));
  });

  it("whose lines stand too far apart is refused before memory is full", async () => {
    const [first, ...others] = main;
    if (first === undefined) throw new Error("no block");
    const padding = " ".repeat(4_000_000);
    const texts: Readonly<Record<string, readonly string[]>> = {
      "far/blocks.json": main.map((block) => etlLines(block).block),
      // The first block's transactions come last.
      "far/transactions.json": [...others, first].flatMap((block) =>
        etlLines(block).transactions.map((line) => line.replace("{", `{${padding}`)),
      ),
    };
    const far: Files = {
      ...files,
      list: async () => ["blocks.json", "transactions.json"],
      stream: (file) => ({
        async *[Symbol.asyncIterator]() {
          for (const line of texts[file] ?? []) yield Buffer.from(`${line}\n`);
        },
        position: () => 0,
      }),
    };
    await expect(new TestLedger().take(bitcoinEtlSource(far, regtest, "far"))).rejects.toThrow(
      /^far\/transactions\.json, line 6[0-9]: the lines of block [0-9]+ stand too far from those of the blocks before/u,
    );
  });

  it("that is not there is refused", async () => {
    await expect(new TestLedger().take(source(at("none")))).rejects.toThrow(/none: does not exist/u);
  });
});

function change(place: string, kind: string, by: (text: string) => string): void {
  const file = path.join(place, `${kind}.json`);
  const text = readFileSync(file, "utf8");
  expect(by(text)).not.toBe(text);
  writeFileSync(file, by(text));
}
