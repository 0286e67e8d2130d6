/** Numbers as Bitcoin Core's undo data hold them, written the slow, obvious way. */

/** Core's VARINT: `WriteVarInt`. */
export function varint(value: bigint): Buffer {
  const bytes = [Number(value & 0x7fn)];
  let rest = value;
  while (rest > 0x7fn) {
    rest = (rest >> 7n) - 1n;
    bytes.unshift(Number(rest & 0x7fn) | 0x80);
  }
  return Buffer.from(bytes);
}

/** `CompressAmount`. */
export function compressAmount(amount: bigint): bigint {
  if (amount === 0n) return 0n;
  let [digits, exponent] = [amount, 0n];
  while (digits % 10n === 0n && exponent < 9n) [digits, exponent] = [digits / 10n, exponent + 1n];
  if (exponent === 9n) return 1n + (digits - 1n) * 10n + 9n;
  return 1n + ((digits / 10n) * 9n + (digits % 10n) - 1n) * 10n + exponent;
}
