import { describe, expect, it } from "vitest";
import { chain } from "../../src/base/chains.ts";
import type { Tag } from "../../src/tags/tag.ts";
import { bitcoinAddresses, etherAddresses, fileOf, imported, readerOf } from "./fixtures.ts";
import { actorPack, ofacAdvanced, ofacClassic, stixOfOthers, tagPack } from "./texts.ts";

const bitcoin = chain("bitcoin").id;
const ethereum = chain("ethereum").id;
const [satoshi, second, third, segwit] = bitcoinAddresses;
const [ether, otherEther] = etherAddresses;

function only(tags: readonly Tag[]): Tag {
  expect(tags).toHaveLength(1);
  return tags[0] as Tag;
}

describe("a TagPack", () => {
  it("gives each tag what its header says and it does not", async () => {
    const { report, reader } = await imported(fileOf("pack.yaml", tagPack, { piece: 7 }));
    expect([report.format, report.tags.added, report.rejected]).toEqual([
      "tagpack",
      5,
      { "invalid address": 1, "unknown chain": 1 },
    ]);
    const plain = only(reader.tagsOf(bitcoin, satoshi));
    expect(plain).toMatchObject({
      label: "Some exchange",
      category: "exchange",
      actor: "someexchange",
      confidence: "high",
      grade: "service_data",
      clusterDefiner: "yes",
      checked: "2026-01-02",
      source: { name: "Somebody: A pack", url: "https://example.org/list", date: "2022-10-12", set: "pack.yaml" },
    });
    expect(plain.source.hash).toMatch(/^[0-9a-f]{64}$/u);
    const own = only(reader.tagsOf(bitcoin, segwit));
    expect(own).toMatchObject({
      label: "A shop: with a colon",
      category: "shop",
      confidence: "confirmed",
      concepts: ["victim", "donation"],
      abuse: "phishing",
      clusterDefiner: "no",
      source: { name: "A letter", url: undefined },
    });
    expect(own.details).toEqual([
      ["colour", "red"],
      ["context", '{"a": "b\nc"}'],
    ]);
    expect(only(reader.tagsOf(ethereum, ether)).label).toBe("on Ethereum");
    expect(only(reader.tagsOfTransaction(bitcoin, "ab".repeat(32))).label).toBe("a transaction");
    expect(only(reader.tagsOf(chain("bitcoin-cash").id, "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a")).label).toBe(
      "on a fork",
    );
  });

  it("names the line of what does not go in, and the odd things once", async () => {
    const { report } = await imported(fileOf("pack.yaml", tagPack));
    expect(report.findings.map(({ severity, place, what }) => [severity, place.line, what.slice(0, 60)])).toEqual([
      ["warning", 18, '"colour" is no field of a TagPack\'s tag'],
      ["error", 40, '"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb" is not an address on Bi'],
      ["error", 42, 'unknown currency or network "XMR" in the chains Fundtrail kn'],
    ]);
  });

  it("takes a pack without a confidence at the lowest, and says so", async () => {
    const { report, reader } = await imported(
      fileOf(
        "p.yaml",
        `title: t\ncreator: c\ncurrency: BTC\nsource: https://a.example\nlabel: x\ntags:\n- address: ${satoshi}\n`,
      ),
    );
    expect(only(reader.tagsOf(bitcoin, satoshi))).toMatchObject({ confidence: "low", grade: "unknown" });
    expect(report.findings[0]?.what).toBe("the pack gives no confidence");
  });

  it("reads a header behind the list, and one below the word header", async () => {
    const list = `tags:\n  - address: ${satoshi}\n    label: x\n`;
    const header = "source: https://a.example\nconfidence: forensic\ncurrency: BTC\n";
    for (const text of [
      `${list}title: t\n${header}`,
      `header:\n${header.replaceAll(/^/gmu, "  ").trimEnd()}\n${list}`,
    ]) {
      const { reader } = await imported(fileOf("p.yaml", text, { format: "tagpack" }));
      expect(only(reader.tagsOf(bitcoin, satoshi)).grade).toBe("forensic");
    }
  });

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ["an alias", `title: &a t\ntags:\n- label: *a\n`, /line 3: aliases \(\*name\) are not allowed/u],
    ["a list on one line", "title: t\ntags: [{label: x}]\n", /line 2: its list does not stand below it/u],
    ["two lists", "title: t\ntags:\n- label: x\ntags:\n- label: y\n", /line 4: it has two lists/u],
    ["a broken entry", "title: t\ntags:\n- label: x\n- {label: y\n", /line 4: not valid YAML|not valid YAML/u],
    ["an entry that is none", "title: t\ntags:\n- label: x\n- just text\n", /line 4: an entry is not a mapping/u],
    ["a tag", "title: t\ntags:\n- label: !!python/object x\n", /line 3: not valid YAML: Unresolved tag/u],
    ["a header elsewhere", "header: !include header.yaml\ntags:\n- label: x\n", /not valid YAML: Unresolved tag/u],
    [
      "brackets alone",
      `title: t\ntags:\n- label: ${"[".repeat(50_000)}\n`,
      /SOURCE_INVALID|nested too deeply|not valid YAML/u,
    ],
  ];
  it.each(wrong)("with %s is refused, with the line", async (_what, text, message) => {
    await expect(imported(fileOf("p.yaml", text))).rejects.toThrow(message);
  });
});

describe("an ActorPack", () => {
  it("says which actor a tag means, by id, name and alias", async () => {
    const { report, store } = await imported(fileOf("a.yaml", actorPack));
    expect([report.format, report.actors.added, report.rejected]).toEqual(["actorpack", 3, { "no id": 1 }]);
    const reader = readerOf(store);
    const resolved = (text: string): unknown => {
      const found = reader.resolve({ actor: text, details: [] } as unknown as Tag);
      return found === undefined ? undefined : [found.id, found.from, found.rule, found.certainty];
    };
    expect(resolved("someexchange")).toEqual(["someexchange", "pack", "id", "confirmed"]);
    expect(resolved("SOME  exchange")).toEqual(["someexchange", "pack", "name", "high"]);
    expect(resolved("sx")).toEqual(["someexchange", "pack", "alias", "medium"]);
    expect(resolved("Ex Change")).toEqual(["someexchange", "pack", "alias", "medium"]);
    expect(resolved("lazarusgroup")).toEqual(["lazarus-group", "register", "name", "high"]);
    expect(resolved("LAZARUS GROUP")).toEqual(["lazarus-group", "register", "name", "high"]);
    expect(resolved("DPRK (Lazarus Group)")).toEqual(["lazarus-group", "register", "name", "high"]);
    expect(resolved("Hidden Cobra")).toEqual(["lazarus-group", "register", "alias", "medium"]);
    // Two actors have this name: it leads to neither.
    expect(resolved("ZINC")).toBeUndefined();
    expect(resolved("nobody")).toBeUndefined();
  });
});

describe("OFAC's list", () => {
  it.each([
    ["classic", ofacClassic],
    ["advanced", ofacAdvanced],
  ])("in its %s form keeps entity, programmes and other names", async (form, text) => {
    const { report, reader } = await imported(fileOf("sdn.xml", text, { piece: 11 }));
    expect([report.format, report.tags.added, report.rejected]).toEqual([`ofac-${form}`, 3, { "unknown chain": 1 }]);
    const group = only(reader.tagsOf(ethereum, ether));
    expect(group).toMatchObject({
      label: "LAZARUS GROUP",
      actor: "LAZARUS GROUP",
      abuse: "sanction",
      confidence: "confirmed",
      grade: "authority_data",
      source: { date: "2026-08-20" },
    });
    expect(group.details).toEqual(
      expect.arrayContaining([
        ["entity", "LAZARUS GROUP"],
        ["programme", "DPRK3"],
        ["programme", "CYBER2"],
        ["aka", "HIDDEN COBRA"],
      ]),
    );
    expect(reader.entityAt(ethereum, ether)).toMatchObject({
      kind: "illicit",
      category: "sanction",
      actor: { id: "lazarus-group" },
    });
    const person = only(reader.tagsOf(bitcoin, satoshi));
    expect([person.label, person.details.find(([name]) => name === "uid")?.[1]]).toEqual(["Ivan PERSON", "7"]);
    expect(only(reader.tagsOf(chain("tron").id, "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8")).label).toBe("Ivan PERSON");
  });

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ["cut short", ofacClassic.slice(0, -40), /not valid XML/u],
    [
      "with a document type",
      ofacClassic.replace("<sdnList", '<!DOCTYPE a [<!ENTITY b "c">]><sdnList'),
      /declares a document type/u,
    ],
    ["with an entity", ofacClassic.replace("LAZARUS", "&lol;"), /not valid XML/u],
    ["nested deeply", `<sdnList>${"<a>".repeat(100)}`, /nested too deeply/u],
  ];
  it.each(wrong)("%s is refused", async (_what, text, message) => {
    await expect(imported(fileOf("sdn.xml", text))).rejects.toThrow(message);
  });

  it("as a list of addresses has its currency in the file's name", async () => {
    const { reader } = await imported(
      fileOf("sanctioned_addresses_XBT.txt", `${satoshi}\n\n# a remark\n${second}\r\n`),
    );
    expect(only(reader.tagsOf(bitcoin, second))).toMatchObject({ abuse: "sanction", confidence: "confirmed" });
    const json = await imported(fileOf("sanctioned_addresses_ETH.json", JSON.stringify([ether], null, 2)));
    expect([json.report.format, json.report.tags.added]).toEqual(["address-list-json", 1]);
  });

  it("that was cast to lower case is refused, with the reason", async () => {
    const addresses = Object.fromEntries(
      bitcoinAddresses.slice(0, 3).map((address, index) => [
        address.toLowerCase(),
        {
          type: "",
          entries: [
            { entity: `E${index}`, program: "DPRK3", type: "Digital Currency Address - XBT", uid: "1", akas: [] },
          ],
        },
      ]),
    );
    const text = JSON.stringify({ metadata: { sdnListDate: "08/20/2026" }, addresses }, null, 1);
    await expect(imported(fileOf("list.json", text))).rejects.toThrow(
      /line 6: the 3 base58 addresses in it were cast to one case/u,
    );
    // One that is as it was shows that the others are single mistakes.
    const mixed = { ...addresses, [third]: addresses[second.toLowerCase()] };
    const { report } = await imported(fileOf("l.json", JSON.stringify({ metadata: {}, addresses: mixed })));
    expect([report.tags.added, report.rejected]).toEqual([1, { "lost case": 3 }]);
  });
});

describe("Etherscan's labels", () => {
  it("keep their words; some mean a category, an abuse or an actor", async () => {
    const labels = {
      [ether.toLowerCase()]: { name: "Binance 14", labels: ["binance", "old-contract"] },
      [otherEther.toLowerCase()]: { name: "", labels: ["blocked", "ofac-sanctions-lists"] },
      [etherAddresses[2].toLowerCase()]: { name: "Binance: BNB Token", labels: ["binance"] },
      "0x12": { name: "x", labels: ["y"] },
    };
    const { report, reader } = await imported(fileOf("labels.json", JSON.stringify(labels, null, 2)));
    expect([report.tags.added, report.rejected, report.findings[0]?.place.line]).toEqual([
      3,
      { "invalid address": 1 },
      22,
    ]);
    expect(only(reader.tagsOf(ethereum, ether))).toMatchObject({
      label: "Binance 14",
      category: "exchange",
      actor: "binance",
    });
    expect(only(reader.tagsOf(ethereum, otherEther))).toMatchObject({
      label: "blocked, ofac-sanctions-lists",
      abuse: "sanction",
    });
    expect(only(reader.tagsOf(ethereum, etherAddresses[2]))).toMatchObject({ category: undefined, actor: undefined });
  });
});

describe("a STIX bundle of others", () => {
  it("tells of wallets by relations, notes and indicators", async () => {
    const { report, reader } = await imported(fileOf("bundle.json", stixOfOthers));
    expect([report.format, report.tags.added, report.rejected]).toEqual(["stix", 4, { "no label": 1 }]);
    expect(only(reader.tagsOf(bitcoin, satoshi))).toMatchObject({
      label: "Lazarus Group",
      actor: "Lazarus Group",
      category: "perpetrator",
      confidence: "high",
      source: { name: "A report", url: "https://example.org/report", date: "2024-05-06" },
    });
    expect(only(reader.tagsOf(ethereum, ether))).toMatchObject({ label: "Deposit of a customer", confidence: "low" });
    expect(only(reader.tagsOf(bitcoin, second))).toMatchObject({
      label: "Wallet of a locker",
      abuse: "hacking",
      from: "2024-01-01",
    });
    expect(only(reader.tagsOf(bitcoin, third))).toMatchObject({ abuse: "ransomware", actor: "Some locker" });
    expect(reader.entityAt(bitcoin, satoshi)?.actor?.id).toBe("lazarus-group");
  });
});

describe("CSV", () => {
  const head = "address,label,category,source,confidence\n";
  it("with the five columns, in any order and with more", async () => {
    const text = `confidence,colour,address,Source,label,category,valid_from\nhigh,red,${satoshi},A book,"A ""label""\nof two lines",exchange,2020-01\nforensic,,${ether},https://a.example/b,x,,\n`;
    const { report, reader } = await imported(fileOf("t.csv", text, { piece: 5 }));
    expect([report.format, report.tags.added]).toEqual(["csv", 2]);
    expect(only(reader.tagsOf(bitcoin, satoshi))).toMatchObject({
      label: 'A "label"\nof two lines',
      confidence: "high",
      grade: undefined,
      from: "2020-01",
      source: { name: "A book", url: undefined },
      details: [["colour", "red"]],
    });
    expect(only(reader.tagsOf(ethereum, ether))).toMatchObject({
      confidence: "medium",
      source: { name: "a.example", url: "https://a.example/b" },
    });
  });

  const rows: readonly (readonly [string, string, string, RegExp])[] = [
    [
      "an address that is none",
      `nonsense,x,,s,high`,
      "invalid address",
      /^"nonsense" is not an address: it has the form/u,
    ],
    ["no address", `,x,,s,high`, "invalid address", /is not an address/u],
    ["no label", `${satoshi},,,s,high`, "no label", /it has no label/u],
    ["no source", `${satoshi},x,,,high`, "no source", /it names no source/u],
    ["no confidence", `${satoshi},x,,s,`, "no confidence", /it has no confidence/u],
    [
      "a word for a confidence that is none",
      `${satoshi},x,,s,0.7`,
      "unknown confidence",
      /"0.7" is no word that is known/u,
    ],
    ["a label that is too long", `${satoshi},${"x".repeat(1_001)},,s,low`, "too long", /too long/u],
    ["a lost case", `${satoshi.toLowerCase()},x,,s,low`, "lost case", /lower-cased/u],
    [
      "a broken checksum",
      `${etherAddresses[0].replace("5aA", "5aa")},x,,s,low`,
      "invalid address",
      /form of no chain's|EIP-55/u,
    ],
  ];
  it.each(rows)(
    "a row with %s is a finding with its line, and the rest goes in",
    async (_what, row, reason, message) => {
      const { report } = await imported(
        fileOf("t.csv", `${head}${second},fine,,s,low\n${row}\n${third},fine,,s,low\n`),
      );
      expect([report.tags.added, report.rejected]).toEqual([2, { [reason]: 1 }]);
      expect(report.findings[0]?.place).toEqual({ file: "lists/t.csv", line: 3 });
      expect(report.findings[0]?.what).toMatch(message);
    },
  );

  it("takes from the user what it does not say", async () => {
    const defaults = {
      chain: chain("litecoin"),
      label: "A miner",
      confidence: "medium",
      sourceName: "I",
      licence: "CC0",
    };
    const { reader } = await imported(
      fileOf("t.csv", `address,height\nLajyQBeZaBA1NkZDeY8YT5RYYVRkXMvb2T,5\n`, { defaults }),
    );
    expect(only([...reader.tags()])).toMatchObject({
      label: "A miner",
      confidence: "medium",
      source: { name: "I", licence: "CC0" },
      subject: { chain: chain("litecoin").id },
    });
  });

  it.each([
    ["an open quote", `${head}${satoshi},"x\n`, /line \d+: not valid CSV/u],
    ["a header without an address", "name,label\na,b\n", /of no format that is recognised/u],
    ["a column twice", "address,label,label\n", /has the column label twice/u],
    ["nothing", "", /of no format that is recognised/u],
    ["bytes that are no text", Buffer.from([0x61, 0xff, 0x0a]), /of no format|not UTF-8/u],
    ["prose", "this is a text\nof several words\n", /of no format that is recognised; give --format, one of tagpack/u],
  ])("with %s is refused", async (_what, text, message) => {
    await expect(imported(fileOf("t.csv", text as string))).rejects.toThrow(message);
  });
});
