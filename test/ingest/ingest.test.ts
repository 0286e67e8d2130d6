import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { fundtrail, type Outcome } from "../cli/terminal.ts";
import { randomOf } from "../ledger/random-chain.ts";
import { sharedData } from "../shared-data.ts";
import { rawChain, writeBlkFolder } from "./blk-folder.ts";

const root = path.resolve(import.meta.dirname, "../..");
const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-ingest-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const at = (name: string): string => path.join(scratch, name);

const regtest = async (ledger: string, folder: string): Promise<Outcome> =>
  fundtrail("ingest", "--ledger", ledger, "--chain", "regtest", "--from", "bitcoin-blk", folder, "--json");
const dump = async (ledger: string): Promise<string> => (await fundtrail("ledger", "dump", "--ledger", ledger)).out;
const isSound = async (ledger: string): Promise<boolean> =>
  (await fundtrail("ledger", "check", "--ledger", ledger)).status === 0;

/** A transfers file of so many rows: fees, payments, mints, several transactions a block. */
function transfersText(rows: number): string {
  const random = randomOf(rows);
  const account = (): string => `0x${random(50).toString(16).padStart(40, "0")}`;
  const lines = ["chain,block,time,tx,index,from,to,asset,amount"];
  for (let row = 0; row < rows; row += 1) {
    const block = 1_000 + Math.floor(row / 7);
    const tx = `0x${(row - (row % 2)).toString(16).padStart(64, "0")}`;
    const [from, to] = [row % 11 === 0 ? "" : account(), row % 2 === 0 ? "" : account()];
    const isEmpty = from === "" && to === "";
    lines.push(
      `ethereum,${block},${1_600_000_000 + block * 12},${tx},${row % 7},${isEmpty ? account() : from},${to},ETH,${random(1_000_000)}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

describe("a node's blocks folder", () => {
  it("is read whole in whatever order, masked or not, with lost branches in it; twice changes nothing", async () => {
    const main = rawChain({ count: 60, name: "main" });
    const lost = rawChain({ count: 3, name: "lost", after: { hash: main[20]?.hash ?? "", height: 20 } });
    writeBlkFolder(at("plain"), main);
    const random = randomOf(4);
    const shuffled = [...main, ...lost]
      .map((block) => ({ block, by: random(1_000) }))
      .toSorted((left, right) => left.by - right.by);
    const order = { perFile: 13, key: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 255]) };
    writeBlkFolder(
      at("masked"),
      shuffled.map(({ block }) => block),
      order,
    );
    expect(JSON.parse((await regtest(at("l1"), at("plain"))).out)).toMatchObject({
      blocks: 60,
      transactions: 60,
      rollbacks: 0,
    });
    expect((await regtest(at("l2"), at("masked"))).status).toBe(0);
    expect(await dump(at("l2"))).toBe(await dump(at("l1")));
    expect(JSON.parse((await regtest(at("l2"), at("plain"))).out)).toMatchObject({ blocks: 0, rollbacks: 0 });
    expect(await isSound(at("l2"))).toBe(true);
  });

  it("is followed when its best chain changes, and goes on where it stopped", async () => {
    const main = rawChain({ count: 30, name: "main" });
    const other = rawChain({ count: 12, name: "other", after: { hash: main[22]?.hash ?? "", height: 22 } });
    writeBlkFolder(at("before"), main.slice(0, 28));
    writeBlkFolder(at("grown"), main);
    writeBlkFolder(at("after"), [...main, ...other]);
    writeBlkFolder(at("direct"), [...main.slice(0, 23), ...other]);
    await regtest(at("l3"), at("before"));
    expect(JSON.parse((await regtest(at("l3"), at("grown"))).out)).toMatchObject({ blocks: 2 });
    expect((JSON.parse((await regtest(at("l3"), at("after"))).out) as { rollbacks: number }).rollbacks).toBeGreaterThan(
      0,
    );
    await regtest(at("l4"), at("direct"));
    expect(await dump(at("l3"))).toBe(await dump(at("l4")));
    expect(await isSound(at("l3"))).toBe(true);
  });

  it("with a damaged block stops there, keeps what came before, and goes on once it is mended", async () => {
    const main = rawChain({ count: 20, name: "main" });
    writeBlkFolder(at("good"), main, { perFile: 10, key: new Uint8Array() });
    writeBlkFolder(at("bad"), main, { perFile: 10, key: new Uint8Array() });
    const file = path.join(at("bad"), "blk00001.dat");
    const bytes = readFileSync(file);
    bytes[8 + 80 + 60] = (bytes[8 + 80 + 60] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const stopped = await regtest(at("l5"), at("bad"));
    expect(stopped.status).toBe(1);
    expect(stopped.error).toMatch(/Merkle root/u);
    expect(stopped.error).toMatch(/^fundtrail: [^\n]+\n$/mu);
    expect(await isSound(at("l5"))).toBe(true);
    expect(await dump(at("l5"))).toMatch(/"block":9,/u);
    expect(await dump(at("l5"))).not.toMatch(/"block":10,/u);
    expect((await regtest(at("l5"), at("good"))).status).toBe(0);
    await regtest(at("l6"), at("good"));
    expect(await dump(at("l5"))).toBe(await dump(at("l6")));
  });

  it("cut off in its last block gives the blocks before it, and says what is missing", async () => {
    writeBlkFolder(at("cut"), rawChain({ count: 5, name: "main" }));
    const file = path.join(at("cut"), "blk00000.dat");
    truncateSync(file, readFileSync(file).length - 150);
    const { status, out, error } = await regtest(at("l7"), at("cut"));
    expect([status, (JSON.parse(out) as { blocks: number }).blocks]).toEqual([0, 4]);
    expect(error).toMatch(/bytes are missing at the end/u);
  });
});

describe("a transfers file", () => {
  const text = transfersText(3_000);
  const take = async (ledger: string, file: string): Promise<Outcome> =>
    fundtrail("ingest", "--ledger", ledger, "--chain", "ethereum", "--from", "transfers", file);

  it("plain or packed gives the same ledger; grown, its new rows are added", async () => {
    writeFileSync(at("t.csv"), text);
    writeFileSync(at("t.csv.gz"), gzipSync(text));
    const lines = text.split("\n");
    expect(await take(at("t1"), at("t.csv"))).toMatchObject({ status: 0 });
    expect(await take(at("t2"), at("t.csv.gz"))).toMatchObject({ status: 0 });
    expect(await dump(at("t2"))).toBe(await dump(at("t1")));
    writeFileSync(at("grow.csv"), `${lines.slice(0, 1_401).join("\n")}\n`);
    await take(at("t3"), at("grow.csv"));
    writeFileSync(at("grow.csv"), text);
    await take(at("t3"), at("grow.csv"));
    expect(await dump(at("t3"))).toBe(await dump(at("t1")));
    expect(await isSound(at("t3"))).toBe(true);
  });

  it("with a wrong row stops with its line", async () => {
    writeFileSync(at("wrong.csv"), text.replace(/(?<line>(?:[^\n]*\n){900}[^\n]*),[0-9]+\n/u, "$<line>,-5\n"));
    const { status, error } = await take(at("t4"), at("wrong.csv"));
    expect(status).toBe(1);
    expect(error).toMatch(/wrong\.csv, line 901/u);
    expect(await isSound(at("t4"))).toBe(true);
  });
});

describe("wrong input to ingest and ledger is one line", () => {
  it.each<readonly [readonly string[], RegExp, number]>([
    [["ingest"], /--ledger is missing/u, 2],
    [["ingest", "--ledger", at("w")], /--chain is missing/u, 2],
    [
      ["ingest", "--ledger", at("w"), "--chain", "bitcion", "--from", "bitcoin-blk", "x"],
      /unknown chain "bitcion".*bitcoin/u,
      2,
    ],
    [["ingest", "--ledger", at("w"), "--chain", "bitcoin", "--from", "blk", "x"], /unknown word "blk" in --from/u, 2],
    [["ingest", "--ledger", at("w"), "--chain", "bitcoin", "--from", "bitcoin-blk"], /no source is named/u, 2],
    [
      ["ingest", "--ledger", at("w"), "--chain", "bitcoin", "--from", "bitcoin-blk", at("none")],
      /none: does not exist/u,
      1,
    ],
    [
      ["ingest", "--ledger", at("w"), "--chain", "ethereum", "--from", "bitcoin-blk", "x"],
      /bitcoin-blk is not for Ethereum; use --from evm-rpc or ethereum-etl or etherscan or transfers/u,
      2,
    ],
    [
      ["ingest", "--ledger", at("w"), "--chain", "bitcoin", "--from", "etherscan", "x"],
      /etherscan is not for Bitcoin; use --from bitcoin-blk/u,
      2,
    ],
    [["ledger", "info", "--ledger", at("none")], /none: /u, 1],
    [["ledger", "look", "--ledger", at("w")], /unknown word "look"/u, 2],
    [["ledger", "info"], /--ledger is missing/u, 2],
  ])("%j", async (args, message, expected) => {
    const { status, error } = await fundtrail(...args);
    expect(error).toMatch(message);
    expect(error).toMatch(/^fundtrail: [^\n]+\n$/u);
    expect(status).toBe(expected);
  });
});

describe("a killed ingest", () => {
  const runs = Number(process.env["KILL_RUNS"] ?? 6);
  it(
    "leaves a sound ledger, and resumed as often as needed the same as an undisturbed one",
    async () => {
      writeFileSync(at("kill.csv"), transfersText(60_000));
      const args = (ledger: string): string[] => [
        "ingest",
        "--ledger",
        ledger,
        "--chain",
        "ethereum",
        "--from",
        "transfers",
        at("kill.csv"),
        "--commit",
        "500",
      ];
      await fundtrail(...args(at("calm")));
      const random = randomOf(Date.now());
      for (let run = 0; run < runs; run += 1) {
        const ended = await killedAfter(args(at("killed")), 150 + random(900));
        expect(["SIGKILL", null]).toContain(ended);
        // Killed before it had made the ledger, it has left none.
        const { status, error } = await fundtrail("ledger", "check", "--ledger", at("killed"));
        if (status !== 0) expect(error).toMatch(/does not exist|is empty|holds no ledger/u);
      }
      await fundtrail(...args(at("killed")));
      expect(await dump(at("killed"))).toBe(await dump(at("calm")));
    },
    120_000 + runs * 3_000,
  );
});

async function killedAfter(args: readonly string[], afterMs: number): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [path.join(root, "bin/fundtrail.mjs"), ...args], { stdio: "ignore" });
  const timer = setTimeout(() => child.kill("SIGKILL"), afterMs);
  return new Promise((resolve) => {
    child.on("exit", (_code, signal) => {
      clearTimeout(timer);
      resolve(signal);
    });
  });
}

const blocks = sharedData("bitcoin/blk00000.dat");

describe.skipIf(blocks === undefined)("real blocks", () => {
  it("the first 4,313 of Bitcoin: sound, and 50 bitcoins a block, less what was never claimed", async () => {
    const folder = path.dirname(blocks ?? "");
    const { status } = await fundtrail(
      "ingest",
      "--ledger",
      at("real"),
      "--chain",
      "bitcoin",
      "--from",
      "bitcoin-blk",
      folder,
    );
    expect(status).toBe(0);
    expect(await isSound(at("real"))).toBe(true);
    const lines = (await dump(at("real")))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as DumpLine);
    const transactions = lines.filter(({ tx }) => tx !== undefined);
    const sum = (amounts: readonly { readonly amount?: string | null }[] | undefined): bigint =>
      (amounts ?? []).reduce((total, { amount }) => total + BigInt(amount ?? 0), 0n);
    const made = transactions.reduce((total, { outputs }) => total + sum(outputs), 0n);
    const spent = transactions.reduce((total, { inputs }) => total + sum(inputs), 0n);
    expect(lines.length - transactions.length).toBe(4_313);
    expect(made - spent).toBe(4_313n * 5_000_000_000n);
    // The first payment, from Satoshi Nakamoto to Hal Finney.
    const first = transactions.find(
      ({ tx }) => tx === "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16",
    );
    expect(first?.outputs?.[0]).toEqual({ amount: "1000000000", owner: "1Q2TWHE3GMdB6BZKafqwxXtWAWgFt5Jvm3" });
  });
});

type DumpLine = {
  readonly tx?: string;
  readonly inputs?: readonly { readonly amount?: string | null }[];
  readonly outputs?: readonly { readonly amount: string; readonly owner: string }[];
};
