import { describe, expect, it } from "vitest";
import { countryName, countryNumeric, parseCountry } from "./country.ts";
import { nearest } from "./nearest.ts";

describe("countries", () => {
  it("are those of ISO 3166-1, and no other", () => {
    for (const code of ["JP", "VN", "US", "HK", "KP", "SC", "VG", "CW"]) expect(parseCountry(code, "test")).toBe(code);
    // User-assigned, exceptionally reserved, withdrawn, or of another form.
    for (const code of ["XK", "EU", "UK", "SU", "AN", "jp", "JPN", "", "ZZ", "__proto__"]) {
      expect(() => parseCountry(code, "test")).toThrow(/unknown country/u);
    }
  });

  it("agree with the runtime's own names where these exist", () => {
    const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
    for (const code of ["JP", "VN", "KR", "KP", "CN", "TW", "IR", "RU", "US", "GB", "SC", "AE"]) {
      expect(countryName(parseCountry(code, "test"))).toBe(names.of(code));
    }
  });

  it("carry the numeric code that maps use", () => {
    expect([countryNumeric(parseCountry("JP", "test")), countryNumeric(parseCountry("AF", "test"))]).toEqual([
      "392",
      "004",
    ]);
  });
});

describe("nearest", () => {
  it("names what was probably meant", () => {
    expect(nearest("lazarus-grup", ["lazarus-group", "apt38"], "see help")).toBe(
      "did you mean lazarus-group? Else see help",
    );
    expect(nearest("lazarus", ["lazarus-group", "apt38"], "see help")).toContain("lazarus-group");
    expect(nearest("quite-other", ["lazarus-group", "apt38"], "see help")).toBe("see help");
  });
});
