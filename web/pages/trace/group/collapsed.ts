import { listAt } from "../model/flow-index.ts";
import type { Choices } from "./choices.ts";
import type { Group, Stage } from "./stage.ts";

/** Each collapsed node with all that came of it alone: what others paid too stays. */
export function collapsedGroups({ quotient, names }: Stage, { collapsed }: Choices): readonly Group[] {
  const places = new Map(names.map(({ id }, place) => [id, place]));
  const taken = new Uint8Array(quotient.count);
  const found: Group[] = [];
  const asked = collapsed.flatMap((id) => places.get(id) ?? []);
  // The earliest first: what is inside another collapsed node is gone with it.
  for (const owner of asked.toSorted((left, right) => (quotient.order[left] ?? 0) - (quotient.order[right] ?? 0))) {
    if (taken[owner] === 1) continue;
    const inside = new Set([owner]);
    for (const place of quotient.sorted.slice(quotient.sorted.indexOf(owner) + 1)) {
      if (taken[place] === 1) continue;
      const sources = [...listAt(quotient.ins, place)]
        .map((edge) => quotient.sources[edge] ?? 0)
        .filter((source) => (quotient.order[source] ?? 0) < (quotient.order[place] ?? 0));
      if (sources.length > 0 && sources.every((source) => inside.has(source))) inside.add(place);
    }
    if (inside.size < 2) continue;
    for (const place of inside) taken[place] = 1;
    found.push({ id: names[owner]?.id ?? "", kind: "collapsed", places: [...inside] });
  }
  return found;
}
