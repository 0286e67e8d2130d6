import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csv } from "./csv.ts";
import { clockText, instantText, periodText, spanText } from "./dates.ts";
import { localeOf } from "./locale.ts";
import { decimal, percent, whole } from "./numbers.ts";
import { shortAddress, shortenAll, shortTxid } from "./shorten.ts";

describe("dates", () => {
  it("are those of the specification", () => {
    expect(instantText("2018-01-26T14:02:31Z", "en")).toBe("2018-01-26 14:02 UTC");
    expect(instantText("2018-01-26T14:02:31Z", "ja")).toBe("2018年1月26日 14:02（UTC）");
    expect(clockText(Date.UTC(2026, 0, 1, 14, 2), "ja")).toBe("14:02（UTC）");
  });
  it("say months and years that are known no better, and whole years as such", () => {
    expect(["2018", "2018-01", "2018-01-26"].map((text) => periodText(text, "ja"))).toEqual([
      "2018年",
      "2018年1月",
      "2018年1月26日",
    ]);
    expect(spanText("2017-01-01", "2022-12-31", "en")).toBe("2017–2022");
    expect(spanText("2017-01-01", "2022-12-31", "ja")).toBe("2017〜2022年");
    expect(spanText("2022-01-01", "2022-12-31", "en")).toBe("2022");
    expect(spanText("2022-01-02", "2022-12-31", "en")).toBe("2022-01-02 to 2022-12-31");
  });
});

describe("numbers", () => {
  it("are grouped, and percents have one decimal", () => {
    expect([whole(1_234_567), whole("-1234"), decimal("523000000.5"), percent(0.299095)]).toEqual([
      "1,234,567",
      "−1,234",
      "523,000,000.5",
      "29.9%",
    ]);
  });
});

describe("the language", () => {
  it("is the first that the browser asks for and that there is", () => {
    expect(localeOf(["fr-FR", "ja-JP", "en"])).toBe("ja");
    expect(localeOf(["en-GB", "ja"])).toBe("en");
    expect(localeOf(["fr"])).toBe("en");
    expect(localeOf(["jam"])).toBe("en");
  });
});

describe("identifiers", () => {
  it("are shortened as the specification shows", () => {
    expect(shortAddress("0x12345678901234567890123456789012345fabcd")).toBe("0x1234…abcd");
    expect(shortAddress("bc1q12cdefghjkmnpqrstuvwxyz023456789ab12cd")).toBe("bc1q12…ab12cd");
    expect(shortTxid("12345678".repeat(8))).toBe("12345678…");
    expect(shortAddress("Alice")).toBe("Alice");
  });
  it("that look alike grow until they differ", () => {
    const [left, right] = ["0x12340000000000000000000000000000000fabcd", "0x12349999999999999999999999999999999fabcd"];
    const all = shortenAll([left, right, "0x5555000000000000000000000000000000001111", left]);
    expect(all.get(left)).toEqual({ text: "0x123400…0fabcd", lookAlike: true });
    expect(all.get(right)).toEqual({ text: "0x123499…9fabcd", lookAlike: true });
    expect(all.get("0x5555000000000000000000000000000000001111")?.lookAlike).toBe(false);
  });
  it("never shorten alike, whatever they are", () => {
    const address = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.uniqueArray(address, { maxLength: 30 }), (addresses) => {
        const shorts = [...shortenAll(addresses).values()].map(({ text }) => text);
        return shorts.length === addresses.length && new Set(shorts).size === shorts.length;
      }),
    );
  });
});

describe("CSV", () => {
  it("guards text that a spreadsheet would run, and leaves numbers", () => {
    const row = ["=1+1", "+a", "-2+3", "@x", "\tx", "-30.5", "12", 'say "a", b'];
    expect(csv(["a"], [row])).toBe(`a\r\n'=1+1,'+a,'-2+3,'@x,'\tx,-30.5,12,"say ""a"", b"\r\n`);
  });
});
