import { describe, expect, it } from "vitest";
import { chain } from "../../src/base/chains.ts";
import { parseDay } from "../../src/base/day.ts";
import { confidences } from "../../src/tags/actor.ts";
import { categories, contradict, isWithin, pooledServices } from "../../src/tags/category.ts";
import { confidenceOf, grades, strength, weakestGrade } from "../../src/tags/confidence.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import { stands, type TagRemark } from "../../src/tags/tag.ts";
import { writeRemark } from "../../src/tags/write-remark.ts";
import type { TagReader } from "../../src/tags/tag-reader.ts";
import { bitcoinAddresses, fileOf, folder, imported, importInto, readerOf } from "./fixtures.ts";

const bitcoin = chain("bitcoin").id;
const [address] = bitcoinAddresses;

/** A reader of tags on one address: `label,category,abuse,actor,confidence` each. */
async function withTags(...rows: readonly string[]): Promise<TagReader> {
  const text = `address,source,label,category,abuse,actor,confidence\n${rows.map((row) => `${address},s,${row}\n`).join("")}`;
  return (await imported(fileOf("t.csv", text))).reader;
}

describe("the entity at an address", () => {
  it("is unknown without a tag", async () => {
    expect((await withTags()).entityAt(bitcoin, address)).toBeUndefined();
  });

  it("is the pooled service, though another tag is stronger", async () => {
    const reader = await withTags("Listed,user,sanction,,confirmed", "An exchange,exchange,,someexchange,medium");
    expect(reader.entityAt(bitcoin, address)).toMatchObject({
      entity: "An exchange",
      category: "exchange",
      kind: "pooled",
      confidence: "medium",
      conflicts: [],
    });
  });

  it.each([
    ["two actors", ["a,,,x,low", "b,,,y,low"], [["actor", "x", "y"]]],
    ["one actor in two spellings", ["a,,,Lazarus group,low", "b,,,lazarus-group,low"], []],
    ["a group and the wider one", ["a,,,Bluenoroff,low", "b,,,DPRK,low"], []],
    [
      "a group and another's",
      ["a,,,Bluenoroff,low", "b,,,someexchange,low"],
      [["actor", "bluenoroff", "someexchange"]],
    ],
    [
      "two kinds of service",
      ["a,exchange,,,low", "b,mixing_service,,,low"],
      [["category", "exchange", "mixing_service"]],
    ],
    ["a kind of service and one within it", ["a,defi,,,low", "b,defi_dex,,,low"], []],
    ["a service and what it was used for", ["a,exchange,ransomware,,low", "b,user,,,low"], []],
    ["a service and a word that is in no taxonomy", ["a,exchange,,,low", "b,bank,,,low"], []],
  ] as const)("has conflicts: %s", async (_what, rows, conflicts) => {
    const found = (await withTags(...rows)).entityAt(bitcoin, address)?.conflicts ?? [];
    expect(found.map(({ kind, values }) => [kind, ...values])).toEqual(conflicts);
  });

  it("follows what users say of single tags", async () => {
    const store = openMemoryStore();
    const rows = `${address},s,A,exchange,,x,high\n${address},s,B,mixing_service,,y,low\n`;
    await importInto(store, [fileOf("t.csv", `address,source,label,category,abuse,actor,confidence\n${rows}`)]);
    const say = async (label: string, remark: Pick<TagRemark, "kind" | "changes">): Promise<void> => {
      const tag = readerOf(store)
        .tagsOf(bitcoin, address)
        .find((one) => (one.given?.label ?? one.label) === label);
      if (tag === undefined) throw new Error(`no tag ${label}`);
      await writeRemark(store, folder, tag, { by: "me", why: "because", day: parseDay("2026-01-05"), ...remark });
    };
    expect(readerOf(store).entityAt(bitcoin, address)?.conflicts).toHaveLength(2);
    await say("A", { kind: "dispute", changes: {} });
    const disputed = readerOf(store).entityAt(bitcoin, address);
    expect([disputed?.category, disputed?.conflicts, disputed?.tags.map(stands)]).toEqual([
      "mixing_service",
      [],
      [true, false],
    ]);
    await say("A", { kind: "support", changes: {} });
    expect(readerOf(store).entityAt(bitcoin, address)?.category).toBe("exchange");
    await say("A", { kind: "correction", changes: { category: "gambling", label: "C", confidence: "low" } });
    const [corrected] = readerOf(store)
      .tagsOf(bitcoin, address)
      .filter(({ given }) => given !== undefined);
    expect([corrected?.label, corrected?.category, corrected?.confidence]).toEqual(["C", "gambling", "low"]);
    expect(corrected?.given).toMatchObject({ label: "A", category: "exchange", confidence: "high" });
    // An import changes no remark.
    await importInto(store, [
      fileOf("t.csv", `address,source,label,category,abuse,actor,confidence\n${rows.replace("high", "medium")}`),
    ]);
    expect(
      readerOf(store)
        .tagsOf(bitcoin, address)
        .find(({ given }) => given !== undefined)?.category,
    ).toBe("gambling");
  });
});

describe("the ladders", () => {
  it("rise together: no grade is stronger than another and its step lower", () => {
    const steps = grades.map((grade) => confidences.indexOf(confidenceOf(grade)));
    expect(steps).toEqual(steps.toSorted((left, right) => left - right));
    const strengths = grades.map((grade) => strength(confidenceOf(grade), grade));
    expect(strengths).toEqual(strengths.toSorted((left, right) => left - right));
    for (const confidence of confidences) expect(confidenceOf(weakestGrade(confidence))).toBe(confidence);
  });

  it("of categories end: each is within one that is known, and no service contradicts itself", () => {
    for (const { id, broader } of categories.values()) {
      expect(broader === undefined || categories.has(broader)).toBe(true);
      expect([isWithin(id, id), contradict(id, id)]).toEqual([true, false]);
    }
    expect([...pooledServices]).toEqual(
      expect.arrayContaining(["exchange", "mixing_service", "defi_bridge", "payment_processor", "gambling"]),
    );
  });
});
