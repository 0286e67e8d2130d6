import { describe, expect, it } from "vitest";
import { apiQuery, askedOf, openText, readOpen, study } from "./query.ts";

const asked = (query: string): ReturnType<typeof askedOf> => {
  const given = new URLSearchParams(query);
  return askedOf({ get: (name) => given.get(name) ?? undefined });
};

describe("the address of Losses", () => {
  it("begins with the study", () => expect(asked("")).toEqual(study));
  it("says everything that can be asked", () => {
    const query =
      "actor=tradertraitor&from=2020-01-01&to=2021-12-31&by=year&value=now&country-rule=seat&confidence=high&technique=T1566.002&open=JP.2018";
    expect(asked(query)).toEqual({
      actor: "tradertraitor",
      from: "2020-01-01",
      to: "2021-12-31",
      by: "year",
      value: "now",
      countryRule: "seat",
      confidence: "high",
      technique: "T1566.002",
      open: "JP.2018",
    });
  });
  it("is forgiven what it says wrongly", () => {
    expect(asked("from=2020-02-30&by=planet&value=x&country-rule=&confidence=sure&technique=<script>")).toEqual(study);
    expect(asked("from=2022-01-01&to=2019-12-31")).toMatchObject({ from: "2019-12-31", to: "2022-01-01" });
  });
  it("asks no confidence of all thefts, unless it says so", () => {
    expect(apiQuery(asked("actor=all"))).not.toHaveProperty("confidence");
    expect(apiQuery(asked("actor=all&confidence=low"))).toHaveProperty("confidence", "low");
  });
  it("opens rows and cells, techniques with a point too", () => {
    for (const [text, opened] of [
      ["JP", { key: "JP", year: undefined }],
      ["JP.2018", { key: "JP", year: "2018" }],
      ["T1566.002", { key: "T1566.002", year: undefined }],
      ["T1566.002.2018", { key: "T1566.002", year: "2018" }],
      ["total.earlier", { key: "total", year: "earlier" }],
    ] as const) {
      expect(readOpen(text)).toEqual(opened);
      expect(openText(opened.key, opened.year)).toBe(text);
    }
    expect(readOpen(undefined)).toBeUndefined();
  });
});
