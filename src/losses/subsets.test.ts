import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countSubsets } from "./subsets.ts";

/** Every subset, one after the other. */
function countObviously(values: readonly bigint[], target: bigint, tolerance: bigint): bigint {
  let count = 0n;
  for (let chosen = 0; chosen < 2 ** values.length; chosen += 1) {
    const sum = values.reduce((total, value, index) => (((chosen >> index) & 1) === 1 ? total + value : total), 0n);
    if (sum >= target - tolerance && sum <= target + tolerance) count += 1n;
  }
  return count;
}

describe("countSubsets", () => {
  const amount = fc.bigInt({ min: 0n, max: 60n });
  it("equals trying every subset", () =>
    fc.assert(
      fc.property(
        fc.array(amount, { maxLength: 11 }),
        amount,
        fc.bigInt({ min: 0n, max: 5n }),
        (values, target, tolerance) => {
          expect(countSubsets(values, target, tolerance)).toBe(countObviously(values, target, tolerance));
        },
      ),
    ));
  it("does not begin what it cannot finish", () =>
    expect(countSubsets(Array<bigint>(41).fill(1n), 3n, 0n)).toBeUndefined());
  it("counts a million and more", () => expect(countSubsets(Array<bigint>(24).fill(1n), 12n, 0n)).toBe(2_704_156n));
});
