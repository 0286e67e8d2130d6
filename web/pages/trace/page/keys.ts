import type { KeyboardEvent } from "react";
import type { Stage } from "../canvas/stage.ts";
import type { Walk } from "../model/walk.ts";
import type { Actions } from "./desk.ts";
import type { DeskState } from "./desk-state.ts";

/** What a key of the canvas, or of a row of the list, may do. */
export type KeyTarget = {
  readonly state: DeskState;
  readonly walk: Walk;
  readonly actions: Actions;
  readonly stage: Stage | undefined;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly idAt: (place: number) => string | undefined;
  readonly openPanel: () => void;
  readonly openNote: () => void;
  readonly openKeys: () => void;
  readonly stepPolicy: (by: 1 | -1) => void;
  readonly toggleCompare: () => void;
  /** Whether keys without Ctrl or ⌘ do something. */
  readonly singleKeys: boolean;
};

const panStep = 80;
const zoomStep = 1.25;

/** Does what a key says. @returns Whether it said anything. */
export function pressed(event: KeyboardEvent, target: KeyTarget): boolean {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
    (event.shiftKey ? target.redo : target.undo)();
    return true;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.key.startsWith("Arrow")) return arrow(event, target);
  if (event.key === "Enter") {
    target.openPanel();
    return true;
  }
  if (event.key === "Escape") return escaped(target);
  return target.singleKeys && (ofSelection(event.key.toLowerCase(), target) || ofView(event.key.toLowerCase(), target));
}

function arrow({ key, shiftKey }: KeyboardEvent, target: KeyTarget): boolean {
  const { walk, state, stage } = target;
  if (shiftKey) {
    const right = key === "ArrowRight" ? panStep : key === "ArrowLeft" ? -panStep : 0;
    const down = key === "ArrowDown" ? panStep : key === "ArrowUp" ? -panStep : 0;
    stage?.pan(right, down);
    return true;
  }
  const at = state.selected === undefined ? undefined : walk.placeOf(state.selected);
  const next =
    at === undefined
      ? walk.start()
      : key === "ArrowRight"
        ? walk.child(at)
        : key === "ArrowLeft"
          ? walk.parent(at)
          : walk.sibling(at, key === "ArrowDown" ? 1 : -1);
  const id = next === undefined ? undefined : target.idAt(next);
  if (id !== undefined && next !== undefined) {
    target.actions.select(id);
    stage?.reveal(next);
  }
  return true;
}

function escaped({ state, actions }: KeyTarget): boolean {
  if (state.following !== undefined) actions.leavePath();
  else if (state.selected !== undefined) actions.select(undefined);
  else return false;
  return true;
}

function ofSelection(key: string, { state: { selected }, actions, openNote }: KeyTarget): boolean {
  const does: Readonly<Record<string, (id: string) => void>> = {
    e: actions.expand,
    c: actions.collapse,
    g: actions.group,
    p: actions.path,
    n: openNote,
  };
  const act = does[key];
  if (act === undefined) return false;
  if (selected !== undefined) act(selected);
  return true;
}

function ofView(key: string, { state, actions, stage, openKeys, stepPolicy, toggleCompare }: KeyTarget): boolean {
  const does: Readonly<Record<string, () => void>> = {
    f: () => stage?.fit(),
    "+": () => stage?.zoom(zoomStep),
    "=": () => stage?.zoom(zoomStep),
    "-": () => stage?.zoom(1 / zoomStep),
    t: () => actions.setMode(state.mode === "time" ? "hop" : "time"),
    l: () => actions.setList(!state.isList),
    "[": () => stepPolicy(-1),
    "]": () => stepPolicy(1),
    m: toggleCompare,
    "?": openKeys,
  };
  const act = does[key];
  act?.();
  return act !== undefined;
}
