import type { Query } from "../../../routing/history.ts";
import type { Window } from "../draw/marks.ts";
import type { LayoutMode } from "../layout/picture.ts";
import type { Following } from "../state/use-path.ts";
import { minuteText, secondsOfMinute } from "./window.tsx";

/** How a trace is looked at, as the page's address says it: a reload and the way back keep it. */
export type DeskState = {
  readonly mode: LayoutMode;
  readonly isList: boolean;
  readonly selected: string | undefined;
  readonly following: Following | undefined;
  readonly window: Window | undefined;
};

export function deskStateOf(query: Query): DeskState {
  const [from, to] = [secondsOfMinute(query.get("t0")), secondsOfMinute(query.get("t1"))];
  const path = /^(?<number>[1-9][0-9]{0,5}):(?<id>.+)$/su.exec(query.get("path") ?? "")?.groups;
  return {
    mode: query.get("layout") === "hop" ? "hop" : "time",
    isList: query.get("view") === "list",
    selected: query.get("sel"),
    following: path === undefined ? undefined : { number: Number(path["number"]), id: path["id"] ?? "" },
    window: from === undefined && to === undefined ? undefined : { from: from ?? 0, to: to ?? 253_402_300_799 },
  };
}

/** What is usual is left out of the address. */
export function queryOf(change: Partial<DeskState>): Readonly<Record<string, string | undefined>> {
  const { mode, isList, following, window } = change;
  return {
    ...(mode === undefined ? {} : { layout: mode === "hop" ? "hop" : undefined }),
    ...(isList === undefined ? {} : { view: isList ? "list" : undefined }),
    ...("selected" in change ? { sel: change.selected } : {}),
    ...("following" in change
      ? { path: following === undefined ? undefined : `${following.number}:${following.id}` }
      : {}),
    ...("window" in change
      ? {
          t0: window === undefined ? undefined : minuteText(window.from),
          t1: window === undefined ? undefined : minuteText(window.to),
        }
      : {}),
  };
}
