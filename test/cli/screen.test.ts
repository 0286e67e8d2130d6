import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
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
  readonly facts: readonly {
    readonly evidence: string;
    readonly amount: string | null;
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
      /^FLAGGED 100\.0% \(value unknown\) from A Thief: sanction, 1 hop, FIFO · rule sanctioned-direct v2 · to block 5\n/u,
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
