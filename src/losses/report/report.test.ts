import { describe, expect, it } from "vitest";
import { parseDay } from "../../base/day.ts";
import { formatHeadline } from "../../base/usd.ts";
import { readRegister, type Register } from "../../incidents/register.ts";
import { bundledRegister, readRegisterFolder } from "../../io/register-folder.ts";
import { groupings } from "../grouping.ts";
import { computeLosses } from "../losses.ts";
import { studySelection, type Selection } from "../selection.ts";
import { renderReport } from "./report.ts";

const folder = await readRegisterFolder(bundledRegister);
const register = readRegister([folder]);
const study = studySelection;
const everything: Selection = {
  ...study,
  actor: undefined,
  confidence: undefined,
  from: parseDay("2009-01-01"),
  to: parseDay("2025-12-31"),
};
const reportOf = (
  selection: Selection,
  by: (typeof groupings)[number] = "country",
  from: Register = register,
): string => renderReport(from, computeLosses(from, selection, by));

/** Every value of an attribute in the page. */
const attributes = (page: string, name: string): readonly string[] =>
  [...page.matchAll(new RegExp(`\\s${name}="(?<value>[^"]*)"`, "gu"))].map(({ groups }) => groups?.["value"] ?? "");

describe("the report", () => {
  const page = reportOf(study);

  it("is the same twice", () => expect(reportOf(study)).toBe(page));

  it("carries no script and refers to nothing outside but by links", () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\((?!#)/iu);
    expect(page).not.toMatch(/\son[a-z]+=/iu);
    const withoutLinks = page.replaceAll(/<a [^>]*href="https?:[^"]*"[^>]*>[^]*?<\/a>/gu, "");
    expect(withoutLinks.match(/(?:src|href|action)="(?!#)[^"]*"/gu)).toBeNull();
  });

  it("leads from each figure to thefts that are in it, all of them", () => {
    const ids = attributes(page, "id");
    expect(new Set(ids).size).toBe(ids.length);
    const targets = attributes(page, "href").filter((href) => href.startsWith("#"));
    expect(targets.filter((target) => !ids.includes(target.slice(1)))).toEqual([]);
    const { total } = computeLosses(register, study, "country");
    for (const { incident } of [...total.counted, ...total.rangeOnly]) {
      expect(ids).toContain(`i-${incident.id}`);
      expect(targets).toContain(`#i-${incident.id}`);
    }
    expect(attributes(page, "aria-describedby").filter((id) => !ids.includes(id))).toEqual([]);
    const patterns = [...page.matchAll(/url\(#(?<id>[^)]+)\)/gu)].map(({ groups }) => groups?.["id"] ?? "");
    expect(patterns.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it.each(groupings)("shows the model's sum, rows and remarks by %s", (by) => {
    const losses = computeLosses(register, study, by);
    const text = reportOf(study, by);
    expect(text).toContain(formatHeadline(losses.total.usd));
    // Escaped as the page escapes it.
    const escaped = (label: string): string => label.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    for (const row of losses.rows)
      expect(text).toContain(escaped(row.label === "Unknown" ? "Country unknown" : row.label));
  });

  it("puts every country on the map or names it beside", () => {
    const { rows } = computeLosses(register, everything, "country");
    const figure = /<figure[^>]*id="map"[^]*?<\/figure>/u.exec(reportOf(everything))?.[0] ?? "";
    expect(rows.length).toBeGreaterThan(30);
    for (const { label, key } of rows) expect(figure).toContain(key === "unknown" ? "Country unknown" : label);
  });

  it("writes unknown as a word, and never as a sum", () => {
    const now = reportOf({ ...study, value: "now" });
    expect(now).toContain("took at least");
    expect(now).toContain(">unknown<");
  });

  it("says what to widen where nothing fits", () => {
    const empty = reportOf({ ...study, from: parseDay("2010-01-01"), to: parseDay("2010-12-31") });
    expect(empty).toContain("No theft in the register fits this selection");
    expect(empty).not.toContain("<svg");
    expect(empty).not.toMatch(/NaN|undefined|(?<!Axie )Infinity/u);
  });

  it("draws no broken number", () => {
    for (const selection of [study, everything, { ...study, value: "now" } satisfies Selection]) {
      expect(reportOf(selection).replaceAll(/<style>[^]*?<\/style>/gu, "")).not.toMatch(
        /NaN|undefined|(?<!Axie )Infinity/u,
      );
    }
  });

  it("shows hostile text of a register as text", () => {
    const hostile = `"><script>alert(1)</script><svg onload=alert(2)>&lt;`;
    const altered = folder.incidents.map((file) =>
      file.path.endsWith("2018-01-25-coincheck.yaml")
        ? {
            ...file,
            text: file.text
              .replace(/^ {2}name: .*$/mu, `  name: ${JSON.stringify(hostile)}`)
              .replace(/^notes: .*(?:\n {2}.*)*$/mu, `notes: ${JSON.stringify(`${hostile}</style></title>`)}`),
          }
        : file,
    );
    const from = readRegister([{ ...folder, incidents: altered }]);
    expect(from.incidents.some(({ victim }) => victim.name === hostile)).toBe(true);
    for (const by of ["country", "victim"] as const) {
      const text = reportOf({ ...study, confidence: "low" }, by, from);
      expect(text).not.toContain("<script");
      expect(text).not.toContain("<svg onload");
      expect(text).toContain("&lt;script&gt;alert(1)");
      expect(text.match(/<\/style>/gu)).toHaveLength(1);
    }
  });
});
