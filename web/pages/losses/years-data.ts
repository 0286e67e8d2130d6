import { parseUsd } from "../../base/usd.ts";
import { millions } from "../../charts/pixels.ts";
import type { Bar, BarPart } from "../../charts/year-bars.ts";
import { figureIn, sumFigures, yearColumns, type YearColumn } from "../../data/losses.ts";
import type { Figure, Losses, Row } from "../../data/losses-types.ts";
import { labelOf, partWords, sumWords, type Speech } from "./figure-words.ts";
import { unknownKey } from "./map-data.ts";
import { openText } from "./query.ts";
import { words } from "./words.ts";

const rankedMax = 5;
const yearsMax = 18;

/** A country of its own, all others, or those unknown; in the order in which bars are stacked. */
export type Series = {
  readonly key: string;
  readonly label: string;
  /** Written where the label has no room. */
  readonly short: string;
  readonly fill: string;
  readonly ink: string;
  readonly swatch: string;
  readonly rows: readonly Row[];
};

export function seriesOf({ rows }: Losses, speech: Speech): readonly Series[] {
  const placed = rows.filter(({ key, count }) => key !== unknownKey && count > 0);
  const [ranked, others] = [placed.slice(0, rankedMax), placed.slice(rankedMax)];
  const unknown = rows.filter(({ key, count }) => key === unknownKey && count > 0);
  return [
    ...ranked.map((row, rank): Series => {
      const step = 6 - rank;
      const colours = { fill: `var(--loss-${step})`, ink: inkOf(step), swatch: `c${step}` };
      return { key: row.key, label: labelOf(row, "country", speech), short: row.key, ...colours, rows: [row] };
    }),
    ...group({ key: "other", label: speech.t(words.other), fill: "var(--loss-1)", swatch: "c1" }, others),
    ...group({ key: unknownKey, label: speech.t(words.countryUnknown), fill: "url(#hatch)", swatch: "hatch" }, unknown),
  ];
}

function group(
  one: { readonly key: string; readonly label: string; readonly fill: string; readonly swatch: string },
  rows: readonly Row[],
): readonly Series[] {
  return rows.length === 0 ? [] : [{ ...one, short: one.label, ink: "var(--text)", rows }];
}

function inkOf(step: number): string {
  return step <= 2 ? "var(--text)" : `var(--on-${step})`;
}

/** What a column is called. */
export function yearName({ key, last }: YearColumn, { t }: Speech): string {
  return key === "earlier" ? `–${last}` : t(words.yearName, { year: key });
}

export function yearsOf({ total }: Losses): readonly YearColumn[] {
  return yearColumns(total, yearsMax);
}

export function partOf({ rows }: Series, column: YearColumn): Figure {
  return sumFigures(rows.map((row) => figureIn(row, column)));
}

export function barsOf(losses: Losses, series: readonly Series[], speech: Speech): readonly Bar[] {
  return yearsOf(losses).map((column) => {
    let from = 0;
    const parts = series.map((one): BarPart => {
      const figure = partOf(one, column);
      const [start, end] = [from, from + millions(figure.usd)];
      from = end;
      const what = `${one.label} ${yearName(column, speech)}`;
      return {
        open: openText(one.key === "other" ? "total" : one.key, column.key),
        label: `${what}: ${partWords(figure, "usd", speech)} ${speech.t(words.usd)}`,
        from: start,
        to: end,
        fill: one.fill,
        ink: one.ink,
        names: one.fill.startsWith("url") ? [] : [one.label, one.short],
      };
    });
    const figure = figureIn(losses.total, column);
    return {
      year: yearName(column, speech),
      parts,
      total: millions(figure.usd),
      words: figure.count === 0 && figure.rangeOnly.length === 0 ? "–" : partWords(figure, "usd", speech),
      low: millions(figure.low),
      high: millions(figure.high),
    };
  });
}

export function yearsFinding(losses: Losses, speech: Speech): string {
  const { t } = speech;
  const columns = yearsOf(losses).map((column) => ({ column, figure: figureIn(losses.total, column) }));
  const [worst] = columns.toSorted((left, right) => (parseUsd(left.figure.usd) > parseUsd(right.figure.usd) ? -1 : 1));
  if (worst === undefined || parseUsd(worst.figure.usd) === 0n) return t(words.yearsNothing);
  const { column, figure } = worst;
  const year =
    column.key === "earlier"
      ? t(words.earlierName, { year: column.last + 1 })
      : t(words.yearName, { year: column.key });
  return t(words.yearsFinding, { year, usd: sumWords(figure, speech), total: sumWords(losses.total, speech) });
}
