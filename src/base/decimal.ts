import { Failure } from "./failure.ts";

/** An exact decimal number ≥ 0: `digits · 10^-scale`. For prices and for amounts whose base unit is not known. */
export type Decimal = { readonly digits: bigint; readonly scale: number };

const decimalPattern = /^(?<whole>[0-9]{1,80})(?:\.(?<fraction>[0-9]{1,40}))?$/u;

/**
 * Reads a plain decimal: digits, at most one point, no sign, no exponent, no separators.
 *
 * @param kind - What the text should be, for the failure's message ("an amount").
 * @throws {Failure} `INVALID_VALUE` for anything else.
 */
export function parseDecimal(text: string, kind: string): Decimal {
  const groups = decimalPattern.exec(text)?.groups;
  if (groups === undefined) {
    throw new Failure("INVALID_VALUE", {
      kind,
      text,
      why: "write plain digits with at most one point, such as 1234.5",
    });
  }
  const fraction = groups["fraction"] ?? "";
  return { digits: BigInt(`${groups["whole"]}${fraction}`), scale: fraction.length };
}

/** Exact product. */
export function multiplyDecimal(left: Decimal, right: Decimal): Decimal {
  return { digits: left.digits * right.digits, scale: left.scale + right.scale };
}

/** Exact sum. */
export function addDecimal(left: Decimal, right: Decimal): Decimal {
  if (left.scale === right.scale) return { digits: left.digits + right.digits, scale: left.scale };
  const scale = Math.max(left.scale, right.scale);
  return { digits: rescale(left, scale) + rescale(right, scale), scale };
}

/**
 * The number in units of 10^-scale, rounded half to even where digits are lost.
 *
 * Half to even, so that sums of rounded figures carry no drift in one direction.
 */
export function roundDecimal(value: Decimal, scale: number): bigint {
  if (value.scale <= scale) return rescale(value, scale);
  return divideRounded(value.digits, powerOfTen(value.scale - scale));
}

/** `numerator / denominator` as an integer, rounded half to even; both ≥ 0, denominator > 0. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (twice < denominator) return quotient;
  if (twice > denominator) return quotient + 1n;
  return quotient % 2n === 0n ? quotient : quotient + 1n;
}

/** Canonical text: no leading zeros, no trailing zeros after the point. */
export function formatDecimal(value: Decimal): string {
  const digits = value.digits.toString().padStart(value.scale + 1, "0");
  const cut = digits.length - value.scale;
  const fraction = digits.slice(cut).replace(/0+$/u, "");
  return fraction === "" ? digits.slice(0, cut) : `${digits.slice(0, cut)}.${fraction}`;
}

function rescale(value: Decimal, scale: number): bigint {
  return value.scale === scale ? value.digits : value.digits * powerOfTen(scale - value.scale);
}

/** There are as many as scales, which have at most two digits: an answer may need one a million times. */
const powers: bigint[] = [];

function powerOfTen(exponent: number): bigint {
  return (powers[exponent] ??= 10n ** BigInt(exponent));
}
