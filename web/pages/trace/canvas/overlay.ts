import type { BracketText, MarkText } from "../draw/svg.ts";
import { bracketWidth } from "../draw/svg.ts";
import type { Palette } from "../draw/palette.ts";
import type { Shown } from "../state/messages.ts";
import { chooseLabels, hasAmounts } from "../layout/labels.ts";
import { labelStart, shortenedTo } from "../layout/label-room.ts";
import { markScale } from "../layout/shapes.ts";
import { ticksOf } from "../layout/ticks.ts";
import { screenOf, type Camera, type Size } from "./camera.ts";

/** What is written over a picture. Of each of its nodes. */
export type OverlayTexts = {
  readonly of: (node: number) => MarkText;
  readonly barNote: string;
  readonly tick: (time: number, isDay: boolean) => string;
  readonly column: (hop: number) => string;
  readonly font: string;
};

export type OverlayLook = {
  readonly palette: Palette;
  readonly texts: OverlayTexts;
  /** Places among the picture's nodes whose labels are drawn whatever else stands there: selection and path. */
  readonly forced: ReadonlySet<number>;
  readonly selected: number | undefined;
  readonly hovered: number | undefined;
  readonly isDrawn: (node: number) => boolean;
};

export type OverlayFrame = { readonly camera: Camera; readonly size: Size; readonly pixelRatio: number };

const axisHeight = 24;
/** From the edge of the canvas. */
const inset = 6;
const textSize = 12;
const gap = 3;

/** Draws names, the axis, rings and ranges above the marks. */
export class Overlay {
  readonly #context: CanvasRenderingContext2D;
  #shown: Shown | undefined;
  #look: OverlayLook | undefined;
  #widths = new Float32Array();

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context;
  }

  set(shown: Shown, look: OverlayLook): void {
    const isSame = this.#shown === shown && this.#look?.texts === look.texts;
    this.#shown = shown;
    this.#look = look;
    if (!isSame) this.#widths = new Float32Array(shown.picture.nodes.length).fill(-1);
  }

  draw(frame: OverlayFrame): void {
    const context = this.#context;
    const [shown, look] = [this.#shown, this.#look];
    context.setTransform(frame.pixelRatio, 0, 0, frame.pixelRatio, 0, 0);
    context.clearRect(0, 0, frame.size.width, frame.size.height);
    if (shown === undefined || look === undefined) return;
    context.font = `${textSize}px ${look.texts.font}`;
    context.textBaseline = "alphabetic";
    context.textAlign = "start";
    this.#names(shown, look, frame);
    this.#rings(shown, look, frame);
    this.#axis(shown, look, frame);
  }

  #rings({ picture }: Shown, { palette, selected, hovered }: OverlayLook, { camera, size }: OverlayFrame): void {
    const context = this.#context;
    for (const at of new Set([selected, hovered])) {
      const node = picture.nodes[at ?? -1];
      if (node === undefined) continue;
      const [x, y] = screenOf(camera, node, size);
      context.strokeStyle = palette.focus;
      context.lineWidth = at === selected ? 2.5 : 1.5;
      context.beginPath();
      context.arc(x, y, Math.max(7, (node.size * markScale(camera.zoom)) / 2 + 4), 0, Math.PI * 2);
      context.stroke();
    }
  }

  #names(shown: Shown, look: OverlayLook, { camera, size }: OverlayFrame): void {
    const { picture, labels } = shown;
    const { zoom } = camera;
    const lift = Math.min(9, 4 + 5 * zoom);
    const startOf = (at: number): readonly [number, number] => {
      const node = picture.nodes[at];
      if (node === undefined) return [-1, -1];
      const [x, y] = screenOf(camera, node, size);
      const reach = (node.size * markScale(zoom)) / 2 + gap;
      // Nor is anything named that stands behind the axis.
      if (x < 0 || x > size.width || y < axisHeight || y > size.height) return [-1, -1];
      return [labelStart({ x, reach, width: this.#widthOf(at, look.texts), room: size.width - inset }), y - lift];
    };
    const forced = look.hovered === undefined ? look.forced : new Set([look.hovered, ...look.forced]);
    const chosen = chooseLabels(labels, {
      zoom,
      width: size.width,
      height: size.height,
      at: startOf,
      forced,
      isDrawn: look.isDrawn,
      widthOf: (at) => this.#widthOf(at, look.texts),
    });
    for (const at of chosen) {
      const [x, y] = startOf(at);
      const hasDetail = hasAmounts(zoom) || (zoom >= 0.9 && forced.has(at));
      this.#name(at, { look, x, y, hasDetail, zoom, room: size.width - inset - x });
    }
  }

  #name(
    at: number,
    {
      look,
      x,
      y,
      hasDetail,
      zoom,
      room,
    }: {
      readonly look: OverlayLook;
      readonly x: number;
      readonly y: number;
      readonly hasDetail: boolean;
      readonly zoom: number;
      /** Pixels from its start to the edge. */
      readonly room: number;
    },
  ): void {
    const context = this.#context;
    const { palette, texts } = look;
    const { name: whole, detail, bracket: range } = texts.of(at);
    const widthOf = (text: string): number => context.measureText(text).width;
    const name = shortenedTo(whole, room, widthOf);
    context.strokeStyle = palette.surface;
    context.lineWidth = 3;
    context.lineJoin = "round";
    context.strokeText(name, x, y);
    context.fillStyle = palette.text;
    context.fillText(name, x, y);
    if (range !== undefined && zoom >= 0.5) this.#bracket(range, palette, { x: x + gap, y: y + 10 });
    else if (hasDetail && detail !== "") {
      context.fillStyle = palette.text2;
      context.fillText(shortenedTo(detail, room, widthOf), x, y + 26);
    }
  }

  #bracket(
    { low, at, high, isPartial }: BracketText,
    palette: Palette,
    { x, y }: { readonly x: number; readonly y: number },
  ): void {
    const context = this.#context;
    const place = (part: number): number => x + part * bracketWidth;
    context.strokeStyle = palette.text2;
    context.lineWidth = 1.5;
    context.setLineDash(isPartial ? [3, 2] : []);
    context.beginPath();
    context.moveTo(place(low), y);
    context.lineTo(place(high), y);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    for (const end of [low, high]) {
      context.moveTo(place(end), y - 4);
      context.lineTo(place(end), y + 4);
    }
    context.stroke();
    context.fillStyle = palette.text;
    context.beginPath();
    context.arc(place(at), y, 3, 0, Math.PI * 2);
    context.fill();
  }

  #axis({ picture }: Shown, { palette, texts }: OverlayLook, { camera, size }: OverlayFrame): void {
    const context = this.#context;
    context.fillStyle = palette.surface;
    context.fillRect(0, 0, size.width, axisHeight);
    context.fillStyle = palette.line;
    context.fillRect(0, axisHeight - 1, size.width, 1);
    context.textAlign = "center";
    let written = Number.NEGATIVE_INFINITY;
    const write = (x: number, text: string): void => {
      const [at] = screenOf(camera, { x, y: 0 }, size);
      if (at < -40 || at > size.width + 40) return;
      context.fillStyle = palette.line;
      context.fillRect(at, axisHeight - 6, 1, 6);
      context.fillStyle = palette.text2;
      // Neither the first nor the last one is cut off by the edge.
      const half = context.measureText(text).width / 2 + 4;
      const middle = Math.max(half, Math.min(at, size.width - half));
      if (middle - half < written) return;
      written = middle + half;
      context.fillText(text, middle, 15);
    };
    const { axis, columns, barEnd } = picture;
    if (axis !== undefined) {
      for (const { x, time, isDay } of ticksOf(axis, 130 / camera.zoom)) write(x, texts.tick(time, isDay));
      for (const { x } of axis.cuts) {
        const [at] = screenOf(camera, { x, y: 0 }, size);
        context.fillStyle = palette.muted;
        context.fillText("∥", at, axisHeight + 12);
      }
    }
    let last = Number.NEGATIVE_INFINITY;
    for (const { x, hop } of columns) {
      if ((x - last) * camera.zoom < 64) continue;
      last = x;
      write(x, texts.column(hop));
    }
    const [end] = screenOf(camera, { x: barEnd, y: 0 }, size);
    context.textAlign = "start";
    context.fillStyle = palette.text2;
    if (end > 0 && end < size.width) {
      context.fillStyle = palette.line;
      context.fillRect(end, axisHeight, 1, size.height - axisHeight);
      context.fillStyle = palette.text2;
      const width = context.measureText(texts.barNote).width;
      const start = labelStart({ x: end, reach: 4, width, room: size.width - inset });
      const room = size.width - inset - start;
      const note = shortenedTo(texts.barNote, room, (text) => context.measureText(text).width);
      context.strokeStyle = palette.surface;
      context.lineWidth = 3;
      context.strokeText(note, start, axisHeight + 16);
      context.fillText(note, start, axisHeight + 16);
    }
  }

  #widthOf(at: number, texts: OverlayTexts): number {
    const known = this.#widths[at] ?? -1;
    if (known >= 0) return known;
    const width = this.#context.measureText(texts.of(at).name).width;
    this.#widths[at] = width;
    return width;
  }
}
