import { withPngTexts } from "../base/png-text.ts";

/** A chart as a file of its own: its colours and faces told in it, and what it shows in words. */
export type ChartWords = { readonly title: string; readonly description: string };

/** SVG that needs no sheet. */
export function standaloneSvg(svg: SVGSVGElement, { title, description }: ChartWords): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const style = getComputedStyle(svg);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("font-family", style.fontFamily);
  copy.setAttribute("font-size", style.fontSize);
  copy.setAttribute("role", "img");
  copy.setAttribute("aria-label", title);
  const resolve = resolver(svg);
  for (const element of [copy, ...copy.querySelectorAll("*")]) {
    for (const name of ["data-open", "tabindex", "class"]) element.removeAttribute(name);
    if (element !== copy) {
      element.removeAttribute("role");
      element.removeAttribute("aria-label");
    }
    for (const name of ["fill", "stroke"]) {
      const value = element.getAttribute(name);
      if (value?.includes("var(") === true || value === "currentColor") element.setAttribute(name, resolve(value));
    }
  }
  const background = document.createElementNS(copy.namespaceURI, "rect");
  background.setAttribute("width", "100%");
  background.setAttribute("height", "100%");
  background.setAttribute("fill", resolve("var(--surface)"));
  copy.prepend(background);
  for (const [name, text] of [
    ["desc", description],
    ["title", title],
  ] as const) {
    const element = document.createElementNS(copy.namespaceURI, name);
    element.textContent = text;
    copy.prepend(element);
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
}

type Drawing = ChartWords & { readonly svg: string; readonly width: number; readonly height: number };

/** PNG from that SVG, twice as large as it is on the page, with its words in it. */
export async function pngOf({ svg, width, height, title, description }: Drawing): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width * 2, height * 2];
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const plain = await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob(
        (blob) => (blob === null ? reject(new Error("no picture came of it")) : resolve(blob)),
        "image/png",
      );
    });
    const texts = { Title: title, Description: description };
    return new Blob([withPngTexts(await plain.bytes(), texts)], { type: "image/png" });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Colours of the sheet as they are now, whatever they are made of. */
function resolver(near: Element): (colour: string) => string {
  const probe = document.createElement("span");
  near.parentElement?.append(probe);
  const known = new Map<string, string>();
  const style = getComputedStyle(probe);
  // Read before the probe is gone again.
  queueMicrotask(() => probe.remove());
  return (colour) => {
    const before = known.get(colour);
    if (before !== undefined) return before;
    probe.style.color = colour;
    const now = style.color;
    known.set(colour, now);
    return now;
  };
}
