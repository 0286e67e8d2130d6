import type { View, ViewEdge } from "../group/view.ts";
import type { FlowIndex } from "../model/flow-index.ts";
import { axisAt, type Axis } from "./axis.ts";
import { lanesOf } from "./lanes.ts";
import { hopPositions, timePositions, type Positions } from "./positions.ts";
import { routeOf, type Route } from "./routes.ts";
import { shapeOf, sizeOf, type Shape } from "./shapes.ts";
import { widthOf } from "./widths.ts";

export type LayoutMode = "time" | "hop";

/** A node in its place. */
export type PictureNode = {
  readonly id: string;
  /** Its place in the view; of a return, that of the node to which value comes back. */
  readonly place: number;
  readonly isReturn: boolean;
  readonly shape: Shape;
  readonly x: number;
  readonly y: number;
  /** Of the whole mark, in pixels at zoom 1. */
  readonly size: number;
  /** Where the bar of what rests stands; undefined where nothing rests. */
  readonly barY: number | undefined;
};

export type PictureEdge = {
  readonly id: string;
  /** Its place in the view's edges. */
  readonly place: number;
  /** Places in {@link Picture.nodes}. */
  readonly source: number;
  readonly target: number;
  readonly route: Route;
  readonly width: number;
  readonly stroke: "plain" | "dotted";
};

/** A view, laid out. Pixels at zoom 1, y downwards. */
export type Picture = {
  readonly mode: LayoutMode;
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
  readonly axis: Axis | undefined;
  /** By hop: where each hop stands. */
  readonly columns: readonly { readonly x: number; readonly hop: number }[];
  readonly width: number;
  readonly height: number;
  /** Where bars end: what rests is still there at the last block. */
  readonly barEnd: number;
};

export const laneHeight = 48;
const apart = 40;
/** Below the lane's line, where something follows in the lane. */
const barBelow = 20;
const margin = 64;

/** Lays a view out. The same view and mode give the same picture; opening a group moves nothing sideways. */
export function pictureOf(view: View, index: FlowIndex, mode: LayoutMode): Picture {
  const positions = mode === "time" ? timePositions(index) : hopPositions(index);
  const { axis } = positions;
  const origin = index.weights.origin;
  const xs = placesOf(view, positions);
  const ends = endsOf(view, xs, positions);
  const lanes = lanesOf({
    xs: ends.xs,
    parents: parentsOf(view, ends),
    weights: ends.weights,
    apart,
  });
  const nodes = ends.xs.map((x, at): PictureNode => {
    const place = ends.places[at] ?? 0;
    const node = view.nodes[place];
    if (node === undefined) throw new Error("picture: a place without a node");
    const isReturn = at >= view.nodes.length;
    const y = (lanes.lanes[at] ?? 0) * laneHeight;
    const rests = !isReturn && node.resting > 0;
    return {
      id: isReturn ? `return:${ends.ids[at] ?? ""}` : node.id,
      place,
      isReturn,
      shape: isReturn ? "return" : shapeOf(node),
      x,
      y,
      size: isReturn ? 16 : sizeOf(node, origin),
      barY: rests ? y + (lanes.isFollowed[at] === true ? barBelow : 0) : undefined,
    };
  });
  const edges = view.edges.map((edge, place): PictureEdge => {
    const target = ends.targets[place] ?? edge.target;
    return edgeOf(edge, { place, target, nodes, isTree: ends.parents[target] === edge.source, origin });
  });
  const right = nodes.reduce((most, { x }) => Math.max(most, x), 0);
  return {
    mode,
    nodes,
    edges,
    axis,
    columns: axis === undefined ? columnsOf(nodes, view, positions.step) : [],
    width: right + margin * 2,
    height: Math.max(1, lanes.count) * laneHeight,
    barEnd: right + margin,
  };
}

/** A service or what else nothing leaves stands behind all that pays it; any other gathering where its first member does. */
function placesOf(view: View, { xs }: Positions): readonly number[] {
  const least = view.nodes.map(() => Number.POSITIVE_INFINITY);
  const most = view.nodes.map(() => 0);
  for (const [node, place] of view.placeOf.entries()) {
    least[place] = Math.min(least[place] ?? 0, xs[node] ?? 0);
    most[place] = Math.max(most[place] ?? 0, xs[node] ?? 0);
  }
  return view.nodes.map(({ kind, main, paid }, place) => {
    const isEnd = main.exit !== undefined && paid.length === 0 && (kind === "single" || kind === "entity");
    return (isEnd ? most[place] : least[place]) ?? 0;
  });
}

type Ends = {
  xs: number[];
  /** Of each mark, its node's place in the view. */
  places: number[];
  ids: (string | undefined)[];
  weights: number[];
  parents: number[];
  /** Of each edge of the view, the mark at which it ends. */
  targets: number[];
};

/**
 * The marks: every node, and one for each edge that would go left. Value that comes back is drawn as a mark of its own to the
 * right, which names the node.
 */
function endsOf(view: View, xs: readonly number[], { axis, step }: Positions): Ends {
  const ends: Ends = {
    xs: [...xs],
    places: view.nodes.map((_, place) => place),
    ids: view.nodes.map(() => undefined),
    weights: view.nodes.map(({ weight }) => weight),
    parents: [],
    targets: [],
  };
  for (const edge of view.edges) {
    if (goesRight(edge, xs, axis)) {
      ends.targets.push(edge.target);
      continue;
    }
    const from = xs[edge.source] ?? 0;
    ends.targets.push(ends.xs.length);
    ends.xs.push(axis === undefined ? from + step : Math.max(from + step, axisAt(axis, edge.last)));
    ends.places.push(edge.target);
    ends.ids.push(edge.id);
    ends.weights.push(edge.weight);
  }
  return ends;
}

function goesRight({ source, target }: ViewEdge, xs: readonly number[], axis: Axis | undefined): boolean {
  const [from, to] = [xs[source] ?? 0, xs[target] ?? 0];
  // By time, what moved within one block stands below each other.
  return from < to || (axis !== undefined && from === to && source < target);
}

function parentsOf(view: View, ends: Ends): readonly number[] {
  const parents = ends.xs.map(() => -1);
  const most = ends.xs.map(() => -1);
  for (const [place, edge] of view.edges.entries()) {
    const target = ends.targets[place] ?? 0;
    if (edge.weight > (most[target] ?? 0)) {
      most[target] = edge.weight;
      parents[target] = edge.source;
    }
  }
  // Siblings are ordered by what their parent paid them.
  for (const [place, edge] of view.edges.entries()) {
    const target = ends.targets[place] ?? 0;
    if (parents[target] === edge.source) ends.weights[target] = edge.weight;
  }
  ends.parents = parents;
  return parents;
}

type EdgeAt = {
  readonly place: number;
  readonly target: number;
  readonly nodes: readonly PictureNode[];
  readonly isTree: boolean;
  readonly origin: number;
};

function edgeOf(edge: ViewEdge, { place, target, nodes, isTree, origin }: EdgeAt): PictureEdge {
  const [from, to] = [nodes[edge.source], nodes[target]];
  if (from === undefined || to === undefined) throw new Error("picture: an edge without ends");
  const isPriced = edge.sums.every(({ usd }) => usd !== undefined);
  return {
    id: edge.id,
    place,
    source: edge.source,
    target,
    route: routeOf(from, to, isTree),
    width: isPriced ? widthOf(edge.weight, origin) : widthOf(0, origin),
    stroke: isPriced ? "plain" : "dotted",
  };
}

/** Columns count from the origin's, by the longest way; of outputs an address and the transaction that spends it are one hop. */
function columnsOf(nodes: readonly PictureNode[], view: View, step: number): Picture["columns"] {
  const origins = nodes.filter(({ place, isReturn }) => !isReturn && view.nodes[place]?.isOrigin === true);
  const start = origins.reduce((least, { x }) => Math.min(least, x), origins[0]?.x ?? 0);
  const hop = step * (view.nodes.some(({ main }) => main.kind === "transaction") ? 2 : 1);
  const right = nodes.reduce((most, { x }) => Math.max(most, x), start);
  const count = Math.floor((right - start) / hop) + 1;
  return Array.from({ length: count }, (_, number) => ({ x: start + number * hop, hop: number }));
}
