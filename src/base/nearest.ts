/**
 * What to do about a name that is not known: the nearest known ones, else the given advice.
 *
 * Near is an edit distance of at most a third of the name's length, or a common beginning; upper and lower case count
 * as equal. Cost: names × length².
 */
export function nearest(name: string, known: readonly string[], advice: string): string {
  const wanted = name.toLowerCase();
  const close = known
    .map((candidate) => ({ candidate, distance: editDistance(wanted, candidate.toLowerCase()) }))
    .filter(
      ({ candidate, distance }) =>
        distance * 3 <= Math.max(wanted.length, 3) || (wanted.length > 2 && candidate.toLowerCase().startsWith(wanted)),
    )
    .toSorted((left, right) => left.distance - right.distance || (left.candidate < right.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
  return close.length === 0 ? advice : `did you mean ${close.join(" or ")}? Else ${advice}`;
}

/** Levenshtein distance. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const substitution = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
