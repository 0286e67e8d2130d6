import { shapesOf } from "../canvas/gl-buffers.ts";
import { exitKept, viewOf, type View } from "../group/view.ts";
import { rankLabels, type Labelled } from "../layout/labels.ts";
import { pictureOf, type Picture } from "../layout/picture.ts";
import type { FlowIndex } from "../model/flow-index.ts";
import type { ShowOrder, Shown } from "./messages.ts";

/** Gathers and lays a flow out. Pure; it runs in the worker, and wherever there is none. */
export function show(index: FlowIndex, { choices, noted, mode, most }: ShowOrder): Shown {
  const limits = { nodes: most, edges: most * 2 };
  const view = viewOf(index, { choices, limits, noted: new Set(noted) });
  const picture = pictureOf(view, index, mode);
  const { edges } = index.flow;
  const start = edges[0]?.time ?? 0;
  const first = edges.reduce((least, { time }) => Math.min(least, time), start);
  return {
    view,
    picture,
    labels: rankLabels(labelled(view, picture)),
    shapes: shapesOf(view, picture, first),
    first,
    last: edges.reduce((latest, { time }) => Math.max(latest, time), start),
    origin: index.weights.origin,
  };
}

function labelled(view: View, picture: Picture): readonly Labelled[] {
  return picture.nodes.map(({ place, isReturn, shape }): Labelled => {
    const node = view.nodes[place];
    if (node === undefined || isReturn)
      return { isOrigin: false, isGroup: false, isEntity: false, exitPart: 0, weight: 0 };
    const isExit = node.exits.length > 0;
    return {
      isOrigin: node.isOrigin,
      isGroup: shape === "group",
      isEntity: node.main.entity !== undefined || node.main.exit !== undefined,
      exitPart: isExit && node.endsPart >= exitKept ? node.endsPart : 0,
      // Of a transaction little is said by its name.
      weight: node.main.kind === "transaction" ? 0 : node.weight,
    };
  });
}
