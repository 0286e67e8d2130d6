import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { chain } from "../../src/base/chains.ts";
import { openLmdbStore } from "../../src/store/lmdb-store.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import type { PageStore } from "../../src/store/page-store.ts";
import { checkTags } from "../../src/tags/check-tags.ts";
import { bitcoinAddresses, contentOf, fileOf, folder, importInto, readerOf } from "./fixtures.ts";
import { actorPack, tagPack } from "./texts.ts";

const bitcoin = chain("bitcoin").id;
const [satoshi, second] = bitcoinAddresses;
const head = "address,label,source,confidence\n";
const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-tags-"));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Rows of tags on one address, with labels 1 to count. */
const labels = (count: number): string =>
  head + Array.from({ length: count }, (_, index) => `${satoshi},label ${index + 1},s,low\n`).join("");

describe("a file that is imported again", () => {
  it("with the same content writes nothing, on that day; on another only the day", async () => {
    const store = openMemoryStore();
    const files = [fileOf("p.yaml", tagPack), fileOf("a.yaml", actorPack), fileOf("t.csv", labels(3))];
    await importInto(store, files);
    const before = contentOf(store);
    await importInto(store, files);
    expect(contentOf(store)).toEqual(before);
    const reports = await importInto(store, files, { today: "2026-02-03" });
    expect(reports.map(({ tags }) => tags.added + tags.updated + tags.withdrawn)).toEqual([0, 0, 0]);
    expect(contentOf(store).filter((entry) => !before.includes(entry))).toHaveLength(1);
    expect(readerOf(store).tagsOf(bitcoin, satoshi)[0]?.checked).toBe("2026-02-03");
  });

  it("brings what changed up to date, and marks what is gone", async () => {
    const store = openMemoryStore();
    await importInto(store, [fileOf("t.csv", `${head}${satoshi},a,s,low\n${satoshi},b,s,low\n${second},c,s,low\n`)]);
    const [report] = await importInto(store, [fileOf("t.csv", `${head}${satoshi},a,s,high\n${second},c,s,low\n`)], {
      today: "2026-03-04",
    });
    expect(report?.tags).toEqual({ added: 0, updated: 1, unchanged: 1, repeated: 0, withdrawn: 1 });
    const [strong, gone] = readerOf(store).tagsOf(bitcoin, satoshi);
    expect([strong?.label, strong?.confidence, strong?.withdrawn]).toEqual(["a", "high", undefined]);
    // The withdrawn one tells the content in which it last stood.
    expect([gone?.label, gone?.withdrawn, gone?.checked]).toEqual(["b", "2026-03-04", "2026-01-02"]);
    expect(gone?.source.hash).not.toBe(strong?.source.hash);
    const [back] = await importInto(store, [
      fileOf("t.csv", `${head}${satoshi},a,s,high\n${satoshi},b,s,low\n${second},c,s,low\n`),
    ]);
    expect(back?.tags).toEqual({ added: 1, updated: 0, unchanged: 2, repeated: 0, withdrawn: 0 });
    expect(
      readerOf(store)
        .tagsOf(bitcoin, satoshi)
        .map(({ withdrawn }) => withdrawn),
    ).toEqual([undefined, undefined]);
  });

  it("and has lost most of its tags is refused, unless that is meant", async () => {
    const store = openMemoryStore();
    await importInto(store, [fileOf("t.csv", labels(30))]);
    const before = contentOf(store).filter((entry) => !entry.startsWith("001000"));
    await expect(importInto(store, [fileOf("t.csv", labels(14))])).rejects.toThrow(
      /t\.csv: 16 of the 30 tags that it had are gone from it; .*--vanishing allowed/u,
    );
    expect(contentOf(store).filter((entry) => !entry.startsWith("001000"))).toEqual(before);
    const [report] = await importInto(store, [fileOf("t.csv", labels(14))], { vanishing: "allowed" });
    expect(report?.tags.withdrawn).toBe(16);
  });

  it("with other actors withdraws those that are gone, and finds the others by their new names", async () => {
    const store = openMemoryStore();
    const pack = (actors: string): string => `title: t\ncreator: c\nactors:\n${actors}`;
    await importInto(store, [fileOf("a.yaml", pack("- id: x\n  label: Old Name\n- id: y\n  label: Y\n"))]);
    const [report] = await importInto(store, [fileOf("a.yaml", pack("- id: x\n  label: New Name\n"))]);
    expect(report?.actors).toEqual({ added: 0, updated: 1, unchanged: 0, withdrawn: 1 });
    const reader = readerOf(store);
    const of = (actor: string): string | undefined => reader.resolve({ actor, details: [] } as never)?.id;
    expect([of("New Name"), of("Old Name"), of("x")]).toEqual(["x", undefined, "x"]);
    // What one set describes, another does not change.
    const [other] = await importInto(store, [fileOf("b.yaml", pack("- id: x\n  label: Third Name\n"))]);
    expect([other?.actors.added, other?.findings[0]?.what]).toEqual([0, "the actor x is described by another set"]);
  });
});

describe("an import", () => {
  it("of several files is seen at once, or not at all", async () => {
    const store = openMemoryStore();
    const good = fileOf("good.csv", labels(3));
    await expect(importInto(store, [good, fileOf("bad.csv", `${head}"`)], { partSubjects: 1 })).rejects.toThrow(
      /bad\.csv/u,
    );
    expect([...readerOf(store).tags()]).toEqual([]);
    await importInto(store, [good]);
    expect([...readerOf(store).tags()]).toHaveLength(3);
  });

  it("shows its parts to nobody before it ends", async () => {
    const inner = openMemoryStore();
    await importInto(inner, [fileOf("t.csv", labels(2))]);
    const seen: number[] = [];
    const store: PageStore = {
      ...inner,
      commit: async (changes) => {
        await inner.commit(changes);
        seen.push([...readerOf(inner).tags()].filter(({ label }) => label.startsWith("new")).length);
      },
    };
    const rows = bitcoinAddresses.map((address) => `${address},new,s,low\n`).join("");
    // Small pieces of the file: the import rests, and commits, between them.
    const file = fileOf("n.txt", bitcoinAddresses.join("\n"), {
      piece: 8,
      defaults: { label: "new", sourceName: "s", confidence: "low" },
    });
    await importInto(store, [file, fileOf("r.csv", head + rows)], { partSubjects: 1 });
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.slice(0, -1).every((count) => count === 0)).toBe(true);
    expect(seen.at(-1)).toBe(10);
  });

  it("of two files with one name is refused", async () => {
    await expect(
      importInto(openMemoryStore(), [fileOf("t.csv", labels(1)), fileOf("t.csv", labels(2))]),
    ).rejects.toThrow(/two files are named t\.csv.*--set NAME/u);
  });

  it("finds that another has written meanwhile", async () => {
    const store = openMemoryStore();
    const late = fileOf("late.csv", labels(1));
    const slow = {
      ...late,
      open: async function* () {
        yield* late.open();
        await importInto(store, [fileOf("other.csv", labels(1))]);
      },
    };
    await expect(importInto(store, [slow])).rejects.toMatchObject({ code: "LEDGER_BUSY" });
  });

  it("leaves nothing else of a ledger's store changed", async () => {
    const store = openMemoryStore();
    await store.commit([
      { key: new Uint8Array([0]), value: new Uint8Array([1]) },
      { key: new Uint8Array([1, 0]), value: new Uint8Array([2]) },
      { key: new Uint8Array([255, 9]), value: new Uint8Array([3]) },
    ]);
    const before = contentOf(store);
    await importInto(store, [fileOf("p.yaml", tagPack)]);
    const after = contentOf(store);
    expect(before.every((entry) => after.includes(entry))).toBe(true);
    expect(after.filter((entry) => !before.includes(entry)).every((entry) => entry.startsWith("0010"))).toBe(true);
  });

  it("is read again from the disk as from memory", async () => {
    const place = path.join(scratch, "ledger");
    const disk = openLmdbStore(place, { mode: "write" });
    const memory = openMemoryStore();
    for (const store of [disk, memory])
      await importInto(store, [fileOf("p.yaml", tagPack), fileOf("t.csv", labels(5))]);
    expect(contentOf(disk)).toEqual(contentOf(memory));
    await disk.close();
    const again = openLmdbStore(place, { mode: "read" });
    expect(JSON.stringify([...readerOf(again).tags()])).toBe(JSON.stringify([...readerOf(memory).tags()]));
    await again.close();
  });
});

describe("a damaged store", () => {
  it.each([
    ["a page cut short", (value: Uint8Array) => value.slice(0, 6)],
    ["a bit turned", (value: Uint8Array) => value.map((byte, index) => (index === value.length - 1 ? byte ^ 1 : byte))],
  ])("with %s is found, and nothing is said from it", async (_what, damage) => {
    for (const kind of ["000000", "001001", "001004"]) {
      const store = openMemoryStore();
      await importInto(store, [fileOf("p.yaml", tagPack)]);
      const prefix = kind === "000000" ? "001000" : kind;
      const snapshot = store.snapshot();
      const all = { from: new Uint8Array(0), to: new Uint8Array(65).fill(0xff), order: "ascending" } as const;
      const entry = [...snapshot.range(all)].find(({ key }) => Buffer.from(key).toString("hex").startsWith(prefix));
      if (entry === undefined) throw new Error("nothing to damage");
      await store.commit([{ key: entry.key, value: damage(Uint8Array.from(entry.value)) }]);
      const found = (): unknown => {
        const reader = readerOf(store);
        const now = store.snapshot();
        const { contradictions } = checkTags(now, reader, folder);
        now.release();
        if (contradictions.length > 0) throw new Error(contradictions[0]);
        return undefined;
      };
      expect(found).toThrow(/the ledger is damaged/u);
    }
  });

  it("of a newer format is refused", async () => {
    const store = openMemoryStore();
    await importInto(store, [fileOf("t.csv", labels(1))]);
    const { sealJson } = await import("../../src/tags/manifest.ts");
    await store.commit([{ key: new Uint8Array([0, 0x10, 0]), value: sealJson({ format: 2 }) }]);
    expect(() => readerOf(store)).toThrow(/format 2 of tags, and this Fundtrail knows 1; use the newer Fundtrail/u);
  });
});
