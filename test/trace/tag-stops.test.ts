import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scenario } from "../../bench/chain/scenarios.ts";
import { fundtrail } from "../cli/terminal.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-trace-tags-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const at = (name: string): string => path.join(scratch, name);
const peel = scenario("peel-3", { model: "transfers", seed: 1 });
const trace = ["trace", "--ledger", at("ledger"), "--origin", peel.names["theft"] ?? "", "--policy", "taint-first"];

beforeAll(async () => {
  writeFileSync(at("peel.csv"), peel.file);
  await fundtrail("ingest", "--ledger", at("ledger"), "--chain", "ethereum", "--from", "transfers", at("peel.csv"));
  const rows = [
    [peel.addresses["deposit-1"], "Example Exchange", "exchange"],
    [peel.addresses["deposit-2"], "Example Swap", "defi_dex"],
    [peel.addresses["thief"], "Example Gang", "ransomware"],
  ];
  const lines = rows.map((row) => `${row.join(",")},A source,high\n`);
  writeFileSync(at("tags.csv"), `address,label,category,source,confidence\n${lines.join("")}`);
  await fundtrail("tags", "import", at("tags.csv"), "--ledger", at("ledger"), "--chain", "ethereum");
});

describe("tagged services", () => {
  it("that pool money are stops, and decentralised exchanges are none", async () => {
    const { out } = await fundtrail(...trace, "--json");
    const { exits } = JSON.parse(out) as { readonly exits: readonly Record<string, string>[] };
    expect(exits.map(({ ref, entity, category }) => [ref, entity, category])).toEqual([
      [peel.names["peel-1"], "Example Exchange", "exchange"],
    ]);
  });

  it("give way to a stops file, and can be left out", async () => {
    writeFileSync(at("stops.csv"), `address,entity,category\n${peel.addresses["deposit-1"]},Mine,mixer\n`);
    const mine = await fundtrail(...trace, "--stops", at("stops.csv"), "--json");
    expect((JSON.parse(mine.out) as { readonly exits: readonly object[] }).exits[0]).toMatchObject({ entity: "Mine" });
    const none = await fundtrail(...trace, "--tags", "off", "--json");
    expect((JSON.parse(none.out) as { readonly exits: readonly object[] }).exits).toEqual([]);
  });

  it("that are illicit are passed on the way forward, and named as a source on the way back", async () => {
    const forward = await fundtrail(...trace, "--json");
    expect((JSON.parse(forward.out) as { readonly exits: readonly object[] }).exits).toHaveLength(1);
    const back = ["trace", "--ledger", at("ledger"), "--origin", peel.names["peel-1"] ?? "", "--backward", "--json"];
    for (const policy of ["fifo", "lifo", "haircut", "taint-first", "taint-last", "poison"]) {
      const { out } = await fundtrail(...back, "--policy", policy);
      const { funds } = JSON.parse(out) as { readonly funds: readonly object[] };
      expect(funds).toMatchObject([{ kind: "service", entity: "Example Gang", category: "ransomware", hopsLeast: 1 }]);
    }
    const untagged = await fundtrail(...back, "--tags", "off");
    expect(untagged.out).not.toContain("Example Gang");
  });
});
