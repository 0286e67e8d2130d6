import { useEffect, useRef, type ReactNode } from "react";
import { instantText } from "../../../base/dates.ts";
import { useText } from "../../../parts/settings.tsx";
import type { Window } from "../draw/marks.ts";
import { isoOf } from "../model/names.ts";
import { words } from "../words.ts";

type WindowProps = {
  /** Unix seconds between which the trace lies. */
  readonly first: number;
  readonly last: number;
  readonly window: Window | undefined;
  readonly set: (window: Window | undefined) => void;
};

const minute = 60;
const stepsMax = 1_000;

/** The part of the time that is drawn: two sliders, each a control of its own for keys and pointers. */
export function TimeWindow({ first, last, window, set }: WindowProps): ReactNode {
  const { t, locale } = useText();
  const from = Math.min(last, Math.max(first, window?.from ?? first));
  const to = Math.max(first, Math.min(last, window?.to ?? last));
  const step = Math.max(minute, Math.ceil((last - first) / stepsMax / minute) * minute);
  const text = (time: number): string => instantText(isoOf(time), locale);
  const change = (next: Window): void => {
    const isAll = next.from <= first && next.to >= last;
    set(isAll ? undefined : { from: Math.min(next.from, next.to), to: Math.max(next.from, next.to) });
  };
  return (
    <fieldset className="trace-window">
      <legend className="unseen">{t(words.window)}</legend>
      <Slider
        label={t(words.windowFrom)}
        value={from}
        text={text(from)}
        {...{ first, last, step }}
        set={(value) => change({ from: value, to })}
      />
      <Slider
        label={t(words.windowTo)}
        value={to}
        text={text(to)}
        {...{ first, last, step }}
        set={(value) => change({ from, to: value })}
      />
      <button type="button" disabled={window === undefined} onClick={() => set(undefined)}>
        {t(words.windowAll)}
      </button>
    </fieldset>
  );
}

type SliderProps = {
  readonly label: string;
  readonly value: number;
  readonly text: string;
  readonly first: number;
  readonly last: number;
  readonly step: number;
  readonly set: (value: number) => void;
};

function Slider({ label, value, text, first, last, step, set }: SliderProps): ReactNode {
  return (
    <label>
      <span className="caption">{label}</span>
      <input
        type="range"
        min={first}
        max={last + ((step - ((last - first) % step)) % step)}
        step={step}
        value={value}
        aria-valuetext={text}
        onChange={(event) => set(Number(event.currentTarget.value))}
      />
      <output className="figure">{text}</output>
    </label>
  );
}

/** A window of time in the page's address, to the minute. @example "2018-01-26T14:02" */
export function minuteText(seconds: number): string {
  return isoOf(seconds).slice(0, 16);
}

export function secondsOfMinute(text: string | undefined): number | undefined {
  if (text === undefined || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$/u.test(text)) return undefined;
  const seconds = Date.parse(`${text}:00Z`) / 1_000;
  return Number.isNaN(seconds) ? undefined : seconds;
}

/** Calls with the newest value once nothing new came for a while. */
export function useSettled<Value>(value: Value, call: (value: Value) => void, ms = 250): void {
  const latest = useRef(call);
  useEffect(() => {
    latest.current = call;
  });
  useEffect(() => {
    const timer = setTimeout(() => latest.current(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
}
