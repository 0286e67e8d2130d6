import { useMemo, useSyncExternalStore } from "react";
import { placeOf, type Place } from "./routes.ts";

const moved = "fundtrail:moved";

/**
 * Takes the focus from what the page that is left had it on (a link, the search box), so that keys go to the page that comes and its
 * heading may take the focus, unless the reader has put it somewhere meanwhile.
 */
function letGo(): void {
  if (location.pathname === at) return;
  at = location.pathname;
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

let at: string | undefined;

function subscribe(changed: () => void): () => void {
  if (at === undefined) {
    at = location.pathname;
    addEventListener("popstate", letGo);
  }
  addEventListener("popstate", changed);
  addEventListener(moved, changed);
  return () => {
    removeEventListener("popstate", changed);
    removeEventListener(moved, changed);
  };
}

/** Path and query of now. */
function current(): string {
  return `${location.pathname}${location.search}`;
}

/** Goes to a page: what came before is one step back. */
export function push(to: string): void {
  if (to === current()) return;
  history.pushState(null, "", to);
  letGo();
  scrollTo(0, 0);
  dispatchEvent(new Event(moved));
}

/** The same page, seen otherwise: filters, sorting, what is selected. No step of the history. */
export function replace(to: string): void {
  if (to === current()) return;
  history.replaceState(null, "", to);
  dispatchEvent(new Event(moved));
}

/** The page of now. */
export function usePlace(): Place {
  const path = useSyncExternalStore(subscribe, () => location.pathname);
  return useMemo(() => placeOf(path), [path]);
}

export type Query = {
  /** A parameter; undefined where it is not given. */
  readonly get: (name: string) => string | undefined;
  /** Sets some parameters, `undefined` or empty removing one; replaces the history's step. */
  readonly set: (changes: Readonly<Record<string, string | undefined>>) => void;
  readonly text: string;
};

/** The query of now: where a page keeps its filters. */
export function useQuery(): Query {
  const text = useSyncExternalStore(subscribe, () => location.search);
  return useMemo(() => {
    const given = new URLSearchParams(text);
    return {
      text,
      get: (name) => given.get(name) ?? undefined,
      set: (changes) => {
        const next = new URLSearchParams(location.search);
        for (const [name, value] of Object.entries(changes)) {
          if (value === undefined || value === "") next.delete(name);
          else next.set(name, value);
        }
        const query = next.toString();
        replace(`${location.pathname}${query === "" ? "" : `?${query}`}`);
      },
    };
  }, [text]);
}
