import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { labelStart, shortenedTo } from "../../web/pages/trace/layout/label-room.ts";

const widthOf = (text: string): number => Array.from(text).length * 7;

describe("a label", () => {
  it("ends within the drawing, also where it is shortened for that", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 80 }),
        fc.integer({ min: 60, max: 1_300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 5, max: 20 }),
        (text, room, part, reach) => {
          const start = labelStart({ x: part * room, reach, width: widthOf(text), room });
          const shown = shortenedTo(text, room - start, widthOf);
          expect(start).toBeGreaterThanOrEqual(0);
          if (text !== "") expect(start + widthOf(shown)).toBeLessThanOrEqual(room);
        },
      ),
    );
  });

  it("stands to the right of its mark where there is room, else to the left, and covers it only where there is neither", () => {
    expect(labelStart({ x: 100, reach: 10, width: 80, room: 320 })).toBe(110);
    expect(labelStart({ x: 300, reach: 10, width: 80, room: 320 })).toBe(210);
    expect(labelStart({ x: 160, reach: 10, width: 200, room: 320 })).toBe(120);
  });

  it("that is shortened keeps its beginning and its end; one that fits is left as it is", () => {
    expect(shortenedTo("Exchange Northwind $31m", 70, widthOf)).toBe("Excha…$31m");
    expect(shortenedTo("Exchange", 56, widthOf)).toBe("Exchange");
  });
});
