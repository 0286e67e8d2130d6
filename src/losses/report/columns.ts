import { yearOf } from "../../base/day.ts";
import { figureOf, isDisputed, theftsOf, type Figure } from "../losses.ts";
import type { Contribution } from "../selection.ts";

/** A year, or the years before the first one shown. */
export type YearColumn = { readonly label: string; readonly first: string; readonly last: string };

/**
 * The years from the first theft to the last one, each present even without a theft; where there are more than `max`, the
 * earlier ones together in one.
 */
export function yearColumns(figure: Figure, max: number): readonly YearColumn[] {
  const years = theftsOf(figure)
    .map(({ incident }) => yearOf(incident.date.first))
    .toSorted();
  const [first, last] = [years[0], years.at(-1)];
  if (first === undefined || last === undefined) return [];
  const [from, to] = [Number(first), Number(last)];
  const shownFrom = Math.max(from, to - max + 1);
  const shown = Array.from({ length: to - shownFrom + 1 }, (_, index) => String(shownFrom + index));
  return [
    ...(shownFrom > from ? [{ label: "earlier", first, last: String(shownFrom - 1) }] : []),
    ...shown.map((year) => ({ label: year, first: year, last: year })),
  ];
}

/** The part of a figure that falls into a column. */
export function figureIn(figure: Figure, { first, last }: YearColumn): Figure {
  return figureOf(
    theftsOf(figure).filter(({ incident }) => {
      const year = yearOf(incident.date.first);
      return first <= year && year <= last;
    }),
  );
}

/** How a theft counts, in a word or two. */
export function countedWords(contribution: Contribution): string {
  return [contribution.counted ? "counted" : "range only", ...(isDisputed(contribution) ? ["disputed"] : [])].join(
    ", ",
  );
}
