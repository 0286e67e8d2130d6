import { assert } from "../../base/assert.ts";
import type { Usd } from "../../base/usd.ts";

/**
 * Dollars as a length for drawing, in millions. The only place where money becomes a floating-point number; nothing that
 * is printed comes from here.
 */
export function millions(usd: Usd): number {
  assert(usd >= 0n, "pixels: a drawn amount is never negative");
  return Number(usd) / 100_000_000;
}
