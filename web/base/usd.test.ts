import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exactUsd, headlineUsd, millionsUsd, parseUsd, rangeUsd, signedMillions } from "./usd.ts";

const millions = (amount: number) => parseUsd(`${amount}000000.00`);

describe("dollars in words", () => {
  it("are those of the specification", () => {
    expect(headlineUsd(millions(721), "en")).toBe("$721m");
    expect(headlineUsd(millions(2310), "en")).toBe("$2.31bn");
    expect(rangeUsd(millions(646), millions(719), "en")).toBe("$646–719m");
    expect(headlineUsd(millions(721), "ja")).toBe("7億2,100万ドル");
    expect(headlineUsd(millions(2310), "ja")).toBe("23億1,000万ドル");
    expect(rangeUsd(millions(646), millions(719), "ja")).toBe("6億4,600万〜7億1,900万ドル");
  });

  it("say a range's unit twice where it changes, and nothing of a part that is nothing", () => {
    expect(rangeUsd(millions(998), millions(2310), "en")).toBe("$998m–2.31bn");
    expect(rangeUsd(0n as never, millions(2), "en")).toBe("$0–2m");
    expect(headlineUsd(0n as never, "ja")).toBe("0ドル");
    expect(headlineUsd(millions(100), "ja")).toBe("1億ドル");
    expect(headlineUsd(parseUsd("18300.00"), "ja")).toBe("1万8,300ドル");
    expect(headlineUsd(parseUsd("1999500000000.00"), "ja")).toBe("2兆ドル");
  });

  it("are exact where they are asked to be, with their sign", () => {
    expect(exactUsd(parseUsd("234337668.88"), "en")).toBe("$234,337,668.88");
    expect(exactUsd(parseUsd("-30000000.00"), "ja")).toBe("−30,000,000ドル");
    expect(millionsUsd(parseUsd("-30000000.00"))).toBe("−30.0");
    expect(signedMillions(parseUsd("10303668.88"))).toBe("+10.3");
    expect(signedMillions(parseUsd("0.00"))).toBe("0.0");
  });

  it("refuse what is no amount", () => {
    for (const text of ["", "1.5", "1e9", "NaN", "1,000.00", "−1.00"]) expect(() => parseUsd(text)).toThrow(RangeError);
  });

  it("in Japanese are within half a unit of the third digit, for every amount", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), (cents) => {
        const said = readJapanese(headlineUsd(cents as never, "ja"));
        const digits = (cents / 100n).toString().length;
        const unit = 10n ** BigInt(Math.max(0, digits - 3));
        const away = said * 100n - cents;
        return (away < 0n ? -away : away) * 2n <= unit * 100n && said % unit === 0n;
      }),
    );
  });
});

/** An obvious reading of the formatter's words. */
function readJapanese(text: string): bigint {
  let sum = 0n;
  for (const { groups } of text.matchAll(/(?<digits>[0-9,]+)(?<unit>[万億兆京]?)/gu)) {
    const unit = { "": 0, 万: 4, 億: 8, 兆: 12, 京: 16 }[groups?.["unit"] ?? ""] ?? 0;
    sum += BigInt((groups?.["digits"] ?? "").replaceAll(",", "")) * 10n ** BigInt(unit);
  }
  return sum;
}
