import type { View } from "../group/view.ts";
import { listsBy, listAt } from "../model/flow-index.ts";
import type { AssetSum } from "../model/flow.ts";

/** What a row of the list tells: a movement, or what rests at a node. */
export type RowKind = "origin" | "payment" | "swap" | "exit" | "holding" | "return";

export type ListRow = {
  readonly id: string;
  readonly kind: RowKind;
  /** Depth in the tree, from 1. */
  readonly level: number;
  /** Places in the view. */
  readonly edge: number | undefined;
  readonly from: number;
  readonly to: number | undefined;
  readonly sum: AssetSum;
  /** Where the movement leads on from: rows below this one. */
  readonly hasChildren: boolean;
  readonly isOpen: boolean;
  /** Among its siblings, from 1. */
  readonly place: number;
  readonly siblings: number;
};

type Drawn = Omit<ListRow, "place" | "siblings">;

/**
 * The list of a view: the same movements as the graph, each below the one that brought the value, one row for each asset; and
 * what rests, below what brought it there.
 *
 * @param closed - Ids of rows whose rows below are not shown.
 * @param isShown - Which edges the window of time leaves.
 */
export function rowsOf(
  view: View,
  closed: ReadonlySet<string>,
  isShown: (edge: number) => boolean,
): readonly ListRow[] {
  const outs = listsBy(
    view.nodes.length,
    view.edges.map(({ source }) => source),
  );
  const bringer = bringersOf(view, isShown);
  const isThere = nodesShown(view, isShown);
  const rows: ListRow[] = [];
  const below = (node: number, level: number): Drawn[] => {
    const found: Drawn[] = [];
    const own = [...listAt(outs, node)].filter(isShown);
    own.sort((left, right) => (view.edges[right]?.weight ?? 0) - (view.edges[left]?.weight ?? 0) || left - right);
    for (const edge of own)
      found.push(...movementRows(view, edge, { level, isTree: bringer[view.edges[edge]?.target ?? -1] === edge }));
    for (const sum of isThere[node] === 1 ? (view.nodes[node]?.rests ?? []) : [])
      found.push(holdingRow(view, node, { sum, level }));
    return found;
  };
  // A stack, since a flow may be thousands of hops deep.
  const stack: { readonly siblings: readonly Drawn[]; at: number }[] = [];
  const roots = view.nodes.flatMap((_, node) => ((bringer[node] ?? -1) < 0 ? below(node, 1) : []));
  stack.push({ siblings: roots, at: 0 });
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const row = top.siblings[top.at];
    top.at += 1;
    if (row === undefined) {
      stack.pop();
      continue;
    }
    const children = row.hasChildren && row.to !== undefined ? below(row.to, row.level + 1) : [];
    const hasChildren = children.length > 0;
    const isOpen = hasChildren && !closed.has(row.id);
    rows.push({ ...row, hasChildren, isOpen, place: top.at, siblings: top.siblings.length });
    if (isOpen) stack.push({ siblings: children, at: 0 });
  }
  return rows;
}

/** As the graph has it: what a shown movement touches, and origins, which are the beginning whatever the window. */
function nodesShown({ nodes, edges }: View, isShown: (edge: number) => boolean): Uint8Array {
  const found = Uint8Array.from(nodes, ({ isOrigin }) => (isOrigin ? 1 : 0));
  let isAll = true;
  for (const [place, { source, target }] of edges.entries()) {
    if (isShown(place)) {
      found[source] = 1;
      found[target] = 1;
    } else isAll = false;
  }
  return isAll ? found.fill(1) : found;
}

/** Of each node the shown edge below which its own movements stand: the one that brought most, of those from before it. */
function bringersOf({ nodes, edges }: View, isShown: (edge: number) => boolean): readonly number[] {
  const found = nodes.map(() => -1);
  for (const [place, { source, target, weight }] of edges.entries()) {
    if (source >= target || !isShown(place)) continue;
    const before = edges[found[target] ?? -1];
    if (before === undefined || weight > before.weight) found[target] = place;
  }
  return found;
}

function movementRows(
  view: View,
  edge: number,
  { level, isTree }: { readonly level: number; readonly isTree: boolean },
): readonly Drawn[] {
  const of = view.edges[edge];
  if (of === undefined) return [];
  const isExit = view.nodes[of.target]?.main.exit !== undefined;
  const kind: RowKind =
    of.what === "swap"
      ? "swap"
      : of.what === "origin"
        ? "origin"
        : isExit
          ? "exit"
          : of.source >= of.target
            ? "return"
            : "payment";
  return of.sums.map((sum, place): Drawn => ({
    id: `${of.id} ${sum.asset}`,
    kind,
    level,
    edge,
    from: of.source,
    to: of.target,
    sum,
    // Below its first asset only, so that nothing is listed twice.
    hasChildren: isTree && place === 0,
    isOpen: false,
  }));
}

function holdingRow(
  view: View,
  node: number,
  { sum, level }: { readonly sum: AssetSum; readonly level: number },
): Drawn {
  return {
    id: `rests ${view.nodes[node]?.id ?? ""} ${sum.asset}`,
    kind: "holding",
    level,
    edge: undefined,
    from: node,
    to: undefined,
    sum,
    hasChildren: false,
    isOpen: false,
  };
}
