import * as Plot from "@observablehq/plot";
import { textWidth } from "../../src/losses/report/labels.ts";
import { drawPlot, hatchPattern, pickable, rendered, svgElement, type Frame, type Pick } from "./drawn.ts";

/** A part of a bar, in millions. */
export type BarPart = Pick & {
  readonly from: number;
  readonly to: number;
  readonly fill: string;
  readonly ink: string;
  /** What may be written on it, the fullest first. */
  readonly names: readonly string[];
};

export type Bar = {
  readonly year: string;
  readonly parts: readonly BarPart[];
  readonly total: number;
  /** Written at its end. */
  readonly words: string;
  readonly low: number;
  readonly high: number;
};

const rangeStrip = 9;
const padding = 0.14;

/** How high the drawing of so many bars is, in pixels. */
export function yearBarsHeight(bars: number): number {
  return bars * rowHeightOf(bars) + 26;
}

function rowHeightOf(bars: number): number {
  return Math.min(Math.max(Math.floor(300 / Math.max(bars, 1)), 30), 48);
}

/** A bar a year, its range as a line below. */
export function drawYearBars(bars: readonly Bar[], frame: Frame, label: string): SVGSVGElement {
  const rowHeight = rowHeightOf(bars.length);
  const widest = Math.max(...bars.map(({ year }) => textWidth(year, frame.font)), 0);
  const [marginLeft, marginRight] = [Math.ceil(widest) + 10, 62];
  const most = Math.max(...bars.map(({ high, total }) => Math.max(high, total)), 0) || 1;
  const scale = (frame.width - marginLeft - marginRight) / most;
  const svg = drawPlot(
    {
      height: yearBarsHeight(bars.length),
      marginLeft,
      marginRight,
      marginTop: 2,
      marginBottom: 24,
      x: { domain: [0, most], label: null, ticks: frame.name === "narrow" ? 3 : 5, tickSize: 0, grid: true },
      y: { domain: bars.map(({ year }) => year), label: null, tickSize: 0, padding },
      color: { type: "identity" },
      marks: [
        Plot.axisY({ tickSize: 0, label: null, dy: -rangeStrip / 2, fontSize: frame.font }),
        ...partMarks(bars, frame.font, scale),
        ...rangeMarks(bars, rowHeight * (1 - padding)),
        Plot.text(bars, {
          x: "total",
          y: "year",
          text: "words",
          textAnchor: "start",
          dx: 5,
          dy: -rangeStrip / 2,
          fontWeight: 700,
          fill: "var(--text)",
          stroke: "var(--surface)",
          strokeWidth: 3,
        }),
      ],
    },
    frame,
    label,
  );
  svg.prepend(hatchPattern());
  return svg;
}

function partMarks(bars: readonly Bar[], font: number, scale: number): readonly Plot.Markish[] {
  const parts = bars.flatMap(({ year, parts: ofYear }) => ofYear.map((part) => ({ ...part, year })));
  const drawn = parts.filter(({ from, to }) => to > from);
  const labelled = drawn.flatMap((part) => {
    const text = part.names.find((one) => textWidth(one, font) <= (part.to - part.from) * scale - 8);
    return text === undefined ? [] : [{ ...part, text }];
  });
  return [
    Plot.barX(drawn, {
      x1: "from",
      x2: "to",
      y: "year",
      fill: "fill",
      stroke: "var(--border)",
      strokeWidth: 0.5,
      insetLeft: 0.5,
      insetRight: 0.5,
      insetBottom: rangeStrip,
      render: rendered((index, _, before) => {
        for (const [place, datum] of index.entries()) {
          const [rect, part] = [before.children[place], drawn[datum]];
          if (rect === undefined || part === undefined) continue;
          pickable(rect, part);
          rect.append(svgElement("title", {}, part.label));
        }
        return before;
      }),
    }),
    Plot.text(labelled, {
      x: ({ from, to }: BarPart) => (from + to) / 2,
      y: "year",
      text: "text",
      fill: "ink",
      dy: -rangeStrip / 2,
      pointerEvents: "none",
    }),
  ];
}

/** From the low to the high end; `band` is a bar's height with it. */
function rangeMarks(bars: readonly Bar[], band: number): readonly Plot.Markish[] {
  const wide = bars.filter(({ low, high }) => high > low);
  const whisker = { stroke: "var(--text)", strokeWidth: 1.25 };
  const end = { ...whisker, y: "year", insetTop: band - 7, insetBottom: 0 };
  return [
    Plot.ruleY(wide, { x1: "low", x2: "high", y: "year", dy: band / 2 - 3.5, ...whisker }),
    Plot.tickX(wide, { ...end, x: "low" }),
    Plot.tickX(wide, { ...end, x: "high" }),
  ];
}
