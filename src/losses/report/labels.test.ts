import { describe, expect, it } from "vitest";
import { placeLabels, textWidth, type Anchor, type Box } from "./labels.ts";

const font = 13;
const frame = { width: 400, height: 200 };
const anchor = (x: number, y: number, forced = false): Anchor => ({
  x,
  y,
  radius: 4,
  texts: ["Somewhere $10m"],
  forced,
});

/** The box that a label fills. */
function boxOf({ text, x, y, align }: ReturnType<typeof placeLabels>[number]): Box {
  const width = textWidth(text, font);
  const x0 = align === "start" ? x : align === "end" ? x - width : x - width / 2;
  return { x0, y0: y - font / 2, x1: x0 + width, y1: y + font / 2 };
}

describe("labels", () => {
  it("never cover each other, nor leave the frame", () => {
    const anchors = Array.from({ length: 12 }, (_, index) => anchor(60 + index * 25, 100 + (index % 3) * 4));
    const boxes = placeLabels(anchors, [], frame, font).map(boxOf);
    expect(boxes.length).toBeGreaterThan(4);
    for (const [index, box] of boxes.entries()) {
      expect(Math.min(box.x0, box.y0)).toBeGreaterThanOrEqual(0);
      expect(box.y1).toBeLessThanOrEqual(frame.height);
      for (const other of boxes.slice(index + 1)) {
        const isApart = box.x1 <= other.x0 || other.x1 <= box.x0 || box.y1 <= other.y0 || other.y1 <= box.y0;
        expect(isApart).toBe(true);
      }
    }
  });

  it("are left out without room, unless they are forced", () => {
    const wall: Box = { x0: 0, y0: 0, x1: 390, y1: 200 };
    expect(placeLabels([anchor(100, 50)], [wall], frame, font)).toEqual([]);
    expect(placeLabels([anchor(100, 50, true)], [wall], frame, font)).toHaveLength(1);
  });
});
