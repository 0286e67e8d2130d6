import { useCallback, useEffect, useRef, useState } from "react";
import { fingerprint } from "../../../base/fingerprint.ts";
import { api, ApiProblem } from "../../../data/api.ts";
import { errorOf, type AnswerError } from "../../../data/answers.ts";
import { keptToken } from "../../../data/token.ts";
import type { Job } from "../model/answers.ts";
import { originsOf, type Question, type TraceBody } from "./question.ts";

/** Where a trace is. */
export type JobState =
  | { readonly state: "none" }
  | { readonly state: "starting" }
  | { readonly state: "running"; readonly job: Job; readonly isQueued: boolean }
  | { readonly state: "done"; readonly job: Job; readonly note: "all" | "first-receipts" }
  | { readonly state: "cancelled" }
  | { readonly state: "empty" }
  | { readonly state: "failed"; readonly error: AnswerError };

type Told = { readonly asked: string; readonly state: JobState };

export type Asked = { readonly job: JobState; readonly stop: () => void; readonly retry: () => void };

/**
 * Asks the server for a trace, and follows it. The same question asked again, as after a reload, gets the same trace, unless the
 * ledger has grown since.
 *
 * @param question - Undefined: nothing is asked.
 */
export function useJob(question: Question | undefined): Asked {
  const [told, setTold] = useState<Told | undefined>(undefined);
  const [attempt, setAttempt] = useState(0);
  const running = useRef<string | undefined>(undefined);
  const text = question === undefined ? "" : JSON.stringify(question);
  const asked = `${attempt} ${text}`;
  useEffect(() => {
    if (text === "") return undefined;
    const aborter = new AbortController();
    const tell = (state: JobState): void => {
      if (!aborter.signal.aborted) setTold({ asked, state });
    };
    void follow(JSON.parse(text) as Question, { attempt, signal: aborter.signal, tell, running }).catch(
      (thrown: unknown) => tell({ state: "failed", error: errorOf(thrown) }),
    );
    return () => aborter.abort();
  }, [text, attempt, asked]);
  // What was told of another question is not of this one.
  const job: JobState = text === "" ? { state: "none" } : told?.asked === asked ? told.state : { state: "starting" };
  const stop = useCallback(() => {
    const id = running.current;
    if (id !== undefined)
      void api()
        .delete("/v1/traces/{id}", { params: { id } })
        .catch(() => undefined);
  }, []);
  const retry = useCallback(() => setAttempt((before) => before + 1), []);
  return { job, stop, retry };
}

type Following = {
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly tell: (state: JobState) => void;
  readonly running: { current: string | undefined };
};

async function follow(question: Question, { attempt, signal, tell, running }: Following): Promise<void> {
  const { body, note } = await originsOf(question, signal);
  if (body === undefined) {
    tell({ state: "empty" });
    return;
  }
  const started = await startOrFind(body, attempt, signal);
  running.current = started.id;
  const ended = await untilEnded(started, signal, (job) =>
    tell({ state: "running", job, isQueued: job.state === "queued" }),
  );
  running.current = undefined;
  if (ended.state === "done") tell({ state: "done", job: ended, note });
  else if (ended.state === "cancelled") tell({ state: "cancelled" });
  else {
    const { code = "FAULT", detail = "" } = ended.problem ?? {};
    tell({ state: "failed", error: { kind: "problem", code, status: 0, detail } });
  }
}

/** The trace of this question that the server has, where it is whole; else a new one. */
async function startOrFind(body: TraceBody, attempt: number, signal: AbortSignal): Promise<Job> {
  const ledger = await api().get("/v1/ledger", { signal });
  const tips = ledger.chains.map(({ chain, tip }) => [chain, tip]);
  for (let again = 0; ; again += 1) {
    const idempotencyKey = `page-${fingerprint(JSON.stringify([body, tips, attempt, again]))}`;
    const started = await api().post("/v1/traces", { body, idempotencyKey, signal });
    try {
      const job = await api().get("/v1/traces/{id}", { params: { id: started.id }, signal });
      if (job.state !== "failed" && job.state !== "cancelled") return job;
      if (again > 0) return job;
    } catch (thrown) {
      // It ended so long ago that the server has forgotten it.
      if (!(thrown instanceof ApiProblem) || again > 3) throw thrown;
    }
  }
}

async function untilEnded(started: Job, signal: AbortSignal, tell: (job: Job) => void): Promise<Job> {
  if (isEnded(started)) return started;
  tell(started);
  for await (const job of eventsOf(started.id, signal)) {
    if (isEnded(job)) return job;
    tell(job);
  }
  // The stream ended before the trace: an answer of now decides.
  return api().get("/v1/traces/{id}", { params: { id: started.id }, signal });
}

function isEnded({ state }: Job): boolean {
  return state === "done" || state === "failed" || state === "cancelled";
}

/** A trace's server-sent events. By `fetch`, since the browser's own reader of events sends no token. */
async function* eventsOf(id: string, signal: AbortSignal): AsyncIterable<Job> {
  const token = keptToken();
  const answer = await fetch(`/v1/traces/${encodeURIComponent(id)}/events`, {
    signal,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) {
    text += piece.value;
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      const data = event
        .split("\n")
        .filter((line) => line.startsWith("data:"))
        .map((line) => line.slice(5).trimStart())
        .join("\n");
      if (data !== "") yield JSON.parse(data) as Job;
    }
  }
}
