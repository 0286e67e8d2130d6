/** A number below 2^53 as two unsigned halves of 64 bits, the high one first. */
export function halves(value: number): [hi: number, lo: number] {
  const lo = value % 0x1_0000_0000;
  return [(value - lo) / 0x1_0000_0000, lo];
}
