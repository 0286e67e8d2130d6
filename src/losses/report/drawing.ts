import * as Plot from "@observablehq/plot";
// The same library in one file: loads twice as fast.
import { parseHTML } from "linkedom/worker";
import { html, trusted, type Html } from "./html.ts";
import type { Label } from "./labels.ts";

/** As much of a DOM element as drawings use. */
export type DrawnElement = {
  readonly children: ArrayLike<DrawnElement>;
  readonly outerHTML: string;
  textContent: string;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  append(...children: readonly DrawnElement[]): void;
  remove(): void;
  querySelectorAll(selector: string): Iterable<DrawnElement>;
};

type DrawnDocument = { createElementNS(space: string, name: string): DrawnElement };

/** Where a mark's data stand in pixels, as Plot hands them to a render function. */
export type Positions = {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly r?: ArrayLike<number>;
};

const { document } = parseHTML("<!doctype html><html><body></body></html>") as unknown as { document: DrawnDocument };

/**
 * For which pages a chart is drawn. It is drawn for two or three, so that its text keeps its size: `wide` for pages in
 * two columns, `middle` for smaller ones, `large` for both, `narrow` for telephones. The sheet shows the one that fits.
 */
export type Format = {
  readonly name: "wide" | "middle" | "large" | "narrow";
  readonly width: number;
  readonly font: number;
};

/** A page's and a telephone's width. */
export const largeAndNarrow: readonly Format[] = [
  { name: "large", width: 720, font: 13 },
  { name: "narrow", width: 344, font: 14 },
];

/**
 * A chart in several formats.
 *
 * @param label - What a screen reader says in its place.
 * @param note - The id of the element that describes the chart further.
 */
export function chart(
  label: string,
  note: string,
  formats: readonly Format[],
  plan: (format: Format) => Plot.PlotOptions,
): Html {
  return html`${formats.map((format) => {
    const svg = draw(plan(format), format);
    svg.setAttribute("class", `chart ${format.name}`);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
    svg.setAttribute("aria-describedby", note);
    return trusted(`${svg.outerHTML}\n`);
  })}`;
}

/** Draws. What the page's sheet says of all charts is left out: fonts, sizes, namespaces. */
export function draw(options: Plot.PlotOptions, { width }: Pick<Format, "width">): DrawnElement {
  const svg = Plot.plot({ ...options, width, document: document as never }) as unknown as DrawnElement;
  for (const sheet of svg.querySelectorAll("style")) sheet.remove();
  for (const name of superfluous) svg.removeAttribute(name);
  for (const drawn of svg.querySelectorAll("*")) tidy(drawn);
  return svg;
}

const superfluous = ["width", "height", "xmlns", "xmlns:xlink", "fill", "font-family", "font-size", "text-anchor"];

/** A new SVG element, with text or other elements in it. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: string | readonly DrawnElement[] = [],
): DrawnElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (typeof content === "string") made.textContent = content;
  else made.append(...content);
  return made;
}

/** A label, and the line to what it names where it stands apart. */
export function drawLabel({ text, align, line, x, y }: Label): readonly DrawnElement[] {
  const name = element("text", { x, y, "text-anchor": align, dy: "0.34em", class: "name" }, text);
  return line === undefined ? [name] : [element("line", { ...line, class: "leader" }), name];
}

/** What Plot hands to a render function: index, scales, values, dimensions, context. */
type RenderArguments = [Uint32Array, unknown, Positions, unknown, unknown];

/**
 * A render function that draws data itself, from where they stand in pixels.
 *
 * @param before - Receives what the mark would draw, one child per datum in the order of `index`.
 */
export function rendered(
  drawAt: (index: readonly number[], at: Positions, before: DrawnElement) => DrawnElement,
): Plot.RenderFunction {
  const render = (
    ...given: readonly [...RenderArguments, (...args: RenderArguments) => DrawnElement]
  ): DrawnElement => {
    const [index, scales, values, dimensions, context, next] = given;
    return drawAt(Array.from(index), values, next(index, scales, values, dimensions, context));
  };
  return render as unknown as Plot.RenderFunction;
}

const numeric = ["x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "transform"];

function tidy(drawn: DrawnElement): void {
  const path = drawn.getAttribute("d");
  if (path !== null) drawn.setAttribute("d", shortPath(path));
  for (const name of numeric) {
    const value = drawn.getAttribute(name);
    if (value !== null)
      drawn.setAttribute(
        name,
        value.replaceAll(/-?[0-9]+\.[0-9]+/gu, (text) => short(text)),
      );
  }
}

function short(text: string): string {
  return String(Number(Number(text).toFixed(1)));
}

/**
 * An outline of straight lines in tenths of a pixel and relative steps: half as long. Other paths are kept.
 *
 * @example shortPath("M1,1L2.04,1L2,3Z") // => "m1,1l1,0,0,2z"
 */
function shortPath(path: string): string {
  if (!/^[MLZ0-9.,e-]*$/u.test(path)) return path;
  let [fromX, fromY] = [0, 0];
  let out = "";
  for (const part of path.split("M").slice(1)) {
    const isClosed = part.endsWith("Z");
    const [first = "", ...others] = (isClosed ? part.slice(0, -1) : part).split("L");
    const [startX, startY] = tenths(first);
    out += `m${(startX - fromX) / 10},${(startY - fromY) / 10}`;
    [fromX, fromY] = [startX, startY];
    // The command is said once, and no comma where a sign divides.
    let between = "l";
    for (const point of others) {
      const [toX, toY] = tenths(point);
      if (toX === fromX && toY === fromY) continue;
      const step = `${(toX - fromX) / 10},${(toY - fromY) / 10}`;
      out += (between === "," && step.startsWith("-") ? "" : between) + step;
      between = ",";
      [fromX, fromY] = [toX, toY];
    }
    if (isClosed) {
      out += "z";
      [fromX, fromY] = [startX, startY];
    }
  }
  return out;
}

function tenths(point: string): readonly [number, number] {
  const comma = point.indexOf(",");
  return [Math.round(Number(point.slice(0, comma)) * 10), Math.round(Number(point.slice(comma + 1)) * 10)];
}
