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
  readonly width: number;
  /** What is left of a spell that is cut. */
  readonly cutWidth: number;
  /** An empty spell over this part of the width is cut. */
  readonly cutPart: number;
};

export const usualAxis: AxisRules = { width: 1_200, cutWidth: 48, cutPart: 0.1 };

/**
 * A time axis of which empty spells over a tenth of the width are cut. Of a few instants every spell is over a tenth, so none
 * is cut that is not twice the ordinary one.
 *
 * @param instants - In any order, also several times.
 * @param needed - The least place of each instant, in their order, once those before it have their places: there the axis is
 *   stretched.
 */
export function timeAxis(
  instants: Iterable<number>,
  rules: AxisRules,
  needed: (at: number, places: readonly number[]) => number = () => 0,
): Axis {
  const times = [...new Set(instants)].toSorted((left, right) => left - right);
  const spells = times.slice(1).map((time, place) => time - (times[place] ?? time));
  const isCut = cutSpells(spells, rules);
  const cuts = isCut.filter(Boolean).length;
  const left = spells.reduce((sum, spell, place) => sum + (isCut[place] === true ? 0 : spell), 0);
  const room = Math.max(0, rules.width - cuts * rules.cutWidth);
  const places: number[] = [];
  const found: Cut[] = [];
  for (const [at, time] of times.entries()) {
    const before = places.at(-1) ?? 0;
    const spell = spells[at - 1] ?? 0;
    const cut = isCut[at - 1] === true;
    const own = cut ? rules.cutWidth : left === 0 ? 0 : (spell / left) * room;
    // Later is always further right, be it by a hair.
    const x = at === 0 ? needed(at, places) : Math.max(before + Math.max(own, 0.01), needed(at, places));
    if (cut) found.push({ x: (before + x) / 2, from: times[at - 1] ?? 0, to: time });
    places.push(x);
  }
  return { times, places, cuts: found, width: places.at(-1) ?? 0 };
}

/** Cutting makes the others wider, so it goes on until none is over its part. */
function cutSpells(spells: readonly number[], { cutPart, cutWidth, width }: AxisRules): readonly boolean[] {
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
