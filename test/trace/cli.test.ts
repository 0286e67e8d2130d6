import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DOMParser } from "linkedom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scenario } from "../../bench/chain/scenarios.ts";
import { openLmdbStore } from "../../src/store/lmdb-store.ts";
import { fundtrail, type Outcome } from "../cli/terminal.ts";
import { modelUtxoTrace } from "../reference/trace-utxo.ts";
import { withLedger } from "./ledger-of.ts";
import { randomUtxo } from "./random-utxo.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-trace-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const at = (name: string): string => path.join(scratch, name);

const peel = scenario("peel-3", { model: "transfers", seed: 1 });
const bitcoin = randomUtxo({ seed: 12, chain: "bitcoin", blocks: 12, unseen: "none", scale: 1_000n });
const theft = peel.names["theft"] ?? "";

beforeAll(async () => {
  writeFileSync(at("peel.csv"), peel.file);
  await fundtrail("ingest", "--ledger", at("peel"), "--chain", "ethereum", "--from", "transfers", at("peel.csv"));
  await withLedger(bitcoin.blocks, 3, () => undefined, openLmdbStore(at("bitcoin"), { mode: "write" }));
  const deposits = ["deposit-1", "deposit-2"].map(
    (name) => `${peel.addresses[name]?.toUpperCase().replace("0X", "0x")}`,
  );
  writeFileSync(
    at("stops.csv"),
    `category,address,entity\n${deposits.map((one) => `exchange,${one},Exchange A\n`).join("")}`,
  );
});

const onPeel = async (...args: readonly string[]): Promise<Outcome> =>
  fundtrail("trace", "--ledger", at("peel"), "--origin", theft, ...args);

type Json = {
  readonly chain: string;
  readonly policy: string;
  readonly origin: string;
  readonly fees: string;
  readonly holdings: readonly { readonly ref?: string; readonly address: string; readonly amount: string }[];
  readonly exits: readonly Readonly<Record<string, string>>[];
};

const total = (rows: readonly { readonly amount?: string }[]): bigint =>
  rows.reduce((sum, { amount }) => sum + BigInt(amount ?? ""), 0n);

describe("fundtrail trace", () => {
  it("keeps its JSON contract on a chain of accounts", async () => {
    const { status, out, error } = await onPeel("--stops", at("stops.csv"), "--policy", "taint-first", "--json");
    expect([status, error]).toEqual([0, ""]);
    const json = JSON.parse(out) as Json;
    expect([json.chain, json.policy, json.origin]).toEqual(["eip155:1", "taint-first", "80000000000000000000"]);
    expect(json.exits).toHaveLength(2);
    expect(json.exits[0]).toMatchObject({
      ref: peel.names["peel-1"],
      address: peel.addresses["deposit-1"],
      entity: "Exchange A",
      category: "exchange",
      asset: "eip155:1/slip44:60",
      amount: "2000000000000000001",
    });
    expect(json.holdings.every((holding) => !("ref" in holding))).toBe(true);
    expect(total(json.holdings) + total(json.exits) + BigInt(json.fees)).toBe(BigInt(json.origin));
  });

  it("keeps its JSON contract on a chain of outputs, and takes origins from a file", async () => {
    const origins = bitcoin.refs.slice(2, 5);
    writeFileSync(at("origins.txt"), `# stolen\n${origins.slice(0, 2).join(",")}\n\n${origins[2]} # the third\n`);
    const args = ["--ledger", at("bitcoin"), "--chain", "bitcoin", "--origin-file", at("origins.txt"), "--json"];
    const { out } = await fundtrail("trace", ...args, "--policy", "haircut");
    const json = JSON.parse(out) as Json;
    const model = modelUtxoTrace(bitcoin.model, { origins: new Set(origins), policy: "haircut", stops: new Set() });
    expect([json.origin, json.fees]).toEqual([String(model.origin), String(model.fees)]);
    expect(new Map(json.holdings.map(({ ref, amount }) => [ref, BigInt(amount)]))).toEqual(new Map(model.holdings));
    expect((await fundtrail("trace", ...args, "--policy", "haircut")).out).toBe(out);
  });

  it("says in words what became of the sum", async () => {
    const { out } = await onPeel("--stops", at("stops.csv"), "--policy", "taint-first");
    expect(out).toMatch(/^Of 80 ETH, 4 ETH \(5\.0%\) reached 1 service; 75\.9975 ETH \(95\.0%\) rests in /u);
    expect(out).toMatch(
      /^Exchange A +exchange +4\.000000000000000003 ETH +5\.0% +unknown +unknown +[0-9,]+\.[0-9]{2} +2 /mu,
    );
  });

  it("compares all policies, poison apart", async () => {
    const { out } = await onPeel("--stops", at("stops.csv"), "--compare", "--json");
    type Destination = { readonly name: string; readonly amounts: Record<string, string>; readonly low: string };
    const { destinations } = JSON.parse(out) as { readonly destinations: readonly (Destination & { high: string })[] };
    const [first] = destinations;
    expect([first?.name, first?.low, first?.high]).toEqual([
      "Exchange A",
      "3000420000000000003",
      "4000000000000000003",
    ]);
    expect(Object.keys(first?.amounts ?? {})).toHaveLength(6);
  });

  it("says unknown of what rests by poison, which tells no amount on accounts", async () => {
    const { out } = await onPeel("--stops", at("stops.csv"), "--policy", "poison", "--hops-max", "2");
    expect(out).toMatch(/^An unknown amount of ETH in 1 holding is more hops away/mu);
    expect(out).not.toMatch(/ 0 ETH| 0\.00\b/u);
    const table = (await onPeel("--stops", at("stops.csv"), "--compare")).out;
    expect(table).toMatch(/^poison +80 ETH +4\.000000000000000003 ETH +unknown +unknown +unknown +/mu);
  });

  it("shows the way to an exit, transaction by transaction", async () => {
    const { out } = await onPeel("--stops", at("stops.csv"), "--path", peel.names["peel-2"] ?? "", "--json");
    const { paths } = JSON.parse(out) as { readonly paths: readonly (readonly { readonly ref: string }[])[] };
    expect(paths.map((steps) => steps.map(({ ref }) => ref))).toEqual([
      [theft, peel.names["rest-1"], peel.names["peel-2"]],
    ]);
  });

  it("goes back from a deposit to where it came from", async () => {
    const args = ["--ledger", at("peel"), "--origin", peel.names["peel-3"] ?? "", "--backward"];
    const stops = ["--stops", at("victim.csv")];
    writeFileSync(at("victim.csv"), `address,entity,category\n${peel.addresses["victim"]},The victim,exchange\n`);
    const { out } = await fundtrail("trace", ...args, ...stops, "--json");
    const { funds } = JSON.parse(out) as { readonly funds: readonly Record<string, unknown>[] };
    expect(funds[0]).toMatchObject({ entity: "The victim", kind: "service", hopsLeast: 4, direct: "0" });
    expect((await fundtrail("trace", ...args)).out).toMatch(/^created /mu);
  });

  it("gives the flow graph in every form", async () => {
    const edges = 12;
    for (const form of ["graphml", "gexf"]) {
      const { out } = await onPeel("--format", form);
      expect([form, new DOMParser().parseFromString(out, "text/xml").querySelectorAll("edge").length]).toEqual([
        form,
        edges,
      ]);
    }
    expect((await onPeel("--format", "dot")).out.match(/ -> /gu)).toHaveLength(edges);
    expect((await onPeel("--format", "csv")).out.trim().split("\n")).toHaveLength(edges + 1);
  });
});

describe("bad input gets one line", () => {
  const txid = theft.split(":")[0] ?? "";
  it.each([
    [["--origin", `${txid}:9`], 2, /unknown reference ".*:9" .*the transaction has the indexes 0, 1/u],
    [["--origin", `0x${"ab".repeat(32)}:0`], 2, /unknown reference .*ingest the block with this transaction/u],
    [["--origin", `${"ab".repeat(32)}:0`], 2, /is not a transaction id on Ethereum/u],
    [["--origin", "nonsense"], 2, /"nonsense" is not a reference: write a transaction's id, a colon/u],
    [["--origin", theft, "--policy", "tiho"], 2, /tiho is not defined for Ethereum, a chain of accounts/u],
    [["--origin", theft, "--policy", "fifa"], 2, /unknown word "fifa" in --policy; did you mean fifo/u],
    [
      ["--origin", theft, "--policy", "tiho", "--backward"],
      2,
      /tiho is not defined for Ethereum, a chain of accounts/u,
    ],
    [["--origin", theft, "--backward", "--until", "5"], 2, /--backward and --until are both given; a way back begins/u],
    [["--origin", theft, "--backward", "--compare"], 2, /--compare and --backward are both given; give one of them/u],
    [["--origin", theft, "--backward", "--path", "x"], 2, /--backward and --path are both given/u],
    [["--origin", theft, "--backward", "--format", "gexf"], 2, /--backward has no form gexf; leave --format out/u],
    [
      ["--origin", theft, "--backward", "--sources-max", "0"],
      2,
      /--sources-max 0 asks about no entity; give 1 or more/u,
    ],
    [["--origin", theft, "--sources-max", "5"], 2, /--sources-max is for --backward/u],
    [["--origin", theft, "--compare", "--path", "x"], 2, /--compare and --path are both given/u],
    [
      ["--origin", theft, "--backward", "--policy", "poison", "--amount-min", "5"],
      2,
      /by poison a way back has no amounts that --amount-min/u,
    ],
    [["--origin", theft, "--until", "1"], 2, /an origin is in block 2, after block 1/u],
    [["--origin", theft, "--chain", "bitcoin"], 2, /unknown chain of the ledger "bitcoin" .*it holds ethereum/u],
    [["--origin", theft, "--path", "nobody"], 2, /unknown destination "nobody" in this trace/u],
    [["--origin", theft, "--compare", "--format", "dot"], 2, /--compare has no form dot/u],
    [["--origin", theft, "--amount-min", "0.1"], 2, /--amount-min "0.1" is not an integer/u],
    [[], 2, /no origin is given; give --origin/u],
    [["--origin-file", at("absent.txt")], 1, /absent\.txt: .*check the path/u],
  ] as const)("%s", async (args, status, message) => {
    const done = await fundtrail("trace", "--ledger", at("peel"), ...args);
    expect([done.status, done.out, done.error.trim().split("\n").length]).toEqual([status, "", 1]);
    expect(done.error).toMatch(message);
  });

  it("tells of an output from before the ledger what to do", async () => {
    const late = randomUtxo({ seed: 3, chain: "bitcoin", blocks: 9, unseen: "known", scale: 1_000n });
    const blocks = late.blocks.map((block) => ({ ...block, height: (block.height ?? 0) + 500_000 }));
    await withLedger(blocks, 3, () => undefined, openLmdbStore(at("late"), { mode: "write" }));
    const refs = new Set(late.refs);
    const before = late.model.flatMap(({ inputs }) => inputs.map(({ ref }) => ref)).find((ref) => !refs.has(ref));
    const { status, out, error } = await fundtrail("trace", "--ledger", at("late"), "--origin", before ?? "");
    expect([status, out]).toEqual([2, ""]);
    expect(error).toMatch(
      /begins with block 500000: for an older one ingest from its block on, or give the outputs of the transaction that spends it/u,
    );
  });

  it.each([
    ["address,entity\n", /lacks the column category/u],
    ["address,entity,category\n0x12,A,b\n", /line 2, column address: .*"0x12" is not an address on Ethereum/u],
    ["address,entity,category\n,A,b\n", /line 2: the address is empty/u],
  ])("a stops file %j", async (text, message) => {
    writeFileSync(at("bad.csv"), text);
    const { status, error } = await onPeel("--stops", at("bad.csv"));
    expect(status).toBe(1);
    expect(error).toMatch(message);
  });
});
