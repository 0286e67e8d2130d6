import { useEffect, useState } from "react";
import { api } from "../../../data/api.ts";
import { errorOf, type AnswerError } from "../../../data/answers.ts";
import type { AnswerOf, Contract } from "../../../data/api.ts";
import type { Destination, Job, Summary } from "../model/answers.ts";
import { getRaw, tracePath } from "./raw.ts";

export type Comparison = AnswerOf<Contract["getTraceComparison"]>;

/** A finished trace as the page needs it. */
export type TraceData = {
  readonly summary: Summary;
  /** The largest, exits before holdings; ranges where they were asked for. */
  readonly destinations: readonly Destination[];
  readonly comparison: Comparison | undefined;
  readonly graph: ArrayBuffer;
};

export type TraceAnswer =
  | { readonly state: "loading" }
  | { readonly state: "ready"; readonly data: TraceData }
  | { readonly state: "failed"; readonly error: AnswerError };

/** Nodes that are asked for one by one: what the canvas draws at most. */
const graphSize = 10_000;
const destinationsMax = 1_000;

type Loaded = { readonly id: string; readonly answer: TraceAnswer };

/** Loads a finished trace. */
export function useTrace(job: Job | undefined): TraceAnswer {
  const [loaded, setLoaded] = useState<Loaded | undefined>(undefined);
  const [id, hasRange] = [job?.id, (job?.result?.compare ?? null) !== null];
  useEffect(() => {
    if (id === undefined) return undefined;
    const aborter = new AbortController();
    const tell = (answer: TraceAnswer): void => {
      if (!aborter.signal.aborted) setLoaded({ id, answer });
    };
    load(id, hasRange, aborter.signal).then(
      (data) => tell({ state: "ready", data }),
      (thrown: unknown) => tell({ state: "failed", error: errorOf(thrown) }),
    );
    return () => aborter.abort();
  }, [id, hasRange]);
  return loaded === undefined || loaded.id !== id ? { state: "loading" } : loaded.answer;
}

async function load(id: string, hasRange: boolean, signal: AbortSignal): Promise<TraceData> {
  const params = { id };
  const [summary, listed, comparison, graph] = await Promise.all([
    api().get("/v1/traces/{id}/summary", { params, signal }),
    api().get("/v1/traces/{id}/destinations", { params, query: { limit: destinationsMax }, signal }),
    hasRange ? api().get("/v1/traces/{id}/compare", { params, signal }) : undefined,
    getRaw(tracePath(id, `graph?size=${graphSize}`), signal).then(async (answered) => answered.arrayBuffer()),
  ]);
  return { summary, destinations: listed.destinations, comparison, graph };
}
