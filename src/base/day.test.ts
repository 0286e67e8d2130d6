import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, dayOf, daysBetween, parseDay, parseInstant, parsePeriod } from "./day.ts";

describe("days", () => {
  it.each(["2023-02-30", "2023-13-01", "2023-00-10", "2100-02-29", "0000-00-00"])("refuses %s, which is none", (text) =>
    expect(() => parseDay(text)).toThrow(/there is no such day/u),
  );
  it.each(["", "2023-1-1", "23-01-01", "2023/01/01", "2023-01-01T00:00:00Z", "+2023-01-01"])(
    "refuses the form %j",
    (text) => expect(() => parseDay(text)).toThrow(/write it as YYYY-MM-DD/u),
  );
  it("has the 29th of February in leap years", () => expect(parseDay("2000-02-29")).toBe("2000-02-29"));

  it("counts forwards and back", () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: -5_000, max: 5_000 }), (offset, count) => {
        const day = addDays(parseDay("1990-01-01"), offset);
        const other = addDays(day, count);
        expect(daysBetween(day, other)).toBe(count);
        expect(other < day).toBe(count < 0);
      }),
    ));
});

describe("periods", () => {
  it.each([
    ["2018-09", "2018-09-01", "2018-09-30"],
    ["2020-02", "2020-02-01", "2020-02-29"],
    ["2019", "2019-01-01", "2019-12-31"],
    ["2019-12-31", "2019-12-31", "2019-12-31"],
  ])("%s runs from %s to %s", (text, first, last) => expect(parsePeriod(text)).toEqual({ text, first, last }));
  it("refuses a month that is none", () => expect(() => parsePeriod("2018-13")).toThrow(/no such day/u));
});

describe("instants", () => {
  it("take a bare day as its beginning", () => expect(parseInstant("2022-03-23")).toBe("2022-03-23T00:00:00Z"));
  it("keep the day", () => expect(dayOf(parseInstant("2022-03-23T13:29:09Z"))).toBe("2022-03-23"));
  it.each([
    "2022-03-23T24:00:00Z",
    "2022-03-23T13:60:00Z",
    "2022-03-23T13:29:09",
    "2022-03-23T13:29:09+09:00",
    "2022-02-30T00:00:00Z",
  ])("refuses %s", (text) => expect(() => parseInstant(text)).toThrow(/INVALID|is not/u));
});
