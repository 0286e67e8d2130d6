import { useEffect, useSyncExternalStore } from "react";

/**
 * A list that was pasted into the search box, on its way to the page that screens it. It is kept in memory alone: a pasted
 * list never enters an address, the history or the browser's storage.
 */
let waiting: readonly string[] | undefined;
const listeners = new Set<() => void>();

export function keepPasted(items: readonly string[] | undefined): void {
  waiting = items;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The list that was pasted last, a new value each time; forgotten when the page that shows it is left. */
export function usePasted(): readonly string[] | undefined {
  useEffect(() => () => keepPasted(undefined), []);
  return useSyncExternalStore(subscribe, () => waiting);
}

/** The lines of a pasted text, without empty ones. */
export function linesOf(text: string): readonly string[] {
  return text
    .split(/\r\n|\r|\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
