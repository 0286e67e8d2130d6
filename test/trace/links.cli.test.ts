import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeBlkFiles } from "../../bench/chain/blk-files.ts";
import { scenario, type TransfersScenario, type UtxoScenario } from "../../bench/chain/scenarios.ts";
import { fundtrail, type Outcome } from "../cli/terminal.ts";
import { folderOf, incidentText } from "../register/fixtures.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-links-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  const written = path.join(scratch, name);
  writeFileSync(written, text);
  return written;
};

/** A register of incidents with these parts on chain, and a price of the day of the generated chains. */
function register(name: string, incidents: Readonly<Record<string, string>>): string {
  const folder = path.join(scratch, name);
  const prices = "asset,at,usd,kind,source\nBTC,2020-09-15T00:00:00Z,10000.5,close,An exchange\n";
  const { actors, published, prices: priced } = folderOf({ prices });
  for (const part of ["incidents", "actors", "published", "prices"]) {
    mkdirSync(path.join(folder, part), { recursive: true });
  }
  for (const one of [...actors, ...published, ...priced]) writeFileSync(path.join(folder, one.path.slice(2)), one.text);
  for (const [id, chain] of Object.entries(incidents)) {
    const text = incidentText
      .replaceAll("2020-03-04-example", id)
      .replace("date: 2020-03-04", "date: 2020-09-14")
      .replace("date: 2020-06-01", "date: 2020-10-01")
      .replace("disclosed: 2020-03-05", "disclosed: 2020-09-14")
      .replace(/amount: 100\n/u, "amount: 4\n")
      .replace(/usd: 900000\n/u, "usd: 40000\n")
      .replace(/chain:\n {2}thief:\n.*\n/u, chain);
    writeFileSync(path.join(folder, `incidents/${id}.yaml`), text);
  }
  return folder;
}

async function utxoLedger(name: "commingle" | "peel-20" | "fan-out"): Promise<{ told: UtxoScenario; ledger: string }> {
  const told = scenario(name, { model: "utxo", seed: 1 });
  const [source, ledger] = [path.join(scratch, `${name}-blocks`), path.join(scratch, name)];
  writeBlkFiles(source, told.blocks, { seed: 1 });
  await fundtrail("ingest", "--ledger", ledger, "--chain", "bitcoin", "--from", "bitcoin-blk", source);
  return { told, ledger };
}

const json = ({ out }: Outcome): unknown => JSON.parse(out);
type Linked = {
  readonly thefts: readonly string[];
  readonly links: readonly {
    readonly thefts: readonly string[];
    readonly kind: string;
    readonly place: string;
    readonly sides: readonly {
      readonly amounts: readonly { readonly amount: string }[];
      readonly usd: string | null;
    }[];
  }[];
};

describe("fundtrail links, incident verify and trace --patterns on a chain of outputs", () => {
  let ledger = "";
  let told: UtxoScenario;
  let folder = "";
  beforeAll(async () => {
    ({ told, ledger } = await utxoLedger("commingle"));
    const theft = (name: string): string => `chain:\n  theft:\n    - bitcoin:${told.txids[name] ?? ""}\n`;
    folder = register("two", {
      "2020-09-14-first": theft("theft-a"),
      "2020-09-14-second": `${theft("theft-b")}  thief:\n    - bitcoin:${told.addresses["thief-b"] ?? ""}\n`,
    });
  });

  it("finds where the funds of two incidents met, with what each was worth", async () => {
    const found = json(await fundtrail("links", "--ledger", ledger, "--register", folder, "--json")) as Linked;
    expect(found.thefts).toEqual(["2020-09-14-first", "2020-09-14-second"]);
    expect(found.links).toMatchObject([
      {
        thefts: ["2020-09-14-first", "2020-09-14-second"],
        kind: "transaction",
        place: told.txids["meet"],
        sides: [
          { amounts: [{ amount: "300000000" }], usd: "30001.50" },
          { amounts: [{ amount: "200000000" }], usd: "20001.00" },
        ],
      },
    ]);
    const { out } = await fundtrail("links", "--ledger", ledger, "--register", folder);
    expect(out).toContain("3 BTC + 2 BTC");
    expect(out).toContain("$30k + $20k");
  });

  it("takes thefts from a file, beside the register's", async () => {
    const origins = file(
      "thefts.txt",
      `[one] # the first\n${told.names["theft-a"] ?? ""}\n\n[two]\n${told.names["theft-b"] ?? ""}\n`,
    );
    const args = ["links", "--ledger", ledger, "--origin-file", origins, "--json"];
    const found = json(await fundtrail(...args)) as Linked;
    expect([found.thefts, found.links.map(({ place }) => place)]).toEqual([["one", "two"], [told.txids["meet"]]]);
    // Without a price of the day the worth is not known, and not 0.
    expect(found.links[0]?.sides.map(({ usd }) => usd)).toEqual([null, null]);
    expect((await fundtrail(...args)).out).toBe((await fundtrail(...args)).out);
  });

  it("values what met by own prices, before those of the register", async () => {
    const prices = file("own.csv", "asset,date,usd\nBTC,2020-09-14,7\n");
    const args = ["--ledger", ledger, "--register", folder, "--prices", prices];
    const found = json(await fundtrail("links", ...args, "--json")) as Linked;
    expect(found.links[0]?.sides.map(({ usd }) => usd)).toEqual(["21.00", "14.00"]);
    const traced = json(
      await fundtrail("trace", ...args, "--origin", told.names["theft-a"] ?? "", "--patterns", "--json"),
    ) as { readonly commingling: Linked["links"] };
    expect(traced.commingling[0]?.sides.map(({ usd }) => usd)).toEqual(["21.00", "14.00"]);
    const bad = file("bad-prices.csv", "asset,date,usd\nBTC,2020-09-14,0\n");
    const refused = await fundtrail("links", "--ledger", ledger, "--register", folder, "--prices", bad);
    expect([refused.status, refused.error]).toEqual([1, expect.stringContaining("line 2: 0 is no price")]);
  });

  it("takes no meeting at a stop for a link", async () => {
    // Both thefts pay into one deposit address.
    const {
      file: rows,
      names,
      addresses,
    } = scenario("commingle", { model: "transfers", seed: 3 }) satisfies TransfersScenario;
    const accounts = path.join(scratch, "accounts");
    const source = path.join(scratch, "commingle.csv");
    writeFileSync(source, rows);
    await fundtrail("ingest", "--ledger", accounts, "--chain", "ethereum", "--from", "transfers", source);
    const origins = file("accounts.txt", `[a]\n${names["theft-a"] ?? ""}\n[b]\n${names["theft-b"] ?? ""}\n`);
    const args = ["links", "--ledger", accounts, "--origin-file", origins, "--json"];
    expect((json(await fundtrail(...args)) as Linked).links.map(({ place }) => place)).toEqual([addresses["joint"]]);
    const stops = file("stops.csv", `address,entity,category\n${addresses["joint"] ?? ""},An exchange,exchange\n`);
    expect((json(await fundtrail(...args, "--stops", stops)) as Linked).links).toEqual([]);
    const { out } = await fundtrail(...args.slice(0, -1), "--stops", stops);
    expect(out).toContain("Their funds did not meet; that does not part them.");
  });

  it("begins a trace with an incident's transactions, and names patterns and whom its funds met", async () => {
    const args = ["trace", "--ledger", ledger, "--incident", "2020-09-14-first", "--register", folder];
    const found = json(await fundtrail(...args, "--patterns", "--json")) as {
      readonly origin: string;
      readonly patterns: readonly { readonly pattern: string }[];
      readonly commingling: readonly object[];
    };
    expect(found.origin).toBe("300000000");
    expect(found.patterns.map(({ pattern }) => pattern)).toEqual(["round-amounts"]);
    expect(found.commingling).toMatchObject([{ thefts: ["this", "2020-09-14-second"], place: told.txids["meet"] }]);
    const { out } = await fundtrail(...args, "--patterns");
    expect(out).toContain("Patterns: round-amounts 1.");
    expect(out).toContain("Funds of other incidents met:");
    expect((await fundtrail(...args)).out).not.toContain("Patterns");
  });

  it("verifies what a theft took, at the price of the block's day, against the register", async () => {
    const args = ["incident", "verify", "2020-09-14-first", "--ledger", ledger, "--register", folder];
    expect(json(await fundtrail(...args, "--json"))).toMatchObject({
      complete: true,
      usd: "30001.50",
      registered: { usd: "40000.00" },
      difference: "-9998.50",
      assets: [{ amount: "300000000", registered: "400000000", difference: "-100000000", unpriced: 0 }],
      chains: [{ transactions: [{ transaction: told.txids["theft-a"], rule: "others" }], missing: [] }],
    });
    const { out } = await fundtrail(...args);
    expect(out).toContain("1 of 1 theft transactions found in the ledger.");
    expect(out).toMatch(/^ +3 BTC +4 BTC +−1 BTC +30001\.50 +2020-09-14 close 10000\.5$/mu);
    expect(out).toContain(
      "Value at the theft: $30k by the prices of the day; the register says $40k (company): −$10k, 25%.",
    );
    const named = await fundtrail("incident", "verify", "2020-09-14-second", ...args.slice(3), "--json");
    expect(json(named)).toMatchObject({ chains: [{ transactions: [{ rule: "thief" }] }], usd: "20001.00" });
  });

  it("says what is not in the ledger, and that a price is not known", async () => {
    const ids = file(
      "ids.txt",
      `${told.txids["theft-a"] ?? ""}\n${"ab".repeat(32)} # of another block\nethereum:0x${"cd".repeat(32)}\n`,
    );
    const bundled = register("unpriced", { "2020-09-14-first": "" });
    writeFileSync(path.join(bundled, "prices/day.csv"), "asset,at,usd,kind,source\n");
    const args = ["incident", "verify", "2020-09-14-first", "--ledger", ledger, "--register", bundled];
    const { out } = await fundtrail(...args, "--transactions", ids);
    expect(out).toContain("1 of 3 theft transactions found in the ledger.");
    expect(out).toContain(`Not in the ledger of bitcoin: ${"ab".repeat(32)}. What these took is not known, and not 0.`);
    expect(out).toContain("The ledger holds no ethereum");
    expect(out).toContain("Value at the theft: unknown, for want of a price");
    expect(json(await fundtrail(...args, "--transactions", ids, "--json"))).toMatchObject({
      complete: false,
      usd: null,
      assets: [{ amount: "300000000", usd: null, unpriced: 1 }],
    });
  });

  it("answers wrong input with one line", async () => {
    const theft = told.names["theft-a"] ?? "";
    const first = (what: Outcome): string => `${what.status} ${what.error.trimEnd()}`;
    const linked = async (text: string): Promise<string> =>
      first(await fundtrail("links", "--ledger", ledger, "--origin-file", file("bad.txt", text)));
    const bad = path.join(scratch, "bad.txt");
    expect(await linked(`${theft}\n`)).toBe(
      `1 fundtrail: ${bad}, line 1: a reference belongs to no theft; write [ID] in a line above it`,
    );
    expect(await linked(`[a]\n[b]\n${theft}\n`)).toContain("line 1: a has no references; write TXID:INDEX");
    expect(await linked(`[a]\n${theft}\n[a]\n`)).toContain("line 3: a is given twice");
    expect(await linked("# nothing\n")).toContain(`${bad}: the file names no theft`);
    expect(await linked(`[a]\n${theft}\n[b]\n${theft}\n`)).toContain("a and b begin with the same output or transfer");
    expect(await linked(`[a]\n${"ab".repeat(32)}:0\n`)).toContain('unknown reference "abab');
    expect(first(await fundtrail("links"))).toBe("2 fundtrail: --ledger is missing; give --ledger DIR");
    const traced = async (...args: readonly string[]): Promise<string> =>
      first(await fundtrail("trace", "--ledger", ledger, "--register", folder, ...args));
    for (const other of [["--compare"], ["--backward"], ["--path", "x"]]) {
      expect(await traced("--origin", theft, "--patterns", ...other)).toContain(
        `--patterns and ${other.join(" ").replace(" x", "")} are both given; give one of them`,
      );
    }
    expect(await traced("--origin", theft, "--patterns", "--format", "dot")).toContain("--patterns has no form dot");
    expect(await traced("--incident", "2020-09-14-third")).toContain('unknown incident "2020-09-14-third"');
    expect(await traced("--incident", "2020-09-14-first", "--origin", theft)).toContain(
      "--incident and an origin are both given",
    );
    const empty = register("empty", { "2020-09-14-first": "" });
    const verified = async (...args: readonly string[]): Promise<string> =>
      first(await fundtrail("incident", "verify", ...args));
    expect(await verified("--ledger", ledger)).toContain("incident verify needs an id");
    expect(await verified("2020-09-14-first", "--ledger", ledger, "--register", empty)).toContain(
      "give them with --transactions FILE, one id a line",
    );
    expect(
      await verified("2020-09-14-first", "--ledger", ledger, "--register", empty, "--transactions", file("x", "zz\n")),
    ).toContain(`${path.join(scratch, "x")}, line 1: "zz" is not`);
  });
});

describe("patterns of scenarios", () => {
  it("shows a peel chain whole, and no other", async () => {
    const { told, ledger } = await utxoLedger("peel-20");
    const args = ["trace", "--ledger", ledger, "--origin", told.names["theft"] ?? "", "--patterns", "--json"];
    const { patterns } = json(await fundtrail(...args)) as {
      readonly patterns: readonly { readonly evidence: readonly { readonly transaction: string }[] }[];
    };
    expect(patterns).toMatchObject([{ pattern: "peel-chain", count: 20, address: told.addresses["thief"] }]);
    const hops = Array.from({ length: 20 }, (_, hop) => told.txids[`peel-${hop + 1}`]);
    expect(patterns[0]?.evidence.map(({ transaction }) => transaction)).toEqual(hops);
  });
});
