import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import type { Usd } from "../../../../src/base/usd.ts";
import { instantText } from "../../../base/dates.ts";
import { percent, whole } from "../../../base/numbers.ts";
import { shortTxid } from "../../../base/shorten.ts";
import { exactUsd } from "../../../base/usd.ts";
import { paths } from "../../../routing/routes.ts";
import { Link } from "../../../routing/link.tsx";
import { shell } from "../../../text/shell-words.ts";
import type { Text } from "../../../text/text.ts";
import { usePrinting } from "../../../parts/printing.ts";
import { useText } from "../../../parts/settings.tsx";
import type { View } from "../group/view.ts";
import { shareOf } from "../group/view.ts";
import { amountShort, amountText, symbolOf } from "../model/asset-text.ts";
import { isoOf, type Names } from "../model/names.ts";
import type { NodeRange } from "../model/ranges.ts";
import { words } from "../words.ts";
import { rowsOf, type ListRow, type RowKind } from "./rows.ts";

type ListProps = {
  readonly view: View;
  readonly chain: string;
  readonly names: Names;
  readonly ranges: ReadonlyMap<number, NodeRange>;
  readonly rangeText: (range: NodeRange) => string;
  readonly notes: Readonly<Record<string, string>>;
  readonly selected: string | undefined;
  readonly strength: { readonly edges: ReadonlySet<string>; readonly nodes: ReadonlySet<string> } | undefined;
  readonly isShown: (edge: number) => boolean;
  readonly select: (id: string) => void;
  /** Keys that are those of the graph, and the node that they mean. */
  readonly onKey: (event: KeyboardEvent, id: string | undefined) => boolean;
};

/** On paper all rows stand, up to this many. */
const printedMax = 5_000;
const rowHeight = 28;
const over = 12;

const columns: readonly (readonly [keyof typeof words, "text" | "figure"])[] = [
  ["from", "text"],
  ["to", "text"],
  ["hop", "figure"],
  ["time", "text"],
  ["kind", "text"],
  ["asset", "text"],
  ["amount", "figure"],
  ["tainted", "figure"],
  ["share", "figure"],
  ["usd", "figure"],
  ["range", "figure"],
  ["evidence", "text"],
];

const kindTexts: Readonly<Record<RowKind, Text>> = {
  origin: words.kindOrigin,
  payment: words.kindPayment,
  swap: words.kindSwap,
  exit: words.kindExit,
  holding: words.kindHolding,
  return: words.kindReturn,
};

/** The same flow as rows of a tree; only those in sight are in the document, so that any number stays quick. */
export function TraceList(props: ListProps): ReactNode {
  const { view, isShown, select } = props;
  const { t } = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => rowsOf(view, closed, isShown), [view, closed, isShown]);
  const [range, setRange] = useRange(scroller, rows.length);
  const toggle = (row: ListRow): void => {
    const next = new Set(closed);
    if (!next.delete(row.id)) next.add(row.id);
    setClosed(next);
  };
  const shown = usePrinting() ? { from: 0, to: printedMax } : range;
  const { at, setAt, keyed } = useRowKeys(props, { rows, scroller, toggle, look: setRange });
  // What has the focus may have been scrolled away.
  const focusable = at >= range.from && at < range.to ? at : range.from;
  return (
    <div className="trace-list">
      <div
        className="trace-scroll"
        ref={scroller}
        role="treegrid"
        tabIndex={-1}
        aria-label={t(words.list)}
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length}
        onScroll={() => setRange()}
        onKeyDown={keyed}
      >
        <Head />
        <div role="rowgroup" style={{ height: `${rows.length * rowHeight}px`, position: "relative" }}>
          {rows.slice(shown.from, shown.to).map((row, place) => {
            const index = shown.from + place;
            return (
              <Row
                key={row.id}
                {...props}
                row={row}
                index={index}
                isFocusable={index === focusable}
                toggle={toggle}
                choose={() => {
                  setAt(index);
                  select(selectionOf(view, row));
                }}
              />
            );
          })}
        </div>
      </div>
      <p className="caption">{t(words.rowOf, { n: rows.length })}</p>
    </div>
  );
}

function Head(): ReactNode {
  const { t } = useText();
  return (
    <div role="rowgroup" className="trace-head">
      <div role="row" aria-rowindex={1} className="trace-row">
        {columns.map(([name, kind]) => (
          <span key={name} role="columnheader" className={kind}>
            {t(words[name] as Text)}
          </span>
        ))}
      </div>
    </div>
  );
}

type RowKeysOf = {
  readonly rows: readonly ListRow[];
  readonly scroller: { readonly current: HTMLDivElement | null };
  readonly toggle: (row: ListRow) => void;
  readonly look: () => void;
};

type RowKeys = {
  /** The row that has or had the focus. */
  readonly at: number;
  readonly setAt: (at: number) => void;
  readonly keyed: (event: KeyboardEvent) => void;
};

/** Keys of the rows: those of a tree, and those of the graph for the node that a row leads to. */
function useRowKeys({ view, select, onKey }: ListProps, { rows, scroller, toggle, look }: RowKeysOf): RowKeys {
  const [focused, setAt] = useState(0);
  const wantsFocus = useRef(false);
  const at = Math.min(focused, Math.max(0, rows.length - 1));
  useEffect(() => {
    if (!wantsFocus.current) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[aria-rowindex="${at + 2}"]`);
    if (row === null || row === undefined) return;
    wantsFocus.current = false;
    row.focus({ preventScroll: true });
  });
  const goTo = (next: number): void => {
    const place = Math.min(rows.length - 1, Math.max(0, next));
    wantsFocus.current = true;
    setAt(place);
    reveal(scroller.current, place);
    look();
  };
  const keyed = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    const index = Number(target.getAttribute("aria-rowindex")) - 2;
    const row = rows[index];
    // Links and buttons within keep their own keys.
    if (row === undefined || target.getAttribute("role") !== "row") return;
    const choose = (): void => select(selectionOf(view, row));
    const isRowKey = rowKey(event, { row, rows, at: index, goTo, toggle, select: choose });
    if (isRowKey || onKey(event, view.nodes[row.to ?? row.from]?.id)) event.preventDefault();
  };
  return { at, setAt, keyed };
}

function selectionOf(view: View, row: ListRow): string {
  return (row.edge === undefined ? view.nodes[row.from]?.id : view.edges[row.edge]?.id) ?? "";
}

type KeyOf = {
  readonly row: ListRow;
  readonly rows: readonly ListRow[];
  readonly at: number;
  readonly goTo: (place: number) => void;
  readonly toggle: (row: ListRow) => void;
  readonly select: () => void;
};

const pageRows = 20;

/** Keys of a tree of rows. @returns Whether it was one. */
function rowKey(event: KeyboardEvent, { row, rows, at, goTo, toggle, select }: KeyOf): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
  const parent = (): number => rows.findLastIndex((one, place) => place < at && one.level < row.level);
  const does: Readonly<Record<string, () => void>> = {
    ArrowDown: () => goTo(at + 1),
    ArrowUp: () => goTo(at - 1),
    PageDown: () => goTo(at + pageRows),
    PageUp: () => goTo(at - pageRows),
    Home: () => goTo(0),
    End: () => goTo(rows.length - 1),
    ArrowRight: () => {
      if (row.hasChildren && !row.isOpen) toggle(row);
      else if (row.hasChildren) goTo(at + 1);
    },
    ArrowLeft: () => {
      if (row.hasChildren && row.isOpen) toggle(row);
      else if (parent() >= 0) goTo(parent());
    },
    Enter: select,
    " ": select,
  };
  const act = does[event.key];
  act?.();
  return act !== undefined;
}

type RowProps = ListProps & {
  readonly row: ListRow;
  readonly index: number;
  readonly isFocusable: boolean;
  readonly toggle: (row: ListRow) => void;
  readonly choose: () => void;
};

function Row({ row, index, isFocusable, toggle, choose, ...props }: RowProps): ReactNode {
  const { t } = useText();
  const { view, names, selected, strength, notes } = props;
  const [from, to] = [view.nodes[row.from], view.nodes[row.to ?? -1]];
  const id = selectionOf(view, row);
  const isFaded = strength !== undefined && !(row.edge === undefined ? strength.nodes.has(id) : strength.edges.has(id));
  const noted = (node: typeof from): string => (node !== undefined && notes[node.id] !== undefined ? " ✎" : "");
  return (
    // Its keys are those of the whole grid.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      role="row"
      tabIndex={isFocusable ? 0 : -1}
      className={`trace-row${isFaded ? " faded" : ""}`}
      style={{ position: "absolute", top: `${index * rowHeight}px` }}
      aria-rowindex={index + 2}
      aria-level={row.level}
      aria-setsize={row.siblings}
      aria-posinset={row.place}
      aria-selected={selected === id}
      {...(row.hasChildren ? { "aria-expanded": row.isOpen } : {})}
      onClick={choose}
    >
      <span role="gridcell" className="text tree" style={{ paddingLeft: `${8 + Math.min(row.level - 1, 12) * 12}px` }}>
        {row.hasChildren ? (
          <button
            type="button"
            className="icon"
            tabIndex={-1}
            aria-label={t(row.isOpen ? words.collapse : words.expand)}
            onClick={(event) => {
              event.stopPropagation();
              toggle(row);
            }}
          >
            {row.isOpen ? "▾" : "▸"}
          </button>
        ) : (
          <span className="leaf" />
        )}
        <span title={from?.main.label}>
          {from === undefined ? "" : names.node(from)}
          {noted(from)}
        </span>
      </span>
      <span role="gridcell" className="text" title={to?.main.label}>
        {to === undefined ? "–" : names.node(to)}
        {noted(to)}
      </span>
      <Cells {...props} row={row} />
    </div>
  );
}

function Cells({ row, view, ranges, rangeText, chain }: ListProps & { readonly row: ListRow }): ReactNode {
  const { t, locale } = useText();
  const { sum } = row;
  const edge = view.edges[row.edge ?? -1];
  const end = row.kind === "holding" ? row.from : row.to;
  const range = row.kind === "holding" || row.kind === "exit" ? ranges.get(end ?? -1) : undefined;
  const unknown = t(shell.unknown);
  const share = shareOf([sum]);
  const parts = edge?.parts ?? [];
  const time = row.kind === "holding" ? view.nodes[row.from]?.last : edge?.first;
  const txid = parts.length === 1 ? parts[0]?.txid : undefined;
  const figures: readonly (readonly [text: string, exact?: string])[] = [
    sum.value === undefined ? [unknown] : [amountShort(sum.asset, sum.value), amountText(sum.asset, sum.value)],
    [amountShort(sum.asset, sum.amount), amountText(sum.asset, sum.amount)],
    [share === undefined ? unknown : percent(share)],
    [sum.usd === undefined ? unknown : exactUsd(sum.usd as Usd, locale)],
    [range === undefined ? "–" : rangeText(range)],
  ];
  return (
    <>
      <span role="gridcell" className="figure">
        {whole(view.nodes[end ?? row.from]?.hop ?? 0)}
      </span>
      <span role="gridcell" className="text">
        {time === undefined ? unknown : instantText(isoOf(time), locale)}
      </span>
      <span role="gridcell" className="text">
        {t(kindTexts[row.kind])}
      </span>
      <span role="gridcell" className="text" title={sum.asset}>
        {symbolOf(sum.asset)}
      </span>
      {figures.map(([text, exact], place) => (
        // Their order is that of the columns.
        // eslint-disable-next-line react/no-array-index-key
        <span key={place} role="gridcell" className="figure" title={exact}>
          {text}
        </span>
      ))}
      <span role="gridcell" className="text mono">
        {txid === undefined ? (
          parts.length > 0 ? (
            t(words.kindSeveral, { n: parts.reduce((sum_, { count }) => sum_ + count, 0) })
          ) : (
            "–"
          )
        ) : (
          <Link to={paths.transaction(chain, txid)} tabIndex={-1} title={txid}>
            {shortTxid(txid)}
          </Link>
        )}
      </span>
    </>
  );
}

type RowRange = { readonly from: number; readonly to: number };

/** The rows that are in the document: those in sight, and some before and behind. */
function useRange(
  scroller: { readonly current: HTMLDivElement | null },
  count: number,
): readonly [RowRange, () => void] {
  const [range, setRange] = useState<RowRange>({ from: 0, to: 60 });
  const look = (): void => {
    const element = scroller.current;
    if (element === null) return;
    const from = Math.max(0, Math.floor(element.scrollTop / rowHeight) - over);
    const to = Math.min(count, Math.ceil((element.scrollTop + element.clientHeight) / rowHeight) + over);
    setRange((before) => (before.from === from && before.to === to ? before : { from, to }));
  };
  const latest = useRef(look);
  useEffect(() => {
    latest.current = look;
  });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const sized = new ResizeObserver(() => latest.current());
    sized.observe(element);
    return () => sized.disconnect();
  }, [scroller]);
  return [range, look];
}

function reveal(scroller: HTMLDivElement | null, place: number): void {
  if (scroller === null) return;
  const top = place * rowHeight;
  const room = scroller.clientHeight - rowHeight * 2;
  if (top < scroller.scrollTop) scroller.scrollTo({ top });
  else if (top > scroller.scrollTop + room) scroller.scrollTo({ top: top - room });
}
