import type { View } from "../group/view.ts";
import { chooseLabels, type Label } from "../layout/labels.ts";
import type { Bracket } from "../layout/brackets.ts";
import type { Picture, PictureEdge, PictureNode } from "../layout/picture.ts";
import type { Route } from "../layout/routes.ts";
import { edgeColour, edgeStrength, inWindow, markColour, nodeStrength, type Strength, type Window } from "./marks.ts";
import type { Palette } from "./palette.ts";
import { partsOf, type SymbolPart } from "./symbols.ts";
import { num, xmlText } from "./xml.ts";

/** What a picture says in words; all of it is text, and is escaped here. */
export type SvgWords = {
  readonly title: string;
  /** Origin, policy, stops, tip, digest: a line each. */
  readonly facts: readonly string[];
  /** Where data are made up: said in the picture. */
  readonly simulated: string | undefined;
  /** Of each of the picture's nodes. */
  readonly textOf: (node: number) => MarkText;
  readonly barNote: string;
  /** Along the axis. */
  readonly ticks: readonly { readonly x: number; readonly text: string }[];
  readonly cuts: readonly { readonly x: number; readonly text: string }[];
  readonly lang: string;
};
/** A node's name, what is written below it, and its range over the policies. */
export type MarkText = {
  readonly name: string;
  readonly detail: string;
  readonly bracket: BracketText | undefined;
};
export type BracketText = Bracket & { readonly text: string };

export type SvgOptions = {
  readonly palette: Palette;
  readonly labels: readonly Label[];
  readonly words: SvgWords;
  readonly strength: Strength;
  readonly window: Window | undefined;
};

const font = `system-ui, 'Segoe UI', Roboto, 'Hiragino Sans', 'Noto Sans JP', 'Noto Sans CJK JP', sans-serif`;
const lineHeight = 18;
const side = 72;
/** Left of the head's lines, and right of the longest text. */
const headSide = 16;
export const bracketWidth = 40;

/** A picture as SVG, whole in itself: no scripts, no styles, nothing from elsewhere. The same input gives the same text. */
export function drawSvg(view: View, picture: Picture, options: SvgOptions): string {
  const { palette, words } = options;
  const top = 40 + words.facts.length * lineHeight + (words.simulated === undefined ? 0 : lineHeight) + 40;
  const shown = inWindow(view, picture, options.window);
  const named = chosenTexts(picture, options, shown.nodes);
  const width = Math.ceil(widthFor(picture, words, named));
  const height = Math.ceil(top + picture.height + 48);
  const edges = [...picture.edges.keys()].toSorted(
    (left, right) => widthAt(picture, right) - widthAt(picture, left) || left - right,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" lang="${xmlText(words.lang)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${font}" font-size="12">`,
    `<title>${xmlText(words.title)}</title>`,
    `<desc>${xmlText(words.facts.join("; "))}</desc>`,
    `<rect width="${width}" height="${height}" fill="${palette.surface}"/>`,
    head(words, palette),
    `<g transform="translate(${side} ${top})">`,
    axis(words, picture, palette),
    ...edges.flatMap((at) => (shown.edges[at] === 1 ? [edge(view, picture.edges[at], options)] : [])),
    ...picture.nodes.flatMap((node, at) => (shown.nodes[at] === 1 ? [bar(view, picture, { node, options })] : [])),
    ...picture.nodes.flatMap((node, at) => (shown.nodes[at] === 1 ? [mark(view, node, options)] : [])),
    texts(picture, options, named),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

function widthAt(picture: Picture, at: number): number {
  return picture.edges[at]?.width ?? 0;
}

function head({ title, facts, simulated }: SvgWords, palette: Palette): string {
  const lines = [
    `<text x="16" y="28" font-size="16" font-weight="700" fill="${palette.text}">${xmlText(title)}</text>`,
  ];
  let y = 28;
  if (simulated !== undefined) {
    y += lineHeight;
    lines.push(`<text x="16" y="${y}" font-weight="700" fill="${palette.simulated}">${xmlText(simulated)}</text>`);
  }
  for (const fact of facts) {
    y += lineHeight;
    lines.push(`<text x="16" y="${y}" fill="${palette.text2}">${xmlText(fact)}</text>`);
  }
  return lines.join("\n");
}

function axis({ ticks, cuts, barNote }: SvgWords, picture: Picture, palette: Palette): string {
  const line = (x: number, dash: string): string =>
    `<line x1="${num(x)}" y1="-20" x2="${num(x)}" y2="${num(picture.height)}" stroke="${palette.line}"${dash}/>`;
  const text = (x: number, words: string, anchor: string): string =>
    `<text x="${num(x)}" y="-26" text-anchor="${anchor}" fill="${palette.muted}">${xmlText(words)}</text>`;
  return [
    ...ticks.map(({ x, text: words }) => `${line(x, ` stroke-dasharray="2 4"`)}${text(x, words, "middle")}`),
    ...cuts.map(({ x, text: words }) => `<g><title>${xmlText(words)}</title>${text(x, "∥", "middle")}</g>`),
    text(picture.barEnd + 6, barNote, "start"),
  ].join("\n");
}

/** The path of a route, as SVG writes it. */
export function pathOf({ kind, points: [x0, y0, x1, y1], ...route }: Route): string {
  const start = `M${num(x0)} ${num(y0)}`;
  if (kind === "straight") return `${start}L${num(x1)} ${num(y1)}`;
  if ("bend" in route) return `${start}H${num(route.bend)}V${num(y1)}H${num(x1)}`;
  if (!("controls" in route)) return start;
  const [c0, d0, c1, d1] = route.controls;
  return `${start}C${num(c0)} ${num(d0)} ${num(c1)} ${num(d1)} ${num(x1)} ${num(y1)}`;
}

const dashes = {
  plain: "",
  dotted: ` stroke-dasharray="1.5 4" stroke-linecap="round"`,
  dashed: ` stroke-dasharray="8 5"`,
} as const;

function edge(view: View, one: PictureEdge | undefined, { palette, strength }: SvgOptions): string {
  const of = view.edges[one?.place ?? -1];
  if (one === undefined || of === undefined) return "";
  const colour = edgeColour(of, palette);
  const fade = edgeStrength(strength, one);
  return `<path d="${pathOf(one.route)}" fill="none" stroke="${colour}" stroke-width="${num(one.width)}" stroke-linejoin="round"${dashes[one.stroke]}${opacity(fade)}/>`;
}

function opacity(strength: number): string {
  return strength === 1 ? "" : ` opacity="${num(strength)}"`;
}

type BarOf = { readonly node: PictureNode; readonly options: SvgOptions };

function bar(view: View, { barEnd }: Picture, { node, options }: BarOf): string {
  if (node.barY === undefined) return "";
  const colour = markColour(view, node, options.palette);
  const stem =
    node.barY === node.y
      ? ""
      : `<path d="M${num(node.x)} ${num(node.y)}V${num(node.barY)}" stroke="${colour}" stroke-width="1.5" fill="none"/>`;
  const width = num(Math.max(0, barEnd - node.x));
  return `<g${opacity(nodeStrength(options.strength, node))}>${stem}<rect x="${num(node.x)}" y="${num(node.barY - 3)}" width="${width}" height="6" fill="${colour}" fill-opacity="0.45"/></g>`;
}

function mark(view: View, node: PictureNode, { palette, strength, words }: SvgOptions): string {
  const colour = markColour(view, node, palette);
  const of = view.nodes[node.place];
  const parts = partsOf(node.shape, of?.isSanctioned === true && !node.isReturn);
  const drawn = parts
    .map(([part, size]) => {
      const one = symbolPart(part, colour, palette.surface);
      return size === 1 ? one : `<g transform="scale(${num(size)})">${one}</g>`;
    })
    .join("");
  const scale = num(node.size / 32);
  // The whole identifier stands in the title, which viewers show and screen readers read.
  const title = `<title>${xmlText(of?.main.label ?? words.title)}</title>`;
  return `<g transform="translate(${num(node.x)} ${num(node.y)}) scale(${scale})"${opacity(nodeStrength(strength, node))}>${title}${drawn}</g>`;
}

function symbolPart({ d, fill, stroke, width, dash }: SymbolPart, colour: string, surface: string): string {
  const paint = { mark: colour, surface, none: "none" } as const;
  const dashed = dash === undefined ? "" : ` stroke-dasharray="${dash}"`;
  return `<path d="${d}" fill="${paint[fill]}" stroke="${paint[stroke]}" stroke-width="${num(width)}"${dashed}/>`;
}

/** Wide enough for the picture and for all that is written in it: an export has no edge to scroll to. */
function widthFor(
  picture: Picture,
  { title, facts, simulated, textOf, barNote, ticks }: SvgWords,
  named: readonly number[],
): number {
  const headEnds = [title, ...facts, simulated ?? ""].map(
    (text) => headSide + widthOfText(text) * (text === title ? 4 / 3 : 1),
  );
  const ends = named.map((at) => {
    const { name, detail, bracket: range } = textOf(at);
    const written = Math.max(widthOfText(name), widthOfText(detail), range === undefined ? 0 : bracketWidth);
    return side + textStart(picture.nodes[at]) + written;
  });
  const axisEnds = [
    side + picture.barEnd + 6 + widthOfText(barNote),
    ...ticks.map(({ x, text }) => side + x + widthOfText(text) / 2),
  ];
  return [...headEnds, ...ends, ...axisEnds].reduce(
    (most, one) => Math.max(most, one + headSide),
    Math.max(640, picture.width + side),
  );
}

function textStart(node: PictureNode | undefined): number {
  return node === undefined ? 0 : node.x + node.size / 2 + 3;
}

/** The nodes whose names are written, in their order. */
function chosenTexts(picture: Picture, { labels, words }: SvgOptions, isShown: Uint8Array): readonly number[] {
  const chosen = chooseLabels(labels, {
    zoom: 2,
    width: picture.barEnd + 200,
    height: picture.height + 48,
    at: (node) => [picture.nodes[node]?.x ?? 0, (picture.nodes[node]?.y ?? 0) + 24],
    forced: new Set(),
    isDrawn: (node) => isShown[node] === 1,
    widthOf: (node) => {
      const { name, detail } = words.textOf(node);
      return Math.max(widthOfText(name), widthOfText(detail)) + 8;
    },
  });
  return chosen.toSorted((left, right) => left - right);
}

function texts(picture: Picture, { words, palette, strength }: SvgOptions, named: readonly number[]): string {
  return named
    .flatMap((at) => {
      const node = picture.nodes[at];
      if (node === undefined) return [];
      const x = num(textStart(node));
      const own = words.textOf(at);
      const name = `<text x="${x}" y="${num(node.y - 9)}" fill="${palette.text}" stroke="${palette.surface}" stroke-width="3" paint-order="stroke">${xmlText(own.name)}</text>`;
      const { detail, bracket: range } = own;
      const below =
        detail === ""
          ? ""
          : `<text x="${x}" y="${num(node.y + 17)}" fill="${palette.text2}" stroke="${palette.surface}" stroke-width="3" paint-order="stroke">${xmlText(detail)}</text>`;
      const drawn = range === undefined ? "" : bracket(node, range, palette);
      return [`<g${opacity(nodeStrength(strength, node))}>${name}${below}${drawn}</g>`];
    })
    .join("\n");
}

/** How wide a text of 12 pixels is at most in the usual faces: a Japanese letter is twice a Latin one, capitals lie between. */
function widthOfText(text: string): number {
  let width = 0;
  for (const letter of text) {
    width += (letter.codePointAt(0) ?? 0) > 0x2e_7f ? 12 : /[A-Z@%&mwMW…→]/u.test(letter) ? 11 : 7.2;
  }
  return width;
}

function bracket(
  { x, y, size }: PictureNode,
  { low, at, high, isPartial, text }: BracketText,
  palette: Palette,
): string {
  const left = x + size / 2 + 6;
  const [from, to, dot] = [low, high, at].map((part) => left + part * bracketWidth);
  const dash = isPartial ? ` stroke-dasharray="3 2"` : "";
  const tick = (place: number | undefined): string =>
    `<path d="M${num(place ?? 0)} ${num(y - 4)}V${num(y + 4)}" stroke="${palette.text2}" stroke-width="1.5"/>`;
  return [
    `<g><title>${xmlText(text)}</title>`,
    `<path d="M${num(from ?? 0)} ${num(y)}H${num(to ?? 0)}" stroke="${palette.text2}" stroke-width="1.5"${dash}/>`,
    tick(from),
    tick(to),
    `<circle cx="${num(dot ?? 0)}" cy="${num(y)}" r="3" fill="${palette.text}"/></g>`,
  ].join("");
}
