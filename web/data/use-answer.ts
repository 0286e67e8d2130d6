import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { answered, askAgain, watch, type Answered } from "./answers.ts";

export type Asked<Value> = Answered<Value> & {
  /** Asks again. */
  readonly retry: () => void;
};

/**
 * The answer to a question, kept up to date; the browser's cache asks with the answer's ETag, so that what has not changed is not
 * sent again.
 *
 * @param key - Says the question: the same key is the same question. Undefined: nothing is asked yet.
 * @example useAnswer(`incident ${id}`, (signal) => api().get("/v1/incidents/{id}", { params: { id }, signal }))
 */
export function useAnswer<Value>(key: string | undefined, ask: (signal: AbortSignal) => Promise<Value>): Asked<Value> {
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  const name = key ?? "";
  const subscribe = useCallback(
    (listener: () => void) =>
      name === "" ? () => undefined : watch(name, async (signal) => latest.current(signal), listener),
    [name],
  );
  const state = useSyncExternalStore(subscribe, () => answered<Value>(name));
  const retry = useCallback(() => void askAgain(name, async (signal) => latest.current(signal)), [name]);
  return { ...state, retry };
}

/**
 * The last answer while the next one loads, so that a filter does not empty the page.
 *
 * @returns The newest value there is, and whether it is of an earlier question.
 */
export function useLast<Value>(asked: Answered<Value>): { readonly value: Value | undefined; readonly isOld: boolean } {
  const [last, setLast] = useState<Value | undefined>(undefined);
  const now = "value" in asked ? asked.value : undefined;
  if (now !== undefined && now !== last) setLast(() => now);
  return { value: now ?? last, isOld: now === undefined && last !== undefined };
}
