import { listAt } from "../model/flow-index.ts";
import { openedAtATime, type Choices } from "./choices.ts";
import { weightOf } from "./entities.ts";
import type { Group, Stage } from "./stage.ts";

/** A fan of more children than this is grouped, down to the largest so many. */
export const fanMax = 12;
const keptLargest = 5;

/**
 * The rest of each fan, as one group: all children but the five largest, and those that must be kept. A group's own children
 * are a fan again, so that a wide flow is a chain of groups.
 *
 * @param isKept - Tagged, noted, an exit of 1% or more.
 */
export function fanGroups(stage: Stage, choices: Choices, isKept: (place: number) => boolean): readonly Group[] {
  const { quotient, names } = stage;
  const found: Group[] = [];
  const isDone = new Uint8Array(quotient.count);
  const pending: { readonly id: string; readonly depth: number; readonly places: readonly number[] }[] = [];
  for (const place of quotient.sorted) {
    if (isDone[place] === 1) continue;
    pending.push({ id: names[place]?.id ?? "", depth: 1, places: [place] });
    for (let fan = pending.pop(); fan !== undefined; fan = pending.pop()) {
      for (const one of fan.places) isDone[one] = 1;
      const id = `fan:${fan.id}~${fan.depth}`;
      const children = fan.places.flatMap((one) => [...listAt(quotient.children, one)]);
      const isForced = fan.depth === 1 && choices.grouped.includes(fan.id);
      const rest = restOf(stage, children, { isForced, opened: choices.opened[id] ?? 0, isKept });
      if (rest.length < 2) continue;
      found.push({ id, kind: "fan", places: rest });
      pending.push({ id: fan.id, depth: fan.depth + 1, places: rest });
    }
  }
  return found;
}

type RestOptions = {
  readonly isForced: boolean;
  readonly opened: number;
  readonly isKept: (place: number) => boolean;
};

function restOf(
  stage: Stage,
  children: readonly number[],
  { isForced, opened, isKept }: RestOptions,
): readonly number[] {
  if (children.length <= fanMax && !isForced) return [];
  const weights = new Map(children.map((place) => [place, weightOf(stage, place)]));
  const byWeight = children.toSorted(
    (left, right) => (weights.get(right) ?? 0) - (weights.get(left) ?? 0) || left - right,
  );
  const most = (isForced && children.length <= fanMax ? 0 : keptLargest) + opened * openedAtATime;
  const rest = byWeight.slice(most).filter((place) => !isKept(place));
  return rest.toSorted((left, right) => left - right);
}
