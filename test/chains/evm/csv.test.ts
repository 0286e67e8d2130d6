/** The reader of tables beside csv-parse's. */
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFailure } from "../../../src/base/failure.ts";
import { groupByBlock, readRows } from "../../../src/chains/evm/csv.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 2000);

async function* cut(text: Buffer, size: number): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  for (let at = 0; at < text.length; at += size) yield text.subarray(at, at + size);
}
async function read(text: string, size = 5): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const { fields } of readRows(cut(Buffer.from(text), size), "f", [])) rows.push({ ...fields });
  return rows;
}

describe("tables", () => {
  it("are read as csv-parse reads them, or refused where it refuses them", async () => {
    const field = fc.oneof(
      fc.stringMatching(/^[a-z0-9 ]{0,6}$/u),
      fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r\n", "é", " "), maxLength: 6 }),
    );
    const table = fc.record({
      rows: fc.array(fc.array(field, { minLength: 3, maxLength: 3 }), { maxLength: 6 }),
      eol: fc.constantFrom("\n", "\r\n"),
      mark: fc.constantFrom("", "\ufeff"),
      end: fc.boolean(),
      size: fc.integer({ min: 1, max: 40 }),
      harm: fc.option(fc.tuple(fc.nat(), fc.constantFrom('"', ",", "\n", "x")), { freq: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(table, async ({ rows, eol, mark, end, size, harm }) => {
        const quote = (text: string): string => (/[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
        let text = [["a", "b", "c"], ...rows].map((row) => row.map(quote).join(",")).join(eol) + (end ? eol : "");
        if (harm !== null) text = text.slice(0, harm[0] % text.length) + harm[1] + text.slice(harm[0] % text.length);
        let expected: unknown;
        try {
          const delimiter = eol;
          expected = parse(mark + text, {
            bom: true,
            columns: true,
            skip_empty_lines: true,
            record_delimiter: delimiter,
          });
        } catch {
          expected = undefined;
        }
        try {
          const found = await read(mark + text, size);
          if (harm === null || (expected !== undefined && eol === "\n")) expect(found).toEqual(expected);
        } catch (error) {
          if (!isFailure(error, "SOURCE_INVALID")) throw error;
          expect(harm).not.toBeNull();
        }
      }),
      { numRuns: runs },
    );
  });
  it.each(["a,a\n", 'a,b\n"x"y,1\n', 'a,b\nx"y",1\n', 'a,b\n"x,1\n', "a,b\n1\n", "a,b\n1,2,3\n"])(
    "are refused: %j",
    async (text) => {
      await expect(read(text)).rejects.toMatchObject({ code: "SOURCE_INVALID" });
    },
  );
  it("give the columns that are asked for as they stand in the whole", async () => {
    const field = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "é", "→"), maxLength: 5 });
    const rows = fc.array(fc.tuple(field, field, field), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(rows, fc.boolean(), fc.integer({ min: 1, max: 40 }), async (list, always, size) => {
        const quote = (text: string): string =>
          always || /[",\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
        const text = ["b,a,k,c", ...list.map(([b, a, c]) => [b, a, "7", c].map(quote).join(","))].join("\n");
        const found: unknown[] = [];
        const columns = { required: ["k", "a"], optional: ["c", "d"] } as const;
        for await (const own of groupByBlock(cut(Buffer.from(text), size), "f", columns, "k")) {
          for (let row = 0; row < own.count; row += 1) found.push(own.fields(row));
        }
        const whole = (await read(text, size)) as readonly Readonly<Record<string, string>>[];
        expect(found).toEqual(whole.map(({ a, c }) => ({ k: "7", a, c, d: "" })));
      }),
      { numRuns: runs },
    );
  });
  it("take a long line in small pieces, and a quote that is never closed, in linear time", async () => {
    const long = "x".repeat(3_000_000);
    expect(await read(`a\n${long}\n`, 1000)).toEqual([{ a: long }]);
    await expect(read(`a\n"${"x\n".repeat(1_000_000)}`, 65_536)).rejects.toThrow("not closed");
  });
});
