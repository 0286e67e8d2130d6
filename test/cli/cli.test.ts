import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse as parseCsv } from "csv-parse/sync";
import { afterAll, describe, expect, it } from "vitest";
import { groupings } from "../../src/losses/grouping.ts";
import { folderOf, incidentText, withLine } from "../register/fixtures.ts";
import { fundtrail } from "./terminal.ts";

const root = path.resolve(import.meta.dirname, "../..");
const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-test-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A register folder on disk. */
function registerOnDisk(name: string, incident: string | Uint8Array): string {
  const folder = path.join(scratch, name);
  const { actors, published, prices } = folderOf();
  for (const part of ["incidents", "actors", "published", "prices"])
    mkdirSync(path.join(folder, part), { recursive: true });
  writeFileSync(path.join(folder, "incidents/2020-03-04-example.yaml"), incident);
  for (const file of [...actors, ...published, ...prices])
    writeFileSync(path.join(folder, file.path.slice(2)), file.text);
  return folder;
}

type Row = {
  readonly key: string;
  readonly usd: string;
  readonly low: string;
  readonly high: string;
  readonly share: number;
  readonly incidents: readonly string[];
};
type LossesJson = { readonly rows: readonly Row[]; readonly total: Row };

const cents = (usd: string): bigint => BigInt(usd.replace(".", ""));

describe("fundtrail losses", () => {
  it("answers the study's question by default", async () => {
    const { status, out, error } = await fundtrail("losses");
    expect([status, error]).toEqual([0, ""]);
    expect(out).toMatch(/^Thefts attributed to Lazarus Group took \$2\.31bn, 2017 to 2022 \(range /u);
    expect(out).toMatch(/^Japan +691\.0 +621\.4–721\.5 +3 /mu);
  });

  it.each(groupings)("keeps the JSON contract by %s", async (by) => {
    const { out } = await fundtrail("losses", "--by", by, "--json");
    const { rows, total } = JSON.parse(out) as LossesJson;
    expect(rows.reduce((sum, { usd }) => sum + cents(usd), 0n)).toBe(cents(total.usd));
    const ids = new Set(readdirSync(path.join(root, "data/incidents")).map((file) => file.replace(".yaml", "")));
    for (const row of [...rows, total]) {
      expect(row.usd).toMatch(/^[0-9]+\.[0-9]{2}$/u);
      expect(cents(row.low) <= cents(row.usd) && cents(row.usd) <= cents(row.high)).toBe(true);
      expect(row.incidents.filter((id) => !ids.has(id))).toEqual([]);
    }
    expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 4);
  });

  it("prints the same figures in every format, twice the same bytes", async () => {
    const csv = parseCsv((await fundtrail("losses", "--format", "csv")).out, { columns: true });
    const json = JSON.parse((await fundtrail("losses", "--json")).out) as LossesJson;
    const [japan] = csv as { readonly key: string; readonly usd: string; readonly incidents: string }[];
    expect(japan).toMatchObject({ key: "JP", usd: json.rows[0]?.usd, incidents: json.rows[0]?.incidents.join(" ") });
    expect((await fundtrail("losses", "--format", "md")).out).toContain("| Japan | 691.0 | 621.4–721.5 |");
    for (const format of ["table", "json", "csv", "md", "html"]) {
      const first = await fundtrail("losses", "--format", format);
      expect((await fundtrail("losses", "--format", format)).out).toBe(first.out);
      expect(first.out).not.toContain(root);
    }
  });

  it("writes what is not known as a word: value, range, recovered, net; and gives it no share", async () => {
    const { out } = await fundtrail("losses", "--value", "now");
    expect(out).toMatch(/^Japan +unknown +unknown +3 +unknown +unknown +2 disputed, 3 value unknown/mu);
    expect(out).toMatch(/^South Korea +≥ [0-9,.]+ +[0-9,.]+–≥ [0-9,.]+ +9 +≥/mu);
    const { rows } = JSON.parse((await fundtrail("losses", "--value", "now", "--json")).out) as LossesJson;
    expect(rows.find(({ key }) => key === "JP")).toMatchObject({ share: null, unknownValues: 3, unknownInRange: 4 });
  });

  it("opens a row to its thefts", async () => {
    const { out } = await fundtrail("losses", "--open", "jp");
    expect(out).toMatch(/2018-01-25-coincheck +Coincheck +534\.0/u);
    expect(out).toMatch(/2019-07-11-bitpoint .*in the range only, disputed/u);
  });

  it("takes any period, also up to 2025, and actors by name or alias", async () => {
    const { rows } = JSON.parse((await fundtrail("losses", "--to", "2025-12-31", "--json")).out) as LossesJson;
    expect(rows.find(({ key }) => key === "AE")?.incidents).toContain("2025-02-21-bybit");
    const byAlias = await fundtrail("losses", "--actor", "Hidden Cobra", "--json");
    expect(byAlias.out).toBe((await fundtrail("losses", "--json")).out);
  });

  it("says so where nothing is selected", async () => {
    const { status, out } = await fundtrail("losses", "--from", "2010-01-01", "--to", "2010-12-31", "--json");
    expect([status, (JSON.parse(out) as LossesJson).rows]).toEqual([0, []]);
  });

  it("writes a file whole, and leaves nothing behind where it cannot", async () => {
    const file = path.join(scratch, "deep/er/losses.csv");
    expect((await fundtrail("losses", "--format", "csv", "--out", file)).out).toBe("");
    expect(readFileSync(file, "utf8")).toBe((await fundtrail("losses", "--format", "csv")).out);
    const { status, error } = await fundtrail("losses", "--out", path.join(file, "below-a-file"));
    expect(status).toBe(1);
    expect(error).toMatch(/^fundtrail: cannot write .*: a part of the path is a file; choose another file/u);
    expect(readdirSync(path.dirname(file))).toEqual(["losses.csv"]);
  });

  it("makes spreadsheet formulas and terminal codes in a register plain text", async () => {
    const hostile = withLine("name: Example Exchange", String.raw`name: "=HYPERLINK(1) \e[31mred\u202e"`);
    const folder = registerOnDisk("hostile", hostile);
    const options = ["--register", folder, "--actor", "all", "--by", "victim"];
    const csv = await fundtrail("losses", ...options, "--format", "csv");
    expect(csv.out).toContain("'=HYPERLINK(1)");
    const table = await fundtrail("losses", ...options);
    // eslint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(table.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/u);
  });
});

describe("a register of one's own", () => {
  const folder = registerOnDisk("own", incidentText);
  it("stands alone", async () => {
    const { out } = await fundtrail("incident", "list", "--register", folder, "--json");
    expect((JSON.parse(out) as { incidents: { id: string }[] }).incidents.map(({ id }) => id)).toEqual([
      "2020-03-04-example",
    ]);
  });
  it("or beside the bundled one", async () => {
    const { out } = await fundtrail("incident", "list", "--register", "bundled", "--register", folder, "--json");
    const ids = (JSON.parse(out) as { incidents: { id: string }[] }).incidents.map(({ id }) => id);
    expect(ids).toContain("2020-03-04-example");
    expect(ids).toContain("2018-01-25-coincheck");
  });
});

describe("wrong input is one clear line, and the right exit status", () => {
  const usage: readonly (readonly [readonly string[], RegExp])[] = [
    [["loses"], /unknown command "loses"; did you mean losses\?/u],
    [["losses", "--actor", "lazarus-grup"], /unknown actor "lazarus-grup" in --actor; did you mean lazarus-group\?/u],
    [["losses", "--from", "2017-13-01"], /--from "2017-13-01" is not a day: there is no such day/u],
    [["losses", "--from", "yesterday"], /--from "yesterday" is not a day: write it as YYYY-MM-DD/u],
    [["losses", "--from", "2020-01-01", "--to", "2019-01-01"], /--from 2020-01-01 is after --to 2019-01-01/u],
    [["losses", "--by", "continent"], /unknown word "continent" in --by; use one of country, year/u],
    [["losses", "--format", "xml"], /unknown word "xml" in --format; use one of table, json/u],
    [["losses", "--value", "later"], /unknown word "later" in --value/u],
    [["losses", "--country-rule", "flag"], /unknown word "flag" in --country-rule/u],
    [["losses", "--confidence", "sure"], /unknown word "sure" in --confidence/u],
    [["losses", "--technique", "phishing"], /--technique "phishing" is not a MITRE ATT&CK technique/u],
    [["losses", "--open", "XX"], /unknown country "XX" in --open/u],
    [["losses", "--open", "FR"], /unknown row "FR" in --open; the rows are JP, VN/u],
    [["losses", "--open", "JP", "--format", "html"], /--open has no html format/u],
    [["losses", "--colour", "red"], /unknown option --colour/u],
    [["losses", "--actor"], /--actor/u],
    [["losses", "--actor", "dprk", "--actor", "apt38"], /--actor is given twice/u],
    [["losses", "JP"], /"JP" is not expected here/u],
    [["losses", "--json", "--format", "csv"], /contradict each other/u],
    [["incident"], /incident needs an id, list, check or verify ID/u],
    [["incident", "coinchek"], /unknown incident "coinchek" in the register/u],
    [["incident", "coincheck"], /did you mean 2018-01-25-coincheck\?/u],
    [["reconcile", "elliptic-nikkei"], /unknown published set "elliptic-nikkei".*elliptic-nikkei-2023/u],
    [["help", "nothing"], /unknown command "nothing" in help/u],
  ];
  it.each(usage)("%j", async (args, message) => {
    const { status, out, error } = await fundtrail(...args);
    expect([status, out]).toEqual([2, ""]);
    expect(error).toMatch(message);
    expect(error).toMatch(/^fundtrail: [^\n]+\n$/u);
  });

  const broken: readonly (readonly [string, string, string | Uint8Array, RegExp])[] = [
    ["a broken value", "b1", withLine("seat: SC", "seat: QQ"), /2020-03-04-example\.yaml:10: unknown country "QQ"/u],
    ["a broken syntax", "b2", withLine("date: 2020-03-04", "date: ]"), /2020-03-04-example\.yaml:2: not valid YAML/u],
    [
      "bytes that are no text",
      "b3",
      new Uint8Array([0xff, 0xfe, 0x00]),
      /2020-03-04-example\.yaml: is not UTF-8 text/u,
    ],
    ["an empty file", "b4", "", /2020-03-04-example\.yaml:1: the file must be object/u],
  ];
  it.each(broken)("a register with %s", async (_what, name, text, message) => {
    const { status, out, error } = await fundtrail("losses", "--register", registerOnDisk(name, text));
    expect([status, out]).toEqual([1, ""]);
    expect(error).toMatch(message);
    expect(error).toMatch(/^fundtrail: [^\n]+\n$/u);
  });

  it("a register that is not there, is no folder, or holds nothing", async () => {
    mkdirSync(path.join(scratch, "nothing"), { recursive: true });
    const said = async (folder: string): Promise<string> => (await fundtrail("losses", "--register", folder)).error;
    expect(await said(path.join(scratch, "missing"))).toMatch(/missing: does not exist; give a folder/u);
    expect(await said(path.join(root, "package.json"))).toMatch(/package\.json: is not a folder/u);
    expect(await said(path.join(scratch, "nothing"))).toMatch(/nothing: holds no incidents/u);
  });

  it.skipIf(process.getuid?.() === 0)(
    "a register that may not be read (skipped as root, who may read all)",
    async () => {
      const folder = registerOnDisk("closed", incidentText);
      chmodSync(path.join(folder, "incidents/2020-03-04-example.yaml"), 0);
      expect((await fundtrail("losses", "--register", folder)).error).toMatch(/access is not allowed/u);
    },
  );

  it("incident check prints each finding with its line, and 1 only for errors", async () => {
    const wrong = await fundtrail(
      "incident",
      "check",
      "--register",
      registerOnDisk("c1", withLine("seat: SC", "seat: QQ")),
    );
    expect(wrong.status).toBe(1);
    expect(wrong.out).toMatch(/2020-03-04-example\.yaml:10: error: .*\n.*: 1 errors, 0 warnings\n$/u);
    const doubtful = await fundtrail(
      "incident",
      "check",
      "--register",
      registerOnDisk("c2", withLine("usd: 900000", "usd: 9000000")),
    );
    expect(doubtful.status).toBe(0);
    expect(doubtful.out).toMatch(/warning: the value is not within a factor of two/u);
  });
});

describe("the program", () => {
  const bin = path.join(root, "bin/fundtrail.mjs");
  it("runs by its launcher, in a pipe that is closed early too", () => {
    expect(spawnSync(process.execPath, [bin, "version"], { encoding: "utf8" }).stdout).toMatch(
      /^[0-9]+\.[0-9]+\.[0-9]+\n$/u,
    );
    const piped = spawnSync("sh", ["-c", `"${process.execPath}" "${bin}" incident list --json | head -c 10`], {
      encoding: "utf8",
    });
    expect([piped.status, piped.stderr]).toEqual([0, ""]);
  });

  it("exits as it says", () => {
    const status = (...args: readonly string[]): number | null => spawnSync(process.execPath, [bin, ...args]).status;
    expect([status("losses"), status("losses", "--by", "x"), status("losses", "--register", "/missing")]).toEqual([
      0, 2, 1,
    ]);
  });

  it("says what is wrong where Node is too old and no newer one is at hand", () => {
    // The launcher alone, its version check made to see an old Node: nothing beside it to fall back to.
    const alone = path.join(scratch, "bin");
    mkdirSync(alone, { recursive: true });
    const text = readFileSync(bin, "utf8").replaceAll("process.versions.node", '"20.1.0"');
    writeFileSync(path.join(alone, "fundtrail.mjs"), text);
    const { status, stderr } = spawnSync(process.execPath, [path.join(alone, "fundtrail.mjs")], { encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^fundtrail: needs Node 24\.12 or newer, and this is 20\.1\.0; run `npm ci`[^\n]+\n$/u);
  });
});
