/** How an edge runs. Straight within a lane; to a child by a step; anywhere else by a curve, so that it is told from a step. */
export type Route =
  | { readonly kind: "straight"; readonly points: Points }
  | { readonly kind: "step"; readonly points: Points; readonly bend: number }
  | { readonly kind: "curve"; readonly points: Points; readonly controls: Points };

/** x and y of the two ends, or of the two controls. */
export type Points = readonly [number, number, number, number];

type Place = { readonly x: number; readonly y: number };

const bendMost = 18;
const archHeight = 20;

export function routeOf(from: Place, to: Place, isTree: boolean): Route {
  const points: Points = [from.x, from.y, to.x, to.y];
  const width = to.x - from.x;
  if (isTree && from.y === to.y) return { kind: "straight", points };
  if (isTree) return { kind: "step", points, bend: from.x + Math.min(bendMost, width / 2) };
  // Past the marks that may stand between in the same lane.
  const lift = from.y === to.y ? archHeight : 0;
  const reach = Math.max(width / 2, Math.min(24, width));
  return { kind: "curve", points, controls: [from.x + reach, from.y - lift, to.x - reach, to.y - lift] };
}

/** A point of a route, `at` from 0 to 1. */
export function pointOf(route: Route, at: number): readonly [number, number] {
  const [x0, y0, x1, y1] = route.points;
  if (route.kind === "straight") return [x0 + (x1 - x0) * at, y0 + (y1 - y0) * at];
  if (route.kind === "step") return pointOfStep(route.points, route.bend, at);
  const [c0, d0, c1, d1] = route.controls;
  const back = 1 - at;
  const mix = (a: number, b: number, c: number, d: number): number =>
    back ** 3 * a + 3 * back ** 2 * at * b + 3 * back * at ** 2 * c + at ** 3 * d;
  return [mix(x0, c0, c1, x1), mix(y0, d0, d1, y1)];
}

function pointOfStep([x0, y0, x1, y1]: Points, bend: number, at: number): readonly [number, number] {
  const legs = [bend - x0, Math.abs(y1 - y0), x1 - bend];
  let left = at * legs.reduce((sum, leg) => sum + leg, 0);
  if (left <= (legs[0] ?? 0)) return [x0 + left, y0];
  left -= legs[0] ?? 0;
  if (left <= (legs[1] ?? 0)) return [bend, y0 + Math.sign(y1 - y0) * left];
  return [bend + left - (legs[1] ?? 0), y1];
}
