import type { Picture } from "../layout/picture.ts";
import { pointOf } from "../layout/routes.ts";
import { markScale } from "../layout/shapes.ts";

/** What lies under a point of the picture: places among its nodes or edges. */
export type Picked = { readonly kind: "node" | "edge"; readonly at: number } | undefined;

const cell = 128;
/** Pixels of the screen by which one may miss. */
const nodeReach = 6;
const edgeReach = 5;
const samples = 12;

/** Finds what lies under a point. Made once for a picture; looking up costs little. */
export class Picker {
  readonly #picture: Picture;
  readonly #cells = new Map<number, number[]>();

  constructor(picture: Picture) {
    this.#picture = picture;
    for (const [at, { x, y }] of picture.nodes.entries()) {
      const key = keyOf(Math.floor(x / cell), Math.floor(y / cell));
      const list = this.#cells.get(key);
      if (list === undefined) this.#cells.set(key, [at]);
      else list.push(at);
    }
  }

  /** @param zoom - Pixels of the screen for one of the picture. @param isDrawn - What the window of time leaves. */
  at([x, y]: readonly [number, number], zoom: number, isDrawn: (node: number) => boolean): Picked {
    const node = this.#nodeAt(x, y, { zoom, isDrawn });
    if (node !== undefined) return { kind: "node", at: node };
    const edge = this.#edgeAt(x, y, zoom);
    return edge === undefined ? undefined : { kind: "edge", at: edge };
  }

  #nodeAt(
    x: number,
    y: number,
    { zoom, isDrawn }: { readonly zoom: number; readonly isDrawn: (node: number) => boolean },
  ): number | undefined {
    const far = (16 * markScale(zoom) + nodeReach) / zoom;
    let best: number | undefined;
    let least = Number.POSITIVE_INFINITY;
    const cells = Math.min(40, Math.ceil(far / cell));
    const [column, row] = [Math.floor(x / cell), Math.floor(y / cell)];
    for (let i = column - cells; i <= column + cells; i += 1) {
      for (let j = row - cells; j <= row + cells; j += 1) {
        for (const at of this.#cells.get(keyOf(i, j)) ?? []) {
          const node = this.#picture.nodes[at];
          if (node === undefined || !isDrawn(at)) continue;
          const distance = Math.hypot(node.x - x, node.y - y);
          if (distance > ((node.size / 2) * markScale(zoom) + nodeReach) / zoom || distance >= least) continue;
          least = distance;
          best = at;
        }
      }
    }
    return best;
  }

  #edgeAt(x: number, y: number, zoom: number): number | undefined {
    let best: number | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const [at, { route, width }] of this.#picture.edges.entries()) {
      const reach = width / 2 + edgeReach / zoom;
      const [x0, y0, x1, y1] = route.points;
      const lift = route.kind === "curve" ? 24 : 0;
      if (x < Math.min(x0, x1) - reach || x > Math.max(x0, x1) + reach) continue;
      if (y < Math.min(y0, y1) - reach - lift || y > Math.max(y0, y1) + reach) continue;
      const distance = distanceTo(route, x, y);
      if (distance > reach || distance >= least) continue;
      least = distance;
      best = at;
    }
    return best;
  }
}

function keyOf(column: number, row: number): number {
  return column * 1_000_003 + row;
}

function distanceTo(route: Picture["edges"][number]["route"], x: number, y: number): number {
  const corners: (readonly [number, number])[] =
    route.kind === "step"
      ? [
          [route.points[0], route.points[1]],
          [route.bend, route.points[1]],
          [route.bend, route.points[3]],
          [route.points[2], route.points[3]],
        ]
      : Array.from({ length: samples + 1 }, (_, step) => pointOf(route, step / samples));
  let least = Number.POSITIVE_INFINITY;
  for (const [place, [x1, y1]] of corners.slice(1).entries()) {
    const [x0, y0] = corners[place] ?? [x1, y1];
    const [dx, dy] = [x1 - x0, y1 - y0];
    const size = dx * dx + dy * dy;
    const along = size === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / size));
    least = Math.min(least, Math.hypot(x0 + dx * along - x, y0 + dy * along - y));
  }
  return least;
}
