import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from "react";
import type { Shown } from "../state/messages.ts";
import type { Size } from "./camera.ts";
import type { Picked } from "./pick.ts";
import { Stage, type StageLook } from "./stage.ts";

type CanvasProps = {
  readonly shown: Shown;
  readonly look: StageLook;
  readonly label: string;
  /** The id of what describes it. */
  readonly describedBy: string;
  /** What is selected, for screen readers. */
  readonly said: string;
  readonly stageRef: RefObject<Stage | undefined>;
  readonly onPick: (picked: Picked) => void;
  readonly onOpen: () => void;
  readonly onHover: (node: number | undefined) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  /** In place of the canvas where there is no WebGL. */
  readonly still: ReactNode;
};

const wheelStep = 1.0015;
/** A pointer that moved less than this, in pixels, has clicked. */
const clickReach = 4;

/** The drawn flow of a trace: dragging pans, the wheel and two fingers zoom, a click selects. */
export function TraceCanvas(props: CanvasProps): ReactNode {
  const { shown, look, stageRef, still } = props;
  const box = useRef<HTMLDivElement>(null);
  const drawing = useRef<HTMLCanvasElement>(null);
  const writing = useRef<HTMLCanvasElement>(null);
  const [isAble, setAble] = useState(true);
  useEffect(() => {
    const [over, below, above] = [box.current, drawing.current, writing.current];
    if (over === null || below === null || above === null) return undefined;
    const size = (): Size => ({ width: over.clientWidth, height: over.clientHeight });
    const made = new Stage(below, above, size());
    setAble(made.isAble);
    stageRef.current = made;
    const sized = new ResizeObserver(() => made.resize(size()));
    sized.observe(over);
    return () => {
      sized.disconnect();
      made.close();
      stageRef.current = undefined;
    };
  }, [stageRef]);
  useEffect(() => stageRef.current?.show(shown, look), [stageRef, shown, look]);
  useGestures(box, props);
  return (
    // An application takes keys and pointers itself.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={box}
      className="trace-canvas"
      role="application"
      // The graph is walked by keys, which the browser must leave to it.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      aria-label={props.label}
      aria-describedby={props.describedBy}
      onKeyDown={props.onKeyDown}
    >
      <canvas ref={drawing} aria-hidden="true" />
      <canvas ref={writing} aria-hidden="true" />
      {isAble ? undefined : still}
      <output className="unseen" aria-live="polite">
        {props.said}
      </output>
    </div>
  );
}

type Pointer = { readonly x: number; readonly y: number };

function useGestures(box: RefObject<HTMLDivElement | null>, props: CanvasProps): void {
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    const over = box.current;
    if (over === null) return undefined;
    const gestures = new Gestures(over, latest);
    return () => gestures.close();
  }, [box]);
}

/** Pointers and wheel of the canvas; listeners of its own, since a wheel that zooms must not scroll. */
class Gestures {
  readonly #over: HTMLDivElement;
  readonly #props: RefObject<CanvasProps>;
  readonly #pointers = new Map<number, Pointer>();
  readonly #closing = new AbortController();
  #travelled = 0;

  constructor(over: HTMLDivElement, props: RefObject<CanvasProps>) {
    this.#over = over;
    this.#props = props;
    const { signal } = this.#closing;
    over.addEventListener("wheel", (event) => this.#wheel(event), { passive: false, signal });
    over.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    over.addEventListener("pointermove", (event) => this.#move(event), { signal });
    over.addEventListener("pointerup", (event) => this.#up(event), { signal });
    over.addEventListener("pointercancel", (event) => this.#pointers.delete(event.pointerId), { signal });
    over.addEventListener("pointerleave", () => this.#props.current.onHover(undefined), { signal });
    over.addEventListener("dblclick", () => this.#props.current.onOpen(), { signal });
  }

  close(): void {
    this.#closing.abort();
  }

  get #stage(): Stage | undefined {
    return this.#props.current.stageRef.current;
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    this.#stage?.zoom(wheelStep ** (-event.deltaY * lines), this.#point(event));
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#over.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.#pointers.size === 1) this.#travelled = 0;
  }

  #move(event: PointerEvent): void {
    const before = this.#pointers.get(event.pointerId);
    if (before === undefined) {
      const picked = this.#stage?.pick(this.#point(event));
      this.#over.style.cursor = picked === undefined ? "" : "pointer";
      this.#props.current.onHover(picked?.kind === "node" ? picked.at : undefined);
      return;
    }
    const now = { x: event.clientX, y: event.clientY };
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, now);
    this.#travelled += Math.hypot(now.x - before.x, now.y - before.y);
    if (other !== undefined) {
      const was = Math.hypot(before.x - other.x, before.y - other.y);
      const { left, top } = this.#over.getBoundingClientRect();
      const middle = [(now.x + other.x) / 2 - left, (now.y + other.y) / 2 - top] as const;
      if (was > 0) this.#stage?.zoom(Math.hypot(now.x - other.x, now.y - other.y) / was, middle);
      return;
    }
    if (this.#travelled > clickReach) this.#stage?.pan(before.x - now.x, before.y - now.y);
  }

  #up(event: PointerEvent): void {
    const isKnown = this.#pointers.delete(event.pointerId);
    if (!isKnown || this.#travelled > clickReach) return;
    this.#props.current.onPick(this.#stage?.pick(this.#point(event)));
  }

  #point(event: MouseEvent): readonly [number, number] {
    const { left, top } = this.#over.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }
}
