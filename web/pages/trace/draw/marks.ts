import { serviceKind } from "../../../base/service-kinds.ts";
import type { View, ViewEdge } from "../group/view.ts";
import type { Picture, PictureEdge, PictureNode } from "../layout/picture.ts";
import { shareClass } from "../layout/widths.ts";
import type { Palette } from "./palette.ts";

/** The colour of a mark: a service's by what it is, any other's by its tainted share. */
export function markColour(view: View, { place, isReturn }: PictureNode, palette: Palette): string {
  const node = view.nodes[place];
  if (node === undefined || isReturn) return palette.muted;
  if (node.isOrigin) return palette.service.theft;
  const category = node.main.exit?.category ?? node.main.category;
  const isService = node.kind === "single" || node.kind === "entity";
  if (node.isSanctioned && isService) return palette.service.sanctioned;
  if (isService && category !== undefined && category !== "") return palette.service[serviceKind(category)];
  return palette.share[shareClass(node.share)];
}

export function edgeColour({ share }: ViewEdge, palette: Palette): string {
  return palette.share[shareClass(share)];
}

/** What is drawn with full strength; undefined: all. */
export type Strength = { readonly nodes: ReadonlySet<string>; readonly edges: ReadonlySet<string> } | undefined;

/** What is off the followed path keeps this part of its strength. */
export const faded = 0.25;

export function nodeStrength(strength: Strength, { id }: PictureNode): number {
  return strength === undefined || strength.nodes.has(id) ? 1 : faded;
}

export function edgeStrength(strength: Strength, { id }: PictureEdge): number {
  return strength === undefined || strength.edges.has(id) ? 1 : faded;
}

/** Within a window of time: what is drawn. Origins always are, so that there is a beginning. */
export type Window = { readonly from: number; readonly to: number };

export function inWindow(
  view: View,
  picture: Picture,
  window: Window | undefined,
): { readonly nodes: Uint8Array; readonly edges: Uint8Array } {
  const nodes = new Uint8Array(picture.nodes.length).fill(window === undefined ? 1 : 0);
  const edges = new Uint8Array(picture.edges.length).fill(window === undefined ? 1 : 0);
  if (window === undefined) return { nodes, edges };
  for (const [at, { place, isReturn }] of picture.nodes.entries()) {
    if (!isReturn && view.nodes[place]?.isOrigin === true) nodes[at] = 1;
  }
  for (const [at, { place, source, target }] of picture.edges.entries()) {
    const edge = view.edges[place];
    if (edge === undefined || edge.last < window.from || edge.first > window.to) continue;
    edges[at] = 1;
    nodes[source] = 1;
    nodes[target] = 1;
  }
  return { nodes, edges };
}
