import { partsOf } from "../draw/symbols.ts";
import { shapes, type Shape } from "../layout/shapes.ts";

/** Every mark as it is and as of who is sanctioned: masks, coloured where they are drawn. */
export const atlasColumns = 8;
export const atlasRows = Math.ceil((shapes.length * 2) / atlasColumns);
const cell = 128;
/** A symbol's box has 32, and the cell an eighth of that more on each side. */
const scale = cell / 40;

/** A mark's cell. */
export function cellOf(shape: Shape, isSanctioned: boolean): number {
  return shapes.indexOf(shape) * 2 + (isSanctioned ? 1 : 0);
}

/** Draws the atlas: red where a mark has its own colour, green where it has the surface's. */
export function drawAtlas(): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = atlasColumns * cell;
  canvas.height = atlasRows * cell;
  const context = canvas.getContext("2d");
  if (context === null) return canvas;
  for (const shape of shapes) {
    for (const isSanctioned of [false, true]) {
      const at = cellOf(shape, isSanctioned);
      const [x, y] = [(at % atlasColumns) + 0.5, Math.floor(at / atlasColumns) + 0.5];
      for (const [{ d, fill, stroke, width, dash }, size] of partsOf(shape, isSanctioned)) {
        context.setTransform(scale * size, 0, 0, scale * size, x * cell, y * cell);
        const path = new Path2D(d);
        const ink = { mark: "#f00", surface: "#0f0", none: "" } as const;
        if (fill !== "none") {
          context.fillStyle = ink[fill];
          context.fill(path, "nonzero");
        }
        if (stroke === "none") continue;
        context.strokeStyle = ink[stroke];
        context.lineWidth = width;
        context.setLineDash(dash === undefined ? [] : dash.split(" ").map(Number));
        context.stroke(path);
      }
    }
  }
  return canvas;
}
