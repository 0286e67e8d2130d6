import { groupDigits } from "../base/usd.ts";
import type { Terminal } from "./terminal.ts";

/** A line on the error stream that says how far something is; nothing in the first second, then once a second. */
export type ProgressLine = {
  /**
   * @param done - Units done so far, for the rate.
   * @param part - What part of the whole is done, in thousandths, for the time left; undefined where that is not known.
   * @param words - Gets the rate ("12,000 at 4,000/s") and the time left ("about 3 min left", or nothing) as text.
   */
  readonly show: (done: number, part: number | undefined, words: (rate: string, left: string) => string) => void;
  readonly end: () => void;
};

const intervalMs = 1_000;

export function progressLine(terminal: Terminal): ProgressLine {
  const begun = performance.now();
  let [shownAt, isShown] = [begun, false];
  let firstPart: number | undefined;
  return {
    show: (done, part, words) => {
      const now = performance.now();
      firstPart ??= part;
      if (now - shownAt < intervalMs) return;
      shownAt = now;
      isShown = true;
      const rate = Math.round((done * 1_000) / (now - begun));
      const left =
        part === undefined || firstPart === undefined || part <= firstPart
          ? ""
          : timeLeft(((now - begun) * (1_000 - part)) / (part - firstPart));
      const text = words(`${groupDigits(String(done))} at ${groupDigits(String(rate))}/s`, left);
      terminal.error(terminal.isTerminal ? `\r\u001b[K${text}` : `${text}\n`);
    },
    end: () => {
      if (isShown && terminal.isTerminal) terminal.error("\n");
    },
  };
}

function timeLeft(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000));
  if (seconds < 90) return `, about ${seconds} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `, about ${minutes} min left` : `, about ${Math.round(minutes / 60)} h left`;
}
