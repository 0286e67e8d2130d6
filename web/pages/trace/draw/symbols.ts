import type { Shape } from "../layout/shapes.ts";

/**
 * The marks as outlines in a box from -16 to 16, drawn alike to the canvas' atlas and to SVG: a part is filled with the mark's
 * colour or with the surface, or stroked.
 */
export type SymbolPart = {
  readonly d: string;
  readonly fill: "mark" | "surface" | "none";
  readonly stroke: "mark" | "surface" | "none";
  readonly width: number;
  readonly dash?: string;
};

const circle = (r: number): string => `M${-r} 0A${r} ${r} 0 1 0 ${r} 0A${r} ${r} 0 1 0 ${-r} 0Z`;
const square = (r: number): string => `M${-r} ${-r}H${r}V${r}H${-r}Z`;
const polygon = (corners: number, r: number, turn: number): string => {
  const points = Array.from({ length: corners }, (_, corner) => {
    const angle = ((corner + turn) / corners) * 2 * Math.PI;
    return `${(r * Math.cos(angle)).toFixed(2)} ${(r * Math.sin(angle)).toFixed(2)}`;
  });
  return `M${points.join("L")}Z`;
};

const filled = (d: string): SymbolPart => ({ d, fill: "mark", stroke: "surface", width: 1.5 });
const hollow = (d: string, dash?: string): SymbolPart => ({
  d,
  fill: "surface",
  stroke: "mark",
  width: 3,
  ...(dash === undefined ? {} : { dash }),
});
const sign = (d: string, stroke: "mark" | "surface" = "surface"): SymbolPart => ({
  d,
  fill: "none",
  stroke,
  width: 2.5,
});

const symbols: Readonly<Record<Shape, readonly SymbolPart[]>> = {
  origin: [filled("M-11 -14L14 0L-11 14Z")],
  address: [filled(circle(11))],
  entity: [hollow(square(12))],
  exchange: [filled(square(14)), sign("M-8 -4H7M3 -8L8 -4L3 0M8 5H-7M-3 1L-8 5L-3 9")],
  mixer: [filled(polygon(6, 15, 0.5))],
  bridge: [filled("M0 -15L15 0L0 15L-15 0Z")],
  swap: [{ d: circle(7), fill: "surface", stroke: "mark", width: 4 }],
  hub: [hollow(polygon(8, 14, 0.5), "5 3")],
  transaction: [filled("M-3 -14H3V14H-3Z")],
  group: [
    { d: "M-1 -13A11 11 0 0 1 13 1", fill: "none", stroke: "mark", width: 2 },
    { d: "M-2 -9A10 10 0 0 1 9 2", fill: "none", stroke: "mark", width: 2 },
    { d: "M-13 3A10 10 0 1 0 7 3A10 10 0 1 0 -13 3Z", fill: "mark", stroke: "surface", width: 1.5 },
  ],
  unknown: [hollow(circle(12), "4 3"), sign("M-4 -3A4 4 0 1 1 1.500 0.500Q0 1.500 0 4M0 7V8", "mark")],
  return: [sign("M9 6H-3A6 6 0 1 1 3 -6H8M4 -10L9 -6L4 -2", "mark")],
};

/** A mark of who is sanctioned stands within a second outline, crossed: told without its colour. */
const sanctionedScale = 0.72;
const crossed: readonly SymbolPart[] = [
  { d: circle(14.6), fill: "none", stroke: "mark", width: 2 },
  { d: "M-10.3 10.3L10.3 -10.3", fill: "none", stroke: "surface", width: 5 },
  { d: "M-10.3 10.3L10.3 -10.3", fill: "none", stroke: "mark", width: 2 },
];

/** A mark's parts, each with how large it is drawn. */
export function partsOf(shape: Shape, isSanctioned: boolean): readonly (readonly [part: SymbolPart, scale: number])[] {
  const own = symbols[shape].map((part): readonly [SymbolPart, number] => [part, isSanctioned ? sanctionedScale : 1]);
  return isSanctioned ? [...own, ...crossed.map((part): readonly [SymbolPart, number] => [part, 1])] : own;
}
