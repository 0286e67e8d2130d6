import { useEffect, useState } from "react";
import { api } from "../../../data/api.ts";
import { errorOf, type AnswerError } from "../../../data/answers.ts";
import type { AnswerOf, Contract } from "../../../data/api.ts";
import type { Destination, Job, Summary } from "../model/answers.ts";
import { getRaw, tracePath } from "./raw.ts";
import { warmUp } from "./use-shown.ts";

export type Comparison = AnswerOf<Contract["getTraceComparison"]>;

/** A finished trace as the page needs it. */
export type TraceData = {
  readonly summary: Summary;
  /** The largest, exits before holdings; ranges where they were asked for. */
  readonly destinations: readonly Destination[];
  readonly comparison: Comparison | undefined;
  /** Undefined while it comes: the figures need not wait for it. */
  readonly graph: ArrayBuffer | undefined;
  /** Bytes of it that have come. */
  readonly graphBytes: number;
};

export type TraceAnswer =
  | { readonly state: "loading" }
  | { readonly state: "ready"; readonly data: TraceData }
  | { readonly state: "failed"; readonly error: AnswerError };

/** Nodes that are asked for one by one: what the canvas draws at most. */
const graphSize = 10_000;
const destinationsMax = 1_000;
/** So often it is told how much has come. */
const tellMs = 250;

type Loaded = { readonly of: string; readonly answer: TraceAnswer };

/**
 * Loads a finished trace, its figures first.
 *
 * @param isWhole - Whether all nodes are wanted, not the largest and groups of the others.
 */
export function useTrace(job: Job | undefined, isWhole: boolean): TraceAnswer {
  const [loaded, setLoaded] = useState<Loaded | undefined>(undefined);
  const [id, hasRange] = [job?.id, (job?.result?.compare ?? null) !== null];
  const of = `${id ?? ""} ${isWhole}`;
  useEffect(() => {
    if (id === undefined) return undefined;
    const aborter = new AbortController();
    const tell = (answer: TraceAnswer): void => {
      if (!aborter.signal.aborted) setLoaded({ of, answer });
    };
    load({ id, hasRange, isWhole, signal: aborter.signal }, (data) => tell({ state: "ready", data })).catch(
      (thrown: unknown) => tell({ state: "failed", error: errorOf(thrown) }),
    );
    return () => aborter.abort();
  }, [id, hasRange, isWhole, of]);
  return loaded?.of === of ? loaded.answer : { state: "loading" };
}

type Wanted = {
  readonly id: string;
  readonly hasRange: boolean;
  readonly isWhole: boolean;
  readonly signal: AbortSignal;
};

async function load({ id, hasRange, isWhole, signal }: Wanted, tell: (data: TraceData) => void): Promise<void> {
  const params = { id };
  // What lays it out is loaded meanwhile.
  warmUp();
  const known: { facts?: Omit<TraceData, "graph" | "graphBytes">; bytes: number } = { bytes: 0 };
  const path = tracePath(id, isWhole ? "graph?whole=on" : `graph?size=${graphSize}`);
  const coming = bytesOf(path, signal, (bytes) => {
    known.bytes = bytes;
    if (known.facts !== undefined) tell({ ...known.facts, graph: undefined, graphBytes: bytes });
  });
  // Said where it is waited for, be it later.
  coming.catch(() => undefined);
  const [summary, listed, comparison] = await Promise.all([
    api().get("/v1/traces/{id}/summary", { params, signal }),
    api().get("/v1/traces/{id}/destinations", { params, query: { limit: destinationsMax }, signal }),
    hasRange ? api().get("/v1/traces/{id}/compare", { params, signal }) : undefined,
  ]);
  const facts = { summary, destinations: listed.destinations, comparison };
  known.facts = facts;
  tell({ ...facts, graph: undefined, graphBytes: known.bytes });
  const graph = await coming;
  tell({ ...facts, graph, graphBytes: graph.byteLength });
}

async function bytesOf(path: string, signal: AbortSignal, tell: (bytes: number) => void): Promise<ArrayBuffer> {
  const { body } = await getRaw(path, signal);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let [bytes, told] = [0, performance.now()];
  const reader = body?.getReader();
  for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) {
    pieces.push(piece.value);
    bytes += piece.value.byteLength;
    if (performance.now() - told < tellMs) continue;
    told = performance.now();
    tell(bytes);
  }
  return new Blob(pieces).arrayBuffer();
}
