import { describe, expect, it } from "vitest";
import { readRegister, requireValid } from "../../src/incidents/register.ts";
import { folderOf, incidentText, withLine } from "./fixtures.ts";

/** The findings as `fundtrail incident check` prints them: place, severity, what. */
function findings(texts: Parameters<typeof folderOf>[0]): readonly string[] {
  return readRegister([folderOf(texts)]).findings.map(
    ({ place, severity, what }) => `${place.file}:${place.line ?? "-"} ${severity} ${what}`,
  );
}

describe("a sound register", () => {
  const register = readRegister([folderOf()]);
  it("has no findings", () => expect(register.findings).toEqual([]));
  it("is exact", () => {
    const [incident] = register.incidents;
    expect(incident?.stolen[0]).toMatchObject({ kind: "asset", units: 10_000_000_000n });
    expect(incident?.valuesAtTheft[0]?.usd).toBe(90_000_000n);
    expect(incident?.chain.thief).toEqual(["bitcoin:1JwgCVCnw8ziAnXA1c2VqUaMVkV4jtfDmw"]);
  });
  it("has a digest of its content, not of its place", () => {
    const moved = folderOf();
    const elsewhere = {
      ...moved,
      incidents: moved.incidents.map((file) => ({ ...file, path: `/other/${file.path}` })),
    };
    expect(readRegister([elsewhere]).digest).toBe(register.digest);
    expect(readRegister([folderOf({ incident: withLine("900000", "900001") })]).digest).not.toBe(register.digest);
  });
});

/** The number of the first line in which a text differs from the example. */
function changedLine(text: string): number {
  const example = incidentText.split("\n");
  return text.split("\n").findIndex((line, index) => line !== example[index]) + 1;
}
const changed = "the changed line";

describe("what is wrong is named with file and line", () => {
  const file = "r/incidents/2020-03-04-example.yaml";
  it.each([
    ["an unknown key", withLine("disclosed: ", "revealed: "), changed, 'has a key "revealed"'],
    ["a missing key", withLine("date: 2020-03-04\n", ""), 1, 'lacks "date"'],
    ["a day that is none", withLine("date: 2020-03-04", "date: 2020-02-31"), changed, "no such day"],
    [
      "a disclosure before the theft",
      withLine("disclosed: 2020-03-05", "disclosed: 2020-03-03"),
      changed,
      "disclosed before the theft",
    ],
    [
      "an attribution before the theft",
      withLine("date: 2020-06-01", "date: 2019-06-01"),
      changed,
      "attributed before the theft",
    ],
    ["an unknown country", withLine("seat: SC", "seat: QQ"), changed, 'unknown country "QQ"'],
    [
      "an unknown actor",
      withLine("actor: example-group", "actor: other-group"),
      changed,
      'unknown actor "other-group"',
    ],
    [
      "an actor by name instead of id",
      withLine("actor: example-group", "actor: example"),
      changed,
      'unknown actor "example"',
    ],
    ["an unknown confidence", withLine("confidence: high", "confidence: sure"), changed, "not one of the words"],
    ["an unknown asset", withLine("asset: BTC", "asset: BCT"), changed, 'unknown asset "BCT"'],
    ["an amount that does not parse", withLine("amount: 100", "amount: 1e2"), changed, "does not have the form"],
    ["an amount finer than the base unit", withLine("amount: 100", 'amount: "0.000000001"'), changed, "8 decimals"],
    [
      "a value with a fraction of a cent",
      withLine("usd: 900000", 'usd: "900000.001"'),
      changed,
      "does not have the form",
    ],
    ["an unknown source", withLine("source: press", "source: pres"), changed, 'the source "pres"'],
    ["no source", incidentText.replace(/sources:[^]*$/u, "sources: {}\n"), changed, "must NOT have fewer than 1"],
    ["a technique of another form", withLine("id: T1566", "id: 1566"), changed, "does not have the form"],
    ["an address with a wrong checksum", withLine("jtfDmw", "jtfDmx"), changed, "checksum"],
    ["an address of another chain", withLine("bitcoin:1Jwg", "ethereum:1Jwg"), changed, "an address of another chain"],
    ["an unknown chain", withLine("bitcoin:1Jwg", "bitcion:1Jwg"), changed, "bitcoin"],
    [
      "an id unlike the file's name",
      withLine("id: 2020-03-04-example", "id: 2020-03-04-other"),
      changed,
      "differs from the file's name",
    ],
    ["an id unlike the date", withLine("date: 2020-03-04", "date: 2020-03-02"), 1, "does not begin with the date"],
    ["text that is no YAML", withLine("date: 2020-03-04", "date: [2020"), 3, "not valid YAML"],
    ["a key given twice", withLine("date: 2020-03-04", "date: 2020-03-04\ndate: 2020-03-04"), 3, "not valid YAML"],
    [
      "a source's URL that is no web address",
      withLine("https://example.org/a", "javascript:alert(1)"),
      changed,
      "does not have the form",
    ],
  ])("%s", (_what, incident, line, message) => {
    const found = findings({ incident });
    expect(found.join("\n")).toContain(message);
    expect(found.find((one) => one.includes(message))).toMatch(
      new RegExp(`^${file}:${line === changed ? changedLine(incident) : line} error `, "u"),
    );
    expect(() => requireValid(readRegister([folderOf({ incident })]))).toThrow(`${file}:`);
  });

  it("a value far from amount × price is a warning, and only where a price is known", () => {
    const incident = withLine("usd: 900000", "usd: 1800000");
    expect(findings({ incident })).toEqual([
      `${file}:17 warning the value is not within a factor of two of amount × price: $1.8m against $0.9m`,
    ]);
    expect(findings({ incident: withLine("usd: 900000", "usd: 400000") })).toHaveLength(1);
    expect(findings({ incident, prices: "asset,at,usd,kind,source\n" })).toEqual([]);
  });

  it("a value above amount × price says nothing where the list of assets is not complete", () => {
    const incident = withLine("values:", "stolen_complete: no\nvalues:").replace("usd: 900000", "usd: 9000000");
    expect(findings({ incident })).toEqual([]);
  });

  it("more recovered than stolen", () => {
    const recovered = `recovered:\n  - usd: 1\n    at: theft\n    asset: BTC\n    amount: 101\n    basis: seized\n    source: press\nvalues:`;
    expect(findings({ incident: withLine("values:", recovered) })).toEqual([
      `${file}:19 error more was recovered than was stolen`,
    ]);
  });

  it.each([
    ["an unknown asset", "BCT,2020-03-05T00:00:00Z,1,close,x", "unknown asset"],
    ["a price that is no number", "BTC,2020-03-05T00:00:00Z,1e4,close,x", "is not a price"],
    ["a day that is none", "BTC,2020-02-31,1,close,x", "no such day"],
    ["another kind", "BTC,2020-03-05,1,guess,x", "unknown kind of price"],
    ["no source", "BTC,2020-03-05,1,close,", "no source"],
    ["a column too few", "BTC,2020-03-05,1,close", ""],
  ])("a price with %s", (_what, row, message) => {
    const found = findings({ prices: `asset,at,usd,kind,source\n${row}\n` });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain("r/prices/day.csv:2 error");
    expect(found[0]).toContain(message);
  });

  it("prices without their columns", () => {
    expect(findings({ prices: "asset,date,usd\nBTC,2020-03-05,1\n" })[0]).toContain(
      "lacks the column at, kind, source",
    );
  });

  it("groups within each other", () => {
    const folder = folderOf();
    const actor = (id: string, parent: string): { path: string; text: string } => ({
      path: `r/actors/${id}.yaml`,
      text: `id: ${id}\nname: ${id}\nkind: group\nparent: ${parent}\nsources: {press: {name: A newspaper}}\n`,
    });
    const actors = [...folder.actors, actor("one", "two"), actor("two", "one")];
    const found = readRegister([{ ...folder, actors }]).findings.map(({ what }) => what);
    expect(found).toEqual(["one and two are each within the other", "two and one are each within the other"]);
  });

  it("a published set of an unknown country or period", () => {
    const figure = (key: string, group: string): string =>
      folderOf().published[0]?.text.replace("key: world\n    group: world", `key: ${key}\n    group: ${group}`) ?? "";
    expect(findings({ published: figure("QQ", "country") })[0]).toContain("r/published/example-2021.yaml:10 error");
    expect(findings({ published: figure('"2020-13"', "month") })[0]).toContain("no such day");
  });
});

describe("a register beside another", () => {
  it("adds to it, and where it holds the same id replaces it and says so", () => {
    const other = folderOf({ incident: withLine("usd: 900000", "usd: 950000") });
    const register = readRegister([folderOf(), { ...other, actors: [], published: [], prices: [] }]);
    expect(register.incidents).toHaveLength(1);
    expect(register.incidents[0]?.valuesAtTheft[0]?.usd).toBe(95_000_000n);
    expect(register.findings.map(({ severity, what }) => `${severity} ${what}`)).toEqual([
      "warning replaces the entry 2020-03-04-example of an earlier register",
    ]);
  });
});
