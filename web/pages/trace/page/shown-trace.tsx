import { useCallback, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Dialog } from "../../../parts/dialog.tsx";
import { KeyList } from "../../../parts/key-list.tsx";
import { useSettings, useText } from "../../../parts/settings.tsx";
import type { Picked } from "../canvas/pick.ts";
import { TraceCanvas } from "../canvas/trace-canvas.tsx";
import { TraceList } from "../list/trace-list.tsx";
import type { Shown } from "../state/messages.ts";
import { keyTexts, words } from "../words.ts";
import type { Bench } from "./desk.ts";
import { pressed, type KeyTarget } from "./keys.ts";
import { Legend } from "./legend.tsx";
import { SelectionPanel } from "./panel.tsx";
import { Still } from "./still-picture.tsx";
import type { PolicyAsked } from "./toolbar.tsx";
import type { Look } from "./use-look.ts";
import { TimeWindow } from "./window.tsx";

type ShownProps = {
  readonly bench: Bench;
  readonly shown: Shown;
  readonly look: Look;
  readonly chain: string;
  readonly asked: PolicyAsked;
  readonly svg: () => string;
  readonly setHovered: (node: number | undefined) => void;
};

/** A trace as graph or list, beside it what is selected, below it the window of time. */
export function ShownTrace(props: ShownProps): ReactNode {
  const { bench, shown, look, chain, asked } = props;
  const { state, actions, kept, walk, followed } = bench;
  const { t } = useText();
  const { singleKeys } = useSettings();
  const [hasKeys, setKeys] = useState(false);
  const noteRef = useRef<HTMLTextAreaElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  // After what was selected is shown.
  const openNote = useCallback(() => void setTimeout(() => noteRef.current?.focus()), []);
  const { view } = shown;
  const onKey = (event: KeyboardEvent, id = state.selected): boolean => {
    if (walk === undefined) return false;
    // In the list the row decides, whatever is selected.
    if (id !== state.selected && /^[cegnp]$/iu.test(event.key)) actions.select(id);
    const target: KeyTarget = {
      state: { ...state, selected: id },
      walk,
      actions,
      stage: bench.stage.current,
      undo: kept.undo,
      redo: kept.redo,
      idAt: (place) => view.nodes[place]?.id,
      openPanel: () => panel.current?.querySelector<HTMLElement>("a, button:not(:disabled)")?.focus(),
      openNote,
      openKeys: () => setKeys(true),
      stepPolicy: asked.step,
      toggleCompare: asked.toggleCompare,
      singleKeys,
    };
    const did = pressed(event, target);
    if (did) event.preventDefault();
    return did;
  };
  const body = view.nodes.length === 0 ? <p className="empty">{t(words.empty)}</p> : <Body {...props} onKey={onKey} />;
  return (
    <>
      <div className="trace-body">
        <div className="trace-main">
          {body}
          <TimeWindow first={shown.first} last={shown.last} window={state.window} set={actions.setWindow} />
        </div>
        <div ref={panel} className="trace-side">
          <SelectionPanel
            {...{ chain, view, actions, noteRef, followed }}
            names={look.names}
            ranges={look.ranges}
            rangeText={look.rangeText}
            selected={state.selected}
            followedId={state.following?.id}
            notes={kept.work.notes}
            grouped={kept.work.choices.grouped}
          />
        </div>
      </div>
      {hasKeys ? <KeysDialog close={() => setKeys(false)} /> : undefined}
    </>
  );
}

type OnKey = (event: KeyboardEvent, id?: string) => boolean;

function Body(props: ShownProps & { readonly onKey: OnKey }): ReactNode {
  const { bench, shown, look, chain, onKey } = props;
  const { state, actions, kept } = bench;
  if (!state.isList) return <Graph {...props} />;
  return (
    <TraceList
      view={shown.view}
      chain={chain}
      names={look.names}
      ranges={look.ranges}
      rangeText={look.rangeText}
      notes={kept.work.notes}
      selected={state.selected}
      strength={look.stage.strength}
      isShown={look.isEdgeShown}
      select={actions.select}
      onKey={onKey}
    />
  );
}

function Graph({ bench, shown, look, svg, setHovered, onKey }: ShownProps & { readonly onKey: OnKey }): ReactNode {
  const { t } = useText();
  const hint = useId();
  const { stage, actions, state } = bench;
  const { picture, view } = shown;
  const pick = (picked: Picked): void => {
    if (picked === undefined) actions.select(undefined);
    else if (picked.kind === "edge") actions.select(picture.edges[picked.at]?.id);
    else actions.select(view.nodes[picture.nodes[picked.at]?.place ?? -1]?.id);
  };
  const said = useSaid(shown, look, state.selected);
  return (
    <div className="trace-graph">
      <TraceCanvas
        shown={shown}
        look={look.stage}
        label={t(words.canvas)}
        describedBy={hint}
        said={said}
        stageRef={stage}
        onPick={pick}
        onOpen={() => {
          if (state.selected !== undefined) actions.expand(state.selected);
        }}
        onHover={setHovered}
        onKeyDown={(event) => {
          if (event.target === event.currentTarget) onKey(event);
        }}
        still={<Still svg={svg} />}
      />
      <p id={hint} className="unseen">
        {t(words.canvasHint)}
      </p>
      <Legend look={look} view={view} picture={picture} />
      <ZoomButtons bench={bench} />
    </div>
  );
}

/** What a screen reader says of the selection. */
function useSaid({ view, picture }: Shown, { names, stage }: Look, selected: string | undefined): string {
  return useMemo(() => {
    const at = picture.nodes.findIndex(({ id }) => id === selected);
    if (at >= 0) {
      const { name, detail } = stage.texts.of(at);
      return `${name}, ${detail}`;
    }
    const edge = view.edges.find(({ id }) => id === selected);
    const [from, to] = [view.nodes[edge?.source ?? -1], view.nodes[edge?.target ?? -1]];
    return edge === undefined || from === undefined || to === undefined
      ? ""
      : `${names.node(from)} → ${names.node(to)} ${names.sums(edge.sums)}`;
  }, [view, picture, names, stage.texts, selected]);
}

/** Four corners: few faces have a letter for it. */
function FitSign(): ReactNode {
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      <path d="M1 4V1H4M8 1H11V4M11 8V11H8M4 11H1V8" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}

const panStep = 120;
const zoomStep = 1.4;

/** A button for every gesture. */
function ZoomButtons({ bench }: { readonly bench: Bench }): ReactNode {
  const { t } = useText();
  const { stage } = bench;
  const buttons = [
    ["+", words.zoomIn, () => stage.current?.zoom(zoomStep)],
    ["−", words.zoomOut, () => stage.current?.zoom(1 / zoomStep)],
    [<FitSign key="fit" />, words.fit, () => stage.current?.fit()],
    ["←", words.panLeft, () => stage.current?.pan(-panStep, 0)],
    ["→", words.panRight, () => stage.current?.pan(panStep, 0)],
    ["↑", words.panUp, () => stage.current?.pan(0, -panStep)],
    ["↓", words.panDown, () => stage.current?.pan(0, panStep)],
  ] as const;
  return (
    <div className="trace-zoom" role="group" aria-label={t(words.view)}>
      {buttons.map(([sign, text, act]) => (
        <button key={t(text)} type="button" aria-label={t(text)} title={t(text)} onClick={act}>
          {sign}
        </button>
      ))}
    </div>
  );
}

function KeysDialog({ close }: { readonly close: () => void }): ReactNode {
  const { t } = useText();
  return (
    <Dialog title={t(words.keys)} close={close}>
      <KeyList keys={keyTexts} />
    </Dialog>
  );
}
