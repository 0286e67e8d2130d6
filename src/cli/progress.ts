import { groupDigits } from "../base/usd.ts";
import type { Terminal } from "./terminal.ts";

/** A line on the error stream that says how far something is; nothing in the first second, then once a second. */
export type ProgressLine = {
  /**
   * @param done - Units done so far, for the rate.
   * @param part - What part of the whole is done, from 0 to 1, for the time left; undefined where that is not known.
   * @param words - Gets the rate ("4,000/s") and the time left (", about 3 min left", or nothing) as text.
   */
  readonly show: (done: number, part: number | undefined, words: (rate: string, left: string) => string) => void;
  readonly end: () => void;
};

const intervalMs = 1_000;

export function progressLine(terminal: Terminal): ProgressLine {
  const begun = performance.now();
  let [shownAt, isShown] = [begun, false];
  /** Not nothing, where something goes on in the middle. */
  let first: { readonly part: number; readonly at: number } | undefined;
  return {
    show: (done, part, words) => {
      const now = performance.now();
      const from = (first ??= part === undefined ? undefined : { part, at: now });
      if (now - shownAt < intervalMs) return;
      shownAt = now;
      isShown = true;
      const rate = Math.round((done * 1_000) / (now - begun));
      const isUnderWay = from !== undefined && part !== undefined && part > from.part && part < 1;
      const left = isUnderWay ? timeLeft(((now - from.at) * (1 - part)) / (part - from.part)) : "";
      const text = words(`${groupDigits(String(rate))}/s`, left);
      terminal.error(terminal.isTerminal ? `\r\u001b[K${text}` : `${text}\n`);
    },
    end: () => {
      if (isShown && terminal.isTerminal) terminal.error("\n");
      isShown = false;
    },
  };
}

function timeLeft(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000));
  if (seconds < 90) return `, about ${seconds} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `, about ${minutes} min left` : `, about ${Math.round(minutes / 60)} h left`;
}

const units = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** Bytes as "1.2 GB", in powers of 1,000. */
export function bytesText(bytes: number): string {
  let [value, unit] = [bytes, 0];
  for (; value >= 999.5 && unit < units.length - 1; unit += 1) value /= 1_000;
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`;
}
