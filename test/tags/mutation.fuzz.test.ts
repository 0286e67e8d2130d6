import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Failure } from "../../src/base/failure.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import { plainEntries } from "../../src/tags/read/plain-entries.ts";
import { fieldsOf, parseYaml } from "../../src/tags/read/strict-yaml.ts";
import { isSeq } from "yaml";
import { bitcoinAddresses, etherAddresses, fileOf, folder, importInto, readerOf } from "./fixtures.ts";
import { hardText } from "./random-tags.ts";
import { actorPack, ofacAdvanced, ofacClassic, stixOfOthers, tagPack } from "./texts.ts";
import { checkTags } from "../../src/tags/check-tags.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 200);

const csv = `address,chain,label,category,source,confidence,details\n${bitcoinAddresses
  .map((address) => `${address},BTC,"a label",exchange,s,high,"[[""a"",""b""]]"\n`)
  .join("")}`;
const labels = JSON.stringify(
  Object.fromEntries(etherAddresses.map((address) => [address.toLowerCase(), { name: "x", labels: ["binance"] }])),
);
const sanctions = JSON.stringify({
  metadata: { sdnListDate: "08/20/2026" },
  addresses: {
    [etherAddresses[0]]: {
      entries: [{ entity: "E", program: "P", type: "Digital Currency Address - ETH", akas: ["a"] }],
    },
  },
});
const lists: readonly (readonly [string, string])[] = [
  ["a TagPack", tagPack],
  ["an ActorPack", actorPack],
  ["OFAC's classic list", ofacClassic],
  ["OFAC's advanced list", ofacAdvanced],
  ["a STIX bundle", stixOfOthers],
  ["CSV", csv],
  ["Etherscan's labels", labels],
  ["OFAC's addresses by entity", sanctions],
  ["a list of addresses", bitcoinAddresses.join("\n")],
];

const pieces = fc.oneof(
  fc.constantFrom(
    "null",
    "{}",
    "[]",
    '"',
    "'",
    "<",
    "</",
    "]]>",
    "&",
    ",",
    ":",
    "- ",
    "\n",
    "\r",
    "\t",
    "#",
    "%",
    "*a",
    "&a ",
    "!!x ",
    "\u0000",
  ),
  fc.constantFrom(
    "tags:\n",
    "actors:\n",
    "---\n",
    "...\n",
    "__proto__",
    "constructor",
    "toString",
    "1e309",
    "0x",
    "address",
    "\ud800",
    "\ufeff",
  ),
  fc.constantFrom(...bitcoinAddresses, "9".repeat(90), "[".repeat(2_000), "<a>".repeat(80)),
  hardText,
);

/** Imports a text; it is taken in or refused with a line of its own, and the store is sound in any case. */
async function digest(text: string | Uint8Array, piece: number): Promise<void> {
  const store = openMemoryStore();
  const file = fileOf("sanctioned_addresses_XBT.txt", text, {
    piece,
    defaults: { label: "l", sourceName: "s", confidence: "low" },
  });
  try {
    const [report] = await importInto(store, [file], { partSubjects: 2 });
    const lines = Buffer.from(text).toString("utf8").split("\n").length;
    for (const { place } of report?.findings ?? []) {
      expect((place.line ?? 0) >= 1 && (place.line ?? 0) <= lines).toBe(true);
    }
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    expect((error as Failure).message).not.toMatch(/\n/u);
  }
  const snapshot = store.snapshot();
  expect(checkTags(snapshot, readerOf(store), folder).contradictions).toEqual([]);
}

describe("any change of a list", () => {
  it.each(lists)("of the form of %s is taken in or refused, never a crash", async (_what, text) => {
    const edit = fc.record({ at: fc.nat(text.length), drop: fc.nat(20), put: pieces });
    await fc.assert(
      fc.asyncProperty(
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 500 }),
        async (edits, piece) => {
          await digest(
            edits.reduce((whole, { at, drop, put }) => whole.slice(0, at) + put + whole.slice(at + drop), text),
            piece,
          );
        },
      ),
      { numRuns: runs },
    );
  });

  it("that is only bytes, too", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom("", "<sdnList>", "tags:\n- ", "{", "address,x\n"),
        async (bytes, head) => {
          await digest(Buffer.concat([Buffer.from(head), bytes]), 7);
        },
      ),
      { numRuns: runs },
    );
  });
});

describe("entries of the simplest form", () => {
  const name = fc.constantFrom("address", "label", "currency", "source", "context");
  const value = fc.oneof(
    fc.constantFrom(
      "BTC ",
      "a b",
      "'quoted'",
      "''",
      "null",
      "~",
      "a: b",
      "a:",
      "a:b",
      "http://a.b/c",
      "x#y",
      "x #y",
      "0x12",
      "yes",
      "'a''b'",
      "- x",
      "1,000",
      "a 'b'",
    ),
    hardText,
  );
  const line = fc.record({ start: fc.constantFrom("- ", "  ", "   ", "- - "), name, value });
  const text = fc
    .array(line, { minLength: 1, maxLength: 8 })
    .map((lines) => lines.map((one) => `${one.start}${one.name}: ${one.value}`));

  it("are read as YAML's own parser reads them, or left to it", () => {
    let plain = 0;
    fc.assert(
      fc.property(text, (rows) => {
        const lines = rows.flatMap((row) => row.split("\n"));
        const found = plainEntries(lines, 5);
        if (found === undefined) return;
        plain += 1;
        const { node, lineOf } = parseYaml("f", lines.join("\n"), (number) => number + 4);
        const read = isSeq(node) ? node.items.map((item) => fieldsOf(item, lineOf)) : [];
        expect(found.map((one) => [one.line, [...one.texts]])).toEqual(
          read.map((one) => [one?.line, [...(one?.texts ?? [])]]),
        );
        // And as the library reads them with no code of ours between.
        const values = parse(lines.join("\n"), { schema: "failsafe" }) as Record<string, string>[];
        expect(found.map(({ texts }) => Object.fromEntries(texts))).toEqual(
          values.map((one) => Object.fromEntries(Object.entries(one).filter(([, said]) => said !== ""))),
        );
      }),
      { numRuns: runs * 10 },
    );
    expect(plain).toBeGreaterThan(runs / 10);
  });
});
