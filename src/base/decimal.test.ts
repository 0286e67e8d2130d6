import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDecimal, divideRounded, formatDecimal, multiplyDecimal, parseDecimal, roundDecimal } from "./decimal.ts";
import { formatUnits, parseUnits } from "./amount.ts";

const decimal = fc.record({ digits: fc.bigInt({ min: 0n, max: 10n ** 30n }), scale: fc.nat(18) });

/** An exact rational, the obvious way. */
const equal = (left: { digits: bigint; scale: number }, right: { digits: bigint; scale: number }): boolean =>
  left.digits * 10n ** BigInt(right.scale) === right.digits * 10n ** BigInt(left.scale);

describe("decimal", () => {
  it("comes back from its text", () =>
    fc.assert(fc.property(decimal, (value) => equal(parseDecimal(formatDecimal(value), "a number"), value))));

  it("adds and multiplies as rationals do", () =>
    fc.assert(
      fc.property(decimal, decimal, (left, right) => {
        const sum = addDecimal(left, right);
        const scale = 10n ** 40n;
        const over = (value: typeof left): bigint => (value.digits * scale) / 10n ** BigInt(value.scale);
        expect(over(sum)).toBe(over(left) + over(right));
        expect(
          equal(multiplyDecimal(left, right), { digits: left.digits * right.digits, scale: left.scale + right.scale }),
        ).toBe(true);
      }),
    ));

  it("rounds to the nearest, ties to even", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 24n }), fc.bigInt({ min: 1n, max: 10n ** 12n }), (top, bottom) => {
        const rounded = divideRounded(top, bottom);
        const off = 2n * (top - rounded * bottom);
        const size = off < 0n ? -off : off;
        expect(size <= bottom).toBe(true);
        expect(size !== bottom || rounded % 2n === 0n).toBe(true);
      }),
    );
    expect([1n, 3n, 5n, 7n].map((half) => divideRounded(half, 2n))).toEqual([0n, 2n, 2n, 4n]);
    expect(roundDecimal({ digits: 12345n, scale: 4 }, 2)).toBe(123n);
  });

  it.each(["", ".", "1.", ".5", "-1", "+1", "1e3", "1,000", "0x1", " 1", "1 ", "١", "NaN", "1".repeat(81)])(
    "refuses %j",
    (text) => expect(() => parseDecimal(text, "a number")).toThrow(/is not a number/u),
  );
});

describe("units", () => {
  it("are exact both ways for every number of decimals", () =>
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), fc.nat(18), (units, decimals) => {
        const text = formatUnits(units as never, decimals);
        expect(parseUnits(text, decimals)).toBe(units);
      }),
    ));

  it("refuses what is finer than the base unit, but not idle zeros", () => {
    expect(parseUnits("1.500", 1)).toBe(15n);
    expect(() => parseUnits("1.51", 1)).toThrow(/more than the asset's 1 decimals/u);
    expect(parseUnits("173600", 18)).toBe(173_600n * 10n ** 18n);
  });
});
