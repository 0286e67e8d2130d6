/** US dollars in words, in both languages, from whole cents. */
import { formatHeadline, formatMillions, groupDigits, type Usd } from "../../src/base/usd.ts";
import type { Locale } from "./locale.ts";

/** Reads the API's dollars: decimal text with cents, negative where a difference is. @example parseUsd("-30.00") // => -3000n */
export function parseUsd(text: string): Usd {
  const match = /^(?<sign>-?)(?<dollars>[0-9]{1,30})(?:\.(?<cents>[0-9]{2}))?$/u.exec(text)?.groups;
  if (match === undefined) throw new RangeError(`not an amount of US dollars: ${text.slice(0, 40)}`);
  const cents = BigInt(`${match["dollars"]}${match["cents"] ?? "00"}`);
  return (match["sign"] === "-" ? -cents : cents) as Usd;
}

/**
 * A figure to three digits, with its unit.
 *
 * @example headlineUsd(72_100_000_000n, "en") // => "$721m"
 * @example headlineUsd(72_100_000_000n, "ja") // => "7億2,100万ドル"
 */
export function headlineUsd(usd: Usd, locale: Locale): string {
  return locale === "en" ? formatHeadline(usd) : `${sign(usd)}${japanese(rounded(magnitude(usd)))}ドル`;
}

/** A range; its unit is said once where it is the same. @example "$646–719m", "6億4,600万〜7億1,900万ドル" */
export function rangeUsd(low: Usd, high: Usd, locale: Locale): string {
  const [left, right] = [headlineUsd(low, locale), headlineUsd(high, locale)];
  if (locale === "ja") return `${left.replace(/ドル$/u, "")}〜${right}`;
  const unit = /[a-z]*$/u.exec(left)?.[0] ?? "";
  const isSame = unit === (/[a-z]*$/u.exec(right)?.[0] ?? "");
  return isSame && unit !== "" ? `${left.slice(0, -unit.length)}–${right.slice(1)}` : `${left}–${right.slice(1)}`;
}

/** Every dollar, and cents where there are some. @example exactUsd(53_400_000_050n, "en") // => "$534,000,000.50" */
export function exactUsd(usd: Usd, locale: Locale): string {
  const digits = magnitude(usd).toString().padStart(3, "0");
  const cents = digits.slice(-2);
  const text = `${groupDigits(digits.slice(0, -2))}${cents === "00" ? "" : `.${cents}`}`;
  return locale === "en" ? `${sign(usd)}$${text}` : `${sign(usd)}${text}ドル`;
}

/** Millions with one decimal, no unit: a column says it in its header. @example millionsUsd(69_100_000_000n) // => "691.0" */
export function millionsUsd(usd: Usd): string {
  return formatMillions(usd).replace(/^-/u, "−");
}

/** A difference, always with its sign. */
export function signedMillions(usd: Usd): string {
  return usd > 0n ? `+${millionsUsd(usd)}` : millionsUsd(usd);
}

function sign(usd: bigint): string {
  return usd < 0n ? "−" : "";
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** Whole dollars, rounded to three digits, half to even. */
function rounded(cents: bigint): bigint {
  const whole = halfEven(cents, 100n);
  const digits = whole.toString().length;
  if (digits <= 3) return whole;
  const unit = 10n ** BigInt(digits - 3);
  // From the cents at once: rounding twice could round up what stands just under the half.
  return halfEven(cents, unit * 100n) * unit;
}

function halfEven(value: bigint, by: bigint): bigint {
  const [quotient, rest] = [value / by, (value % by) * 2n];
  return rest > by || (rest === by && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

const myriads = ["", "万", "億", "兆", "京"] as const;

/** In groups of four digits, as Japanese counts; groups of nothing are left out. */
function japanese(value: bigint): string {
  if (value === 0n) return "0";
  const parts: string[] = [];
  let left = value;
  for (const name of myriads) {
    const part = name === "京" ? left : left % 10_000n;
    if (part > 0n) parts.unshift(`${groupDigits(part.toString())}${name}`);
    left = name === "京" ? 0n : left / 10_000n;
  }
  return parts.join("");
}
