/** What was, is and could be again: an undo history of values that are never changed. */
export type History<Value> = {
  readonly past: readonly Value[];
  readonly now: Value;
  readonly future: readonly Value[];
};

/** So many steps can be taken back. */
const stepsMax = 200;

export function begin<Value>(now: Value): History<Value> {
  return { past: [], now, future: [] };
}

/** A new step; what had been taken back is gone. The same value is no step. */
export function step<Value>(history: History<Value>, next: Value): History<Value> {
  if (next === history.now) return history;
  return { past: [...history.past, history.now].slice(-stepsMax), now: next, future: [] };
}

export function undo<Value>(history: History<Value>): History<Value> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return { past: history.past.slice(0, -1), now: before, future: [history.now, ...history.future] };
}

export function redo<Value>(history: History<Value>): History<Value> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.now], now: next, future };
}
