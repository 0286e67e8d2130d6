import { groupDigits } from "../../src/base/usd.ts";

/** A whole number with its thousands apart; the same in both languages. */
export function whole(value: number | bigint | string): string {
  const text = String(value);
  return text.startsWith("-") ? `−${groupDigits(text.slice(1))}` : groupDigits(text);
}

/** A decimal as text with its thousands apart. @example decimal("523000000.5") // => "523,000,000.5" */
export function decimal(text: string): string {
  const [integer = "", fraction] = text.split(".");
  return fraction === undefined ? whole(integer) : `${whole(integer)}.${fraction}`;
}

/** A part of 1 as percent with one decimal. @example percent(0.29913) // => "29.9%" */
export function percent(part: number): string {
  return `${(part * 100).toFixed(1)}%`;
}
