import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRegister } from "../../src/incidents/register.ts";
import { computeLosses } from "../../src/losses/losses.ts";
import { parseDay } from "../../src/base/day.ts";
import { folderOf, incidentText } from "./fixtures.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 1_000);
const selection = {
  actor: undefined,
  from: parseDay("2000-01-01"),
  to: parseDay("2030-12-31"),
  value: "theft",
  confidence: undefined,
  countryRule: "seat",
  technique: undefined,
} as const;

/** Reads a register with this theft in it, and computes; whatever the text, neither may throw. */
function digest(incident: string): void {
  const register = readRegister([folderOf({ incident })]);
  const errors = register.findings.filter(({ severity }) => severity === "error");
  // What is not taken in has an error that says why, at a line of the file.
  expect(register.incidents.length === 1 || errors.length > 0).toBe(true);
  for (const { place } of errors)
    expect((place.line ?? 0) >= 1 && (place.line ?? 0) <= incident.split("\n").length).toBe(true);
  computeLosses(register, selection, "country");
}

/** Pieces that mean something to YAML, to the schema, or to JavaScript. */
const pieces = fc.constantFrom(
  "{}",
  "[]",
  "null",
  "~",
  "- ",
  ": ",
  "*a",
  "&a ",
  "!!str ",
  "!x ",
  "'",
  '"',
  "#",
  "\t",
  "|",
  ">-",
  "%",
  "\u0000",
  "\ud800",

  "__proto__",
  "constructor",
  "toString",
  "1e309",
  "-1",
  "0x10",
  "2020-02-30",
  "9".repeat(90),
  "\u202e",
  "---",
  "...",
  "? ",
);

describe("any text for a theft", () => {
  it("is taken in or refused with a line, never a crash", () => {
    const place = fc.nat(incidentText.length);
    const edit = fc.record({ at: place, drop: fc.nat(12), put: fc.oneof(pieces, fc.string({ maxLength: 6 })) });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        digest(
          edits.reduce((text, { at, drop, put }) => text.slice(0, at) + put + text.slice(at + drop), incidentText),
        );
      }),
      { numRuns: runs },
    );
  });

  it.each([
    ["brackets alone", "[".repeat(100_000)],
    ["braces alone", "{a: ".repeat(50_000)],
    [
      "an alias",
      incidentText.replace("name: A newspaper", "name: &a A newspaper").replace("basis: company", "basis: *a"),
    ],
    ["a billion laughs", `a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n${incidentText}`],
    ["a source key that is none", incidentText.replace("  press:", "  Press Office: 5\n  press:")],
    ["a prototype", incidentText.replace("  press:", "  __proto__: {name: x}\n  press:")],
    ["a directive", `%YAML 9.9\n---\n${incidentText}`],
    ["a tag", incidentText.replace("date: 2020-03-04", "date: !!timestamp 2020-03-04")],
    ["two documents", `${incidentText}---\n${incidentText}`],
    ["a byte order mark", `\ufeff${incidentText}`],
    ["other line ends", incidentText.replaceAll("\n", "\r\n")],
  ])("%s", (_what, text) => digest(text));
});
