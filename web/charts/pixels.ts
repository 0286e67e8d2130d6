import { parseUsd } from "../base/usd.ts";

/** Dollars as a length for drawing, in millions: the only place where money becomes a floating-point number. */
export function millions(usd: string): number {
  return Number(parseUsd(usd)) / 100_000_000;
}
