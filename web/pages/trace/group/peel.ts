import { listAt } from "../model/flow-index.ts";
import { openedAtATime, type Choices } from "./choices.ts";
import type { Group, Stage } from "./stage.ts";

/** So many hops are a chain. */
const peelHops = 5;
/** The largest part of a coin that is a peel. */
const peelPart = 0.25;

type Hop = { readonly members: readonly number[]; readonly next: number };

/**
 * Peel chains: at each hop a small part, at most a quarter, goes to one and the rest to another, which received from
 * nobody else and does the same. As the pattern `peel-chain` of a trace, of the tainted value only.
 */
export function peelGroups(stage: Stage, { opened }: Choices, isKept: (place: number) => boolean): readonly Group[] {
  const { quotient, names } = stage;
  const hops = Array.from({ length: quotient.count }, (_, place) => hopAt(stage, place, isKept));
  const isInside = new Uint8Array(quotient.count);
  for (const hop of hops) if (hop !== undefined && hops[hop.next] !== undefined) isInside[hop.next] = 1;
  const found: Group[] = [];
  for (const head of quotient.sorted) {
    if (hops[head] === undefined || isInside[head] === 1) continue;
    const chain: Hop[] = [];
    for (let at: number | undefined = head; at !== undefined; at = hops[at]?.next) {
      const hop = hops[at];
      if (hop !== undefined) chain.push(hop);
    }
    const id = `peel:${names[head]?.id ?? ""}`;
    const rest = chain.slice((opened[id] ?? 0) * openedAtATime);
    if (rest.length >= peelHops) found.push({ id, kind: "peel", places: rest.flatMap(({ members }) => members) });
  }
  return found;
}

function hopAt(stage: Stage, place: number, isKept: (place: number) => boolean): Hop | undefined {
  const { quotient } = stage;
  if (isKept(place) || kindOf(stage, place) === "transaction" || listAt(quotient.ins, place).length !== 1)
    return undefined;
  const own = listAt(quotient.outs, place);
  const through = own.length === 1 ? (quotient.targets[own[0] ?? 0] ?? place) : place;
  const isTransaction = through !== place && kindOf(stage, through) === "transaction";
  if (isTransaction && (isKept(through) || listAt(quotient.ins, through).length !== 1)) return undefined;
  const from = isTransaction ? through : place;
  const [first, second, ...others] = listAt(quotient.outs, from);
  if (first === undefined || second === undefined || others.length > 0) return undefined;
  const weight = (edge: number): number => quotient.weights[edge] ?? 0;
  const [peel, rest] = weight(first) < weight(second) ? [first, second] : [second, first];
  if (weight(peel) > (weight(peel) + weight(rest)) * peelPart) return undefined;
  const next = quotient.targets[rest] ?? 0;
  const isOnward = (quotient.order[next] ?? 0) > (quotient.order[from] ?? 0);
  return isOnward ? { members: isTransaction ? [place, from] : [place], next } : undefined;
}

function kindOf({ index, quotient }: Stage, place: number): string {
  return index.flow.nodes[listAt(quotient.members, place)[0] ?? 0]?.kind ?? "";
}
