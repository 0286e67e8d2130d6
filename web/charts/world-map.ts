import * as Plot from "@observablehq/plot";
import { countryNumeric, type CountryCode } from "../../src/base/country.ts";
import type { Shade } from "../../src/losses/report/map-classes.ts";
import { extentOf, layOutNames, ringRadius, type Placed } from "../../src/losses/report/map-names.ts";
import { extremes, outlines, type Outline } from "../../src/losses/report/map-outlines.ts";
import { places, type Point } from "../../src/losses/report/places.ts";
import { drawLabel, drawPlot, hatchPattern, pickable, rendered, svgElement, type Frame, type Pick } from "./drawn.ts";

/** A country to be shaded. */
export type ShadedCountry = Pick & {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  readonly shade: Shade;
  readonly name: string;
  /** Written beside its name; undefined: nothing that counts. */
  readonly amount: string | undefined;
};

type Drawn = ShadedCountry & { readonly shape: Outline | undefined; readonly point: Point | undefined };

/** How many countries are named besides the rings. */
const namedMax = { wide: 5, narrow: 2 } as const;
/** Letters on the darker classes are light. */
const inks: Readonly<Record<Shade, string>> = {
  "1": "var(--text)",
  "2": "var(--text)",
  "3": "var(--on-3)",
  "4": "var(--on-4)",
  "5": "var(--on-5)",
  "6": "var(--on-6)",
  unknown: "var(--text)",
  range: "var(--text)",
};

/** What the map leaves out: neither an outline nor a point is known. */
export function isOffMap(code: string): boolean {
  const numeric = countryNumeric(code as CountryCode);
  return !outlines.some(({ id }) => id === numeric) && !places.has(code);
}

/**
 * The world in equal areas, shaded by fixed classes.
 *
 * @param countries - By falling loss: the first ones are named.
 * @param middle - The meridian in its middle, degrees east.
 */
export function drawWorld(
  countries: readonly ShadedCountry[],
  frame: Frame,
  { label, middle }: { readonly label: string; readonly middle: number },
): SVGSVGElement {
  const drawn = countries.map((country): Drawn => {
    const numeric = countryNumeric(country.code as CountryCode);
    const shape = numeric === "" ? undefined : outlines.find(({ id }) => id === numeric);
    return { ...country, shape, point: shape === undefined ? places.get(country.code) : undefined };
  });
  const height = Math.round(frame.width * 0.475);
  const shaded = new Map(drawn.flatMap((one) => (one.shape === undefined ? [] : [[one.shape, one]])));
  const plain = outlines.filter((shape) => !shaded.has(shape));
  const svg = drawPlot(
    {
      height,
      margin: 2,
      projection: { type: "equal-earth", rotate: [-middle, 0], precision: 0, domain: extremes as never },
      color: { type: "identity" },
      marks: [
        Plot.geo(
          { type: "FeatureCollection", features: plain },
          { fill: "var(--land)", stroke: "var(--border)", strokeWidth: 0.5 },
        ),
        shadedMark(shaded),
        namesMark(drawn, frame, height),
      ],
    },
    frame,
    label,
  );
  svg.prepend(hatchPattern());
  return svg;
}

function shadedMark(shaded: ReadonlyMap<Outline, Drawn>): Plot.Markish {
  const drawn = [...shaded.keys()];
  return Plot.geo(drawn, {
    fill: (shape: Outline) => fillOf(shaded.get(shape)?.shade ?? "range"),
    stroke: "var(--border)",
    strokeWidth: 0.5,
    render: rendered((index, _, before) => {
      for (const [place, datum] of index.entries()) {
        const path = before.children[place];
        const country = shaded.get(drawn[datum] as Outline);
        if (path === undefined || country === undefined) continue;
        pickable(path, country);
        path.append(svgElement("title", {}, country.label));
        if (country.shade === "range") {
          path.setAttribute("stroke", "var(--range)");
          path.setAttribute("stroke-width", "1.2");
          path.setAttribute("stroke-dasharray", "2 2");
        }
      }
      return before;
    }),
  });
}

function fillOf(shade: Shade): string {
  if (shade === "unknown") return "url(#hatch)";
  return shade === "range" ? "var(--land)" : `var(--loss-${shade})`;
}

type Named = Placed & { readonly country: Drawn };

/** Rings for the places without an outline, and the names of those and of the countries that lost most. */
function namesMark(drawn: readonly Drawn[], frame: Frame, height: number): Plot.Markish {
  const top = drawn.slice(0, namedMax[frame.name]).filter(({ amount }) => amount !== undefined);
  const shown = drawn.flatMap((country) => {
    const { point, shape } = country;
    const extent = point === undefined ? shape && extentOf(shape.geometry) : [point, point, point];
    return extent === undefined ? [] : [{ country, extent }];
  });
  return Plot.dot(
    shown.flatMap(({ extent }) => extent),
    {
      render: rendered((_, { x, y }) => {
        const placed = shown.map(({ country }, index): Named => {
          const [middle, west, east] = [3 * index, 3 * index + 1, 3 * index + 2];
          return {
            country,
            name: country.name,
            amount: country.amount,
            mark: country.point === undefined ? "outline" : "ring",
            isTop: top.includes(country),
            x: x[middle] ?? 0,
            y: y[middle] ?? 0,
            reach: Math.abs((x[east] ?? 0) - (x[west] ?? 0)) / 2,
          };
        });
        const names = layOutNames(placed, { ...frame, height }, frame.name === "narrow" ? "short" : "full");
        return svgElement("g", {}, [
          ...names.rings.map(drawRing),
          ...names.inside.flatMap(drawInside),
          ...names.labels.flatMap(drawLabel),
        ]);
      }),
    },
  );
}

function drawInside({ country: { name, amount, shade }, x, y }: Named): readonly SVGElement[] {
  const at = { x, y, fill: inks[shade], "text-anchor": "middle", "pointer-events": "none" };
  return [svgElement("text", { ...at, dy: "-0.2em" }, name), svgElement("text", { ...at, dy: "1em" }, amount ?? "")];
}

function drawRing({ country, x, y }: Named): SVGElement {
  const { shade } = country;
  const dashed = shade === "range" ? { "stroke-dasharray": "2 2" } : {};
  const ring = svgElement("g", {}, [
    svgElement("title", {}, country.label),
    svgElement("circle", { cx: x, cy: y, r: ringRadius, fill: "none", stroke: "var(--surface)", "stroke-width": 4 }),
    svgElement("circle", {
      cx: x,
      cy: y,
      r: ringRadius,
      fill: fillOf(shade),
      stroke: shade === "range" ? "var(--range)" : "var(--border)",
      ...dashed,
    }),
    svgElement("circle", { cx: x, cy: y, r: 2.5, fill: "var(--surface)", stroke: "var(--text)" }),
  ]);
  pickable(ring, country);
  return ring;
}
