import {
  useCallback,
  useEffect,
  useId,
  useRef,
  useState,
  useSyncExternalStore,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from "react";
import { usePrinting } from "../parts/printing.ts";
import { saveFile } from "../parts/save.ts";
import { useText } from "../parts/settings.tsx";
import { shell } from "../text/shell-words.ts";
import { pngOf, standaloneSvg } from "./export-svg.ts";
import { frameOf, type Frame } from "./drawn.ts";
import { inTurn } from "./one-a-task.ts";
import "./charts.css";

type ChartFigureProps = {
  /** What the chart shows, as a sentence with its figures. */
  readonly finding: string;
  /** How to read it. */
  readonly reading: string;
  /** Draws for a width; the same function as long as it draws the same. */
  readonly draw: (frame: Frame) => SVGSVGElement;
  readonly onPick: (open: string) => void;
  /** Stands below the drawing. */
  readonly legend?: ReactNode;
  /** The same numbers. */
  readonly table: ReactNode;
  /** Of the files, without their ending. */
  readonly fileName: string;
  /** Options and register, told in the files. */
  readonly provenance: string;
  /** Height kept free before it is drawn, per pixel of width and at least. */
  readonly room: { readonly ratio: number; readonly least: number };
};

/** A chart, what it says in words, and the same numbers as a table; its parts open what they stand for. */
export function ChartFigure(props: ChartFigureProps): ReactNode {
  const { finding, reading, draw, onPick, legend, table, fileName, provenance, room } = props;
  const { t } = useText();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [isOpen, setOpen] = useState(false);
  const isPrinting = usePrinting();
  useEffect(() => {
    if (width === 0) return undefined;
    return inTurn(() => {
      const svg = draw(frameOf(width));
      svg.setAttribute("aria-describedby", `${id}-reading`);
      svg.querySelector("[data-open]")?.setAttribute("tabindex", "0");
      box.current?.replaceChildren(svg);
    });
  }, [draw, width, id]);
  const pick = (event: MouseEvent | KeyboardEvent): void => {
    const open = (event.target as Element).closest("[data-open]")?.getAttribute("data-open");
    if (open === null || open === undefined) return;
    event.preventDefault();
    onPick(open);
  };
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === "Enter" || event.key === " ") pick(event);
    else if (event.key.startsWith("Arrow")) moveFocus(event);
  };
  const save = useCallback(
    async (format: "svg" | "png") => {
      const svg = box.current?.querySelector("svg");
      if (svg === null || svg === undefined) return;
      const told = { title: finding, description: provenance };
      const text = standaloneSvg(svg, told);
      const { width: wide, height } = svg.viewBox.baseVal;
      const content =
        format === "svg"
          ? new Blob([text], { type: "image/svg+xml" })
          : await pngOf({ svg: text, width: wide, height, ...told });
      saveFile(`${fileName}.${format}`, content);
    },
    [finding, provenance, fileName],
  );
  return (
    <figure className="chart">
      <figcaption>
        <h2>{finding}</h2>
        <SaveButtons finding={finding} save={save} />
        <p className="caption" id={`${id}-reading`}>
          {reading}
        </p>
      </figcaption>
      {/* The parts that are pressed are within the drawing, with their roles. */}
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div
        ref={box}
        className="drawing"
        style={{ minHeight: `${room.least}px`, ...(room.ratio === 0 ? {} : { aspectRatio: `1 / ${room.ratio}` }) }}
        onClick={pick}
        onKeyDown={pressed}
      />
      {legend}
      <details className="alternative" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>{t(shell.showAsTable)}</summary>
        {isOpen || isPrinting ? table : undefined}
      </details>
    </figure>
  );
}

type SaveButtonsProps = { readonly finding: string; readonly save: (format: "svg" | "png") => Promise<void> };

function SaveButtons({ finding, save }: SaveButtonsProps): ReactNode {
  return (
    <div className="actions">
      {(["svg", "png"] as const).map((format) => (
        <button
          key={format}
          type="button"
          className="link"
          aria-label={`${format.toUpperCase()}: ${finding}`}
          onClick={() => void save(format)}
        >
          {format.toUpperCase()}
        </button>
      ))}
    </div>
  );
}

/** Arrows go from part to part; Tab leaves the chart. */
function moveFocus(event: KeyboardEvent): void {
  const parts = [...event.currentTarget.querySelectorAll<SVGElement>("[data-open]")];
  const now = parts.findIndex((part) => part === event.target);
  const step = event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : -1;
  const next = parts[(now + step + parts.length) % parts.length];
  if (now === -1 || next === undefined) return;
  event.preventDefault();
  parts[now]?.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
}

/** How wide an element is, in whole pixels; 0 until it is known. */
function useWidth(element: { readonly current: HTMLElement | null }): number {
  const subscribe = useCallback(
    (changed: () => void) => {
      const { current } = element;
      if (current === null) return () => undefined;
      const observer = new ResizeObserver(changed);
      observer.observe(current);
      return () => observer.disconnect();
    },
    [element],
  );
  return useSyncExternalStore(subscribe, () => element.current?.clientWidth ?? 0);
}
