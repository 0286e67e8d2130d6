import * as Plot from "@observablehq/plot";
import { formatHeadline, formatMillions, sumUsd, zeroUsd } from "../../base/usd.ts";
import { figureWords, rangeWords } from "../describe.ts";
import { unknownKey } from "../grouping.ts";
import type { Figure, Losses, LossRow } from "../losses.ts";
import { figureIn, yearColumns, type YearColumn } from "./columns.ts";
import { chart, type Format } from "./drawing.ts";
import { chartFigure, noteId } from "./figure.ts";
import { html, type Html } from "./html.ts";
import { textWidth } from "./labels.ts";
import { millions } from "./pixels.ts";

const formats: readonly Format[] = [
  { name: "large", width: 470, font: 13 },
  { name: "narrow", width: 344, font: 14 },
];

const rankedMax = 5;
const yearsMax = 18;

/** A country of its own, all others, or those unknown; in the order in which bars are stacked. */
type Series = {
  readonly label: string;
  readonly short: string;
  readonly fill: string;
  readonly ink: string;
  readonly swatch: string;
  readonly rows: readonly LossRow[];
};

type Year = { readonly column: YearColumn; readonly figure: Figure; readonly parts: readonly Part[] };
type Part = { readonly series: Series; readonly figure: Figure; readonly from: number; readonly to: number };

/** Losses year by year, each bar made of the countries that lost most. */
export function lossYears(byCountry: Losses): Html {
  const series = seriesOf(byCountry.rows);
  const years = yearColumns(byCountry.total, yearsMax).map((column) => yearOf(column, series, byCountry.total));
  const finding = yearsFinding(years, byCountry);
  const id = "years";
  return chartFigure({
    id,
    finding,
    reading: "Million US dollars by year of the theft; below each bar, its range.",
    drawing: chart(`Bars by year. ${finding}`, noteId(id), formats, (format) => plan(years, format)),
    beside: html`<ul class="legend" aria-label="Countries">
      ${series.map(({ label, swatch }) => html`<li><i class="swatch ${swatch}"></i>${label}</li>`)}
    </ul>`,
    table: {
      caption: "Losses by year and country, $m",
      header: ["Year", ...series.map(({ label }) => label), "All", "Range"],
      kinds: `w${"n".repeat(series.length + 2)}`,
      rows: years.map(({ column, figure, parts }) => [
        column.label,
        ...parts.map((part) => (part.figure.counted.length === 0 ? "" : figureWords(part.figure))),
        figureWords(figure),
        figure.counted.length + figure.rangeOnly.length === 0 ? "" : rangeWords(figure),
      ]),
    },
  });
}

function seriesOf(rows: readonly LossRow[]): readonly Series[] {
  const placed = rows.filter(({ key, counted }) => key !== unknownKey && counted.length > 0);
  const others = placed.slice(rankedMax);
  const unknown = rows.filter(({ key, counted }) => key === unknownKey && counted.length > 0);
  return [
    ...placed.slice(0, rankedMax).map((row, rank): Series => {
      const step = 6 - rank;
      return {
        label: row.label,
        short: row.key,
        fill: `var(--c${step})`,
        ink: `var(--on-c${step})`,
        swatch: `c${step}`,
        rows: [row],
      };
    }),
    ...(others.length === 0
      ? []
      : [{ label: "Other", short: "Other", fill: "var(--c1)", ink: "var(--on-c1)", swatch: "c1", rows: others }]),
    ...(unknown.length === 0
      ? []
      : [
          {
            label: "Country unknown",
            short: "?",
            fill: "url(#hatch)",
            ink: "var(--text)",
            swatch: "hatch",
            rows: unknown,
          },
        ]),
  ];
}

function yearOf(column: YearColumn, series: readonly Series[], total: Figure): Year {
  let from = 0;
  const parts = series.map((one): Part => {
    const figures = one.rows.map((row) => figureIn(row, column));
    const figure = joined(figures);
    const part = { series: one, figure, from, to: from + millions(figure.usd) };
    from = part.to;
    return part;
  });
  return { column, figure: figureIn(total, column), parts };
}

function joined(figures: readonly Figure[]): Figure {
  const [first, ...others] = figures;
  if (first !== undefined && others.length === 0) return first;
  return {
    usd: sumUsd(figures.map(({ usd }) => usd)),
    low: sumUsd(figures.map(({ low }) => low)),
    high: sumUsd(figures.map(({ high }) => high)),
    recovered: sumUsd(figures.map(({ recovered }) => recovered)),
    net: sumUsd(figures.map(({ net }) => net)),
    counted: figures.flatMap(({ counted }) => counted),
    rangeOnly: figures.flatMap(({ rangeOnly }) => rangeOnly),
    unknownValues: figures.reduce((sum, { unknownValues }) => sum + unknownValues, 0),
    unknownInRange: figures.reduce((sum, { unknownInRange }) => sum + unknownInRange, 0),
  };
}

function yearsFinding(years: readonly Year[], { total }: Losses): string {
  const [worst] = years.toSorted((left, right) => (left.figure.usd > right.figure.usd ? -1 : 1));
  if (worst === undefined || worst.figure.usd === zeroUsd) return "No year has a theft with a known value";
  const when =
    worst.column.label === "earlier" ? `The time before ${Number(worst.column.last) + 1}` : worst.column.label;
  const atLeast = total.unknownValues === 0 ? "" : "at least ";
  return `${when} was the costliest: ${formatHeadline(worst.figure.usd)} of ${atLeast}${formatHeadline(total.usd)}`;
}

const rangeStrip = 9;

function plan(years: readonly Year[], format: Format): Plot.PlotOptions {
  const { width, name } = format;
  const rowHeight = Math.min(Math.max(Math.floor(340 / years.length), 30), 56);
  const [marginLeft, marginRight] = [years.some(({ column }) => column.label === "earlier") ? 54 : 42, 62];
  const most = Math.max(...years.map(({ figure }) => millions(figure.high)), 0) || 1;
  const scale = (width - marginLeft - marginRight) / most;
  const rowPadding = 0.14;
  return {
    height: Math.round(years.length * rowHeight) + 26,
    marginLeft,
    marginRight,
    marginTop: 2,
    marginBottom: 24,
    x: { domain: [0, most], label: null, ticks: name === "narrow" ? 3 : 5, tickSize: 0, grid: true },
    y: {
      domain: years.map(yearLabel),
      label: null,
      tickSize: 0,
      paddingInner: rowPadding,
      paddingOuter: rowPadding / 2,
      padding: rowPadding,
    },
    color: { type: "identity" },
    marks: [
      Plot.axisY({ tickSize: 0, label: null, dy: -rangeStrip / 2 }),
      ...bars(years, format, scale),
      ...ranges(years, rowHeight * (1 - rowPadding)),
      Plot.text(years, {
        x: ({ figure }: Year) => millions(figure.usd),
        y: yearLabel,
        text: ({ figure }: Year) => totalWords(figure),
        textAnchor: "start",
        dx: 5,
        dy: -rangeStrip / 2,
        fontWeight: 700,
        fill: "var(--text)",
      }),
    ],
  };
}

const yearLabel = ({ column }: Year): string => column.label;

/** The bars' parts, named where there is room; `scale` is pixels a million. */
function bars(years: readonly Year[], { font }: Format, scale: number): readonly Plot.Markish[] {
  const parts = years.flatMap(({ column, parts: ofYear }) => ofYear.map((part) => ({ ...part, year: column.label })));
  const drawn = parts.filter(({ from, to }) => to > from);
  const labelled = drawn.flatMap((part) => {
    const room = (part.to - part.from) * scale - 8;
    const text = [part.series.label, part.series.short].find((one) => textWidth(one, font) <= room);
    return text === undefined || part.series.short === "?" ? [] : [{ ...part, text }];
  });
  return [
    Plot.barX(drawn, {
      x1: "from",
      x2: "to",
      y: "year",
      fill: ({ series }: Part) => series.fill,
      stroke: "var(--border)",
      strokeWidth: 0.5,
      insetLeft: 0.5,
      insetRight: 0.5,
      insetBottom: rangeStrip,
      title: ({ series, figure, year: label }: (typeof parts)[number]) =>
        `${series.label}, ${label}: ${figureWords(figure)} $m`,
    }),
    Plot.text(labelled, {
      x: ({ from, to }: Part) => (from + to) / 2,
      y: "year",
      text: "text",
      fill: ({ series }: Part) => series.ink,
      dy: -rangeStrip / 2,
    }),
  ];
}

/** A whisker below each bar from its low to its high end; `band` is a bar's height with it. */
function ranges(years: readonly Year[], band: number): readonly Plot.Markish[] {
  const wide = years.filter(({ figure }) => figure.high > figure.low);
  const whisker = { stroke: "var(--text)", strokeWidth: 1.25 };
  const end = { ...whisker, y: yearLabel, insetTop: band - 7, insetBottom: 0 };
  const [low, high] = [({ figure }: Year) => millions(figure.low), ({ figure }: Year) => millions(figure.high)];
  return [
    Plot.ruleY(wide, { x1: low, x2: high, y: yearLabel, dy: band / 2 - 3.5, ...whisker }),
    Plot.tickX(wide, { ...end, x: low }),
    Plot.tickX(wide, { ...end, x: high }),
  ];
}

function totalWords(figure: Figure): string {
  if (figure.counted.length === 0) return figure.rangeOnly.length === 0 ? "none" : formatMillions(figure.usd);
  return figureWords(figure);
}
