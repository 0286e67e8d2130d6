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

/** What a service does, by its category's id; colours and shapes follow it. */
export const serviceKinds = ["exchange", "mixer", "bridge", "defi", "other", "sanctioned", "theft", "illicit"] as const;
export type ServiceKind = (typeof serviceKinds)[number];

const kindOfCategory: ReadonlyMap<string, ServiceKind> = new Map<string, ServiceKind>([
  ["exchange", "exchange"],
  ["mixing_service", "mixer"],
  ["mixer", "mixer"],
  ["mixing", "mixer"],
  ["coinjoin", "mixer"],
  ["defi_bridge", "bridge"],
  ["bridge", "bridge"],
  ["defi", "defi"],
  ["defi_dex", "defi"],
  ["defi_lending", "defi"],
  ["defi_derivative", "defi"],
  ["sanctioned", "sanctioned"],
  ["sanction", "sanctioned"],
  ["theft", "theft"],
  ["hack", "theft"],
  ["perpetrator", "illicit"],
  ["ransomware", "illicit"],
  ["scam", "illicit"],
  ["abuse", "illicit"],
  ["darknet_market", "illicit"],
]);

export function serviceKind(category: string): ServiceKind {
  return kindOfCategory.get(category) ?? "other";
}

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
