import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatHeadline,
  formatMillions,
  formatShare,
  formatUsd,
  parseUsd,
  printedUnit,
  scaleUsd,
  shareOf,
  sumUsd,
  type Usd,
} from "./usd.ts";

const cents = fc.bigInt({ min: 0n, max: 10n ** 16n });

describe("dollars", () => {
  it("come back from their text to the cent", () =>
    fc.assert(fc.property(cents, (value) => parseUsd(formatUsd(value as Usd)) === value)));

  it.each([
    ["234337668.88", 23_433_766_888n],
    ["7", 700n],
    ["0.5", 50n],
    ["0.05", 5n],
  ])("reads %s", (text, value) => expect(parseUsd(text)).toBe(value));

  it.each(["", "-1", "1.234", "1,000", "$5", "1e6", ".5", "5."])("refuses %j", (text) =>
    expect(() => parseUsd(text)).toThrow(/is not an amount of US dollars/u),
  );

  it.each([
    ["2310300000", "$2.31bn", "2,310.3"],
    ["721000000", "$721m", "721.0"],
    ["999600000", "$1bn", "999.6"],
    ["999400000", "$999m", "999.4"],
    ["48500000", "$48.5m", "48.5"],
    ["100000000", "$100m", "100.0"],
    ["144000", "$144k", "0.1"],
    ["900", "$900", "0.0"],
    ["0", "$0", "0.0"],
    ["12345678900000", "$12,346bn", "12,345,678.9"],
  ])("%s prints as %s and %s", (text, headline, millions) => {
    expect(formatHeadline(parseUsd(text))).toBe(headline);
    expect(formatMillions(parseUsd(text))).toBe(millions);
  });

  it("prints a fall with its sign", () => {
    const fall = -3_000_000_000n as Usd;
    expect([formatUsd(fall), formatMillions(fall), formatHeadline(fall)]).toEqual(["-30000000.00", "-30.0", "-$30m"]);
  });

  it("knows to which unit a figure was printed", () => {
    const unit = (text: string): string => formatUsd(printedUnit(parseUsd(text)));
    expect(["721000000", "540000000", "2300000000", "234337668.88", "600000000"].map(unit)).toEqual([
      "1000000.00",
      "1000000.00",
      "10000000.00",
      "0.01",
      "1000000.00",
    ]);
  });
});

describe("shares", () => {
  it("are unknown of nothing", () => expect(shareOf(5n as Usd, 0n as Usd)).toBeUndefined());
  it("print in percent", () => {
    const share = shareOf(parseUsd("721"), parseUsd("2300"));
    expect(share).toBe(313_478);
    expect(share === undefined ? "" : formatShare(share)).toBe("31.3%");
  });
  it("of all parts sum to the whole within their rounding", () =>
    fc.assert(
      fc.property(fc.array(cents, { minLength: 1, maxLength: 20 }), (values) => {
        const whole = sumUsd(values as Usd[]);
        const shares = values.map((value) => shareOf(value as Usd, whole));
        const sum = shares.reduce<number>((total, share) => total + (share ?? 0), 0);
        expect(whole === 0n || Math.abs(sum - 1_000_000) <= values.length).toBe(true);
      }),
    ));
  it("scale dollars to the nearest cent", () => expect(scaleUsd(parseUsd("1"), 1n, 3n)).toBe(33n));
});
