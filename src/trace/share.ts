import { assert } from "../base/assert.ts";
import { safeNumber } from "../ledger/safe-number.ts";

/**
 * `⌊part · of / whole⌋` of safe integers, exactly, for part ≤ whole; the product may pass 2^53.
 *
 * @throws {InvariantError} where `whole` is 0 or the result would pass `of`.
 */
export function shareOf(part: number, of: number, whole: number): number {
  if (part === whole) return of;
  if (part === 0 || of === 0) return 0;
  assert(whole > 0 && part < whole, "trace: a share of less than nothing, or of more than all");
  const product = part * of;
  if (product <= Number.MAX_SAFE_INTEGER) return (product - (product % whole)) / whole;
  return safeNumber((BigInt(part) * BigInt(of)) / BigInt(whole));
}
