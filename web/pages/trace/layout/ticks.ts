import { axisAt, type Axis } from "./axis.ts";

/** An instant that is written at a time axis, with its day only or to the minute. */
export type Tick = { readonly x: number; readonly time: number; readonly isDay: boolean };

const daySeconds = 86_400;
const steps = [
  60,
  300,
  900,
  3_600,
  3 * 3_600,
  6 * 3_600,
  12 * 3_600,
  daySeconds,
  2 * daySeconds,
  7 * daySeconds,
  14 * daySeconds,
  30 * daySeconds,
  91 * daySeconds,
  365 * daySeconds,
];

/** Ticks at round instants between those of the axis, `apart` pixels or more from each other. */
export function ticksOf(axis: Axis, apart: number): readonly Tick[] {
  const found: Tick[] = [];
  let last = Number.NEGATIVE_INFINITY;
  const cutBefore = new Set(axis.cuts.map(({ to }) => to));
  for (const [place, time] of axis.times.entries()) {
    const x = axis.places[place] ?? 0;
    const next = axis.times[place + 1];
    const put = (at: number): void => {
      const where = axisAt(axis, at);
      if (where - last < apart) return;
      found.push({ x: where, time: at, isDay: at % daySeconds === 0 });
      last = where;
    };
    if (place === 0 || cutBefore.has(time)) put(time);
    if (next === undefined || cutBefore.has(next)) continue;
    const pixels = (axis.places[place + 1] ?? x) - x;
    const wanted = ((next - time) / Math.max(1, pixels)) * apart;
    const step = steps.find((one) => one >= wanted) ?? 365 * daySeconds;
    for (let at = Math.ceil(time / step) * step; at < next; at += step) put(at);
  }
  return found;
}
