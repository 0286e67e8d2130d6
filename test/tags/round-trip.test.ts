import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stands, type Tag } from "../../src/tags/tag.ts";
import { tagsAsCsv } from "../../src/tags/write/csv.ts";
import { tagsAsStix } from "../../src/tags/write/stix.ts";
import { tagsAsTagPack } from "../../src/tags/write/tagpack.ts";
import { subjectText } from "../../src/tags/write/tag-fields.ts";
import type { TagReader } from "../../src/tags/tag-reader.ts";
import { fileOf, imported } from "./fixtures.ts";
import { anyRow, csvOf } from "./random-tags.ts";
import { ofacAdvanced, stixOfOthers, tagPack } from "./texts.ts";

const runs = Math.min(2_000, Number(process.env["FUZZ_RUNS"] ?? 150));

/** Everything that a tag says; not which file it came by. */
function said(tag: Tag): object {
  const { id: _id, checked: _checked, source, subject, ...rest } = tag;
  const { set: _set, hash: _hash, ...from } = source;
  return { ...rest, source: from, subject };
}

function allSaid(reader: TagReader): readonly string[] {
  return [...reader.tags()]
    .filter(stands)
    .map((tag) => JSON.stringify(said(tag)))
    .toSorted();
}

const exports: readonly (readonly [string, string, (reader: TagReader) => Iterable<string>])[] = [
  ["a TagPack", "pack.yaml", (reader) => tagsAsTagPack(reader.tags())],
  ["STIX", "bundle.json", (reader) => tagsAsStix(reader.tags(), reader.resolve)],
  ["CSV", "tags.csv", (reader) => tagsAsCsv(reader.tags())],
];

describe.each(exports)("what is exported as %s", (_what, name, write) => {
  const again = async (reader: TagReader): Promise<readonly string[]> => {
    const text = [...write(reader)].join("");
    const { report, reader: second } = await imported(fileOf(name, text));
    expect([report.rejected, report.tags.repeated]).toEqual([{}, 0]);
    return allSaid(second);
  };

  it("comes back the same, whatever it says", async () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(anyRow, { maxLength: 12, selector: (row) => JSON.stringify(row) }),
        async (rows) => {
          const { report, reader } = await imported(fileOf("rows.csv", csvOf(rows)));
          expect(report.rejected).toEqual({});
          expect(await again(reader)).toEqual(allSaid(reader));
        },
      ),
      { numRuns: runs },
    ));

  it.each([
    ["a TagPack", "p.yaml", tagPack],
    ["OFAC's list", "sdn.xml", ofacAdvanced],
    ["another's STIX bundle", "s.json", stixOfOthers],
    [
      "transactions and incidents",
      "t.csv",
      `transaction,subject_incident,chain,label,source,confidence\n${"ab".repeat(32)},,bitcoin,x,s,low\n,2020-01-01-a-theft,,y,s,high\n`,
    ],
  ])("also of %s", async (_from, file, text) => {
    const { reader } = await imported(fileOf(file, text));
    expect(allSaid(reader).length).toBeGreaterThan(1);
    expect(await again(reader)).toEqual(allSaid(reader));
  });

  it("is the same bytes each time", async () => {
    const { reader } = await imported(fileOf("p.yaml", tagPack));
    expect([...write(reader)].join("")).toBe([...write(reader)].join(""));
  });
});

describe("for other programs", () => {
  it("CSV holds no cell that a spreadsheet runs", async () => {
    const labels = ["=1+1", "@x", "-1", "+1", "'=x", "\t=x", "fine"];
    const rows = labels.map((label, index) => `1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa,"'${label}${index}",s,low`);
    const { reader } = await imported(fileOf("t.csv", `address,label,source,confidence\n${rows.join("\n")}\n`));
    const text = [...tagsAsCsv(reader.tags())].join("");
    expect(text).not.toMatch(/(?:^|,)"?[=+\-@\t]/mu);
  });

  it("STIX objects have what the standard requires, and refer to what is there", async () => {
    const { reader } = await imported(fileOf("sdn.xml", ofacAdvanced));
    const bundle = JSON.parse([...tagsAsStix(reader.tags(), reader.resolve)].join("")) as {
      readonly objects: readonly Record<string, unknown>[];
    };
    const ids = new Set(bundle.objects.map(({ id }) => id));
    expect(ids.size).toBe(bundle.objects.length);
    for (const object of bundle.objects) {
      expect(object["id"]).toMatch(
        new RegExp(
          `^${String(object["type"])}--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
          "u",
        ),
      );
      expect(object["spec_version"]).toBe("2.1");
      for (const [name, value] of Object.entries(object)) {
        const references = name.endsWith("_ref") ? [value] : name.endsWith("_refs") ? (value as unknown[]) : [];
        for (const reference of references) expect(ids.has(reference)).toBe(true);
      }
      const isDomain = !String(object["type"]).startsWith("cryptocurrency");
      if (isDomain) expect([typeof object["created"], typeof object["modified"]]).toEqual(["string", "string"]);
    }
    expect(bundle.objects.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["threat-actor", "relationship", "note"]),
    );
  });

  it("a TagPack's fields are a TagPack's", async () => {
    const { reader } = await imported(fileOf("p.yaml", tagPack));
    const text = [...tagsAsTagPack(reader.tags())].join("");
    for (const tag of reader.tags()) expect(text).toContain(subjectText(tag).text);
    expect(text).toMatch(/^title: .+\ncreator: .+\ntags:\n- address: /u);
  });
});
