import type { FlowIndex } from "../model/flow-index.ts";
import { gather, renumber, type Quotient } from "./quotient.ts";

/** Why nodes are gathered: one service or cluster, a peel chain, the rest of a fan, what came of a node, a limit. */
export type GroupKind = "single" | "entity" | "peel" | "fan" | "collapsed" | "rest";

export type Gathering = { readonly id: string; readonly kind: GroupKind };

/** A flow as gathered so far. */
export type Stage = { readonly index: FlowIndex; readonly quotient: Quotient; readonly names: readonly Gathering[] };

/** Every node by itself. */
export function ungathered(index: FlowIndex): Stage {
  const { nodes } = index.flow;
  const placeOf = Int32Array.from(nodes, (_, place) => place);
  return {
    index,
    quotient: gather(index, placeOf, nodes.length),
    names: nodes.map(({ id }) => ({ id, kind: "single" })),
  };
}

/** Groups to make: places that become one, and what the new one is called. */
export type Group = Gathering & { readonly places: readonly number[] };

/** Gathers further. A place may be in one group at most. Cost: linear in the flow; nothing where there are no groups. */
export function gatherFurther(stage: Stage, groups: readonly Group[]): Stage {
  if (groups.length === 0) return stage;
  const { index, quotient, names } = stage;
  const root = Int32Array.from({ length: quotient.count }, (_, place) => place);
  for (const { places } of groups) for (const place of places) root[place] = places[0] ?? place;
  const { placeOf, count, of } = renumber(quotient, root);
  const next: Gathering[] = [];
  for (const [place, name] of names.entries()) next[of[place] ?? 0] = name;
  for (const { places, id, kind } of groups) next[of[places[0] ?? 0] ?? 0] = { id, kind };
  return { index, quotient: gather(index, placeOf, count), names: next };
}
