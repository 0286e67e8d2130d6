/** Where a label has room beside its mark, and what is left of one that has not. */

/** Left of this a label does not begin. */
const leftmost = 2;

export type LabelPlace = {
  /** Of its mark's middle. */
  readonly x: number;
  /** From there to where a label begins. */
  readonly reach: number;
  readonly width: number;
  /** Where the drawing ends. */
  readonly room: number;
};

/**
 * Where a label begins, in pixels: to the right of its mark; where it would run out of the drawing, to the left of it; where
 * neither has room, so far left that it ends within.
 */
export function labelStart({ x, reach, width, room }: LabelPlace): number {
  const [right, left] = [x + reach, x - reach - width];
  if (right + width <= room) return right;
  return left >= leftmost ? left : Math.max(leftmost, Math.min(right, room - width));
}

/** A text that fits into so many pixels: in its middle an ellipsis where it is longer, since both ends tell it from others. */
export function shortenedTo(text: string, room: number, widthOf: (text: string) => number): string {
  if (text === "" || widthOf(text) <= room) return text;
  const letters = Array.from(text);
  const cut = (kept: number): string =>
    `${letters.slice(0, Math.ceil(kept / 2)).join("")}…${letters.slice(letters.length - Math.floor(kept / 2)).join("")}`;
  let [low, high] = [0, letters.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (widthOf(cut(middle)) <= room) low = middle;
    else high = middle - 1;
  }
  return cut(low);
}
