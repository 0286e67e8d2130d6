/** What all charts are drawn with: Plot's SVG made fit for the page's policy, and elements of our own. */
import * as Plot from "@observablehq/plot";

/** How wide, in which language, and with how large letters. */
export type Frame = { readonly width: number; readonly font: number; readonly name: "wide" | "narrow" };

export function frameOf(width: number): Frame {
  return { width, font: 13, name: width < 480 ? "narrow" : "wide" };
}

/** A part of a chart that can be pressed: what it is, and the key that it opens. */
export type Pick = { readonly open: string; readonly label: string };

/**
 * Draws. Plot's own style element, which the policy would block, is left out; `charts.css` says the same.
 *
 * @param label - What a screen reader says of the whole.
 */
export function drawPlot(options: Plot.PlotOptions, { width, font }: Frame, label: string): SVGSVGElement {
  const svg = Plot.plot({ ...options, width, className: "plot" }) as unknown as SVGSVGElement;
  for (const style of svg.querySelectorAll("style")) style.remove();
  svg.removeAttribute("font-family");
  svg.setAttribute("font-size", String(font));
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", label);
  // What is read is the label, the parts that open, and the table; not axes and letters.
  for (const group of svg.querySelectorAll(":scope > g:not([data-picks])")) {
    if (group.querySelector("[data-open]") === null) group.setAttribute("aria-hidden", "true");
  }
  return svg;
}

/** Makes an element one that opens something. */
export function pickable(element: Element, { open, label }: Pick): void {
  element.setAttribute("data-open", open);
  element.setAttribute("role", "button");
  element.setAttribute("tabindex", "-1");
  element.setAttribute("aria-label", label);
}

type Attributes = Readonly<Record<string, string | number>>;

/** A new SVG element, with text or other elements in it. */
export function svgElement(
  name: string,
  attributes: Attributes,
  content: string | readonly Element[] = [],
): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (typeof content === "string") made.textContent = content;
  else made.append(...content);
  return made;
}

/** Where a mark's data stand in pixels, as Plot hands them to a render function. */
export type Positions = {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly r?: ArrayLike<number>;
};

/** A render function that draws data itself; `before` is what the mark would draw, one child a datum. */
export function rendered(
  drawAt: (index: readonly number[], at: Positions, before: SVGElement) => SVGElement,
): Plot.RenderFunction {
  return (...given) => {
    const [index, scales, values, dimensions, context, next] = given;
    const before = next?.(index, scales, values, dimensions, context) ?? svgElement("g", {});
    return drawAt(Array.from(index), values as unknown as Positions, before);
  };
}

/** A name, and the line to what it names where it stands apart. */
export function drawLabel({
  text,
  align,
  line,
  x,
  y,
}: {
  readonly text: string;
  readonly align: string;
  readonly line: Readonly<Record<"x1" | "x2" | "y1" | "y2", number>> | undefined;
  readonly x: number;
  readonly y: number;
}): readonly SVGElement[] {
  const halo = { stroke: "var(--surface)", "stroke-width": 3, "paint-order": "stroke", "stroke-linejoin": "round" };
  const name = svgElement("text", { x, y, "text-anchor": align, dy: "0.34em", fill: "var(--text)", ...halo }, text);
  return line === undefined ? [name] : [svgElement("line", { ...line, stroke: "var(--muted)" }), name];
}

/** The hatching of what is unknown. */
export function hatchPattern(): SVGElement {
  return svgElement("defs", {}, [
    svgElement(
      "pattern",
      { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      [
        svgElement("rect", { width: 6, height: 6, fill: "var(--surface)" }),
        svgElement("path", { d: "M0 0V6", stroke: "var(--unknown)", "stroke-width": 3 }),
      ],
    ),
  ]);
}
