import type { Shapes } from "../canvas/gl-buffers.ts";
import type { Choices } from "../group/choices.ts";
import type { View } from "../group/view.ts";
import type { Label } from "../layout/labels.ts";
import type { LayoutMode, Picture } from "../layout/picture.ts";
import type { GraphAnswer } from "../model/answers.ts";

/** What a graph says beside nodes and edges. */
export type GraphFacts = Pick<GraphAnswer, "chain" | "model" | "policy" | "result" | "shown">;

/** How a trace is to be shown. */
export type ShowOrder = {
  readonly choices: Choices;
  readonly noted: readonly string[];
  readonly mode: LayoutMode;
  /** Nodes that are shown one by one or as groups of their own, at most. */
  readonly most: number;
};

/** A trace as it is shown. */
export type Shown = {
  readonly view: View;
  readonly picture: Picture;
  readonly labels: readonly Label[];
  /** What of it does not change with its colours, as the graphics card takes it. */
  readonly shapes: Shapes;
  /** The instants between which it lies, Unix seconds. */
  readonly first: number;
  readonly last: number;
  /** Weight of what was stolen: for geometry only. */
  readonly origin: number;
};

export type ToWorker =
  | { readonly kind: "open"; readonly graph: ArrayBuffer }
  | { readonly kind: "show"; readonly number: number; readonly order: ShowOrder };

/** The lists of what is shown. */
export type ShownLists = {
  readonly nodes: Shown["view"]["nodes"];
  readonly edges: Shown["view"]["edges"];
  readonly marks: Shown["picture"]["nodes"];
  readonly lines: Shown["picture"]["edges"];
};

/** What the worker does at the moment. */
export const showStages = ["read", "group", "draw"] as const;
export type ShowStage = (typeof showStages)[number];

export type FromWorker =
  | { readonly kind: "stage"; readonly stage: ShowStage }
  | { readonly kind: "opened"; readonly facts: GraphFacts }
  /** Some of its lists' items, in order, so that the page never takes much at once. */
  | { readonly kind: "part"; readonly number: number; readonly items: Partial<ShownLists> }
  /** The rest, with those lists empty. */
  | { readonly kind: "shown"; readonly number: number; readonly shown: Shown }
  | { readonly kind: "failed"; readonly detail: string };
