import type { Locale } from "../../../base/locale.ts";
import { whole } from "../../../base/numbers.ts";
import type { Say } from "../../../text/text.ts";
import type { Window } from "../draw/marks.ts";
import { drawSvg } from "../draw/svg.ts";
import type { Picture } from "../layout/picture.ts";
import { ticksOf } from "../layout/ticks.ts";
import type { Shown } from "../state/messages.ts";
import { policyTexts, words } from "../words.ts";
import type { Carried } from "./carried.ts";
import type { Look } from "./use-look.ts";

type StillOf = {
  readonly shown: Shown;
  readonly look: Look;
  readonly carried: Carried;
  readonly window: Window | undefined;
  readonly locale: Locale;
  readonly t: Say;
};

const tickApart = 140;

/** The picture as SVG, with all that an export carries. */
export function svgOf({ shown, look, carried, window, locale, t }: StillOf): string {
  const { view, picture, labels } = shown;
  const { texts } = look.stage;
  return drawSvg(view, picture, {
    palette: look.palette,
    labels,
    window,
    strength: look.stage.strength,
    words: {
      title: t(words.canvas),
      facts: factsOf(carried, t),
      simulated: carried.simulated ? t(words.simulated) : undefined,
      textOf: texts.of,
      barNote: texts.barNote,
      ...axisOf(picture, { texts, t }),
      lang: locale,
    },
  });
}

function factsOf({ origin, policy, stops, tip, digest }: Carried, t: Say): readonly string[] {
  return [
    t(words.factOrigin, { text: origin }),
    `${t(words.factPolicy, { text: t(policyTexts[policy] ?? words.policy) })} · ${t(words.factStops, { text: stops })}`,
    `${t(words.factTip, { height: whole(tip) })} · ${t(words.factDigest, { text: digest })}`,
  ];
}

type Ticks = {
  readonly ticks: { readonly x: number; readonly text: string }[];
  readonly cuts: { readonly x: number; readonly text: string }[];
};

function axisOf(
  { axis, columns }: Picture,
  { texts, t }: { readonly texts: Look["stage"]["texts"]; readonly t: Say },
): Ticks {
  if (axis === undefined) return { ticks: columns.map(({ x, hop }) => ({ x, text: texts.column(hop) })), cuts: [] };
  return {
    ticks: ticksOf(axis, tickApart).map(({ x, time, isDay }) => ({ x, text: texts.tick(time, isDay) })),
    cuts: axis.cuts.map(({ x, from, to }) => ({
      x,
      text: t(words.cutNote, { from: texts.tick(from, false), to: texts.tick(to, false) }),
    })),
  };
}
