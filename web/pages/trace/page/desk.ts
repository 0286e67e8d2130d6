import { useCallback, useEffect, useMemo, useRef, useState, type RefObject } from "react";
import { useQuery } from "../../../routing/history.ts";
import { hasWebgl } from "../canvas/gl-renderer.ts";
import type { Stage } from "../canvas/stage.ts";
import type { Window } from "../draw/marks.ts";
import { collapse, expand, toggleGrouped } from "../group/choices.ts";
import { stillNodes, usualLimits } from "../group/limits.ts";
import { withNote } from "../keep/work.ts";
import { Walk } from "../model/walk.ts";
import type { Shown } from "../state/messages.ts";
import { usePath, type Followed } from "../state/use-path.ts";
import { useShown, type Laid } from "../state/use-shown.ts";
import { useWork, type Desk as Kept } from "../state/use-work.ts";
import { deskStateOf, queryOf, type DeskState } from "./desk-state.ts";
import { useSettled } from "./window.tsx";

/** All that can be done with a trace that is shown: by keys, in the graph and in the list alike. */
export type Actions = {
  readonly select: (id: string | undefined) => void;
  readonly expand: (id: string) => void;
  readonly collapse: (id: string) => void;
  readonly group: (id: string) => void;
  /** Follows the ways to a node, from the first on; again: leaves them. */
  readonly path: (id: string) => void;
  readonly nextPath: (by: 1 | -1) => void;
  readonly leavePath: () => void;
  readonly note: (id: string, text: string) => void;
  readonly setMode: (mode: DeskState["mode"]) => void;
  readonly setList: (isList: boolean) => void;
  readonly setWindow: (window: Window | undefined) => void;
};

export type Bench = {
  readonly state: DeskState;
  readonly laid: Laid;
  readonly kept: Kept;
  readonly walk: Walk | undefined;
  readonly followed: Followed | "none" | undefined;
  readonly actions: Actions;
  readonly stage: RefObject<Stage | undefined>;
};

type DeskOf = { readonly trace: string; readonly digest: string; readonly graph: ArrayBuffer | undefined };

export function useBench({ trace, digest, graph }: DeskOf): Bench {
  const query = useQuery();
  const kept = useWork(digest);
  const stage = useRef<Stage | undefined>(undefined);
  const [window, setWindow] = useWindow();
  const asked = useMemo(() => deskStateOf(query), [query]);
  const state = useMemo(() => ({ ...asked, window }), [asked, window]);
  const { notes, choices } = kept.work;
  const noted = useMemo(() => Object.keys(notes), [notes]);
  // What cannot be drawn by WebGL is drawn still, and then less of it; the list has all.
  const most = asked.isList || hasWebgl() ? usualLimits.nodes : stillNodes;
  const order = useMemo(() => ({ choices, noted, mode: asked.mode, most }), [choices, noted, asked.mode, most]);
  const laid = useShown(graph, order);
  const { shown } = laid;
  const walk = useMemo(() => (shown === undefined ? undefined : new Walk(shown.view)), [shown]);
  const followed = usePath(trace, shown, state.following);
  const actions = useActions({ kept, state, shown, setWindow });
  return { state, laid, kept, walk, followed, actions, stage };
}

/** The window of time: at once for drawing, and settled in the page's address. */
function useWindow(): readonly [Window | undefined, (window: Window | undefined) => void] {
  const query = useQuery();
  const [window, setWindow] = useState(() => deskStateOf(query).window);
  const written = useRef(`${query.get("t0") ?? ""} ${query.get("t1") ?? ""}`);
  const now = `${query.get("t0") ?? ""} ${query.get("t1") ?? ""}`;
  useEffect(() => {
    // The address changed by itself: one went back.
    if (now === written.current) return;
    written.current = now;
    setWindow(deskStateOf(query).window);
  }, [now, query]);
  useSettled(window, (settled) => {
    const { t0, t1 } = queryOf({ window: settled });
    written.current = `${t0 ?? ""} ${t1 ?? ""}`;
    if (written.current !== now) query.set({ t0, t1 });
  });
  return [window, setWindow];
}

type ActionParts = {
  readonly kept: Kept;
  readonly state: DeskState;
  readonly shown: Shown | undefined;
  readonly setWindow: (window: Window | undefined) => void;
};

function useActions(parts: ActionParts): Actions {
  const query = useQuery();
  const latest = useRef({ ...parts, query });
  useEffect(() => {
    latest.current = { ...parts, query };
  });
  const set = useCallback((change: Partial<DeskState>) => latest.current.query.set(queryOf(change)), []);
  return useMemo((): Actions => {
    return {
      select: (selected) => set({ selected }),
      expand: (id) => {
        const kind = latest.current.shown?.view.nodes.find((one) => one.id === id)?.kind;
        const isGroup = kind === "fan" || kind === "peel" || kind === "entity" || kind === "rest";
        latest.current.kept.change((work) => ({ ...work, choices: expand(work.choices, id, isGroup) }));
      },
      collapse: (id) => latest.current.kept.change((work) => ({ ...work, choices: collapse(work.choices, id) })),
      group: (id) => latest.current.kept.change((work) => ({ ...work, choices: toggleGrouped(work.choices, id) })),
      path: (id) => {
        const isFollowed = latest.current.state.following?.id === id;
        set({ following: isFollowed ? undefined : { id, number: 1 } });
      },
      nextPath: (by) => {
        const { following } = latest.current.state;
        if (following !== undefined) set({ following: { ...following, number: Math.max(1, following.number + by) } });
      },
      leavePath: () => set({ following: undefined }),
      note: (id, text) => latest.current.kept.change((work) => withNote(work, id, text)),
      setMode: (mode) => set({ mode }),
      setList: (isList) => set({ isList }),
      setWindow: (window) => latest.current.setWindow(window),
    };
  }, [set]);
}
