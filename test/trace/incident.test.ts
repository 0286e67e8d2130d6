import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scenario } from "../../bench/chain/scenarios.ts";
import { fundtrail } from "../cli/terminal.ts";
import { writeRegister } from "../register/on-disk.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-trace-incident-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const at = (name: string): string => path.join(scratch, name);
const peel = scenario("peel-3", { model: "transfers", seed: 1 });

const registerOf = (name: string, chain: string): string => writeRegister(at(name), chain);

beforeAll(async () => {
  writeFileSync(at("peel.csv"), peel.file);
  await fundtrail("ingest", "--ledger", at("ledger"), "--chain", "ethereum", "--from", "transfers", at("peel.csv"));
});

describe("fundtrail trace --incident", () => {
  const args = ["trace", "--ledger", at("ledger"), "--incident", "2020-03-04-example", "--json", "--register"];
  const theft = `chain:\n  theft:\n    - ethereum:${peel.txids["theft"]}\n`;

  it.each([
    ["to-thief", `${theft}  thief:\n    - ethereum:${peel.addresses["thief"]}\n`, /pay to the thief's addresses/u],
    ["away", theft, /all that leaves the payers/u],
  ])("%s: begins with the theft transactions of the register", async (name, chain, note) => {
    const { status, out, error } = await fundtrail(...args, registerOf(name, chain));
    expect([status, error]).toEqual([0, ""]);
    type Json = { readonly origins: readonly { readonly ref: string }[]; readonly assumptions: readonly string[] };
    const json = JSON.parse(out) as Json;
    expect(json.origins.map(({ ref }) => ref)).toEqual([peel.names["theft"]]);
    expect(json.assumptions.join("\n")).toMatch(note);
  });

  it("says so where the register names none, or none that the ledger has", async () => {
    const none = await fundtrail(...args, registerOf("none", ""));
    expect([none.status, none.error]).toEqual([
      2,
      expect.stringMatching(
        /the register names no theft transaction of 2020-03-04-example on Ethereum; give --origin/u,
      ),
    ]);
    const foreign = `chain:\n  theft:\n    - ethereum:0x${"ab".repeat(32)}\n`;
    const absent = await fundtrail(...args, registerOf("absent", foreign));
    expect(absent.error).toMatch(/none of the 1 theft transactions of 2020-03-04-example is in the ledger/u);
  });
});

describe("fundtrail incident verify", () => {
  const theft = `chain:\n  theft:\n    - ethereum:${peel.txids["theft"]}\n`;

  it("sets what left the victim beside the register's amount", async () => {
    const folder = registerOf("verify", theft);
    const args = ["incident", "verify", "2020-03-04-example", "--ledger", at("ledger"), "--register", folder];
    const { status, out, error } = await fundtrail(...args, "--json");
    expect([status, error]).toEqual([0, ""]);
    type Json = { readonly assets: readonly { readonly asset: string; readonly amount: string }[] };
    const { assets } = JSON.parse(out) as Json;
    expect(assets.find(({ asset }) => asset === "eip155:1/slip44:60")?.amount).toBe("80000000000000000000");
    expect((await fundtrail(...args)).out).toMatch(/80 ETH/u);
  });

  it("needs an id and a ledger", async () => {
    expect((await fundtrail("incident", "verify")).error).toMatch(/incident verify needs an id/u);
    expect((await fundtrail("incident", "verify", "2018-07-09-bancor")).error).toMatch(/--ledger is missing/u);
  });
});
