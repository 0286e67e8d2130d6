/** Where instants stand across a picture. Geometry: floats. */

/** An empty spell that is cut out. */
export type Cut = { readonly x: number; readonly from: number; readonly to: number };

export type Axis = {
  /** Instants in order, each once, and where they stand. */
  readonly times: readonly number[];
  readonly places: readonly number[];
  readonly cuts: readonly Cut[];
  readonly width: number;
};

export type AxisRules = {
  readonly widthMin: number;
  readonly widthMax: number;
  /** What is kept between two instants, where there is room. */
  readonly gap: number;
  /** What is left of a spell that is cut. */
  readonly cutWidth: number;
  /** An empty spell over this part of the width is cut. */
  readonly cutPart: number;
};

export const usualAxis: AxisRules = { widthMin: 960, widthMax: 9_600, gap: 44, cutWidth: 48, cutPart: 0.1 };

/**
 * A time axis of which empty spells over a tenth of the width are cut. Of a few instants every spell is over a tenth, so none
 * is cut that is not twice the ordinary one. Instants keep a small distance from each other, as much as there is room for.
 */
export function timeAxis(instants: Iterable<number>, rules: AxisRules): Axis {
  const times = [...new Set(instants)].toSorted((left, right) => left - right);
  const spells = times.slice(1).map((time, place) => time - (times[place] ?? time));
  const width = Math.min(rules.widthMax, Math.max(rules.widthMin, times.length * rules.gap));
  const isCut = cutSpells(spells, width, rules);
  const cuts = isCut.filter(Boolean).length;
  const left = spells.reduce((sum, spell, place) => sum + (isCut[place] === true ? 0 : spell), 0);
  const room = Math.max(0, width - cuts * rules.cutWidth);
  const gap = Math.min(rules.gap, rules.widthMax / Math.max(1, times.length));
  const places = [0];
  const found: Cut[] = [];
  let x = 0;
  for (const [place, spell] of spells.entries()) {
    const own = isCut[place] === true ? rules.cutWidth : left === 0 ? 0 : (spell / left) * room;
    const step = Math.max(own, gap);
    if (isCut[place] === true) {
      found.push({ x: x + step / 2, from: times[place] ?? 0, to: times[place + 1] ?? 0 });
    }
    x += step;
    places.push(x);
  }
  return { times, places: times.length === 0 ? [] : places, cuts: found, width: x };
}

/** Cutting makes the others wider, so it goes on until none is over its part. */
function cutSpells(spells: readonly number[], width: number, { cutPart, cutWidth }: AxisRules): readonly boolean[] {
  const isCut = spells.map(() => false);
  const part = Math.max(cutPart, 2 / Math.max(1, spells.length));
  for (;;) {
    const cuts = isCut.filter(Boolean).length;
    const left = spells.reduce((sum, spell, place) => sum + (isCut[place] === true ? 0 : spell), 0);
    const room = width - cuts * cutWidth;
    if (left === 0 || room <= 0) return isCut;
    const isLong = (spell: number, place: number): boolean =>
      isCut[place] === false && (spell / left) * room > part * width;
    const long = spells.flatMap((spell, place) => (isLong(spell, place) ? [place] : []));
    if (long.length === 0) return isCut;
    for (const place of long) isCut[place] = true;
  }
}

/** Where an instant stands; between two that are known in proportion. */
export function axisAt({ times, places }: Axis, time: number): number {
  let [low, high] = [0, times.length - 1];
  if (high < 0) return 0;
  if (time <= (times[0] ?? 0)) return places[0] ?? 0;
  if (time >= (times[high] ?? 0)) return places[high] ?? 0;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= time) low = middle;
    else high = middle;
  }
  const [from, to] = [times[low] ?? 0, times[high] ?? 0];
  const [start, end] = [places[low] ?? 0, places[high] ?? 0];
  return to === from ? start : start + ((time - from) / (to - from)) * (end - start);
}
