import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchRows, type BatchForm, type BatchRow } from "../../src/screen/batch-rows.ts";
import { lineBytesMax } from "../../src/screen/bounded-lines.ts";

const otherwise = { chain: undefined, direction: undefined } as const;

/** Bytes in pieces of given sizes, over and over. */
async function* piecesOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
    await Promise.resolve();
  }
}

async function rowsOf(
  text: string | Uint8Array,
  form: BatchForm,
  sizes: readonly number[] = [1_000],
): Promise<readonly BatchRow[]> {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  const rows: BatchRow[] = [];
  for await (const some of batchRows({ name: "in", form, bytes: piecesOf(bytes, sizes) }, otherwise))
    rows.push(...some);
  return rows;
}

/** A row in short: its line with what it asks, or why not. */
const short = ({ line, asked }: BatchRow): string =>
  "why" in asked
    ? `${line} ! ${asked.why}`
    : `${line} ${[asked.subject, asked.chain, asked.direction, asked.to, asked.block].map((one) => one ?? "-").join(" ")}`;
const shorts = async (text: string | Uint8Array, form: BatchForm): Promise<readonly string[]> =>
  (await rowsOf(text, form)).map(short);

describe("batches of CSV", () => {
  it("are read by their header, and other columns are given back", async () => {
    const text = "Amount,address,direction,chain\r\n5,A,Deposit,bitcoin\r\n\r\n6,B,,\r\n";
    expect(await shorts(text, "csv")).toEqual(["2 A bitcoin deposit - -", "4 B - - - -"]);
    expect((await rowsOf(text, "csv"))[0]?.fields).toEqual({
      amount: "5",
      address: "A",
      direction: "Deposit",
      chain: "bitcoin",
    });
  });
  it("of one column may do without a header", async () => {
    expect(await shorts("A\nB\n", "csv")).toEqual(["1 A - - - -", "2 B - - - -"]);
    expect(await shorts("\uFEFFaddress\nA", "csv")).toEqual(["2 A - - - -"]);
  });
  it.each([
    [
      "no column to screen",
      "adress,direction\nA,deposit\n",
      /line 1: the header names no column address, tx or subject: adress, direction/u,
    ],
    ["semicolons", "address;direction\nA;deposit\n", /line 1: .*with commas/u],
    ["a column twice", "address,chain,chain\nA,b,c\n", /line 1: the header has chain twice/u],
  ])("with %s are refused", async (_, text, why) => {
    await expect(rowsOf(text, "csv")).rejects.toThrow(why);
  });
  it("tell what is wrong with a line, and go on", async () => {
    const text = [
      "address,tx,direction,to,block",
      "A,,deposit,,",
      'B,"never closed,,,',
      "C,,deposit,,",
      "D,E,,,",
      ",,deposit,,",
      "F,,sideways,,",
      "G,,,,soon",
      "H,,,,7,more",
      'I,,,"to, with\na line",7',
      `J${"x".repeat(501)},,,,`,
      "K,,,,",
    ].join("\n");
    expect(await shorts(text, "csv")).toEqual([
      "2 A - deposit - -",
      "3 ! it is not valid CSV: Invalid Closing Quote",
      "4 C - deposit - -",
      "5 ! it names more than one address or transaction",
      "6 ! it names no address and no transaction",
      "7 ! its direction is none of deposit, withdrawal, either",
      "8 ! its block is no height",
      "9 ! it has 6 columns, and the header 5",
      "10 I - - to, with\na line 7",
      "12 ! what it names has over 500 characters",
      "13 K - - - -",
    ]);
  });
  it("survive huge lines, bytes that are no text, and a quote that swallows the rest", async () => {
    const huge = `address\nA\n${"x".repeat(3 * lineBytesMax)}\nB\n`;
    expect(await shorts(huge, "csv")).toEqual(["2 A - - - -", "3 ! it has over 65536 bytes", "4 B - - - -"]);
    const bytes = Buffer.concat([Buffer.from("address\nA\n"), Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from("B\n")]);
    expect(await shorts(bytes, "csv")).toEqual(["2 A - - - -", "3 ! it is not UTF-8 text", "4 B - - - -"]);
    const many = `address\n"A\n${Array.from({ length: 5_000 }, (_, at) => `B${at}`).join("\n")}\n`;
    const rows = await shorts(many, "csv");
    expect([rows.length, rows[0], rows.at(-1)]).toEqual([5_001, "2 ! its quotes are not closed", "5002 B4999 - - - -"]);
  });
});

describe("batches of JSON lines", () => {
  it("are objects with the same names; what is wrong with a line is told, and the rest is read", async () => {
    const text = [
      '{"subject":"A","direction":"withdrawal","id":7,"note":{"a":1}}',
      '{"address":"B","chain":"bitcoin","block":12}',
      "",
      "{",
      "[]",
      '"C"',
      '{"address":5}',
      '{"tx":"D","to":"D:1","chain":null}',
      '{"address":{}}',
      '{"__proto__":"E"}',
      '{"subject":"F"}',
    ].join("\n");
    expect(await shorts(text, "jsonl")).toEqual([
      "1 A - withdrawal - -",
      "2 B bitcoin - - 12",
      "4 ! it is no JSON",
      "5 ! it is no JSON object",
      "6 ! it is no JSON object",
      "7 ! address is no text",
      "8 D - - D:1 -",
      "9 ! address is no text",
      "10 ! it names no address and no transaction",
      "11 F - - - -",
    ]);
    expect((await rowsOf(text, "jsonl"))[0]?.fields).toEqual({
      subject: "A",
      direction: "withdrawal",
      id: "7",
      note: '{"a":1}',
    });
  });
});

describe("any bytes", () => {
  const part = fc.constantFrom(
    "address",
    "tx",
    "A",
    "B,C",
    ",",
    '"',
    '""',
    "\n",
    "\r\n",
    "é",
    "\uFEFF",
    '{"subject":"A"}',
    " ",
    "x".repeat(300),
  );
  it("are read alike in whatever pieces they come, and every line is told once at most", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 60 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom("csv", "jsonl"),
        async (parts, sizes, form) => {
          // A header that is none is another test's.
          const text = form === "csv" ? `subject,note\n${parts.join("")}` : parts.join("");
          const whole = await rowsOf(text, form, [1_000_000]);
          expect(await rowsOf(text, form, sizes)).toEqual(whole);
          const lines = whole.map(({ line }) => line);
          expect(lines).toEqual([...new Set(lines)].toSorted((left, right) => left - right));
        },
      ),
    );
  });
  it("lines without quotes are all told", async () => {
    const cell = fc.stringMatching(/^[a-zA-Z0-9 ]{1,8}$/u);
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { maxLength: 2_500 }), async (cells) => {
        const rows = await rowsOf(`subject\n${cells.join("\n")}\n`, "csv", [777]);
        const filled = cells.flatMap((one, at) => (one.trim() === "" ? [] : [`${at + 2} ${one.trim()} - - - -`]));
        expect(rows.map(short)).toEqual(filled);
      }),
      { numRuns: 20 },
    );
  });
});
