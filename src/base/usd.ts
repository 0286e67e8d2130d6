import { assert } from "./assert.ts";
import { divideRounded, roundDecimal, type Decimal } from "./decimal.ts";
import { Failure } from "./failure.ts";

/** US dollars in whole cents. Arithmetic on dollars lives in this file only. */
export type Usd = bigint & { readonly __brand: "Usd" };

/** A part of a whole in millionths: 312_000 is 31.2%. */
export type Millionths = number & { readonly __brand: "Millionths" };

export const zeroUsd: Usd = 0n as Usd;

/**
 * Reads US dollars with at most two decimals.
 *
 * @throws {Failure} `INVALID_VALUE` for anything else.
 * @example parseUsd("234337668.88") // => 23433766888n
 */
export function parseUsd(text: string): Usd {
  const match = /^(?<dollars>[0-9]{1,15})(?:\.(?<cents>[0-9]{1,2}))?$/u.exec(text)?.groups;
  if (match === undefined) {
    throw new Failure("INVALID_VALUE", {
      kind: "an amount of US dollars",
      text,
      why: "write plain digits with at most two decimals, such as 1234.56",
    });
  }
  return (BigInt(match["dollars"] ?? "") * 100n + BigInt((match["cents"] ?? "").padEnd(2, "0"))) as Usd;
}

/** Dollars and cents, exactly: `"234337668.88"`; with a leading minus where negative. */
export function formatUsd(usd: Usd): string {
  const digits = magnitude(usd).toString().padStart(3, "0");
  return `${usd < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Rounded to whole cents, half to even. */
export function usdFromDecimal(value: Decimal): Usd {
  return roundDecimal(value, 2) as Usd;
}

/** As an exact decimal. */
export function usdToDecimal(usd: Usd): Decimal {
  assert(usd >= 0n, "usd: a decimal is never negative");
  return { digits: usd, scale: 2 };
}

export function sumUsd(values: Iterable<Usd>): Usd {
  let sum = 0n;
  for (const value of values) sum += value;
  return sum as Usd;
}

export function subtractUsd(left: Usd, right: Usd): Usd {
  return (left - right) as Usd;
}

export function minUsd(first: Usd, ...rest: readonly Usd[]): Usd {
  return rest.reduce((least, value) => (value < least ? value : least), first);
}

export function maxUsd(first: Usd, ...rest: readonly Usd[]): Usd {
  return rest.reduce((most, value) => (value > most ? value : most), first);
}

export function absUsd(usd: Usd): Usd {
  return magnitude(usd) as Usd;
}

/** `usd · numerator / denominator`, rounded half to even to the cent; numerator ≥ 0, denominator > 0. */
export function scaleUsd(usd: Usd, numerator: bigint, denominator: bigint): Usd {
  assert(usd >= 0n && numerator >= 0n && denominator > 0n, "usd: scaling needs amounts ≥ 0");
  return divideRounded(usd * numerator, denominator) as Usd;
}

/**
 * The unit to which a figure is printed: the place of its last digit that is not 0, but never coarser than three digits
 * ($540m is taken as printed to the million).
 */
export function printedUnit(usd: Usd): Usd {
  const text = usd.toString();
  const zeros = /0*$/u.exec(text)?.[0].length ?? 0;
  return (10n ** BigInt(Math.max(0, Math.min(zeros, text.length - 3)))) as Usd;
}

/** What part of `whole` the `part` is; undefined where there is no whole to be part of. */
export function shareOf(part: Usd, whole: Usd): Millionths | undefined {
  if (whole <= 0n || part < 0n) return undefined;
  return Number(divideRounded(part * 1_000_000n, whole)) as Millionths;
}

/** Percent with one decimal: `"31.2%"`. */
export function formatShare(share: Millionths): string {
  const tenths = divideRounded(BigInt(share), 1_000n).toString().padStart(2, "0");
  return `${tenths.slice(0, -1)}.${tenths.slice(-1)}%`;
}

/** Millions of dollars with one decimal and no unit, as in a table's column: `"2,310.3"`. */
export function formatMillions(usd: Usd): string {
  const tenths = divideRounded(magnitude(usd), 10_000_000n).toString().padStart(2, "0");
  return `${usd < 0n ? "-" : ""}${groupDigits(tenths.slice(0, -1))}.${tenths.slice(-1)}`;
}

/** A headline figure to three digits: `"$2.31bn"`, `"$721m"`, `"$48.5m"`, `"$100k"`, `"$900"`. */
export function formatHeadline(usd: Usd): string {
  const sign = usd < 0n ? "-" : "";
  const cents = magnitude(usd);
  for (const [unit, size] of headlineUnits) {
    // A figure that rounds up to a thousand of one unit is one of the next.
    if (cents * 10_000n >= size * 9_995n) return `${sign}$${threeDigits(cents, size)}${unit}`;
  }
  return `${sign}$${divideRounded(cents, 100n)}`;
}

const headlineUnits: readonly (readonly [string, bigint])[] = [
  ["bn", 100_000_000_000n],
  ["m", 100_000_000n],
  ["k", 100_000n],
];

function threeDigits(cents: bigint, size: bigint): string {
  for (const decimals of [2, 1]) {
    const scaled = divideRounded(cents * 10n ** BigInt(decimals), size);
    if (scaled < 1_000n) {
      const text = scaled.toString().padStart(decimals + 1, "0");
      const fraction = text.slice(-decimals).replace(/0+$/u, "");
      return text.slice(0, -decimals) + (fraction === "" ? "" : `.${fraction}`);
    }
  }
  return groupDigits(divideRounded(cents, size).toString());
}

/** Thousands separated by commas. */
export function groupDigits(digits: string): string {
  return digits.replaceAll(/\B(?=(?:[0-9]{3})+$)/gu, ",");
}

function magnitude(usd: Usd): bigint {
  return usd < 0n ? 0n - usd : usd;
}
