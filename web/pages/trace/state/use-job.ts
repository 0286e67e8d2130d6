import { useCallback, useEffect, useRef, useState } from "react";
import { fingerprint } from "../../../base/fingerprint.ts";
import { api, ApiProblem } from "../../../data/api.ts";
import { errorOf, type AnswerError } from "../../../data/answers.ts";
import { keptToken } from "../../../data/token.ts";
import type { Job } from "../model/answers.ts";
import { originsOf, type Question, type TraceBody } from "./question.ts";

/** Where a trace is. */
export type JobState =
  | { readonly state: "starting" }
  | { readonly state: "running"; readonly job: Job; readonly isQueued: boolean }
  | { readonly state: "done"; readonly job: Job; readonly note: "all" | "first-receipts" }
  | { readonly state: "cancelled"; readonly job: Job }
  | { readonly state: "empty" }
  | { readonly state: "failed"; readonly error: AnswerError };

type Told = { readonly asked: string; readonly state: JobState };

export type Asked = {
  readonly job: JobState;
  /** Resolves when the server has ended it, or could not be told to. */
  readonly stop: () => Promise<void>;
  readonly retry: () => void;
};

/**
 * Asks the server for a trace, and follows it. The same question asked again, as after a reload, gets the same trace, also one
 * that was stopped, unless the ledger has grown since.
 */
export function useJob(question: Question): Asked {
  const [told, setTold] = useState<Told | undefined>(undefined);
  const text = JSON.stringify(question);
  const [attempt, setAttempt] = useState(() => attemptOf(text));
  const running = useRef<string | undefined>(undefined);
  const asked = `${attempt} ${text}`;
  useEffect(() => {
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
  const job: JobState = told?.asked === asked ? told.state : { state: "starting" };
  const stop = useCallback(async () => {
    const id = running.current;
    if (id === undefined) return;
    await api()
      .delete("/v1/traces/{id}", { params: { id } })
      .catch(() => undefined);
  }, []);
  const retry = useCallback(() => {
    keepAttempt(text, attempt + 1);
    setAttempt(attempt + 1);
  }, [text, attempt]);
  return { job, stop, retry };
}

/** How often a question was asked anew on purpose: a reload asks for the last one, not for one that was stopped before it. */
function attemptOf(text: string): number {
  try {
    return Number(sessionStorage.getItem(attemptKey(text)) ?? "0");
  } catch {
    return 0;
  }
}

function keepAttempt(text: string, attempt: number): void {
  try {
    sessionStorage.setItem(attemptKey(text), String(attempt));
  } catch {
    // Storage is refused or full: it holds until the page is left.
  }
}

function attemptKey(text: string): string {
  return `fundtrail.attempt.${fingerprint(text)}`;
}

type Following = {
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly tell: (state: JobState) => void;
  readonly running: { current: string | undefined };
};

async function follow(question: Question, { attempt, signal, tell, running }: Following): Promise<void> {
  const { chains } = await api().get("/v1/ledger", { signal });
  const { body, note } = await originsOf(question, chains, signal);
  if (body === undefined) {
    tell({ state: "empty" });
    return;
  }
  const tips = chains.map(({ chain, tip }) => [chain, tip]);
  const started = await startOrFind(body, JSON.stringify([tips, attempt]), signal);
  running.current = started.id;
  const ended = await untilEnded(started, signal, (job) =>
    tell({ state: "running", job, isQueued: job.state === "queued" }),
  );
  running.current = undefined;
  if (ended.state === "done") tell({ state: "done", job: ended, note });
  else if (ended.state === "cancelled") tell({ state: "cancelled", job: ended });
  else {
    const { code = "FAULT", detail = "" } = ended.problem ?? {};
    tell({ state: "failed", error: { kind: "problem", code, status: 0, detail } });
  }
}

/**
 * The trace of this question that the server has; a new one where that failed or the server ended before it did.
 *
 * @param which - What of the same question tells one trace from another.
 */
async function startOrFind(body: TraceBody, which: string, signal: AbortSignal): Promise<Job> {
  for (let again = 0; ; again += 1) {
    const idempotencyKey = `page-${fingerprint(JSON.stringify([body, which, again]))}`;
    const started = await api().post("/v1/traces", { body, idempotencyKey, signal });
    try {
      const job = await api().get("/v1/traces/{id}", { params: { id: started.id }, signal });
      const isInterrupted = job.state === "cancelled" && job.problem !== null;
      if (again > 0 || (job.state !== "failed" && !isInterrupted)) return job;
    } catch (thrown) {
      // It ended so long ago that the server has forgotten it.
      if (!(thrown instanceof ApiProblem) || again > 3) throw thrown;
    }
  }
}

/** Before one asks again after a stream of events broke off. */
const breakMs = 1_000;

async function untilEnded(started: Job, signal: AbortSignal, tell: (job: Job) => void): Promise<Job> {
  if (isEnded(started)) return started;
  tell(started);
  for (;;) {
    for await (const job of eventsOf(started.id, signal)) {
      if (isEnded(job)) return job;
      tell(job);
    }
    // The stream ended before the trace: an answer of now decides, and where it goes on, so does this.
    const now = await api().get("/v1/traces/{id}", { params: { id: started.id }, signal });
    if (isEnded(now)) return now;
    tell(now);
    await new Promise((resolve) => void setTimeout(resolve, breakMs));
  }
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
  // Too many streams are open: one asks now and then.
  if (!answer.ok) return;
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
