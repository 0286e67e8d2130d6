import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeBlkFiles } from "../../bench/chain/blk-files.ts";
import { scenario, type UtxoScenario } from "../../bench/chain/scenarios.ts";
import { chain } from "../../src/base/chains.ts";
import { parseAddress } from "../../src/chains/address.ts";
import { fundtrail, type Outcome } from "./terminal.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-clusters-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A scenario's chain in a ledger of its own. */
async function ledgerOf(
  name: "coinjoin" | "consolidation" | "commingle",
): Promise<{ told: UtxoScenario; ledger: string }> {
  const told = scenario(name, { model: "utxo", seed: 1 });
  const [source, ledger] = [path.join(scratch, `${name}-blocks`), path.join(scratch, name)];
  writeBlkFiles(source, told.blocks, { seed: 1 });
  await fundtrail("ingest", "--ledger", ledger, "--chain", "bitcoin", "--from", "bitcoin-blk", source);
  return { told, ledger };
}

type Shown = {
  readonly cluster: { readonly id: string; readonly size: number };
  readonly members: readonly { readonly address: string }[];
  readonly entity: { readonly entity: string; readonly tags: readonly object[] } | null;
  readonly held: readonly { readonly services: readonly string[] }[];
};
const json = ({ out }: Outcome): unknown => JSON.parse(out);

describe("fundtrail clusters", () => {
  let ledger = "";
  let told: UtxoScenario;
  const address = (name: string): string => told.addresses[name] ?? "";
  const clusters = async (...args: readonly string[]): Promise<Outcome> =>
    fundtrail("clusters", ...args, "--ledger", ledger);
  const shown = async (name: string): Promise<Shown> => json(await clusters("show", address(name), "--json")) as Shown;

  beforeAll(async () => {
    ({ told, ledger } = await ledgerOf("consolidation"));
  });

  it("asks for a build first, then builds, and goes on where nothing is new", async () => {
    const before = await clusters("show", address("thief"));
    expect([before.status, before.error]).toEqual([1, expect.stringContaining("run `fundtrail clusters build")]);
    expect((await clusters("build")).out).toMatch(/^Bitcoin: built anew, .* 4 merges by 4 pieces of evidence/u);
    expect((await clusters("build")).out).toMatch(/^Bitcoin: went on; .* 4 merges/u);
  });

  it("shows who spends together, in pages, and says why", async () => {
    const all = await shown("parked-0");
    expect(all.cluster.size).toBe(5);
    const names = Array.from({ length: 5 }, (_, part) => address(`parked-${part}`));
    expect(all.members.map((member) => member.address).toSorted()).toEqual(names.toSorted());
    const page = await clusters("show", address("parked-0"), "--limit", "2", "--json");
    const { next } = json(page) as { readonly next: string };
    expect(names).toContain(next);
    const rest = json(await clusters("show", address("parked-0"), "--from", next, "--json")) as Shown;
    expect(rest.members).toHaveLength(3);
    const why = await clusters("why", address("parked-1"), address("parked-4"), "--json");
    expect((json(why) as { steps: object[] }).steps).toEqual([
      expect.objectContaining({ rule: "multi-input", transaction: told.txids["merge"] }),
    ]);
    const apart = await clusters("why", address("parked-1"), address("victim"));
    expect([apart.status, apart.out]).toEqual([1, expect.stringContaining("nothing links")]);
  });

  it("strikes out a link, shows the decision, and takes it back", async () => {
    const pair = [address("parked-0"), address("parked-3")];
    const strike = [
      "strike",
      "--rule",
      "multi-input",
      "--tx",
      told.txids["merge"] ?? "",
      "--by",
      "me",
      "--why",
      "a test",
    ];
    expect((await clusters(...strike, "--between", pair.join(","))).out).toMatch(
      /applied all evidence again.* 3 merges/u,
    );
    const list = (json(await clusters("strikes", "--json")) as { strikes: object[] }).strikes;
    expect(list).toEqual([expect.objectContaining({ number: 1, by: "me", why: "a test", withdrawn: null })]);
    expect((await clusters(...strike)).out).toMatch(/ 0 merges/u);
    for (const number of ["1", "2"])
      await clusters("strike", "--withdraw", number, "--by", "me", "--why", "it was right");
    expect((await shown("parked-0")).cluster.size).toBe(5);
    expect((await clusters("strikes")).out).toContain("it was right");
  });

  it("holds back what would join two tagged services, once tags say so, and tells whose a cluster is", async () => {
    const file = path.join(scratch, "tags.csv");
    const row = (name: string, label: string): string => `${address(name)},${label},exchange,test,confirmed`;
    const head = "address,label,category,source,confidence";
    writeFileSync(file, `${[head, row("parked-1", "Exchange One"), row("parked-2", "Exchange Two")].join("\n")}\n`);
    const imported = await fundtrail("tags", "import", file, "--ledger", ledger);
    expect([imported.status, imported.error]).toEqual([0, ""]);
    expect((await clusters("build")).out).toMatch(
      /applied all evidence again, since tags name other services.* 1 held back/u,
    );
    const held = (json(await clusters("held", "--json")) as { held: Shown["held"] }).held;
    expect(held.map(({ services }) => services.toSorted())).toEqual([["Exchange One", "Exchange Two"]]);
    expect((await shown("parked-1")).entity?.entity).toBe("Exchange One");
    expect((await shown("parked-2")).held).toHaveLength(1);
    expect((await shown("victim")).entity).toBeNull();
    // The untagged member of a tagged cluster is told with the cluster's tags.
    const untagged = await fundtrail(
      "tags",
      "show",
      address("parked-3"),
      "--ledger",
      ledger,
      "--chain",
      "bitcoin",
      "--json",
    );
    const [answer] = (json(untagged) as { answers: { known: boolean; cluster: { entity: string; size: number } }[] })
      .answers;
    expect([answer?.known, answer?.cluster.size, answer?.cluster.entity]).toEqual([false, 4, "Exchange One"]);
  });

  it("reads the chain again for other rules, and keeps them", async () => {
    const other = await clusters("build", "--rules", "default,change:optimal-change&fresh", "--json");
    const [built] = (json(other) as { chains: { way: string; rules: string[] }[] }).chains;
    expect([built?.way, built?.rules.at(-1)]).toEqual(["anew", "change:fresh&optimal-change"]);
    expect((await clusters("build")).out).toContain("went on");
    expect((await fundtrail("clusters", "rules")).out).toContain("docs/methods/multi-input.md");
  });

  it("leaves CoinJoins out, and takes a user's word that one is none", async () => {
    const mixed = await ledgerOf("coinjoin");
    const run = async (...args: readonly string[]): Promise<Outcome> =>
      fundtrail("clusters", ...args, "--ledger", mixed.ledger);
    expect((await run("build")).out).toMatch(/ 0 merges by 0 pieces of evidence, 1 CoinJoins left out/u);
    const strike = ["strike", "--tx", mixed.told.txids["mix"] ?? "", "--by", "me", "--why", "one wallet"];
    expect((await run(...strike, "--rule", "joinmarket")).out).toMatch(/what counts as a CoinJoin has changed/u);
    // The general rule takes it for one as well.
    expect((await run(...strike, "--rule", "equal-outputs")).out).toMatch(/ 4 merges .* 0 CoinJoins left out/u);
  });

  it("says in one line what is wrong", async () => {
    const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
      [["clusters"], 2, /unknown word "" in fundtrail clusters; use one of build, show/u],
      [["clusters", "show", "--ledger", ledger], 2, /clusters show needs an address/u],
      [["clusters", "show", "1abc", "--ledger", ledger], 2, /"1abc" is not an address on Bitcoin/u],
      [
        ["clusters", "show", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "--ledger", ledger],
        2,
        /unknown address .* check it/u,
      ],
      [["clusters", "show", address("thief"), "--ledger", ledger, "--chain", "litecoin"], 2, /it holds bitcoin/u],
      [["clusters", "build", "--ledger", ledger, "--rules", "multi-inputs"], 2, /did you mean multi-input/u],
      [
        ["clusters", "build", "--ledger", ledger, "--rules", "change:locktime"],
        2,
        /the ledger keeps no lock times; see docs/u,
      ],
      [["clusters", "build", "--ledger", ledger, "--rules", "change:foo"], 2, /unknown change rule "foo" in --rules/u],
      [["clusters", "build", "--ledger", path.join(scratch, "nowhere")], 1, /nowhere: /u],
      [["clusters", "strike", "--ledger", ledger, "--rule", "multi-input", "--by", "me"], 2, /--why is missing/u],
      [
        ["clusters", "strike", "--ledger", ledger, "--withdraw", "9", "--by", "a", "--why", "b"],
        2,
        /unknown strike "9"/u,
      ],
    ];
    for (const [args, status, message] of cases) {
      const found = await fundtrail(...args);
      expect([args, found.status, found.error]).toEqual([args, status, expect.stringMatching(message)]);
      expect(found.error).toMatch(/^fundtrail: [^\n]+\n$/u);
    }
  });

  it("finds the tags of an EVM chain's address, which the ledger keeps in lower case", async () => {
    const peel = scenario("peel-3", { model: "transfers", seed: 1 });
    const [file, own] = [path.join(scratch, "peel.csv"), path.join(scratch, "evm")];
    writeFileSync(file, peel.file);
    await fundtrail("ingest", "--ledger", own, "--chain", "ethereum", "--from", "transfers", file);
    const thief = peel.addresses["thief"] ?? "";
    const list = path.join(scratch, "evm.csv");
    const checksummed = parseAddress(chain("ethereum"), thief);
    expect(checksummed).not.toBe(thief.toLowerCase());
    writeFileSync(list, `address,label,category,source,confidence\n${checksummed},A Service,exchange,me,high\n`);
    await fundtrail("tags", "import", list, "--ledger", own, "--chain", "ethereum");
    await fundtrail("clusters", "build", "--ledger", own);
    for (const form of [thief.toLowerCase(), checksummed]) {
      const { out } = await fundtrail("clusters", "show", form, "--ledger", own, "--json");
      expect((JSON.parse(out) as Shown).entity?.entity).toBe("A Service");
    }
  });
});
