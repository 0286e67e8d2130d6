/** Which labels are drawn: by zoom, one in a cell of the screen. */

/** From what zoom on a label may be drawn. */
export type LabelLevel = "far" | "middle" | "near";

export type Label = {
  /** Place among the picture's nodes. */
  readonly node: number;
  readonly level: LabelLevel;
  /** Smaller goes first. */
  readonly rank: number;
};

/** What decides which labels a mark may have. */
export type Labelled = {
  readonly isOrigin: boolean;
  readonly isGroup: boolean;
  readonly isEntity: boolean;
  /** Of what was stolen, what ended at it, 0 to 1; of a service. */
  readonly exitPart: number;
  readonly weight: number;
};

const cellWidth = 96;
const cellHeight = 24;
const largestKept = 40;
const exitShown = 0.01;
const farBelow = 0.5;
const nearAbove = 1.5;

/** The labels of a picture in the order in which they are given room. The same picture gives the same order. */
export function rankLabels(nodes: readonly Labelled[]): readonly Label[] {
  const bySize = nodes
    .map((_, node) => node)
    .toSorted((left, right) => weightAt(nodes, right) - weightAt(nodes, left) || left - right);
  const large = new Set(bySize.slice(0, largestKept));
  return bySize
    .map((node): Label => {
      const { isOrigin, isGroup, isEntity, exitPart } = nodes[node] ?? {
        isOrigin: false,
        isGroup: false,
        isEntity: false,
        exitPart: 0,
      };
      if (isOrigin) return { node, level: "far", rank: 0 };
      if (exitPart >= exitShown) return { node, level: "far", rank: 1 };
      if (isGroup) return { node, level: "far", rank: 2 };
      if (isEntity) return { node, level: "middle", rank: 3 };
      if (large.has(node)) return { node, level: "middle", rank: 4 };
      return { node, level: "near", rank: 5 };
    })
    .toSorted((left, right) => left.rank - right.rank);
}

function weightAt(nodes: readonly Labelled[], place: number): number {
  return nodes[place]?.weight ?? 0;
}

export type LabelView = {
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
  /** Where a node stands on the screen. */
  readonly at: (node: number) => readonly [x: number, y: number];
  /** Selection, first of them, and path only: before all others, at any zoom. */
  readonly forced: ReadonlySet<number>;
  readonly isDrawn: (node: number) => boolean;
  /** How wide a label is, from its node's place on; a label wider than a cell has all that it covers. */
  readonly widthOf?: ((node: number) => number) | undefined;
};

/** The nodes whose labels are drawn, the most important first; the selection's always, wherever it stands. Cost: linear in the picture, no allocation but the answer. */
export function chooseLabels(labels: readonly Label[], view: LabelView): readonly number[] {
  const columns = Math.ceil(view.width / cellWidth) + 1;
  const taken = new Uint8Array(columns * (Math.ceil(view.height / cellHeight) + 1));
  const found: number[] = [];
  const put = (node: number, isForced: boolean): void => {
    if (!view.isDrawn(node)) return;
    const [x, y] = view.at(node);
    if (x < 0 || y < 0 || x > view.width || y > view.height) return;
    const row = Math.floor(y / cellHeight) * columns;
    const first = row + Math.floor(x / cellWidth);
    const end = x + Math.max(0, (view.widthOf?.(node) ?? 0) - 1);
    // What is longer than the row takes nothing of the next one.
    const last = row + Math.min(columns - 1, Math.floor(end / cellWidth));
    if (!isForced || found.length > 0) for (let cell = first; cell <= last; cell += 1) if (taken[cell] === 1) return;
    for (let cell = first; cell <= last; cell += 1) taken[cell] = 1;
    found.push(node);
  };
  for (const node of view.forced) put(node, true);
  for (const { node, level } of labels) {
    if (level === "middle" && view.zoom < farBelow) continue;
    if (level === "near" && view.zoom <= nearAbove) continue;
    if (!view.forced.has(node)) put(node, false);
  }
  return found;
}

/** Whether amounts and times stand beside the names. */
export function hasAmounts(zoom: number): boolean {
  return zoom > nearAbove;
}
