import { listAt } from "../model/flow-index.ts";
import { weightOf } from "./entities.ts";
import { openedAtATime, type Choices } from "./choices.ts";
import { gatherFurther, type Group, type Stage } from "./stage.ts";

/** How much is drawn one by one. */
export type Limits = { readonly nodes: number; readonly edges: number };

export const usualLimits: Limits = { nodes: 10_000, edges: 20_000 };
/** What a still picture has at most, where the browser draws none by WebGL. */
export const stillNodes = 500;

/** So many bands of hops, and so many services, may the rest be gathered in. */
const restsMax = 200;

/**
 * The largest nodes; the rest by their service, then by their hop, so that nothing is lost. Where there are too many edges
 * all the same, more nodes go to the rest. The same flow and limits give the same answer.
 */
export function withinLimits(stage: Stage, limits: Limits, { opened }: Choices): Stage {
  const { count, sources } = stage.quotient;
  if (count <= limits.nodes && sources.length <= limits.edges) return stage;
  const ranked = byImportance(stage);
  const most = mostThatFit(stage, ranked, limits);
  // What is opened by hand comes on top of the limits.
  return atMost(stage, ranked.slice(most), opened);
}

/** The most nodes that fit; there is an answer: a few groups have few edges. */
function mostThatFit(stage: Stage, ranked: readonly number[], limits: Limits): number {
  const isWithin = (most: number): boolean => fits(atMost(stage, ranked.slice(most), {}), limits);
  let [low, high] = [0, Math.min(stage.quotient.count, limits.nodes)];
  if (isWithin(high)) return high;
  while (low < high) {
    const middle = Math.floor((low + high + 1) / 2);
    if (isWithin(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function fits({ quotient }: Stage, limits: Limits): boolean {
  return quotient.count <= limits.nodes && quotient.sources.length <= limits.edges;
}

/** Origins first, then the largest. */
function byImportance(stage: Stage): readonly number[] {
  const { index, quotient } = stage;
  const isOrigin = (place: number): boolean =>
    listAt(quotient.members, place).some((node) => index.flow.nodes[node]?.isOrigin === true);
  const rank = Float64Array.from({ length: quotient.count }, (_, place) =>
    isOrigin(place) ? Number.POSITIVE_INFINITY : weightOf(stage, place),
  );
  return quotient.sorted.toSorted((left, right) => {
    const [first, second] = [rank[left] ?? 0, rank[right] ?? 0];
    return first === second ? left - right : first > second ? -1 : 1;
  });
}

/** @param rest - What is gathered, the largest first. @param opened - Of a group's id, how many times fifty of it are not. */
function atMost(stage: Stage, rest: readonly number[], opened: Choices["opened"]): Stage {
  const { index, quotient } = stage;
  const hops = new Map(rest.map((place) => [place, index.column[listAt(quotient.members, place)[0] ?? 0] ?? 0]));
  const last = [...hops.values()].reduce((before, one) => Math.max(before, one), 0);
  const width = Math.ceil((last + 1) / restsMax);
  const services = new Set<string>();
  const found = new Map<string, number[]>();
  for (const place of rest) {
    const node = index.flow.nodes[listAt(quotient.members, place)[0] ?? 0];
    const service = node?.exit?.entity ?? node?.entity;
    const isNamed = service !== undefined && (services.has(service) || services.size < restsMax);
    if (isNamed) services.add(service);
    const hop = Math.floor((hops.get(place) ?? 0) / width) * width;
    const id = isNamed ? `rest:entity:${service}` : `rest:hop:${hop}${width > 1 ? `-${hop + width - 1}` : ""}`;
    const places = found.get(id) ?? [];
    places.push(place);
    found.set(id, places);
  }
  const groups = [...found].flatMap(([id, ranked]): readonly Group[] => {
    const places = ranked.slice((opened[id] ?? 0) * openedAtATime).toSorted((a, b) => a - b);
    return places.length === 0 ? [] : [{ id, kind: "rest", places }];
  });
  return gatherFurther(stage, groups);
}
