import { useMemo } from "react";
import { instantText, periodText } from "../../../base/dates.ts";
import type { Usd } from "../../../../src/base/usd.ts";
import { headlineUsd, rangeUsd } from "../../../base/usd.ts";
import { useDark, useText } from "../../../parts/settings.tsx";
import type { StageLook } from "../canvas/stage.ts";
import { palettes, type Palette } from "../draw/palette.ts";
import { inWindow } from "../draw/marks.ts";
import type { BracketText, MarkText } from "../draw/svg.ts";
import type { Say } from "../../../text/text.ts";
import type { Destination } from "../model/answers.ts";
import { amountText, symbolOf } from "../model/asset-text.ts";
import { isoOf, labelText, namesOf, type Names } from "../model/names.ts";
import { rangesOf, type NodeRange } from "../model/ranges.ts";
import type { Shown } from "../state/messages.ts";
import type { Bench } from "./desk.ts";
import { words } from "../words.ts";
import { whole } from "../../../base/numbers.ts";

/** How a trace looks in the reader's language and theme. */
export type Look = {
  readonly palette: Palette;
  readonly names: Names;
  readonly ranges: ReadonlyMap<number, NodeRange>;
  readonly rangeText: (range: NodeRange) => string;
  readonly stage: StageLook;
  readonly isEdgeShown: (edge: number) => boolean;
};

const canvasFonts = {
  en: `system-ui, "Segoe UI", Roboto, sans-serif`,
  ja: `"Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "BIZ UDPGothic", Meiryo, sans-serif`,
} as const;

type LookOf = {
  readonly bench: Bench;
  readonly shown: Shown;
  readonly destinations: readonly Destination[];
  readonly tip: number;
  readonly hovered: number | undefined;
};

export function useLook({ bench, shown, destinations, tip, hovered }: LookOf): Look {
  const { locale, t } = useText();
  const palette = palettes[useDark() ? "dark" : "light"];
  const { view, picture } = shown;
  const { state, kept, followed } = bench;
  const { notes } = kept.work;
  const names = useMemo(
    () => namesOf(locale, () => view.nodes.flatMap(({ main }) => (main.kind === "address" ? [main.label] : []))),
    [locale, view],
  );
  const ranges = useMemo(() => rangesOf(view, destinations), [view, destinations]);
  const rangeText = useMemo(() => (range: NodeRange) => textOf(range, locale), [locale]);
  const texts = useMemo((): StageLook["texts"] => {
    // Only what is drawn is written: a picture may have ten thousand names.
    const written = new Map<number, MarkText>();
    const write = (at: number): MarkText => {
      const node = picture.nodes[at];
      if (node === undefined) return { name: "", detail: "", bracket: undefined };
      const [name, detail] = labelText(names, view, node);
      const bracket = node.isReturn ? undefined : bracketText(ranges.get(node.place), rangeText, t);
      const own = view.nodes[node.place];
      // A range stands beside the amount that it is the range of.
      const amount = bracket === undefined || own === undefined || own.exits.length > 0 ? "" : names.sums(own.rests);
      const said = amount === "" || name.endsWith(amount) ? name : `${name} ${amount}`;
      return { name: named(said, { isNoted: notes[node.id] !== undefined, bracket }), detail, bracket };
    };
    return {
      of: (at) => {
        const text = written.get(at) ?? write(at);
        written.set(at, text);
        return text;
      },
      barNote: t(words.barNote, { height: whole(tip) }),
      tick: (time, isDay) => tickText(time, isDay, locale),
      column: (hop) => t(words.hopAt, { n: hop }),
      font: canvasFonts[locale],
    };
  }, [names, view, picture, ranges, rangeText, notes, tip, locale, t]);
  const { window, selected } = state;
  const drawn = useMemo(() => inWindow(view, picture, window), [view, picture, window]);
  const strength = typeof followed === "object" ? followed.strength : undefined;
  const stage = useMemo((): StageLook => {
    const at = picture.nodes.findIndex(({ id }) => id === selected);
    const onPath =
      strength === undefined ? [] : picture.nodes.flatMap(({ id }, place) => (strength.nodes.has(id) ? [place] : []));
    const edge = picture.edges.find(({ id }) => id === selected);
    return {
      palette,
      texts,
      forced: new Set([...(at < 0 ? [] : [at]), ...onPath, ...(edge === undefined ? [] : [edge.source, edge.target])]),
      selected: at < 0 ? undefined : at,
      hovered,
      isDrawn: (node) => drawn.nodes[node] === 1,
      strength:
        edge === undefined
          ? strength
          : (strength ?? { nodes: new Set(picture.nodes.map(({ id }) => id)), edges: new Set([edge.id]) }),
      window,
    };
  }, [palette, texts, picture, selected, hovered, drawn, strength, window]);
  const isEdgeShown = useMemo(() => (edge: number) => drawn.edges[edge] === 1, [drawn]);
  return { palette, names, ranges, rangeText, stage, isEdgeShown };
}

function bracketText(range: NodeRange | undefined, rangeText: Look["rangeText"], t: Say): BracketText | undefined {
  if (range === undefined || (range.isSame && range.reachedBy === range.policies)) return undefined;
  const { reachedBy: n, policies: total, bracket } = range;
  const some = n < total ? ` · ${t(words.inAllPolicies, { n, total })}` : "";
  return { ...bracket, text: `${rangeText(range)}${some}` };
}

function named(
  name: string,
  { isNoted, bracket }: { readonly isNoted: boolean; readonly bracket: BracketText | undefined },
): string {
  return [name, ...(bracket === undefined ? [] : [`(${bracket.text})`]), ...(isNoted ? ["✎"] : [])].join(" ");
}

function textOf({ usd, low, high, asset, isSame }: NodeRange, locale: "en" | "ja"): string {
  if (usd !== undefined && isSame) return headlineUsd(usd[0] as Usd, locale);
  if (usd !== undefined) return rangeUsd(usd[0] as Usd, usd[1] as Usd, locale);
  return `${amountText(asset, low)}–${amountText(asset, high)} ${symbolOf(asset)}`;
}

function tickText(time: number, isDay: boolean, locale: "en" | "ja"): string {
  const iso = isoOf(time);
  return isDay ? periodText(iso.slice(0, 10), locale) : instantText(iso, locale).replace(/ UTC$|（UTC）$/u, "");
}
