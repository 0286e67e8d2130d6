import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scenario } from "../../bench/chain/scenarios.ts";
import { taintRange } from "../../src/ledger/keys.ts";
import { openLmdbStore } from "../../src/store/lmdb-store.ts";
import { writeRegister } from "../register/on-disk.ts";
import { fundtrail, type Outcome } from "./terminal.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-taint-cli-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const at = (name: string): string => path.join(scratch, name);
const ledger = at("ledger");

const peel = scenario("peel-3", { model: "transfers", seed: 1 });
const address = (name: string): string => peel.addresses[name] ?? "";
const stranger = `0x${"12".repeat(20)}`;
const origin = "tag:sanction:A Thief";

const taint = async (...words: readonly string[]): Promise<Outcome> => fundtrail("taint", ...words, "--ledger", ledger);
const retro = async (id: string, list: string, ...more: readonly string[]): Promise<Outcome> =>
  fundtrail("retro", id, "--ledger", ledger, "--addresses", list, ...more);
const ingest = async (file: string): Promise<Outcome> =>
  fundtrail("ingest", "--ledger", ledger, "--chain", "ethereum", "--from", "transfers", file);
const tag = async (name: string, category: string, of: string): Promise<void> => {
  writeFileSync(
    at(`${name}.csv`),
    `address,label,category,source,confidence\n${of},${name},${category},A list,confirmed\n`,
  );
  await fundtrail("tags", "import", at(`${name}.csv`), "--ledger", ledger, "--chain", "ethereum");
};

describe("fundtrail taint and retro", () => {
  beforeAll(async () => {
    const lines = peel.file.toString("utf8").trimEnd().split("\n");
    // The last block comes later.
    const blocks = lines.map((line) => line.split(",")[1]);
    const first = lines.filter((_, place) => blocks[place] !== blocks.at(-1));
    writeFileSync(at("first.csv"), `${first.join("\n")}\n`);
    writeFileSync(at("whole.csv"), peel.file);
    await ingest(at("first.csv"));
    await tag("A Thief", "sanction", address("thief"));
  });

  it("makes the index, and ingest carries it on", async () => {
    expect((await taint("info")).out).toBe("Ethereum: there is no taint index: run fundtrail taint build\n");
    const built = await taint("build");
    expect([built.status, built.out]).toEqual([
      0,
      expect.stringMatching(/^Ethereum: 1 origins .*: 2 traces walked, 0/u),
    ]);
    expect((await taint("info")).out).toMatch(/^Ethereum: current to block [0-9]+\n/u);
    const more = await ingest(at("whole.csv"));
    expect(more.out).toMatch(/\nTaint index, Ethereum: 1 origins .*: 0 traces walked, 2 went on, 1 new blocks/u);
    const { chains } = JSON.parse((await taint("info", "--json")).out) as {
      chains: { state: string; strands: { origin: string; policy: string }[] }[];
    };
    expect(chains[0]?.state).toBe("current");
    expect(chains[0]?.strands.map((one) => `${one.policy} ${one.origin}`)).toEqual([
      `fifo ${origin}`,
      `haircut ${origin}`,
    ]);
  });

  it("lists past transactions as a table, CSV or JSON", async () => {
    writeFileSync(
      at("own.csv"),
      `# ours\naddress,note\n${address("deposit-1")},hot # the first\n\n"${stranger}",cold\n`,
    );
    const told = await retro(origin, at("own.csv"));
    expect(told.out).toMatch(
      /^1 of 2 addresses received value of A Thief .* by fifo[^]*first\n[^]*does not mean clean: 0x1212/u,
    );
    const csv = await retro(origin, at("own.csv"), "--format", "csv");
    const [head, row = "", ...others] = csv.out.trim().split("\n");
    expect(head).toBe("address,txid,block,time,asset,amount,hops,first");
    expect(row).toMatch(
      new RegExp(
        `^${address("deposit-1")},0x[0-9a-f]{64},[0-9]+,[0-9TZ:-]+,eip155:1/slip44:60,[0-9]+,[0-9]+,yes$`,
        "u",
      ),
    );
    expect(others).toEqual([]);
    const { exposed } = JSON.parse((await retro(origin, at("own.csv"), "--json")).out) as {
      exposed: { amount: string; hops: number; first: boolean }[];
    };
    expect(exposed).toEqual([expect.objectContaining({ amount: row.split(",")[5], first: true })]);
  });

  it("names what is wrong with a list or an origin", async () => {
    writeFileSync(at("bad.txt"), `${stranger}\nnonsense\n${stranger}\nmore nonsense\n`);
    const bad = await retro(origin, at("bad.txt"));
    expect([bad.status, bad.error]).toEqual([
      1,
      expect.stringMatching(/bad\.txt, line 2: "nonsense" is not .*\(and lines 4\)/u),
    ]);
    writeFileSync(at("none.txt"), "# nothing\n");
    expect((await retro(origin, at("none.txt"))).error).toContain("it names no address");
    const unknown = await retro("mtgox-2011", at("own.csv"));
    expect([unknown.status, unknown.error]).toEqual([2, expect.stringContaining(`it has ${origin}`)]);
    expect((await retro(origin, at("absent.txt"))).error).toContain("absent.txt");
    expect((await taint("bild")).error).toContain("build");
  });

  it("tells when what it rests on has changed, and refuses to look back by it", async () => {
    await tag("An Exchange", "exchange", address("deposit-1"));
    expect((await taint("info")).out).toMatch(
      /^Ethereum: to block [0-9]+; tags have changed since: run fundtrail taint build\n/u,
    );
    const refused = await retro(origin, at("own.csv"));
    expect([refused.status, refused.error]).toEqual([
      1,
      expect.stringContaining("tags have changed since; run `fundtrail taint build"),
    ]);
    expect((await taint("build")).out).toContain("2 traces walked");
    expect((await taint("info")).out).toMatch(/^Ethereum: current/u);
    await tag("Another Exchange", "exchange", stranger);
    // A service that the money never reached changes no trace.
    expect((await taint("build")).out).toContain("0 traces walked, 2 went on");
  });

  it("walks a theft that the register has since, and tells whom it concerns", async () => {
    const theft = `chain:\n  theft:\n    - ethereum:${peel.txids["theft"]}\n`;
    const register = ["--register", writeRegister(at("register"), theft)];
    expect((await taint("info", ...register)).out).toContain("thefts of the register, prices have changed since");
    expect((await taint("build", ...register)).out).toMatch(/: 2 origins .*: 2 traces walked, 2 went on/u);
    const told = await retro("2020-03-04-example", at("own.csv"), ...register, "--format", "csv");
    expect(told.out.trim().split("\n")).toHaveLength(2);
    const other = ["--register", writeRegister(at("other"), theft.replace(/0x.*/u, `0x${"ab".repeat(32)}`))];
    expect((await taint("build", ...other)).out).toContain("not in the ledger: 2020-03-04-example");
    const absent = await retro("2020-03-04-example", at("own.csv"), ...other);
    expect([absent.status, absent.error]).toEqual([2, expect.stringContaining("are not in this ledger: ingest")]);
    await taint("build");
  });

  it("tells of damage, and removes the index", async () => {
    const store = openLmdbStore(ledger, { mode: "write" });
    const snapshot = store.snapshot();
    const pages = [...snapshot.range({ ...taintRange(1), order: "ascending" })].filter(({ key }) => key[2] === 0x07);
    const changes = pages.map(({ key, value }) => ({
      key: Uint8Array.from(key),
      value: Uint8Array.from(value, (byte, place) => (place === 9 ? byte ^ 1 : byte)),
    }));
    snapshot.release();
    await store.commit(changes);
    await store.close();
    const damaged = await retro(origin, at("own.csv"));
    expect([damaged.status, damaged.error]).toEqual([
      1,
      expect.stringMatching(/^fundtrail: the taint index is damaged: records of strand [0-9]+, page 0: .*taint drop/u),
    ]);
    expect((await taint("drop")).out).toBe("Ethereum: the taint index is removed\n");
    expect((await taint("drop")).out).toBe("Ethereum: there is no taint index\n");
    expect((await taint("build")).out).toContain("2 traces walked");
    expect((await retro(origin, at("own.csv"))).status).toBe(0);
  });
});
