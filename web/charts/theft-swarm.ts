import * as Plot from "@observablehq/plot";
import { placeLabels, textWidth, type Anchor, type Box } from "../../src/losses/report/labels.ts";
import { drawLabel, drawPlot, pickable, rendered, svgElement, type Frame, type Pick, type Positions } from "./drawn.ts";

export type Circle = Pick & {
  readonly time: Date;
  /** Its area, in millions; 0: unknown, drawn as small as can be seen. */
  readonly drawn: number;
  readonly kind: "counted" | "disputed" | "range" | "unknown";
  readonly name: string;
  readonly amount: string;
};

const largestRadius = { wide: 44, narrow: 30 } as const;
const smallestRadius = 3;
const axisHeight = 30;
const labelled = { wide: 12, narrow: 5 } as const;

const looks: Readonly<Record<Circle["kind"], Readonly<Record<string, string>>>> = {
  counted: { fill: "var(--loss-4)", stroke: "var(--surface)" },
  disputed: { fill: "var(--surface)", stroke: "var(--loss-5)", "stroke-width": "2" },
  range: { fill: "none", stroke: "var(--muted)", "stroke-dasharray": "2 2" },
  unknown: { fill: "none", stroke: "var(--unknown)", "stroke-dasharray": "1 2", "stroke-width": "1.5" },
};

/** Every theft in time, as large as its loss; open circles are disputed. */
export function drawSwarm(circles: readonly Circle[], frame: Frame, label: string): SVGSVGElement {
  const largest = largestRadius[frame.name];
  const most = Math.max(...circles.map(({ drawn }) => drawn), 1);
  const radius = ({ drawn }: Circle): number => Math.max(smallestRadius, largest * Math.sqrt(drawn / most));
  // It is as high as it turns out to be: drawn twice, the first time to measure it.
  const trial = 4_000;
  let half = 40;
  const measure = (index: readonly number[], { y, r }: Positions): SVGElement => {
    for (const at of index) {
      half = Math.max(half, Math.abs((y[at] ?? 0) - (trial - axisHeight) / 2) + (r?.[at] ?? 0) + 4);
    }
    return svgElement("g", {});
  };
  drawPlot(plan(circles, { frame, radius, height: trial, draw: measure }), frame, label);
  const height = Math.ceil(2 * half) + axisHeight;
  const draw = (index: readonly number[], at: Positions, before: SVGElement): SVGElement => {
    const placed = index.flatMap((datum, place): readonly PlacedCircle[] => {
      const [circle, element] = [circles[datum], before.children[place]];
      if (circle === undefined || element === undefined) return [];
      for (const [name, value] of Object.entries(looks[circle.kind])) element.setAttribute(name, value);
      pickable(element, circle);
      element.append(svgElement("title", {}, circle.label));
      return [{ circle, x: at.x[datum] ?? 0, y: at.y[datum] ?? 0, radius: radius(circle) }];
    });
    return svgElement("g", {}, [before, ...names(placed, frame, height)]);
  };
  return drawPlot(plan(circles, { frame, radius, height, draw }), frame, label);
}

type PlacedCircle = { readonly circle: Circle; readonly x: number; readonly y: number; readonly radius: number };

type SwarmPlan = {
  readonly frame: Frame;
  readonly radius: (circle: Circle) => number;
  readonly height: number;
  readonly draw: Parameters<typeof rendered>[0];
};

function plan(circles: readonly Circle[], { frame, radius, height, draw }: SwarmPlan): Plot.PlotOptions {
  const margin = largestRadius[frame.name] + 4;
  // A year that is written takes some forty pixels.
  const ticks = frame.name === "wide" ? "year" : "3 years";
  return {
    height,
    marginLeft: margin,
    marginRight: margin,
    marginTop: 0,
    marginBottom: axisHeight,
    x: { type: "utc", label: null, nice: "year" },
    r: { type: "identity" },
    marks: [
      Plot.axisX({ ticks, tickFormat: "%Y", tickSize: 4 } as never),
      Plot.gridX({ ticks, stroke: "var(--line)", strokeOpacity: 1 } as never),
      Plot.dot(
        circles as Circle[],
        Plot.dodgeY("middle", {
          x: "time",
          r: radius as never,
          padding: 1,
          sort: null as never,
          render: rendered(draw),
        } as never),
      ),
    ],
  };
}

/** The names of the largest: within their circle where they fit, else beside it. */
function names(placed: readonly PlacedCircle[], { width, font, name }: Frame, height: number): readonly SVGElement[] {
  const largest = placed
    .filter(({ circle }) => circle.kind === "counted" || circle.kind === "disputed")
    .toSorted((left, right) => right.radius - left.radius)
    .slice(0, labelled[name]);
  const outside = largest
    .filter((one) => linesInside(one, font) === undefined)
    .map(({ circle, x, y, radius }): Anchor => {
      return { x, y, radius, texts: [`${circle.name} ${circle.amount}`, circle.name], forced: false };
    });
  const boxes = placed.map(({ x, y, radius }): Box => ({
    x0: x - radius,
    y0: y - radius,
    x1: x + radius,
    y1: y + radius,
    round: true,
  }));
  return [
    ...largest.flatMap((one) => drawInside(one, linesInside(one, font) ?? [])),
    ...placeLabels(outside, boxes, { width, height: height - axisHeight }, font).flatMap(drawLabel),
  ];
}

const lineHeight = 1.15;

/** The name, a word a line where it must be, above the amount; undefined where that does not fit into the circle. */
function linesInside({ circle, radius }: PlacedCircle, font: number): readonly string[] | undefined {
  const fits = (lines: readonly string[]): boolean =>
    lines.every((line, index) => {
      const far = Math.abs(index - (lines.length - 1) / 2) + 0.4;
      return (textWidth(line, font * 1.06) / 2) ** 2 + (far * lineHeight * font) ** 2 <= (radius - 2) ** 2;
    });
  return [[circle.name], circle.name.split(" ")].map((name) => [...name, circle.amount]).find(fits);
}

function drawInside({ circle, x, y }: PlacedCircle, lines: readonly string[]): readonly SVGElement[] {
  const fill = circle.kind === "counted" ? "var(--on-4)" : "var(--text)";
  return lines.map((line, index) => {
    const dy = `${((index - (lines.length - 1) / 2) * lineHeight + 0.34).toFixed(2)}em`;
    const look = { fill, "text-anchor": "middle", "font-weight": 700, "pointer-events": "none" };
    return svgElement("text", { x, y, dy, ...look }, line);
  });
}
