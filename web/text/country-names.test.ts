import codes from "i18n-iso-countries/codes.json" with { type: "json" };
import { describe, expect, it } from "vitest";
import { nameOfCountry } from "./country-names.ts";

describe("countries", () => {
  it("have a name in both languages", () => {
    for (const [code = ""] of codes) {
      if (code === "XK") continue;
      expect([code, nameOfCountry(code, "en")]).not.toEqual([code, code]);
      expect(nameOfCountry(code, "ja")).toMatch(/[\p{sc=Han}\p{sc=Katakana}]/u);
    }
  });
  it("are called as everybody calls them", () => {
    expect(["JP", "KR", "US", "HK", "VG"].map((code) => nameOfCountry(code, "ja"))).toEqual([
      "日本",
      "韓国",
      "米国",
      "香港",
      "英領バージン諸島",
    ]);
  });
});
