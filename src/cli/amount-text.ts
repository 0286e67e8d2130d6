import { asset } from "../base/assets.ts";
import { divideRounded, formatDecimal, roundDecimal } from "../base/decimal.ts";
import { isFailure } from "../base/failure.ts";
import { groupDigits } from "../base/usd.ts";
import { decimalsOf } from "../trace/price-rule.ts";

const spokenDigits = 4;

/** An amount with its unit: whole coins where the decimals are known, else base units. */
export function amountText(amount: bigint, id: string): string {
  const decimals = decimalsOf(id);
  if (decimals === undefined) return `${groupDigits(String(amount))} of ${symbolOf(id)}`;
  const [whole = "", fraction] = formatDecimal({ digits: amount, scale: decimals }).split(".");
  return `${groupDigits(whole)}${fraction === undefined ? "" : `.${fraction}`} ${symbolOf(id)}`;
}

/** An amount to be read aloud: of whole coins four decimals, of less four digits; the tables have it exactly. */
export function spokenAmount(amount: bigint, id: string): string {
  const decimals = decimalsOf(id);
  if (decimals === undefined) return amountText(amount, id);
  const digits = String(amount).length;
  const kept = digits > decimals ? spokenDigits : decimals - digits + spokenDigits;
  if (kept >= decimals) return amountText(amount, id);
  const unit = 10n ** BigInt(decimals - kept);
  return amountText(roundDecimal({ digits: amount, scale: decimals }, kept) * unit, id);
}

/** What an asset is called; of one that Fundtrail does not know its id. */
export function symbolOf(id: string): string {
  try {
    return asset(id).symbol;
  } catch (thrown) {
    if (isFailure(thrown)) return id;
    throw thrown;
  }
}

/** A part of a whole: `12.3%`; nothing where there is no whole. */
export function shareText(part: bigint, whole: bigint): string {
  if (whole <= 0n) return "";
  const tenths = divideRounded(part * 1_000n, whole)
    .toString()
    .padStart(2, "0");
  return `${tenths.slice(0, -1)}.${tenths.slice(-1)}%`;
}

/** `1 service`, `12 services`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${groupDigits(String(count))} ${count === 1 ? one : many}`;
}
