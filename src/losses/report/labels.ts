/** A place to be named: its point, how far its mark reaches, and its names, the fullest first. */
export type Anchor = {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly texts: readonly string[];
  /** Whether it must be named even where there is no room. */
  readonly forced: boolean;
};

/** A label where it goes: at its mark, or at the end of a line that leads there. */
export type Label = {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly align: "start" | "middle" | "end";
  readonly line: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number } | undefined;
};

/** Where nothing else may stand; `round`: only the circle within it. */
export type Box = {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly round?: boolean;
};

/** How wide a text is at most: system fonts differ, and the widest of them must fit; Chinese and Japanese are square. */
export function textWidth(text: string, font: number): number {
  let letters = 0;
  for (const letter of text) letters += letter > "\u2e7f" ? 1 : 0.6;
  return letters * font;
}

/**
 * Puts labels beside their marks, the first anchor first, so that none covers another label, a mark or the border. A
 * label without room is left out, unless it is forced.
 *
 * Cost: labels × (labels + obstacles).
 */
export function placeLabels(
  anchors: readonly Anchor[],
  obstacles: readonly Box[],
  frame: { readonly width: number; readonly height: number },
  font: number,
): readonly Label[] {
  const taken = [...obstacles];
  // Widths are estimated generously.
  const bounds: Box = { x0: 0, y0: 0, x1: frame.width + 4, y1: frame.height };
  return anchors.flatMap((anchor) => {
    const found = candidates(anchor, font).find(
      ({ box, label }) =>
        within(box, bounds) && !taken.some((other) => overlap(box, other, anchor)) && clear(label, taken, anchor),
    );
    const chosen = found ?? (anchor.forced ? candidates(anchor, font)[0] : undefined);
    if (chosen === undefined) return [];
    taken.push(chosen.box);
    return [chosen.label];
  });
}

type Candidate = { readonly label: Label; readonly box: Box };

/** On the right, below, above, on the left; then the same further away, with a line. */
const directions = [
  [1, 0],
  [0.71, 0.71],
  [0.71, -0.71],
  [0, 1],
  [0, -1],
  [-1, 0],
  [-0.71, 0.71],
  [-0.71, -0.71],
] as const;

function candidates(anchor: Anchor, font: number): readonly Candidate[] {
  return anchor.texts.flatMap((text) =>
    [0, 14, 28, 44, 64, 90].flatMap((reach) =>
      directions.map((direction) => candidate(anchor, text, direction, { reach, font })),
    ),
  );
}

function candidate(
  { x, y, radius }: Anchor,
  text: string,
  [dx, dy]: readonly [number, number],
  { reach, font }: { readonly reach: number; readonly font: number },
): Candidate {
  const distance = radius + 4 + reach;
  const [atX, atY] = [x + dx * distance, y + dy * (distance + (dx === 0 ? font / 2 : 0))];
  const width = textWidth(text, font);
  const align = dx > 0 ? "start" : dx < 0 ? "end" : "middle";
  const x0 = dx > 0 ? atX : dx < 0 ? atX - width : atX - width / 2;
  const line =
    reach === 0
      ? undefined
      : {
          x1: x + dx * radius,
          y1: y + dy * radius,
          x2: x + dx * (distance - 3),
          y2: y + dy * (distance - 3),
        };
  return {
    label: { text, x: atX, y: atY, align, line },
    box: { x0, y0: atY - font * 0.62, x1: x0 + width, y1: atY + font * 0.62 },
  };
}

function within(box: Box, bounds: Box): boolean {
  return box.x0 >= bounds.x0 && box.y0 >= bounds.y0 && box.x1 <= bounds.x1 && box.y1 <= bounds.y1;
}

/** Whether a label's box covers another; the anchor's own mark is no obstacle to its label. */
function overlap(box: Box, other: Box, anchor: Anchor): boolean {
  if (isAt(other, anchor)) return false;
  if (other.round === true) {
    const [x, y] = [(other.x0 + other.x1) / 2, (other.y0 + other.y1) / 2];
    const nearest = [Math.min(Math.max(x, box.x0), box.x1), Math.min(Math.max(y, box.y0), box.y1)] as const;
    return Math.hypot(nearest[0] - x, nearest[1] - y) < (other.x1 - other.x0) / 2 + 1;
  }
  return box.x0 < other.x1 && other.x0 < box.x1 && box.y0 < other.y1 && other.y0 < box.y1;
}

/** Whether the line to the mark crosses nothing. */
function clear({ line }: Label, taken: readonly Box[], anchor: Anchor): boolean {
  if (line === undefined) return true;
  return Array.from({ length: 16 }, (_, step) => (step + 1) / 16).every((part) => {
    const [x, y] = [line.x1 + (line.x2 - line.x1) * part, line.y1 + (line.y2 - line.y1) * part];
    return !taken.some((box) => overlap({ x0: x, y0: y, x1: x, y1: y }, box, anchor));
  });
}

function isAt(box: Box, { x, y }: Anchor): boolean {
  return Math.abs((box.x0 + box.x1) / 2 - x) < 0.01 && Math.abs((box.y0 + box.y1) / 2 - y) < 0.01;
}
