import type { Strength } from "../draw/marks.ts";
import { edgeColour, edgeStrength, markColour, nodeStrength } from "../draw/marks.ts";
import type { Palette } from "../draw/palette.ts";
import type { View } from "../group/view.ts";
import type { Picture } from "../layout/picture.ts";
import { cellOf } from "./atlas.ts";
import { routeKinds, strokeKinds } from "./shaders.ts";

/** What is drawn, as numbers: places once for each picture, colours again when the theme or the path changes. */
export type Shapes = {
  readonly edges: Float32Array;
  readonly marks: Float32Array;
};
export type Inks = {
  readonly edges: Uint8Array;
  readonly marks: Uint8Array;
};

/** Numbers for an edge, and for a mark. */
export const edgeNumbers = 14;
export const markNumbers = 6;
const barWidth = 6;
const barStrength = 0.45;

/** Instants as minutes since the first, which single precision holds exactly for thirty years. */
export function minutesSince(start: number, time: number): number {
  return Math.floor((time - start) / 60);
}

/** Edges that are drawn before all others: the bars of what rests. */
function bars(picture: Picture): readonly number[] {
  return picture.nodes.flatMap(({ barY }, at) => (barY === undefined ? [] : [at]));
}

/** The widest edges first, so that thin ones stay in sight. */
function edgeOrder(picture: Picture): readonly number[] {
  return [...picture.edges.keys()].toSorted(
    (left, right) => (picture.edges[right]?.width ?? 0) - (picture.edges[left]?.width ?? 0) || left - right,
  );
}

export function shapesOf(view: View, picture: Picture, start: number): Shapes {
  const resting = bars(picture);
  const edges = new Float32Array((resting.length + picture.edges.length) * edgeNumbers);
  let at = 0;
  const put = (numbers: readonly number[]): void => {
    edges.set(numbers, at);
    at += edgeNumbers;
  };
  for (const place of resting) {
    const node = picture.nodes[place];
    const of = view.nodes[node?.place ?? -1];
    if (node === undefined || of === undefined) continue;
    const y = node.barY ?? node.y;
    // It is there until the end, so no window that begins later hides it.
    const ends = [node.x, node.y, picture.barEnd, y];
    put([...ends, node.x, 0, 0, 0, routeKinds.step, barWidth, 0, 0, minutesSince(start, of.first), 2 ** 24]);
  }
  for (const place of edgeOrder(picture)) {
    const edge = picture.edges[place];
    const of = view.edges[edge?.place ?? -1];
    if (edge === undefined || of === undefined) continue;
    const { route } = edge;
    const controls = route.kind === "curve" ? route.controls : [route.kind === "step" ? route.bend : 0, 0, 0, 0];
    const style = [routeKinds[route.kind], edge.width, strokeKinds[edge.stroke], 0];
    put([...route.points, ...controls, ...style, minutesSince(start, of.first), minutesSince(start, of.last)]);
  }
  const marks = new Float32Array(picture.nodes.length * markNumbers);
  for (const [place, { x, y, size, shape, place: viewed, isReturn }] of picture.nodes.entries()) {
    const of = view.nodes[viewed];
    const isSanctioned = of?.isSanctioned === true && !isReturn;
    // Origins are always drawn, so that there is a beginning.
    const times =
      of?.isOrigin === true
        ? [-1, 2 ** 24]
        : [minutesSince(start, of?.first ?? 0), of?.resting === 0 ? minutesSince(start, of.last) : 2 ** 24];
    marks.set([x, y, size, cellOf(shape, isSanctioned), ...times], place * markNumbers);
  }
  return { edges, marks };
}

export function inksOf(
  view: View,
  picture: Picture,
  { palette, strength }: { readonly palette: Palette; readonly strength: Strength },
): Inks {
  const resting = bars(picture);
  const edges = new Uint8Array((resting.length + picture.edges.length) * 4);
  const marks = new Uint8Array(picture.nodes.length * 4);
  let at = 0;
  for (const place of resting) {
    const node = picture.nodes[place];
    if (node !== undefined)
      edges.set(ink(markColour(view, node, palette), nodeStrength(strength, node) * barStrength), at);
    at += 4;
  }
  for (const place of edgeOrder(picture)) {
    const edge = picture.edges[place];
    const of = view.edges[edge?.place ?? -1];
    if (edge !== undefined && of !== undefined)
      edges.set(ink(edgeColour(of, palette), edgeStrength(strength, edge)), at);
    at += 4;
  }
  for (const [place, node] of picture.nodes.entries()) {
    marks.set(ink(markColour(view, node, palette), nodeStrength(strength, node)), place * 4);
  }
  return { edges, marks };
}

/** A colour `#rrggbb` and its strength, as bytes. */
export function ink(colour: string, strength: number): readonly [number, number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255, Math.round(strength * 255)];
}
