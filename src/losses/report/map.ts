import * as Plot from "@observablehq/plot";
import { countryNumeric, type CountryCode } from "../../base/country.ts";
import { formatHeadline, zeroUsd } from "../../base/usd.ts";
import { figureWords, rangeWords } from "../describe.ts";
import { unknownKey } from "../grouping.ts";
import type { Losses, LossRow } from "../losses.ts";
import { chart, drawLabel, element, largeAndNarrow, rendered, type DrawnElement, type Format } from "./drawing.ts";
import { chartFigure, noteId } from "./figure.ts";
import { html, type Html } from "./html.ts";
import { classWords, shadeOf, type Shade } from "./map-classes.ts";
import { extentOf, layOutNames, ringRadius, type Placed } from "./map-names.ts";
import { extremes, outlines, type Outline } from "./map-outlines.ts";
import { places, type Point } from "./places.ts";

type Country = {
  readonly row: LossRow;
  /** Its colour class, or why it has none. */
  readonly shade: Shade;
  readonly shape: Outline | undefined;
  readonly point: Point | undefined;
};

/** The world, shaded by loss. */
export function lossMap(losses: Losses): Html {
  const countries = losses.rows.filter(({ key }) => key !== unknownKey).map(countryOfRow);
  const finding = mapFinding(losses);
  const id = "map";
  return chartFigure({
    id,
    finding,
    reading: "Losses by the victim's country, million US dollars. Rings stand for places too small to be seen.",
    drawing: chart(`World map. ${finding}`, noteId(id), largeAndNarrow, (format) => plan(countries, format)),
    beside: html`<div class="beside">${legend(countries)}${unknownBox(losses)}${offMap(countries)}</div>`,
    table: {
      caption: "Losses by country, $m",
      header: ["Country", "$m", "Range", "Thefts", "Colour"],
      kinds: "wnnnw",
      rows: losses.rows.map((row) => [
        row.key === unknownKey ? "Country unknown" : row.label,
        figureWords(row),
        rangeWords(row),
        row.counted.length,
        row.key === unknownKey ? "not on the map" : shadeWords(shadeOf(row)),
      ]),
    },
  });
}

/** The rows of a country table that the map cannot show: no outline and no point. */
export function missingFromMap(rows: readonly LossRow[]): readonly LossRow[] {
  return rows
    .filter(({ key }) => key !== unknownKey)
    .map(countryOfRow)
    .filter(({ shape, point }) => shape === undefined && point === undefined)
    .map(({ row }) => row);
}

function mapFinding({ rows, total }: Losses): string {
  const [first] = rows.filter(({ key, usd }) => key !== unknownKey && usd > zeroUsd);
  const atLeast = total.unknownValues === 0 ? "" : "at least ";
  if (first === undefined) return "No theft with a known value can be placed in a country";
  return `${first.label} lost most: ${formatHeadline(first.usd)} of ${atLeast}${formatHeadline(total.usd)}`;
}

function countryOfRow(row: LossRow): Country {
  const numeric = countryNumeric(row.key as CountryCode);
  const shape = numeric === "" ? undefined : outlines.find(({ id }) => id === numeric);
  return { row, shade: shadeOf(row), shape, point: shape === undefined ? places.get(row.key) : undefined };
}

function shadeWords(shade: Shade): string {
  if (shade === "unknown") return "hatched: value unknown";
  if (shade === "range") return "dashed: in the range only";
  return classWords[Number(shade) - 1] ?? "";
}

function fillOf(shade: Shade): string {
  if (shade === "unknown") return "url(#hatch)";
  return shade === "range" ? "var(--land)" : `var(--c${shade})`;
}

function plan(countries: readonly Country[], format: Format): Plot.PlotOptions {
  const height = Math.round(format.width * 0.475);
  const shaded = new Map(
    countries.flatMap((country) => (country.shape === undefined ? [] : [[country.shape, country]])),
  );
  const plain = outlines.filter((shape) => !shaded.has(shape));
  const dashed = [...shaded].filter(([, { shade }]) => shade === "range");
  const tip = ({ row }: Country): string => `${row.label}: ${figureWords(row)} (range ${rangeWords(row)}) $m`;
  const solid = [...shaded].filter(([, { shade }]) => shade !== "range");
  const fill = (shape: Outline): string => fillOf(shaded.get(shape)?.shade ?? "range");
  const title = (shape: Outline): string => {
    const country = shaded.get(shape);
    return country === undefined ? "" : tip(country);
  };
  return {
    height,
    margin: 2,
    projection: {
      type: "equal-earth",
      rotate: [-11, 0],
      precision: 0,
      domain: extremes as never,
    },
    color: { type: "identity" },
    marks: [
      Plot.geo(
        { type: "FeatureCollection", features: plain },
        {
          fill: "var(--land)",
          stroke: "var(--border)",
          strokeWidth: 0.5,
        },
      ),
      Plot.geo(
        solid.map(([shape]) => shape),
        { fill, title, stroke: "var(--border)", strokeWidth: 0.5 },
      ),
      Plot.geo(
        dashed.map(([shape]) => shape),
        { fill, title, stroke: "var(--c5)", strokeWidth: 1.2, strokeDasharray: "2 2" },
      ),
      marksAndNames(countries, format, height),
    ],
  };
}

/** How many countries the map names, besides the rings. */
const namedMax = { wide: 5, middle: 5, large: 5, narrow: 1 } as const;

/** Rings for the places without an outline, and the names of those and of the countries that lost most. */
function marksAndNames(countries: readonly Country[], { name, width, font }: Format, height: number): Plot.Markish {
  const top = countries.slice(0, namedMax[name]).filter(({ row }) => row.usd > zeroUsd);
  const shown = countries.flatMap((country) => {
    const extent =
      country.point === undefined
        ? country.shape === undefined
          ? undefined
          : extentOf(country.shape.geometry)
        : [country.point, country.point, country.point];
    return extent === undefined ? [] : [{ country, extent }];
  });
  return Plot.dot(
    shown.flatMap(({ extent }) => extent),
    {
      render: rendered((_, { x, y }) => {
        const placed = shown.map(({ country }, index) => {
          const [middle, west, east] = [3 * index, 3 * index + 1, 3 * index + 2];
          const reach = Math.abs((x[east] ?? 0) - (x[west] ?? 0)) / 2;
          const { label, usd } = country.row;
          return {
            country,
            name: label,
            amount: usd === zeroUsd ? undefined : formatHeadline(usd),
            mark: country.point === undefined ? ("outline" as const) : ("ring" as const),
            isTop: top.includes(country),
            x: x[middle] ?? 0,
            y: y[middle] ?? 0,
            reach,
          };
        });
        const { inside, rings, labels } = layOutNames(
          placed,
          { width, height, font },
          name === "narrow" ? "short" : "full",
        );
        return element("g", {}, [...rings.map(drawRing), ...inside.flatMap(drawInside), ...labels.flatMap(drawLabel)]);
      }),
    },
  );
}

type Named = Placed & { readonly country: Country };

function drawInside({ country: { row, shade }, x, y }: Named): readonly DrawnElement[] {
  const fill = `var(--on-c${shade})`;
  return [
    element("text", { x, y, dy: "-0.2em", fill }, row.label),
    element("text", { x, y, dy: "1em", fill }, formatHeadline(row.usd)),
  ];
}

function drawRing({ country: { row, shade }, x, y }: Named): DrawnElement {
  const tip = element("title", {}, `${row.label}: ${figureWords(row)} (range ${rangeWords(row)}) $m`);
  const stroke = shade === "range" ? "var(--c5)" : "var(--border)";
  return element("g", { class: "ring" }, [
    tip,
    element("circle", { cx: x, cy: y, r: ringRadius, fill: "none", stroke: "var(--surface)", "stroke-width": 4 }),
    element("circle", {
      cx: x,
      cy: y,
      r: ringRadius,
      fill: fillOf(shade),
      stroke,
      ...(shade === "range" ? { "stroke-dasharray": "2 2" } : {}),
    }),
    element("circle", { cx: x, cy: y, r: 2.5, class: "pin" }),
  ]);
}

function legend(countries: readonly Country[]): Html {
  const has = (shade: Shade): boolean => countries.some((country) => country.shade === shade);
  return html`<ul class="legend" aria-label="Colours, million US dollars">
    <li class="unit">$m</li>
    ${classWords.map((words, index) => html`<li><i class="swatch c${index + 1}"></i>${words}</li>`)}
    <li><i class="swatch land"></i>none</li>
    ${has("range") ? html`<li><i class="swatch range"></i>in the range only</li>` : undefined}
    ${has("unknown") ? html`<li><i class="swatch hatch"></i>value unknown</li>` : undefined}
  </ul>`;
}

function unknownBox({ rows }: Losses): Html | undefined {
  const row = rows.find(({ key }) => key === unknownKey);
  if (row === undefined) return undefined;
  return html`<p class="unplaced">
    <i class="swatch hatch"></i><strong>Country unknown: ${moneyWords(row)}</strong>
    <span>(range ${moneyRange(row)}), not on the map</span>
  </p>`;
}

function moneyRange(row: LossRow): string {
  return rangeWords(row).replace(/^[0-9].*$/u, (digits) => `$${digits}m`);
}

/** `"$24.2m"`, `"≥ $24.2m"`, `"unknown"`. */
function moneyWords(row: LossRow): string {
  return figureWords(row).replace(/[0-9].*$/u, (digits) => `$${digits}m`);
}

function offMap(countries: readonly Country[]): Html | undefined {
  const missing = missingFromMap(countries.map(({ row }) => row));
  if (missing.length === 0) return undefined;
  const words = missing.map((row) => `${row.label} ${moneyWords(row)}`).join(", ");
  return html`<p class="unplaced">Not drawn on this map: ${words}</p>`;
}

/** The hatching that charts and legends share. */
export const hatch: Html = html`<svg class="defs" aria-hidden="true" width="0" height="0">
  <defs>
    <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="6" height="6" fill="var(--surface)" />
      <path d="M0 0V6" stroke="var(--unknown)" stroke-width="3" />
    </pattern>
  </defs>
</svg>`;
