import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OpenRows, RowFile, RowFileWriter } from "../../src/io/row-file.ts";

let scratch = "";
beforeAll(() => void (scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-rows-"))));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

// Of one, two, three and four bytes a character, and half a pair, which UTF-8 has no bytes for.
const units = ["a", "é", "漢", "🜚", "\uD800"];
const row = fc
  .tuple(fc.constantFrom(...units), fc.oneof(fc.nat(300), fc.constantFrom(21_844, 65_535, 65_536, 87_380, 300_000)))
  .map(([unit, times]) => JSON.stringify({ text: unit.repeat(times) }));

describe("a file of rows", () => {
  it("gives back every row, by its place and in order, whatever their lengths are", async () => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 12 }), async (rows) => {
        const file = path.join(scratch, String((number += 1)));
        let metered = 0;
        const writer = new RowFileWriter(file, (bytes) => void (metered += bytes));
        for (const [index, one] of rows.entries()) writer.add(one, index - 1);
        writer.end();
        const wanted = Buffer.from(rows.map((one) => `${one}\n`).join(""));
        expect(readFileSync(`${file}.jsonl`).equals(wanted)).toBe(true);
        expect(metered).toBe(wanted.length + rows.length * 12);
        await RowFile.use(file, async (read) => {
          expect(read.count).toBe(rows.length);
          for (const [index, one] of rows.entries()) {
            expect((await read.row(index)) === one).toBe(true);
            expect(await read.numberOf(index)).toBe(index - 1);
          }
          expect((await read.slice(1, 4)) === rows.slice(1, 4).join(",\n")).toBe(true);
        });
        const opened = await OpenRows.open([file]);
        let inside = "";
        for await (const piece of opened.inside(0)) inside += piece;
        const values: unknown[] = [];
        for await (const some of opened.values(0)) values.push(...some);
        await opened.close();
        expect(inside === rows.join(",\n")).toBe(true);
        expect(values.length).toBe(rows.length);
        rmSync(`${file}.jsonl`);
        await expect(OpenRows.open([file])).rejects.toMatchObject({ code: "ENOENT" });
        rmSync(`${file}.index`);
      }),
      { numRuns: 60, seed: 4 },
    );
  });
});
