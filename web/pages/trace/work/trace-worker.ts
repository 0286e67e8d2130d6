/** Reads a trace's graph and lays it out, away from the page, which stays quick meanwhile. */
import type { GraphAnswer } from "../model/answers.ts";
import { indexFlow, type FlowIndex } from "../model/flow-index.ts";
import { readGraph } from "../model/read-graph.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { show } from "./show.ts";

let index: FlowIndex | undefined;

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  try {
    if (data.kind === "open") open(data.graph);
    else if (index !== undefined) tell({ kind: "shown", number: data.number, shown: show(index, data.order) });
  } catch (thrown) {
    tell({ kind: "failed", detail: thrown instanceof Error ? thrown.message : String(thrown) });
  }
});

function open(bytes: ArrayBuffer): void {
  const answer = JSON.parse(new TextDecoder().decode(bytes)) as GraphAnswer;
  index = indexFlow(readGraph(answer));
  const { chain, model, policy, result, shown } = answer;
  tell({ kind: "opened", facts: { chain, model, policy, result, shown } });
}

function tell(message: FromWorker): void {
  postMessage(message);
}
