/** CHIP-2022-02-CashTokens, "Token Prefix". */
const PREFIX_TOKEN = 0xef;
const CATEGORY_BYTES = 32;
const BIT = { reserved: 0x80, commitment: 0x40, nonFungible: 0x20, amount: 0x10 } as const;
const CAPABILITY_MAX = 2;
/** Bytes of a commitment since May 2026; before, 40. */
const COMMITMENT_BYTES_MAX = 128;

/**
 * Where an output's locking script begins, behind a token that the output may hold.
 *
 * @returns `start` where there is no token, also where what looks like one is malformed: then it is part of the script.
 * Source: CHIP-2022-02-CashTokens, "Token Encoding".
 */
export function tokenPrefixEnd(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end || bytes[start] !== PREFIX_TOKEN) return start;
  let at = start + 1 + CATEGORY_BYTES;
  if (at >= end) return start;
  const field = bytes[at] ?? 0;
  at += 1;
  const nonFungible = (field & BIT.nonFungible) !== 0;
  if ((field & BIT.reserved) !== 0 || (field & 0x0f) > CAPABILITY_MAX) return start;
  if (!nonFungible && ((field & BIT.commitment) !== 0 || (field & 0x0f) !== 0)) return start;
  if (!nonFungible && (field & BIT.amount) === 0) return start;
  if ((field & BIT.commitment) !== 0) {
    const length = at < end ? (bytes[at] ?? 0) : 0;
    if (length === 0 || length > COMMITMENT_BYTES_MAX) return start;
    at += 1 + length;
  }
  if ((field & BIT.amount) !== 0) at = amountEnd(bytes, at, end);
  return at > end || at < 0 ? start : at;
}

/** Behind a compact size from 1 to 2^63 − 1 in its shortest form; -1 for anything else. */
function amountEnd(bytes: Uint8Array, at: number, end: number): number {
  const first = at < end ? (bytes[at] ?? 0) : 0;
  const width = first < 0xfd ? 0 : 1 << (first - 0xfc);
  if (first === 0 || at + 1 + width > end) return -1;
  if (width === 0) return at + 1;
  // The shortest form: some bit is set in the upper half, for 2 bytes a value of 0xfd at least.
  const upper = bytes.subarray(at + 1 + (width >> 1), at + 1 + width);
  const used = upper.some((byte) => byte !== 0) || (width === 2 && (bytes[at + 1] ?? 0) >= 0xfd);
  const negative = width === 8 && (bytes[at + width] ?? 0) >= 0x80;
  return used && !negative ? at + 1 + width : -1;
}
