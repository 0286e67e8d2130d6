/**
 * How many of the subsets of `values`, the empty one too, sum to `target` within `tolerance`.
 *
 * It measures how little a fit proves: among twenty sums of money some always add up to a given one. Meet in the
 * middle: the sums of each half, sorted, paired by two pointers.
 *
 * @returns The count; undefined for more than 40 values.
 * Cost: 2^(n/2) sums, and sorting them.
 */
export function countSubsets(values: readonly bigint[], target: bigint, tolerance: bigint): bigint | undefined {
  if (values.length > 40) return undefined;
  const middle = values.length >> 1;
  const left = sumsOf(values.slice(0, middle));
  const right = sumsOf(values.slice(middle));
  // For rising left sums the window of fitting right sums moves down; both its ends only ever move one way.
  let count = 0;
  let above = right.length;
  let from = right.length;
  for (const sum of left) {
    while (above > 0 && (right[above - 1] ?? 0n) + sum > target + tolerance) above -= 1;
    while (from > 0 && (right[from - 1] ?? 0n) + sum >= target - tolerance) from -= 1;
    count += above - from;
  }
  return BigInt(count);
}

function sumsOf(values: readonly bigint[]): readonly bigint[] {
  let sums: bigint[] = [0n];
  for (const value of values) sums = [...sums, ...sums.map((sum) => sum + value)];
  return sums.toSorted((left, right) => (left < right ? -1 : left > right ? 1 : 0));
}
