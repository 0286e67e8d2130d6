import { useEffect, useRef, useState } from "react";
import type { FromWorker, GraphFacts, ShowOrder, Shown, ShownLists, ShowStage, ToWorker } from "./messages.ts";

export type Laid = {
  readonly facts: GraphFacts | undefined;
  readonly shown: Shown | undefined;
  /** What is being done until the first picture is there. */
  readonly stage: ShowStage | undefined;
  /** Why it cannot be shown. */
  readonly fault: string | undefined;
};

const nothing: Laid = { facts: undefined, shown: undefined, stage: undefined, fault: undefined };

let spare: Worker | undefined;

function newWorker(): Worker {
  return new Worker(new URL("trace-worker.ts", import.meta.url), { type: "module" });
}

/** Has a worker ready before there is anything to lay out. */
export function warmUp(): void {
  spare ??= newWorker();
}

/**
 * A trace's graph as it is shown, laid out by a worker. An earlier picture stays until the next one is there.
 *
 * @param graph - The API's answer as it came; undefined: none yet. It is given away.
 */
export function useShown(graph: ArrayBuffer | undefined, order: ShowOrder): Laid {
  const worker = useRef<Worker | undefined>(undefined);
  const newest = useRef(0);
  const [laid, setLaid] = useState(nothing);
  useEffect(() => {
    if (graph === undefined) return undefined;
    const own = spare ?? newWorker();
    spare = undefined;
    worker.current = own;
    const parts = new Parts();
    own.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind === "part") parts.add(data.number, data.items);
      else if (data.kind === "stage") setLaid((before) => ({ ...before, stage: data.stage }));
      else if (data.kind === "opened") setLaid((before) => ({ ...before, facts: data.facts }));
      else if (data.kind === "failed") setLaid((before) => ({ ...before, fault: data.detail }));
      // What was asked for before something else was is not shown any more.
      else if (data.number === newest.current) {
        const shown = parts.whole(data.number, data.shown);
        setLaid((before) => ({ ...before, shown, fault: undefined }));
      }
    });
    own.addEventListener("error", ({ message }) => setLaid((before) => ({ ...before, fault: message })));
    // A copy, since effects may run twice.
    const bytes = graph.slice(0);
    own.postMessage({ kind: "open", graph: bytes } satisfies ToWorker, [bytes]);
    return () => {
      own.terminate();
      worker.current = undefined;
      setLaid(nothing);
    };
  }, [graph]);
  const { choices, noted, mode, most } = order;
  useEffect(() => {
    newest.current += 1;
    const message: ToWorker = { kind: "show", number: newest.current, order: { choices, noted, mode, most } };
    worker.current?.postMessage(message);
    // Of another graph there is another worker, which is asked anew.
    // eslint-disable-next-line react/exhaustive-effect-dependencies
  }, [graph, choices, noted, mode, most]);
  return laid;
}

/** The lists of what is shown, as they come in parts. */
class Parts {
  #number = 0;
  #nodes: ShownLists["nodes"][number][] = [];
  #edges: ShownLists["edges"][number][] = [];
  #marks: ShownLists["marks"][number][] = [];
  #lines: ShownLists["lines"][number][] = [];

  add(number: number, { nodes = [], edges = [], marks = [], lines = [] }: Partial<ShownLists>): void {
    if (number !== this.#number) {
      this.#number = number;
      [this.#nodes, this.#edges, this.#marks, this.#lines] = [[], [], [], []];
    }
    this.#nodes.push(...nodes);
    this.#edges.push(...edges);
    this.#marks.push(...marks);
    this.#lines.push(...lines);
  }

  whole(number: number, { view, picture, ...rest }: Shown): Shown {
    if (number !== this.#number) return { view, picture, ...rest };
    return {
      ...rest,
      view: { ...view, nodes: this.#nodes, edges: this.#edges },
      picture: { ...picture, nodes: this.#marks, edges: this.#lines },
    };
  }
}
