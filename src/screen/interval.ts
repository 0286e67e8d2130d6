/** A part of a whole with its 95% interval, in millionths; undefined of nothing. */
export type Proportion = {
  readonly part: number;
  readonly of: number;
  readonly millionths: bigint;
  readonly low: bigint;
  readonly high: bigint;
};

const million = 1_000_000n;

/**
 * A proportion with its interval by Wilson's score, at 95% (z = 1.96), in integers: 8 of 10 is 80%, between 49.0% and 94.3%.
 * Undefined where there is nothing to be a part of.
 *
 * Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
 */
export function proportion(part: number, of: number): Proportion | undefined {
  if (of === 0) return undefined;
  const [k, n] = [BigInt(part), BigInt(of)];
  // (2k + z² ∓ z √(z² + 4k(n − k)/n)) / 2(n + z²), times 10,000 n above and below.
  const middle = (20_000n * k * n + 38_416n * n) * million;
  const spread = 196n * squareRoot(n * (38_416n * n + 40_000n * k * (n - k)) * million * million);
  const below = 2n * n * (10_000n * n + 38_416n);
  return {
    part,
    of,
    millionths: rounded(k * million, n),
    low: rounded(middle > spread ? middle - spread : 0n, below),
    high: rounded(middle + spread, below),
  };
}

function rounded(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}

/** The whole part of a square root, by Newton's method. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << (BigInt(value.toString(2).length + 1) / 2n);
  for (;;) {
    const next = (root + value / root) / 2n;
    if (next >= root) return root;
    root = next;
  }
}
