/** What each source of files says of input that is not what it should be: one line with what, where and what to do. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeEtlFolder } from "../../bench/chain/ethereum-etl.ts";
import { evmBlocks } from "../../bench/chain/evm.ts";
import { fundtrail } from "../cli/terminal.ts";
import { chainOf, etlLines } from "./bitcoin-chain.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-bad-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const at = (name: string): string => path.join(scratch, name);
const read = (name: string): string => readFileSync(at(name), "utf8");

/** Another form of a folder: a copy in which something is changed. */
const spoilt = (of: string, name: string, spoil: (folder: string) => void): void => {
  cpSync(at(of), at(name), { recursive: true });
  spoil(at(name));
};

const transfers = "chain,block,time,tx,index,from,to,asset,amount\n".concat(
  ...Array.from({ length: 3_000 }, (_, row) => {
    const noise = ((row + 1) * 2_654_435_761).toString(16).padStart(40, "0");
    return `ethereum,${row},${row},0x${noise.padStart(64, "a")},0,0x${noise},0x${noise},ETH,1\n`;
  }),
);

beforeAll(() => {
  mkdirSync(at("folder"));
  writeFileSync(at("empty.csv"), "");
  writeFileSync(at("page.csv"), "<html>\n");
  writeFileSync(at("none.csv.gz"), "no gzip");
  const packed = gzipSync(transfers);
  writeFileSync(at("cut.csv.gz"), packed.subarray(0, packed.length / 2));
  writeFileSync(at("whole.csv.gz"), packed);
  writeEtlFolder(at("etl"), evmBlocks({ seed: 1, transactions: 200, transactionsPerBlock: 10 }), () => undefined);
  spoilt("etl", "etl-cut-gz", (folder) => {
    const bytes = gzipSync(readFileSync(path.join(folder, "receipts.csv")));
    rmSync(path.join(folder, "receipts.csv"));
    writeFileSync(path.join(folder, "receipts.csv.gz"), bytes.subarray(0, bytes.length - 9));
  });
  spoilt("etl", "etl-columns", (folder) =>
    writeFileSync(path.join(folder, "logs.csv"), read("etl/logs.csv").replace(",topics\n", ",subjects\n")),
  );
  spoilt("etl", "etl-missing", (folder) => rmSync(path.join(folder, "receipts.csv")));
  spoilt("etl", "etl-empty", (folder) => writeFileSync(path.join(folder, "blocks.csv"), ""));
  spoilt("etl", "etl-short", (folder) =>
    writeFileSync(path.join(folder, "receipts.csv"), read("etl/receipts.csv").split("\n").slice(0, 60).join("\n")),
  );
  spoilt("etl", "etl-folder", (folder) => {
    rmSync(path.join(folder, "traces.csv"));
    mkdirSync(path.join(folder, "traces.csv"));
  });
  mkdirSync(at("btc"));
  const lines = chainOf(20, 1).map(etlLines);
  writeFileSync(at("btc/blocks.json"), lines.map(({ block }) => `${block}\n`).join(""));
  writeFileSync(at("btc/transactions.json"), lines.flatMap((one) => one.transactions).join("\n"));
});

const mend = "; [a-z][^;]+$";
const cases: readonly (readonly [from: string, chain: string, place: string, message: string])[] = [
  ...(["transfers", "ethereum-etl", "etherscan"] as const).map(
    (from) => [from, "ethereum", "missing", "missing: does not exist"] as const,
  ),
  ["bitcoin-etl", "regtest", "missing", "missing: does not exist"],
  ["bitcoin-blk", "regtest", "missing", "missing: does not exist"],
  ["transfers", "ethereum", "folder", "folder: is a folder"],
  ["transfers", "ethereum", "none.csv.gz", "none.csv.gz: it is no whole gzip file"],
  ["transfers", "ethereum", "cut.csv.gz", "cut.csv.gz: it is no whole gzip file"],
  ["transfers", "ethereum", "empty.csv", "empty.csv, line 1: the file is empty"],
  ["transfers", "ethereum", "page.csv", "page.csv, line 1: the header has no column chain"],
  ["transfers", "polygon", "whole.csv.gz", 'line 2, column chain: "ethereum": it is not polygon'],
  ["etherscan", "ethereum", "folder", "folder: is a folder"],
  ["etherscan", "ethereum", "empty.csv", "empty.csv, line 1: the file is empty"],
  ["etherscan", "ethereum", "page.csv", "page.csv, line 1: it has no column hash"],
  ["etherscan", "ethereum", "none.csv.gz", "none.csv.gz: it is no whole gzip file"],
  ["ethereum-etl", "ethereum", "page.csv", "page.csv: it is no folder"],
  ["ethereum-etl", "ethereum", "folder", "folder: has no blocks.csv"],
  ["ethereum-etl", "ethereum", "etl-cut-gz", "etl-cut-gz/receipts.csv.gz: it is no whole gzip file"],
  ["ethereum-etl", "ethereum", "etl-columns", "etl-columns/logs.csv, line 1: it has no column topics"],
  ["ethereum-etl", "ethereum", "etl-missing", "etl-missing: has no receipts.csv"],
  ["ethereum-etl", "ethereum", "etl-empty", "etl-empty/blocks.csv: it holds no block"],
  [
    "ethereum-etl",
    "ethereum",
    "etl-short",
    "etl-short/blocks.csv, line [0-9]+: it has [0-9]+ transactions and [0-9]+ receipts",
  ],
  ["ethereum-etl", "ethereum", "etl-folder", "etl-folder/traces.csv: is a folder"],
  ["bitcoin-etl", "regtest", "folder", "folder: has no blocks.json"],
  ["bitcoin-etl", "regtest", "page.csv", "page.csv, line 1: it is not JSON"],
  ["bitcoin-etl", "litecoin", "btc", "btc/blocks.json, line 1: block 0 is not Litecoin's"],
  ["bitcoin-blk", "regtest", "folder", "folder: it holds no block of Bitcoin regtest"],
];

describe("bad input is one line", () => {
  it.each(cases)("%s, %s: %s", async (from, chain, place, message) => {
    const ledger = at(`ledger-${from}-${place}`);
    const args = ["ingest", "--ledger", ledger, "--chain", chain, "--from", from, "--addresses", "as-written"];
    const { status, out, error } = await fundtrail(...args, at(place));
    expect([status, out]).toEqual([1, ""]);
    // Where the machine is busy, lines of progress stand before it.
    const last = error.trimEnd().split("\n").at(-1);
    expect(last).toMatch(new RegExp(`^fundtrail: .*${message}.*${mend}`, "u"));
    // A mistyped path leaves no ledger behind, and a bad source a sound one.
    const isThere = existsSync(ledger);
    expect(isThere).toBe(place !== "missing");
    if (isThere) expect((await fundtrail("ledger", "check", "--ledger", ledger)).status).toBe(0);
  });

  it("and what is mended then goes on", async () => {
    const args = ["ingest", "--ledger", at("on"), "--chain", "ethereum", "--from", "ethereum-etl"];
    expect((await fundtrail(...args, at("etl-short"))).status).toBe(1);
    expect((await fundtrail(...args, at("etl"))).status).toBe(0);
    await fundtrail("ingest", "--ledger", at("once"), ...args.slice(3), at("etl"));
    const dumps = await Promise.all(
      ["on", "once"].map(async (name) => fundtrail("ledger", "dump", "--ledger", at(name))),
    );
    expect(dumps[0]?.out).toBe(dumps[1]?.out);
    expect(dumps[0]?.out).toMatch(/"block":1,/u);
  });
});
