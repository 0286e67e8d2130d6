import { groupDigits } from "../base/usd.ts";
import type { Terminal } from "./terminal.ts";

/** A line on the error stream that says how far something is; nothing in the first second, then once a second. */
export type ProgressLine = {
  /** @param done - Units done so far, for the rate; `words` gets the rate as text ("12,000/s"). */
  readonly show: (done: number, words: (rate: string) => string) => void;
  readonly end: () => void;
};

const intervalMs = 1_000;

export function progressLine(terminal: Terminal): ProgressLine {
  const begun = performance.now();
  let [shownAt, isShown] = [begun, false];
  return {
    show: (done, words) => {
      const now = performance.now();
      if (now - shownAt < intervalMs) return;
      shownAt = now;
      isShown = true;
      const rate = Math.round((done * 1_000) / (now - begun));
      const text = words(`${groupDigits(String(done))} at ${groupDigits(String(rate))}/s`);
      terminal.error(terminal.isTerminal ? `\r\u001b[K${text}` : `${text}\n`);
    },
    end: () => {
      if (isShown && terminal.isTerminal) terminal.error("\n");
    },
  };
}
