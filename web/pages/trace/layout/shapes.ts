import { serviceKind } from "../../../base/service-kinds.ts";
import type { ViewNode } from "../group/view.ts";

/** The marks of the canvas. */
export const shapes = [
  "origin",
  "address",
  "entity",
  "exchange",
  "mixer",
  "bridge",
  "swap",
  "hub",
  "transaction",
  "group",
  "unknown",
  "return",
] as const;
export type Shape = (typeof shapes)[number];

export function shapeOf({ kind, main, isOrigin }: ViewNode): Shape {
  if (isOrigin && kind !== "fan" && kind !== "rest") return "origin";
  if (kind === "fan" || kind === "rest" || kind === "peel" || kind === "collapsed" || main.kind === "group")
    return "group";
  if (main.kind === "swap") return "swap";
  if (main.isHub) return "hub";
  const category = main.exit?.category ?? main.category;
  if (category !== undefined) {
    const service = serviceKind(category);
    if (service === "exchange" || service === "mixer" || service === "bridge") return service;
    return "entity";
  }
  if (main.exit !== undefined || main.entity !== undefined) return "entity";
  if (main.kind === "transaction") return "transaction";
  if (main.kind === "address") return "address";
  return "unknown";
}

const smallest = 16;
const largest = 28;

/** A mark's size in pixels at zoom 1, by what passed through it. */
export function sizeOf(node: Pick<ViewNode, "weight">, origin: number): number {
  const part = origin <= 0 ? 0 : Math.min(1, Math.sqrt(Math.max(0, node.weight) / origin));
  return Math.round(smallest + (largest - smallest) * part);
}

/** How large a mark of size 1 is on the screen: when one looks from afar marks shrink less than distances. */
export function markScale(zoom: number): number {
  if (zoom >= 1) return zoom;
  return zoom >= 0.25 ? Math.sqrt(zoom) : zoom * 2;
}
