import { listAt } from "../model/flow-index.ts";
import { openedAtATime, type Choices } from "./choices.ts";
import type { Group, Stage } from "./stage.ts";

/** The addresses of one service or cluster, two or more, as one; origins stay by themselves. */
export function entityGroups({ index, quotient }: Stage, { opened }: Choices): readonly Group[] {
  const found = new Map<string, number[]>();
  for (const [place, node] of index.flow.nodes.entries()) {
    const who =
      node.exit ?? (node.entity === undefined ? undefined : { entity: node.entity, category: node.category ?? "" });
    // Hubs are alike in being busy, and no one service.
    if (who === undefined || node.isOrigin || node.isHub || node.kind === "group") continue;
    const key = `entity:${who.category}:${who.entity}`;
    const places = found.get(key) ?? [];
    places.push(quotient.placeOf[place] ?? place);
    found.set(key, places);
  }
  return [...found].flatMap(([id, places]): readonly Group[] => {
    const byWeight = places.toSorted(
      (left, right) => passes(index.passes, right) - passes(index.passes, left) || left - right,
    );
    const rest = byWeight.slice((opened[id] ?? 0) * openedAtATime).toSorted((left, right) => left - right);
    return rest.length > 1 ? [{ id, kind: "entity", places: rest }] : [];
  });
}

function passes(list: Float64Array, place: number): number {
  return list[place] ?? 0;
}

/** What passes through a gathering, beside others: the sum over its members. */
export function weightOf({ index, quotient }: Stage, place: number): number {
  let sum = 0;
  for (const node of listAt(quotient.members, place)) sum += index.passes[node] ?? 0;
  return sum;
}
