import type { MultiPolygon, Polygon, Position } from "geojson";
import { placeLabels, textWidth, type Anchor, type Box, type Label } from "./labels.ts";
import type { Point } from "./places.ts";

/** Rings stand for places that have no outline; this wide, they can be pressed. */
export const ringRadius = 12;

/** A country where it stands in pixels, and its name and amount, as they would be written. */
export type Placed = {
  readonly name: string;
  /** Undefined: nothing that counts, so that only the name is written. */
  readonly amount: string | undefined;
  readonly mark: "outline" | "ring";
  /** Whether it is named though it is no ring. */
  readonly isTop: boolean;
  readonly x: number;
  readonly y: number;
  /** Half its width, where it has an outline. */
  readonly reach: number;
};

export type MapNames<Country extends Placed> = {
  /** Named within their outline. */
  readonly inside: readonly Country[];
  readonly rings: readonly Country[];
  readonly labels: readonly Label[];
};

/**
 * Which countries are named, and where: rings always, the top ones where there is room.
 *
 * @param isShort - Whether rings are named without their amount.
 */
export function layOutNames<Country extends Placed>(
  placed: readonly Country[],
  frame: { readonly width: number; readonly height: number; readonly font: number },
  isShort: "short" | "full",
): MapNames<Country> {
  const { font } = frame;
  const rings = placed.filter(({ mark }) => mark === "ring");
  const named = placed.filter(({ mark, isTop }) => mark === "ring" || isTop);
  const ringBoxes = rings.map((ring) => boxAround(ring, ringRadius, ringRadius));
  const inside = named.filter((one) => fitsInside(one, font) && !ringBoxes.some((box) => covers(box, one, font)));
  const obstacles = [...ringBoxes, ...inside.map((one) => boxAround(one, nameWidth(one, font) / 2, font * 1.3))];
  const anchors = named.filter((one) => !inside.includes(one)).map((one) => anchorOf(one, isShort));
  return { inside, rings, labels: placeLabels(anchors, obstacles, frame, font) };
}

function nameWidth({ name, amount }: Placed, font: number): number {
  return Math.max(textWidth(name, font), textWidth(amount ?? "", font));
}

function fitsInside(one: Placed, font: number): boolean {
  return one.mark === "outline" && nameWidth(one, font) <= 2 * one.reach * 0.8;
}

/** Whether a ring covers a name that would stand inside a country. */
function covers(ring: Box, one: Placed, font: number): boolean {
  const { x, y } = one;
  const half = nameWidth(one, font) / 2;
  return ring.x0 < x + half && ring.x1 > x - half && ring.y0 < y + font * 1.3 && ring.y1 > y - font * 1.3;
}

function anchorOf({ name, amount, mark, x, y, reach }: Placed, isShort: "short" | "full"): Anchor {
  const isRing = mark === "ring";
  const whole = amount === undefined ? name : `${name} ${amount}`;
  const texts = isRing && isShort === "short" ? [name] : [whole, name];
  return { x, y, radius: isRing ? ringRadius : reach * 0.8, texts, forced: isRing };
}

function boxAround({ x, y }: Placed, halfWidth: number, halfHeight: number): Box {
  return { x0: x - halfWidth, y0: y - halfHeight, x1: x + halfWidth, y1: y + halfHeight };
}

/** The centroid of a country's largest part, and how far west and east of it that part reaches; in degrees. */
export function extentOf(geometry: Polygon | MultiPolygon): readonly Point[] | undefined {
  const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const rings = parts.map(([outer = []]) => ({ outer, ...centroid(outer) }));
  const [largest] = rings.toSorted((left, right) => Math.abs(right.area) - Math.abs(left.area));
  if (largest === undefined) return undefined;
  const easts = largest.outer.map(([east = 0]) => east);
  const [, north] = largest.at;
  return [largest.at, [Math.min(...easts), north], [Math.max(...easts), north]];
}

function centroid(ring: readonly Position[]): { readonly at: Point; readonly area: number } {
  let [area, sumX, sumY] = [0, 0, 0];
  for (const [index, [x = 0, y = 0]] of ring.entries()) {
    const [nextX = 0, nextY = 0] = ring[(index + 1) % ring.length] ?? [];
    const cross = x * nextY - nextX * y;
    area += cross;
    sumX += (x + nextX) * cross;
    sumY += (y + nextY) * cross;
  }
  return { at: area === 0 ? [0, 0] : [sumX / (3 * area), sumY / (3 * area)], area };
}
