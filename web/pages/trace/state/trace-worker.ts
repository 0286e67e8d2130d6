/** Reads a trace's graph and lays it out, away from the page, which stays quick meanwhile. */
import type { GraphAnswer } from "../model/answers.ts";
import { indexFlow, type FlowIndex } from "../model/flow-index.ts";
import { readGraph } from "../model/read-graph.ts";
import type { FromWorker, Shown, ShownLists, ToWorker } from "./messages.ts";
import { show } from "./show.ts";

let index: FlowIndex | undefined;

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  try {
    if (data.kind === "open") open(data.graph);
    else if (index !== undefined) {
      tell({ kind: "stage", stage: "group" });
      const shown = show(index, data.order);
      tell({ kind: "stage", stage: "draw" });
      tellShown(data.number, shown);
    }
  } catch (thrown) {
    tell({ kind: "failed", detail: thrown instanceof Error ? thrown.message : String(thrown) });
  }
});

function open(bytes: ArrayBuffer): void {
  tell({ kind: "stage", stage: "read" });
  const answer = JSON.parse(new TextDecoder().decode(bytes)) as GraphAnswer;
  index = indexFlow(readGraph(answer));
  const { chain, model, policy, result, shown } = answer;
  tell({ kind: "opened", facts: { chain, model, policy, result, shown } });
}

/** So many items of a list are taken over by the page at once: a few milliseconds. */
const partItems = 1_000;

function tellShown(number: number, shown: Shown): void {
  const { view, picture } = shown;
  const lists: ShownLists = { nodes: view.nodes, edges: view.edges, marks: picture.nodes, lines: picture.edges };
  for (const [name, list] of Object.entries(lists)) {
    for (let at = 0; at < list.length; at += partItems) {
      tell({ kind: "part", number, items: { [name]: list.slice(at, at + partItems) } });
    }
  }
  const empty = { ...shown, view: { ...view, nodes: [], edges: [] }, picture: { ...picture, nodes: [], edges: [] } };
  tell({ kind: "shown", number, shown: empty });
}

function tell(message: FromWorker): void {
  postMessage(message);
}
