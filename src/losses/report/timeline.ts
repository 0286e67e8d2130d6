import * as Plot from "@observablehq/plot";
import { formatHeadline, formatMillions, formatShare, shareOf, sumUsd, zeroUsd } from "../../base/usd.ts";
import { isDisputed, theftsOf, type Losses } from "../losses.ts";
import type { Contribution } from "../selection.ts";
import { theftRangeWords } from "../describe.ts";
import { countedWords } from "./columns.ts";
import {
  chart,
  draw,
  drawLabel,
  element,
  rendered,
  type DrawnElement,
  type Format,
  type Positions,
} from "./drawing.ts";
import { chartFigure, noteId } from "./figure.ts";
import { html, type Html } from "./html.ts";
import { placeLabels, textWidth, type Anchor, type Box } from "./labels.ts";
import { millions } from "./pixels.ts";

type Theft = {
  readonly contribution: Contribution;
  readonly time: Date;
  readonly kind: Kind;
  /** What its circle shows, in millions: the loss; where only the range counts it, the most it may be. */
  readonly drawn: number;
};

type Kind = "counted" | "disputed" | "range" | "unknown";

/** Every theft in time, as large as its loss. */
export function lossTimeline(losses: Losses): Html {
  const thefts = theftsOf(losses.total).map(theftOf);
  const finding = timelineFinding(losses);
  const has = (kind: Kind): boolean => thefts.some((theft) => theft.kind === kind);
  const id = "timeline";
  return chartFigure({
    id,
    finding,
    reading: "Each circle is a theft, its area the loss. The smallest circles are enlarged to be seen.",
    drawing: chart(`Timeline of thefts. ${finding}`, noteId(id), formats, (format) => plan(thefts, format)),
    beside: html`<ul class="legend" aria-label="Circles">
      <li><i class="bubble counted"></i>counted</li>
      ${has("disputed") ? html`<li><i class="bubble disputed"></i>counted, something about it is disputed</li>` : undefined}
      ${has("range") ? html`<li><i class="bubble range"></i>in the range only: attributed less surely than asked</li>` : undefined}
      ${has("unknown") ? html`<li><i class="bubble unknown"></i>value unknown</li>` : undefined}
    </ul>`,
    table: {
      caption: "Thefts in order of time, $m",
      header: ["Date", "Victim", "Counted as", "$m", "Range"],
      kinds: "wwwnn",
      rows: thefts.map(({ contribution }) => [
        contribution.incident.date.text,
        html`<a href="#i-${contribution.incident.id}">${contribution.incident.victim.name}</a>`,
        countedWords(contribution),
        contribution.central === undefined ? "unknown" : formatMillions(contribution.central),
        theftRangeWords(contribution),
      ]),
    },
  });
}

function isUnknown({ central, high }: Contribution): boolean {
  return central === undefined || high === zeroUsd;
}

function theftOf(contribution: Contribution): Theft {
  const { incident, counted, central, high } = contribution;
  const [from, to] = [Date.parse(incident.date.first), Date.parse(incident.date.last)];
  const unknown = isUnknown(contribution);
  return {
    contribution,
    time: new Date((from + to) / 2),
    kind: unknown ? "unknown" : !counted ? "range" : isDisputed(contribution) ? "disputed" : "counted",
    drawn: unknown || central === undefined ? 0 : millions(counted ? central : high),
  };
}

function timelineFinding({ total }: Losses): string {
  const largest = total.counted
    .filter(({ central }) => central !== undefined && central > zeroUsd)
    .toSorted((left, right) => ((left.central ?? zeroUsd) > (right.central ?? zeroUsd) ? -1 : 1));
  const few = largest.slice(0, 3);
  const sum = sumUsd(few.map(({ central }) => central ?? zeroUsd));
  const share = shareOf(sum, total.usd);
  if (share === undefined) return "No theft here has a known value that counts";
  const first = few[0];
  if (first === undefined || few.length < 3 || largest.length < 6) {
    return `${first?.incident.victim.name ?? ""} was the largest theft: ${formatHeadline(first?.central ?? zeroUsd)}`;
  }
  return `Three of ${total.counted.length} thefts make up ${formatShare(share)} of the sum: ${formatHeadline(sum)}`;
}

const formats: readonly Format[] = [
  { name: "wide", width: 1216, font: 13 },
  { name: "middle", width: 720, font: 13 },
  { name: "narrow", width: 344, font: 14 },
];

const largestRadius = { wide: 48, middle: 46, large: 46, narrow: 46 } as const;
const smallestRadius = 2.5;
const axisHeight = 30;

/** The swarm is as high as it turns out to be: drawn twice, the first time to measure it. */
function plan(thefts: readonly Theft[], format: Format): Plot.PlotOptions {
  const most = Math.max(...thefts.map(({ drawn }) => drawn), 1);
  const largest = largestRadius[format.name];
  const swarm: Swarm = {
    thefts,
    format,
    radius: ({ drawn }) => Math.max(smallestRadius, largest * Math.sqrt(drawn / most)),
  };
  const trial = 4000;
  let half = 40;
  const measure: Drawer = (index, { y, r }) => {
    for (const at of index) {
      half = Math.max(half, Math.abs((y[at] ?? 0) - (trial - axisHeight) / 2) + (r?.[at] ?? 0) + 4);
    }
    return element("g", {});
  };
  draw(swarmPlan(swarm, trial, measure), format);
  const height = Math.ceil(2 * half) + axisHeight;
  return swarmPlan(swarm, height, (index, at, before) => drawSwarm(swarm, { index, at, before, height }));
}

type Swarm = { readonly thefts: readonly Theft[]; readonly format: Format; readonly radius: (theft: Theft) => number };
type Drawer = Parameters<typeof rendered>[0];

function swarmPlan({ thefts, format, radius }: Swarm, height: number, drawer: Drawer): Plot.PlotOptions {
  const years = thefts.map(({ time }) => time.getUTCFullYear());
  const [first, last] = [Math.min(...years), Math.max(...years)];
  const starts = Array.from({ length: last - first + 2 }, (_, index) => new Date(Date.UTC(first + index, 0, 1)));
  const every = Math.ceil((last - first + 1) / (format.name === "narrow" ? 6 : 20));
  return {
    height,
    marginTop: 0,
    marginBottom: axisHeight,
    marginLeft: 8,
    marginRight: 8,
    x: {
      type: "utc",
      axis: null,
      domain: [starts[0], starts.at(-1)] as Date[],
      label: null,
      insetLeft: 14,
      insetRight: 14,
    },
    y: { axis: null },
    r: { type: "identity" },
    marks: [
      Plot.ruleX(starts, { stroke: "var(--line)" }),
      Plot.text(
        starts.slice(0, -1).filter((_, index) => index % every === 0),
        {
          x: (start: Date) => new Date(Date.UTC(start.getUTCFullYear(), 6, 1)),
          text: (start: Date) => String(start.getUTCFullYear()),
          frameAnchor: "bottom",
          dy: 20,
          fill: "var(--muted)",
        },
      ),
      Plot.dot(
        thefts,
        Plot.dodgeY({
          x: "time",
          r: radius,
          anchor: "middle",
          padding: 1.5,
          title: ({ contribution }: Theft) => tip(contribution),
          render: rendered(drawer),
        }),
      ),
    ],
  };
}

function tip(contribution: Contribution): string {
  const { incident } = contribution;
  const value = isUnknown(contribution) ? "value unknown" : `$${theftRangeWords(contribution)}m`;
  return `${incident.victim.name}, ${incident.date.text}: ${value}; ${countedWords(contribution)}`;
}

/** The circles, by kind, and the names of the largest. */
function drawSwarm(
  { thefts, format, radius }: Swarm,
  drawn: {
    readonly index: readonly number[];
    readonly at: Positions;
    readonly before: DrawnElement;
    readonly height: number;
  },
): DrawnElement {
  const circles = drawn.index.flatMap((datum, place): readonly Circle[] => {
    const theft = thefts[datum];
    drawn.before.children[place]?.setAttribute("class", theft?.kind ?? "");
    if (theft === undefined) return [];
    return [{ theft, x: drawn.at.x[datum] ?? 0, y: drawn.at.y[datum] ?? 0, radius: radius(theft) }];
  });
  const { font, width, name } = format;
  const largest = circles
    .filter(({ theft }) => theft.kind === "counted" || theft.kind === "disputed")
    .toSorted((left, right) => right.radius - left.radius)
    .slice(0, labelled[name]);
  const anchors = largest
    .filter((circle) => linesInside(circle, font) === undefined)
    .map(({ theft, ...place }): Anchor => {
      const texts = [`${nameOf(theft)} ${amountOf(theft)}`, nameOf(theft)];
      return { ...place, texts, forced: false };
    });
  const frame = { width, height: drawn.height - axisHeight };
  return element("g", { class: "swarm" }, [
    drawn.before,
    ...largest.flatMap((circle) => drawInside(circle, linesInside(circle, font) ?? [])),
    ...placeLabels(anchors, circles.map(boxAround), frame, font).flatMap(drawLabel),
  ]);
}

type Circle = { readonly theft: Theft; readonly x: number; readonly y: number; readonly radius: number };

/** The name, a word a line where it must be, above the amount; undefined where that does not fit into the circle. */
function linesInside({ theft, radius }: Circle, font: number): readonly string[] | undefined {
  const fits = (lines: readonly string[]): boolean =>
    lines.every((line, index) => {
      const far = Math.abs(index - (lines.length - 1) / 2) + 0.4;
      return (textWidth(line, font * boldness) / 2) ** 2 + (far * lineHeight * font) ** 2 <= (radius - 2) ** 2;
    });
  const ways = [[nameOf(theft)], nameOf(theft).split(" ")].map((name) => [...name, amountOf(theft)]);
  return ways.find(fits);
}

const lineHeight = 1.15;
/** Names within circles are bold, and bold letters are wider. */
const boldness = 1.06;

function drawInside({ theft, x, y }: Circle, lines: readonly string[]): readonly DrawnElement[] {
  return lines.map((line, index) => {
    const dy = `${((index - (lines.length - 1) / 2) * lineHeight + 0.34).toFixed(2)}em`;
    return element("text", { x, y, dy, class: `in ${theft.kind}` }, line);
  });
}

function boxAround({ x, y, radius }: Circle): Box {
  return { x0: x - radius, y0: y - radius, x1: x + radius, y1: y + radius, round: true };
}

const labelled = { wide: 16, middle: 9, large: 9, narrow: 5 } as const;

/** A victim's name without what stands in brackets after it, cut where it is long. */
function nameOf({ contribution }: Theft): string {
  const name = contribution.incident.victim.name.replace(/ \(.*$/u, "");
  return name.length > 24 ? `${name.slice(0, 23)}…` : name;
}

function amountOf({ contribution }: Theft): string {
  return formatHeadline(contribution.central ?? zeroUsd);
}
