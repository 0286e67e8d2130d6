import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scenario } from "../../bench/chain/scenarios.ts";
import { fundtrail, type Outcome } from "./terminal.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-screen-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const at = (name: string): string => path.join(scratch, name);

type Json = {
  readonly verdict: string;
  readonly missing: readonly { readonly gap: string; readonly what: string }[];
  readonly matches: readonly { readonly rule: string }[];
  readonly parties: readonly { readonly role: string; readonly address: string }[];
  readonly facts: readonly {
    readonly evidence: string;
    readonly amount: string | null;
    readonly of: string | null;
    readonly path: readonly object[];
  }[];
};

const peel = scenario("peel-3", { model: "transfers", seed: 1 });
const address = (name: string): string => peel.addresses[name] ?? "";
const stranger = `0x${"12".repeat(20)}`;
const screened = async (subject: string, ...more: readonly string[]): Promise<Outcome> =>
  fundtrail("screen", subject, "--ledger", at("peel"), ...more);
const verdictOn = async (subject: string, ...more: readonly string[]): Promise<Json> =>
  JSON.parse((await screened(subject, "--json", ...more)).out) as Json;

describe("fundtrail screen", () => {
  beforeAll(async () => {
    writeFileSync(at("peel.csv"), peel.file);
    await fundtrail("ingest", "--ledger", at("peel"), "--chain", "ethereum", "--from", "transfers", at("peel.csv"));
  });

  it("never calls clear what was not looked into", async () => {
    const { verdict, missing } = await verdictOn(address("deposit-1"));
    expect(verdict).toBe("unknown");
    expect(missing.map(({ gap }) => gap)).toEqual(["index-none", "tags-none", "clusters", "begins-late"]);
    const gone = await fundtrail("retro", "x", "--ledger", at("peel"), "--addresses", at("peel.csv"));
    expect([gone.status, gone.error]).toEqual([1, expect.stringContaining("run `fundtrail taint build")]);
  });

  it("flags what came from a sanctioned address, with its path, and clears nobody who was not seen", async () => {
    writeFileSync(
      at("tags.csv"),
      `address,label,category,source,confidence\n${address("thief")},A Thief,sanction,A list,confirmed\n`,
    );
    const imported = await fundtrail("tags", "import", at("tags.csv"), "--ledger", at("peel"), "--chain", "ethereum");
    expect([imported.status, imported.error]).toEqual([0, ""]);
    const clustered = await fundtrail("clusters", "build", "--ledger", at("peel"));
    expect([clustered.status, clustered.error]).toEqual([0, ""]);
    const built = await fundtrail("taint", "build", "--ledger", at("peel"));
    expect([built.status, built.out]).toEqual([0, expect.stringMatching(/^Ethereum: 1 origins to block/u)]);
    const own = await verdictOn(address("thief"));
    expect([own.verdict, own.matches[0]?.rule]).toEqual(["flagged", "sanctioned-own"]);
    const deposit = await verdictOn(address("deposit-1"));
    expect(deposit.verdict).toBe("flagged");
    expect(deposit.matches.map(({ rule }) => rule)).toContain("sanctioned-direct");
    expect(deposit.facts[0]?.path.length).toBeGreaterThan(0);
    expect((await screened(address("deposit-1"))).out).toMatch(
      /^FLAGGED 100\.0% \(value unknown\) from A Thief: sanction, 1 hop, FIFO · rule sanctioned-direct v3 · to block 5\n/u,
    );
    const unseen = await verdictOn(stranger);
    expect(unseen.verdict).toBe("unknown");
    expect(unseen.missing.map(({ what }) => what).join("\n")).toContain("that does not mean clean");
    const [paid = ""] = (peel.names["peel-1"] ?? "").split(":");
    expect((await verdictOn(paid)).verdict).toBe("flagged");
  });

  it("does not clear on a ledger that begins above its chain's first block", async () => {
    const { verdict, missing } = await verdictOn(address("victim"));
    const gaps = missing.map(({ gap, what }) => `${gap}: ${what}`);
    // Of the thefts of the register only one is older than this ledger's end.
    expect([verdict, gaps]).toEqual([
      "unknown",
      [
        "begins-late: the ledger begins at block 1: what came before is not known",
        "theft-absent: the ledger holds no transaction of the theft 2019-11-27-upbit",
      ],
    ]);
  });

  it("does not clear where a rule asks for a price that is not known", async () => {
    const rules =
      "name: own\nversion: 2\nrules:\n  - {id: big, level: high, reason: R, categories: [sanction], evidence: exposure, usd-min: 1}\n";
    writeFileSync(at("rules.yaml"), rules);
    const { verdict, missing } = await verdictOn(address("deposit-1"), "--rules", at("rules.yaml"));
    expect([verdict, missing.at(-1)]).toMatchObject([
      "unknown",
      { gap: "price", what: expect.stringMatching(/\(rule big\)$/u) as string },
    ]);
    writeFileSync(at("wrong.yaml"), rules.replace("level: high", "level: highest"));
    const wrong = await fundtrail("rules", "check", at("wrong.yaml"));
    expect([wrong.status, wrong.error]).toEqual([1, expect.stringContaining("wrong.yaml:4: rules.0.level")]);
    expect((await fundtrail("rules", "check", at("rules.yaml"))).out).toBe("own v2: 1 rules, all right\n");
  });

  it("takes ids and addresses in any case, with or without 0x, and says the same bytes", async () => {
    const id = peel.txids["peel-3"] ?? "";
    const forms = [id, id.toUpperCase().replace("0X", "0x"), id.slice(2), id.slice(2).toUpperCase()];
    const answers = await Promise.all(forms.map(async (form) => (await screened(form, "--json")).out));
    expect(new Set(answers).size).toBe(1);
    const own = address("deposit-1");
    const cased = await Promise.all(
      [own, own.toUpperCase().replace("0X", "0x")].map(async (form) => (await screened(form, "--json")).out),
    );
    expect(new Set(cased).size).toBe(1);
    const document = JSON.parse(answers[0] ?? "") as object;
    const validate = new Ajv2020({ allowUnionTypes: true }).compile(
      JSON.parse(readFileSync(new URL("../../data/schema/verdict.schema.json", import.meta.url), "utf8")) as object,
    );
    expect([validate(document), validate.errors]).toEqual([true, null]);
  });

  it("screens one of a transaction's payments, and who a withdrawal goes to", async () => {
    const id = peel.txids["pass-1"] ?? "";
    const hop = address("hop-1");
    const to = await verdictOn(id, "--to", hop, "--direction", "withdrawal");
    expect(to.parties.map(({ role, address: who }) => [role, who.toLowerCase()])).toEqual([["receiver", hop]]);
    const [, index = ""] = (peel.names["rest-1"] ?? "").split(":");
    const one = await verdictOn(id, "--to", `${id}:${index}`);
    expect(one.facts.filter(({ evidence }) => evidence === "exposure").every(({ amount, of }) => amount === of)).toBe(
      true,
    );
    const nobody = await screened(id, "--to", stranger);
    expect([nobody.status, nobody.error]).toEqual([
      2,
      expect.stringMatching(/unknown payment .* its payments have the numbers/u),
    ]);
    const other = await screened(id, "--to", `${peel.txids["peel-1"] ?? ""}:1`);
    expect(other.error).toMatch(/is of another transaction than/u);
    expect((await screened(hop, "--to", stranger)).error).toMatch(/an address has no payments to choose from/u);
  });

  it("says of what is no address what is wrong with it, and of a chain that is not there that it cannot say", async () => {
    const wrong = await screened(`${stranger}0`);
    expect([wrong.status, wrong.error]).toEqual([2, expect.stringContaining("41 digits where 40 are due")]);
    const elsewhere = await screened("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa");
    expect([elsewhere.status, elsewhere.out]).toEqual([
      0,
      expect.stringMatching(/^UNKNOWN: cannot say\. Bitcoin is not in this ledger, which holds ethereum/u),
    ]);
  });

  it("screens files, a verdict a line, tells what is wrong with lines, and writes whole or not at all", async () => {
    const csv = `address,note\n${address("deposit-1")},a\nnothing,b\n${stranger},"c\nd"\n`;
    writeFileSync(at("asked.csv"), csv);
    const batch = async (...more: readonly string[]): Promise<Outcome> =>
      fundtrail("screen", "--file", at("asked.csv"), "--ledger", at("peel"), ...more);
    const { status, out, error } = await batch();
    type Line = {
      readonly line: number;
      readonly fields: object;
      readonly verdict?: Json;
      readonly problem?: { readonly what: string };
    };
    const lines = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);
    expect(status).toBe(1);
    expect(lines.map(({ line, verdict, problem }) => [line, verdict?.verdict ?? problem?.what])).toEqual([
      [2, "flagged"],
      [3, expect.stringContaining("is not an address")],
      [4, "unknown"],
    ]);
    expect(lines[2]?.fields).toEqual({ address: stranger, note: "c\nd" });
    expect(error).toMatch(
      /asked\.csv:3: "nothing" is not an address[^]*1 flagged, 1 unknown, 0 clear; 1 lines could not be screened/u,
    );
    const written = await batch("--out", at("out.jsonl"));
    expect([written.status, written.out, readFileSync(at("out.jsonl"), "utf8")]).toEqual([1, "", out]);
    const table = await batch("--format", "csv");
    expect(table.out.split("\n")[1]).toMatch(/^2,0x[0-9a-fA-F]{40},eip155:1,either,flagged,high,/u);
    const refused = await batch("--out", at("peel.csv/out"));
    expect([refused.status, refused.error]).toEqual([1, expect.stringContaining("cannot write")]);
    writeFileSync(at("header.csv"), "what,where\na,b\n");
    const header = await fundtrail(
      "screen",
      "--file",
      at("header.csv"),
      "--ledger",
      at("peel"),
      "--out",
      at("none.jsonl"),
    );
    expect([header.status, header.error, existsSync(at("none.jsonl"))]).toEqual([
      1,
      expect.stringContaining("names no column address"),
      false,
    ]);
    writeFileSync(at("asked.jsonl"), `{"subject":"${stranger}"}\n{"subject":1}\n`);
    const json = await fundtrail("screen", "--file", at("asked.jsonl"), "--ledger", at("peel"));
    expect([json.status, json.error]).toEqual([1, expect.stringContaining("asked.jsonl:2: subject is no text")]);
  });

  it.skipIf(process.platform !== "linux")(
    "an output that is full is said in a line, one that is closed ends it quietly",
    () => {
      const many = Array.from({ length: 2_000 }, () => address("deposit-1")).join("\n");
      writeFileSync(at("many.csv"), `address\n${many}\n`);
      const program = `"${process.execPath}" src/cli/run.ts screen --file "${at("many.csv")}" --ledger "${at("peel")}"`;
      const run = (line: string) =>
        spawnSync("bash", ["-c", line], { cwd: path.resolve(import.meta.dirname, "../.."), encoding: "utf8" });
      const full = run(`${program} > /dev/full`);
      expect([full.status, full.stderr]).toEqual([
        1,
        expect.stringMatching(/fundtrail: cannot write the output: the disk is full/u),
      ]);
      const closed = run(`set -o pipefail; ${program} | head -1 | cut -c1-10`);
      expect([closed.status, closed.stdout.length, closed.stderr]).toEqual([0, 11, ""]);
    },
  );

  it("tests rules on past transactions: counts, changes, and rates by analysts' decisions", async () => {
    const base =
      "name: own\nversion: 1\nrules:\n  - {id: any, level: low, reason: R, categories: [sanction], evidence: exposure}\n";
    writeFileSync(at("one.yaml"), base);
    writeFileSync(
      at("two.yaml"),
      base
        .replace("version: 1", "version: 2")
        .replace("id: any, level: low", "id: direct, level: high")
        .replace("evidence: exposure", "evidence: exposure, reach: direct"),
    );
    const rows = [
      [peel.txids["peel-1"], "illicit"],
      [peel.txids["peel-2"], "illicit"],
      [peel.txids["peel-3"], ""],
      [peel.txids["theft"], "licit"],
    ];
    writeFileSync(at("cases.csv"), `tx,decision\n${rows.map((row) => row.join(",")).join("\n")}\n`);
    const args = [
      "rules",
      "test",
      at("two.yaml"),
      "--against",
      at("cases.csv"),
      "--ledger",
      at("peel"),
      "--before",
      at("one.yaml"),
      "--decisions",
      "decision",
    ];
    const told = await fundtrail(...args, "--json");
    expect([told.status, told.error]).toEqual([0, ""]);
    expect(JSON.parse(told.out)).toMatchObject({
      rows: 4,
      verdicts: { flagged: 1, unknown: 3, clear: 0 },
      verdictsBefore: { flagged: 3, unknown: 1, clear: 0 },
      changed: 3,
      decided: { illicit: 2, licit: 1 },
      all: {
        right: 1,
        wrong: 0,
        missed: 1,
        falseNegatives: { part: 1, of: 2, rate: "0.500000", low: "0.094529", high: "0.905471" },
      },
      byRule: [
        { id: "direct", level: "high", flagged: 1, before: null, right: 1, missed: 1 },
        { id: "any", level: null, flagged: 0, before: 3 },
      ],
    });
    const text = await fundtrail(...args, "--rows", at("rows.csv"));
    expect(text.out).toMatch(
      /^By own v2, of 4 rows 1 \(25\.0%\) are flagged[^]*3 rows changed[^]*flagged low by any → flagged high by direct/u,
    );
    expect(readFileSync(at("rows.csv"), "utf8").split("\n")[1]).toBe(
      `2,${peel.txids["peel-1"] ?? ""},flagged,high,direct,flagged,low,any,illicit`,
    );
    writeFileSync(at("cases.csv"), `tx,decision\n${peel.txids["peel-1"] ?? ""},maybe\n`);
    const wrong = await fundtrail(...args);
    expect([wrong.status, wrong.error]).toEqual([
      1,
      expect.stringMatching(/cases\.csv, line 2: the decision "maybe" is not known; write illicit or licit/u),
    ]);
    expect((await fundtrail("rules", "show", at("one.yaml"))).out).toMatch(/^own v1, [0-9a-f]{16}…; Accepts no gap\./u);
  });

  it("lists past receipts that are exposed to an origin", async () => {
    writeFileSync(at("own.txt"), `${address("deposit-1")}\n${stranger}\n`);
    const told = await fundtrail(
      "retro",
      "tag:sanction:A Thief",
      "--ledger",
      at("peel"),
      "--addresses",
      at("own.txt"),
      "--json",
    );
    const { exposed, notInLedger } = JSON.parse(told.out) as { exposed: { address: string }[]; notInLedger: string[] };
    expect(exposed.map((one) => one.address)).toEqual([address("deposit-1")]);
    expect(notInLedger).toEqual([stranger]);
  });
});
