import fc from "fast-check";
import { bitcoinAddresses, etherAddresses } from "./fixtures.ts";

/** A row of a list, as a model of what a tag says: every field as text. */
export type Row = {
  readonly address: string;
  readonly label: string;
  readonly category: string;
  readonly abuse: string;
  readonly actor: string;
  readonly confidence: string;
  readonly grade: string;
  readonly source: string;
  readonly url: string;
  readonly date: string;
  readonly licence: string;
  readonly from: string;
  readonly to: string;
  readonly cluster_definer: string;
  readonly concepts: readonly string[];
  readonly details: readonly (readonly [string, string])[];
};

/** Text that formats, terminals and spreadsheets take badly. */
export const hardText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "=1+1",
    "'=1+1",
    "''-x",
    "@a",
    "-",
    "+49",
    "a,b",
    'a"b',
    "a\nb",
    "a\r\nb",
    "a\tb",
    "null",
    "~",
    "true",
    "1e3",
    "2020-01-01",
    "- x",
    "a: b",
    "a #b",
    "[x]",
    "{x: y}",
    "<script>alert(1)</script>",
    "\u001b[31mred\u001b[0m",
    "\u0000",
    "\u2028",
    "\u202ertl",
    "日本語",
    "\ufeffbom",
    "__proto__",
    "&amp;",
    "!!str x",
    "*a",
    "&a",
    "%TAG",
    "'",
    '"',
    "\\",
    "#",
  ),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 8 }),
);
const word = hardText.map((text) => text.trim().toWellFormed()).filter((text) => text !== "");
const perhaps = (text: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.oneof(fc.constant(""), text);
const period = fc.constantFrom("", "2020", "2020-02", "2020-02-29");

/** Few addresses and labels, so that rows meet. */
export const anyRow: fc.Arbitrary<Row> = fc.record({
  address: fc.constantFrom(...bitcoinAddresses, ...etherAddresses),
  label: fc.oneof(fc.constantFrom("a", "b"), word),
  category: perhaps(fc.oneof(fc.constantFrom("exchange", "mixing_service", "market", "user"), word)),
  abuse: perhaps(fc.constantFrom("ransomware", "sanction", "something")),
  actor: perhaps(fc.oneof(fc.constantFrom("lazarus-group", "ZINC", "somebody"), word)),
  confidence: fc.constantFrom("low", "medium", "high", "confirmed"),
  grade: fc.constantFrom("", "web_crawl", "forensic", "override"),
  source: word,
  url: perhaps(fc.constantFrom("https://a.example/x", "https://b.example/?a=b#c")),
  date: perhaps(fc.oneof(period, word)),
  licence: perhaps(word),
  from: period,
  to: period,
  cluster_definer: fc.constantFrom("", "yes", "no"),
  concepts: fc.uniqueArray(fc.oneof(fc.constantFrom("victim", "donation"), word), { maxLength: 3 }),
  details: fc.array(
    fc.tuple(
      word,
      hardText.map((text) => text.toWellFormed()),
    ),
    { maxLength: 3 },
  ),
});

/** Rows as CSV, written without any help of the program. */
export function csvOf(rows: readonly Row[]): string {
  const names = [
    "address",
    "label",
    "category",
    "abuse",
    "actor",
    "confidence",
    "grade",
    "source",
    "url",
    "date",
    "licence",
    "from",
    "to",
    "cluster_definer",
  ] as const;
  const quoted = (text: string): string =>
    `"${(/^'*[=+\-@\t\r]/u.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  const lines = rows.map((row) =>
    [...names.map((name) => row[name]), JSON.stringify(row.concepts), JSON.stringify(row.details)]
      .map(quoted)
      .join(","),
  );
  return [[...names, "concepts", "details"].join(","), ...lines].join("\n").concat("\n");
}
