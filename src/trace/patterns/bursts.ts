/**
 * Runs of items that lie within a span of time and have enough different owners; each item is in one run at most, and a run
 * is taken as early and as long as it can be.
 *
 * @param items - In order of time.
 * @param least - How many different owners a run needs.
 * @param seconds - From its first item to its last; `Infinity`: all items are one.
 */
export function burstsOf(
  items: ArrayLike<number>,
  of: { readonly owner: (item: number) => number; readonly time: (item: number) => number },
  { least, seconds }: { readonly least: number; readonly seconds: number },
): readonly (readonly number[])[] {
  const found: number[][] = [];
  const counts = new Map<number, number>();
  let [first, end] = [0, 0];
  const timeAt = (at: number): number => of.time(items[at] as number);
  const isWithin = (at: number): boolean => timeAt(at) - timeAt(first) <= seconds;
  while (end < items.length) {
    while (!isWithin(end)) {
      const owner = of.owner(items[first] as number);
      const left = (counts.get(owner) ?? 0) - 1;
      if (left === 0) counts.delete(owner);
      else counts.set(owner, left);
      first += 1;
    }
    const owner = of.owner(items[end] as number);
    counts.set(owner, (counts.get(owner) ?? 0) + 1);
    end += 1;
    if (counts.size < least) continue;
    while (end < items.length && isWithin(end)) end += 1;
    found.push(Array.from({ length: end - first }, (_, at) => items[first + at] as number));
    counts.clear();
    first = end;
  }
  return found;
}
