import { addSums, type AssetSum, type FlowEdge, type FlowNode } from "../model/flow.ts";
import { listAt, type FlowIndex } from "../model/flow-index.ts";
import type { Choices } from "./choices.ts";
import { collapsedGroups } from "./collapsed.ts";
import { entityGroups } from "./entities.ts";
import { fanGroups } from "./fans.ts";
import { withinLimits, type Limits } from "./limits.ts";
import { peelGroups } from "./peel.ts";
import type { Quotient } from "./quotient.ts";
import { gatherFurther, ungathered, type GroupKind, type Stage } from "./stage.ts";

/** A node as it is shown: one of the flow, or several that are gathered. */
export type ViewNode = {
  readonly id: string;
  readonly kind: GroupKind;
  /** The node itself; of several the one that most passed through. */
  readonly main: FlowNode;
  /** How many it stands for, and how many of them are services at which the trace ends. */
  readonly count: number;
  readonly isOrigin: boolean;
  readonly isSanctioned: boolean;
  readonly hop: number;
  readonly first: number;
  readonly last: number;
  /** What came from and went to other nodes of the view. */
  readonly received: readonly AssetSum[];
  readonly paid: readonly AssetSum[];
  /** What has not moved on, and what ended at services. */
  readonly rests: readonly AssetSum[];
  readonly exits: readonly AssetSum[];
  readonly resting: number;
  readonly share: number | undefined;
  /** For order and geometry. */
  readonly weight: number;
  /** What ends here, beside what was stolen, 0 to 1. */
  readonly endsPart: number;
};

/** Movements from one node of the view to another, in one asset or several. */
export type ViewEdge = {
  readonly id: string;
  /** Places in {@link View.nodes}. */
  readonly source: number;
  readonly target: number;
  /** In chain order. */
  readonly parts: readonly FlowEdge[];
  readonly sums: readonly AssetSum[];
  readonly first: number;
  readonly last: number;
  readonly weight: number;
  readonly what: FlowEdge["what"];
  readonly share: number | undefined;
};

export type View = {
  /** In the order in which taint arrived. */
  readonly nodes: readonly ViewNode[];
  readonly edges: readonly ViewEdge[];
  /** The node from which most came; -1 where none. */
  readonly parents: readonly number[];
  /** The part of what ended that is shown one by one or in groups of its own, 0 to 1; the limits took the rest. */
  readonly shownPart: number;
  readonly hiddenNodes: number;
  /** The view's node of each node of the flow. */
  readonly placeOf: Int32Array;
};

/** Exits of this part of what was stolen are never hidden in a group, nor is their label. */
export const exitKept = 0.01;

export type ViewOptions = {
  readonly choices: Choices;
  readonly limits: Limits;
  /** Ids of nodes that have a note. */
  readonly noted: ReadonlySet<string>;
};

/** Gathers a flow by all rules, in their order: services, peel chains, fans, what is collapsed, limits. */
export function viewOf(index: FlowIndex, { choices, limits, noted }: ViewOptions): View {
  const named = ungathered(index);
  const byEntity = gatherFurther(named, entityGroups(named, choices));
  const byPeel = gatherFurther(byEntity, peelGroups(byEntity, choices, keptWhole(byEntity, noted)));
  const byFan = gatherFurther(byPeel, fanGroups(byPeel, choices, keptInFan(byPeel, noted)));
  const collapsed = gatherFurther(byFan, collapsedGroups(byFan, choices));
  return drawn(withinLimits(collapsed, limits, choices));
}

function keptWhole({ index, quotient, names }: Stage, noted: ReadonlySet<string>): (place: number) => boolean {
  return (place) => {
    const node = index.flow.nodes[listAt(quotient.members, place)[0] ?? 0];
    return node === undefined || node.isOrigin || node.exit !== undefined || noted.has(names[place]?.id ?? "");
  };
}

function keptInFan(stage: Stage, noted: ReadonlySet<string>): (place: number) => boolean {
  const { index, quotient, names } = stage;
  return (place) => {
    if (noted.has(names[place]?.id ?? "")) return true;
    let ends = 0;
    for (const member of listAt(quotient.members, place)) {
      const node = index.flow.nodes[member];
      if (node === undefined || node.isOrigin || node.tags.length > 0 || node.isSanctioned) return true;
      if (node.entity !== undefined && node.exit === undefined) return true;
      if (node.exit !== undefined) ends += index.ends[member] ?? 0;
    }
    return ends >= index.weights.origin * exitKept;
  };
}

function drawn({ index, quotient, names }: Stage): View {
  const { sorted } = quotient;
  const placed = new Int32Array(quotient.count);
  for (const [place, at] of sorted.entries()) placed[at] = place;
  const edges = edgesOf(index, quotient, { placed, names: sorted.map((at) => names[at]?.id ?? "") });
  const into: (readonly AssetSum[])[][] = sorted.map(() => []);
  const out: (readonly AssetSum[])[][] = sorted.map(() => []);
  for (const { source, target, sums, what } of edges) {
    // A change of form pays nobody.
    if (what !== "swap") out[source]?.push(sums);
    into[target]?.push(sums);
  }
  const nodes = sorted.map((at, place): ViewNode => {
    const members = [...listAt(quotient.members, at)];
    const name = names[at] ?? { id: "", kind: "single" };
    return nodeOf(index, members, { ...name, received: addSums(into[place] ?? []), paid: addSums(out[place] ?? []) });
  });
  let [all, shown, hidden] = [0, 0, 0];
  for (const [place, at] of sorted.entries()) {
    const members = listAt(quotient.members, at);
    const ends = members.reduce((sum, node) => sum + (index.ends[node] ?? 0), 0);
    all += ends;
    const isHidden = nodes[place]?.kind === "rest" || nodes[place]?.main.kind === "group";
    if (isHidden) hidden += nodes[place]?.count ?? 0;
    else shown += ends;
  }
  return {
    nodes,
    edges,
    parents: sorted.map((at) => ((quotient.parent[at] ?? -1) < 0 ? -1 : (placed[quotient.parent[at] ?? 0] ?? -1))),
    shownPart: all === 0 ? 1 : shown / all,
    hiddenNodes: hidden,
    placeOf: quotient.placeOf.map((at) => placed[at] ?? 0),
  };
}

type Named = { readonly id: string; readonly kind: GroupKind } & Pick<ViewNode, "received" | "paid">;

function nodeOf(index: FlowIndex, members: readonly number[], named: Named): ViewNode {
  const nodes = members.flatMap((member) => index.flow.nodes[member] ?? []);
  const pass = (member: number | undefined): number => index.passes[member ?? -1] ?? 0;
  // A collapsed node is itself, whatever came of it.
  const mainPlace =
    named.kind === "collapsed" || named.kind === "peel"
      ? members[0]
      : members.reduce((best, member) => (pass(member) > pass(best) ? member : best), members[0] ?? 0);
  const main = index.flow.nodes[mainPlace ?? 0];
  if (main === undefined) throw new Error("view: a gathering without members");
  const ends = members.reduce((sum, member) => sum + (index.ends[member] ?? 0), 0);
  const least = (numbers: readonly number[]): number => numbers.reduce((a, b) => (b < a ? b : a), numbers[0] ?? 0);
  return {
    ...named,
    main,
    count: nodes.reduce((sum, one) => sum + one.members, 0),
    isOrigin: nodes.some(({ isOrigin }) => isOrigin),
    isSanctioned: nodes.some(({ isSanctioned }) => isSanctioned),
    hop: least(nodes.map(({ hop }) => hop)),
    first: least(nodes.map(({ first }) => first)),
    last: -least(nodes.map(({ last }) => -last)),
    rests: addSums(nodes.map(({ rests }) => rests)),
    exits: addSums(nodes.flatMap(({ exit, received }) => (exit === undefined ? [] : [received]))),
    resting: nodes.reduce((sum, { resting }) => sum + resting, 0),
    share: nodes.length === 1 ? main.share : shareOf(named.received),
    weight: members.reduce((sum, member) => sum + pass(member), 0),
    endsPart: ends / index.weights.origin,
  };
}

type Placed = { readonly placed: Int32Array; readonly names: readonly string[] };

function edgesOf(
  { flow, weights }: FlowIndex,
  { placeOf, count }: Quotient,
  { placed, names }: Placed,
): readonly ViewEdge[] {
  const found = new Map<number, FlowEdge[]>();
  for (const edge of flow.edges) {
    const source = placed[placeOf[edge.source] ?? 0] ?? 0;
    const target = placed[placeOf[edge.target] ?? 0] ?? 0;
    if (source === target) continue;
    const key = source * count + target;
    const parts = found.get(key);
    if (parts === undefined) found.set(key, [edge]);
    else parts.push(edge);
  }
  return [...found].map(([key, parts]): ViewEdge => {
    const sums = addSums(parts.map((part) => [part]));
    const [source, target] = [Math.floor(key / count), key % count];
    const first = parts[0];
    const start = first?.time ?? 0;
    return {
      id: `${names[source]}>${names[target]}`,
      source,
      target,
      parts,
      sums,
      first: parts.reduce((least, { time }) => Math.min(least, time), start),
      last: parts.reduce((latest, { time }) => Math.max(latest, time), start),
      weight: weights.sum(parts),
      what: parts.every(({ what }) => what === first?.what) ? (first?.what ?? "payment") : "payment",
      share: shareOf(sums),
    };
  });
}

/** The tainted part, for colour only; unknown of several assets or where the whole is not known. */
export function shareOf(sums: readonly AssetSum[]): number | undefined {
  const [only, ...others] = sums;
  if (only?.value === undefined || only.value <= 0n || others.length > 0) return undefined;
  return Math.min(1, Number((only.amount * 1_000_000n) / only.value) / 1_000_000);
}
