/** The first of `count` records, whose values never fall, with at least a value; `count` where there is none. */
export function firstNotBelow(valueOf: (record: number) => number, count: number, value: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = low + (high - low - ((high - low) % 2)) / 2;
    if (valueOf(middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
