import type { Problem } from "../text/problem-words.ts";
import { ApiProblem } from "./api.ts";

/**
 * What is known of one question to the server.
 *
 * - `loading`: nothing yet. `ready`: the newest answer. `stale`: an earlier one; asking again failed.
 * - `failed`: no answer was ever had.
 */
export type Answered<Value> =
  | { readonly state: "loading" }
  | { readonly state: "ready"; readonly value: Value; readonly at: number }
  | { readonly state: "stale"; readonly value: Value; readonly at: number; readonly error: AnswerError }
  | { readonly state: "failed"; readonly error: AnswerError };

/** `silent`: nothing answered. `problem`: the server said what is wrong. `fault`: ours. */
export type AnswerError =
  | { readonly kind: "silent" }
  | ({ readonly kind: "problem"; readonly status: number } & Problem)
  | { readonly kind: "fault"; readonly detail: string };

type Entry = {
  answered: Answered<unknown>;
  asking: AbortController | undefined;
  /** Milliseconds of this machine's clock when it was last asked. */
  askedAt: number;
  readonly listeners: Set<() => void>;
};

/** Within this time an answer is not asked for again when a page comes back to it. */
const freshMs = 2_000;
const entriesMax = 200;
const loading: Answered<never> = { state: "loading" };

const entries = new Map<string, Entry>();
const tokenListeners = new Set<() => void>();

/** Called when the server asks for a token, or refuses the one it got. */
export function onTokenWanted(listener: () => void): () => void {
  tokenListeners.add(listener);
  return () => tokenListeners.delete(listener);
}

/** Tells who watches a question; asks it where it has not been answered lately. */
export function watch<Value>(
  key: string,
  ask: (signal: AbortSignal) => Promise<Value>,
  listener: () => void,
): () => void {
  const entry = entryOf(key);
  entry.listeners.add(listener);
  if (entry.asking === undefined && Date.now() - entry.askedAt > freshMs) void askNow(key, entry, ask);
  return () => {
    entry.listeners.delete(listener);
    // Nobody waits any more: a filter that was moved on before its answer came.
    if (entry.listeners.size === 0 && entry.answered.state === "loading") {
      entry.asking?.abort();
      entries.delete(key);
    }
  };
}

export function answered<Value>(key: string): Answered<Value> {
  return (entries.get(key)?.answered ?? loading) as Answered<Value>;
}

/** Asks again, whatever is known. */
export async function askAgain<Value>(key: string, ask: (signal: AbortSignal) => Promise<Value>): Promise<void> {
  const entry = entryOf(key);
  entry.asking?.abort();
  await askNow(key, entry, ask);
}

/** After a new token: nothing that was refused before stands. */
export function forgetFailures(): void {
  for (const [key, entry] of entries)
    if (entry.listeners.size === 0 && entry.answered.state !== "ready") entries.delete(key);
}

async function askNow<Value>(key: string, entry: Entry, ask: (signal: AbortSignal) => Promise<Value>): Promise<void> {
  const asking = new AbortController();
  entry.asking = asking;
  entry.askedAt = Date.now();
  try {
    const value = await ask(asking.signal);
    if (entry.asking === asking) tell(entry, { state: "ready", value, at: Date.now() });
  } catch (thrown) {
    if (entry.asking !== asking || asking.signal.aborted) return;
    const error = errorOf(thrown);
    const { answered: before } = entry;
    // What can be mended by asking again is asked again when somebody next looks.
    entry.askedAt = 0;
    tell(
      entry,
      "value" in before ? { state: "stale", value: before.value, at: before.at, error } : { state: "failed", error },
    );
    if (error.kind === "problem" && error.status === 401) for (const listener of tokenListeners) listener();
  } finally {
    if (entry.asking === asking) entry.asking = undefined;
    trim(key);
  }
}

function tell(entry: Entry, now: Answered<unknown>): void {
  entry.answered = now;
  for (const listener of entry.listeners) listener();
}

function entryOf(key: string): Entry {
  const known = entries.get(key);
  if (known !== undefined) return known;
  const made: Entry = { answered: loading, asking: undefined, askedAt: 0, listeners: new Set() };
  entries.set(key, made);
  return made;
}

/** Forgets the oldest answers that nobody looks at. */
function trim(kept: string): void {
  for (const [key, entry] of entries) {
    if (entries.size <= entriesMax) return;
    if (key !== kept && entry.listeners.size === 0) entries.delete(key);
  }
}

export function errorOf(thrown: unknown): AnswerError {
  if (thrown instanceof ApiProblem) {
    const { code, status, detail, reason, values } = thrown.problem;
    return { kind: "problem", code, status, detail, reason, values };
  }
  // What `fetch` throws where nothing answers.
  if (thrown instanceof TypeError) return { kind: "silent" };
  return { kind: "fault", detail: thrown instanceof Error ? thrown.message : String(thrown) };
}
