import { useCallback, useEffect, useState } from "react";
import { begin, redo, step, undo, type History } from "../keep/history.ts";
import { noWork, readWork, writeWork, type Work } from "../keep/work.ts";

export type Desk = {
  readonly work: Work;
  readonly change: (next: (work: Work) => Work) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
};

/** What an analyst makes of a trace, kept by the browser under the trace's digest. Another trace has its own. */
export function useWork(digest: string | undefined): Desk {
  const [history, setHistory] = useState<History<Work>>(() => begin(kept(digest)));
  const [owner, setOwner] = useState(digest);
  if (owner !== digest) {
    setOwner(digest);
    setHistory(begin(kept(digest)));
  }
  const { now } = history;
  useEffect(() => {
    if (digest !== undefined && owner === digest) keep(digest, now);
  }, [digest, owner, now]);
  return {
    work: now,
    change: useCallback((next) => setHistory((before) => step(before, next(before.now))), []),
    undo: useCallback(() => setHistory(undo), []),
    redo: useCallback(() => setHistory(redo), []),
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
  };
}

function keyOf(digest: string): string {
  return `fundtrail.trace.${digest}`;
}

function kept(digest: string | undefined): Work {
  try {
    const found = digest === undefined ? null : localStorage.getItem(keyOf(digest));
    const read = found === null ? undefined : readWork(found);
    return read?.state === "read" ? read.work : noWork;
  } catch {
    return noWork;
  }
}

function keep(digest: string, work: Work): void {
  try {
    if (work === noWork) return;
    localStorage.setItem(keyOf(digest), writeWork(work, digest));
  } catch {
    // Storage is refused or full: it holds for this visit, and can be saved as a file.
  }
}
