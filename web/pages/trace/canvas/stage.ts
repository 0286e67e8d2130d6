import type { Strength } from "../draw/marks.ts";
import type { Shown } from "../state/messages.ts";
import { fitted, opening, panned, showing, worldOf, zoomedAt, type Camera, type Size } from "./camera.ts";
import { ink, inksOf, minutesSince } from "./gl-buffers.ts";
import { GlRenderer } from "./gl-renderer.ts";
import { Overlay, type OverlayLook } from "./overlay.ts";
import { Picker, type Picked } from "./pick.ts";

export type StageLook = OverlayLook & {
  readonly strength: Strength;
  /** Unix seconds; undefined: all. */
  readonly window: { readonly from: number; readonly to: number } | undefined;
};

/** A frame that took longer than this, in milliseconds, is slow. */
const slowFrame = 50;
const slowFramesMax = 3;
/** So long after the last movement the picture stands still. */
const stillAfter = 160;
/** Named so in the browser's timeline: the script's part of a frame. */
export const frameMeasure = "fundtrail-frame";

/** The canvas of a trace: draws what it is given where the camera looks. Moving the camera changes nothing else. */
export class Stage {
  #renderer: GlRenderer | undefined;
  readonly #overlay: Overlay | undefined;
  readonly #drawing: HTMLCanvasElement;
  readonly #writing: HTMLCanvasElement;
  #shown: Shown | undefined;
  #look: StageLook | undefined;
  #sent: { readonly shown: Shown; readonly look: StageLook } | undefined;
  /** Of what is shown; made when something is first pointed at. */
  #picker: Picker | undefined;
  #camera: Camera = { x: 0, y: 0, zoom: 1 };
  #size: Size = { width: 1, height: 1 };
  #frame = 0;
  #lastFrame = 0;
  #movedAt = 0;
  #slowFrames = 0;
  #hidesEdges = false;
  #mode: Shown["picture"]["mode"] | undefined;
  #still: ReturnType<typeof setTimeout> | undefined;

  /** @param drawing - For WebGL. @param writing - Above it, for text. */
  constructor(drawing: HTMLCanvasElement, writing: HTMLCanvasElement, size: Size) {
    this.#drawing = drawing;
    this.#writing = writing;
    // Before WebGL begins: a canvas that is resized later waits for the graphics card.
    this.#resize(size);
    this.#renderer = GlRenderer.on(drawing);
    drawing.addEventListener("webglcontextlost", this.#lost);
    drawing.addEventListener("webglcontextrestored", this.#restored);
    const context = writing.getContext("2d");
    this.#overlay = context === null ? undefined : new Overlay(context);
  }

  /** False where the browser has no WebGL: then nothing is drawn. */
  get isAble(): boolean {
    return this.#renderer !== undefined;
  }

  get camera(): Camera {
    return this.#camera;
  }

  resize(size: Size): void {
    if (size.width === this.#size.width && size.height === this.#size.height) return;
    // What is in the corner stays there.
    const { x, y, zoom } = this.#camera;
    this.#camera = {
      zoom,
      x: x + (size.width - this.#size.width) / 2 / zoom,
      y: y + (size.height - this.#size.height) / 2 / zoom,
    };
    this.#resize(size);
    this.#request();
  }

  #resize(size: Size): void {
    this.#size = size;
    for (const canvas of [this.#drawing, this.#writing]) {
      canvas.width = Math.round(size.width * devicePixelRatio);
      canvas.height = Math.round(size.height * devicePixelRatio);
    }
  }

  /** What is shown from the next frame on: a task of its own, after the page's. */
  show(shown: Shown, look: StageLook): void {
    const before = this.#shown;
    this.#shown = shown;
    this.#look = look;
    if (before !== shown) this.#picker = undefined;
    if (before?.picture.mode !== shown.picture.mode && !this.#isOpen(shown)) this.open();
    this.#mode = shown.picture.mode;
    this.#request();
  }

  /** Sends the graphics card what it does not have yet. */
  #upload(shown: Shown, look: StageLook): void {
    const sent = this.#sent;
    if (sent?.shown === shown && sent.look === look) return;
    if (sent?.shown !== shown) this.#renderer?.setShapes(shown.shapes);
    if (sent?.shown !== shown || sent.look.palette !== look.palette || sent.look.strength !== look.strength) {
      this.#renderer?.setInks(inksOf(shown.view, shown.picture, look));
    }
    this.#overlay?.set(shown, look);
    this.#sent = { shown, look };
  }

  /** Where one begins to read a picture. */
  open(): void {
    const box = this.#box();
    if (box !== undefined) this.#move(opening(box, this.#size));
  }

  fit(): void {
    const box = this.#box();
    if (box !== undefined) this.#move(fitted(box, this.#size));
  }

  zoom(factor: number, point?: readonly [number, number]): void {
    this.#move(zoomedAt(this.#camera, factor, point ?? [this.#size.width / 2, this.#size.height / 2], this.#size));
  }

  pan(right: number, down: number): void {
    this.#move(panned(this.#camera, right, down));
  }

  /** Brings a node into sight where it is not. */
  reveal(at: number): void {
    const node = this.#shown?.picture.nodes[at];
    if (node !== undefined) this.#move(showing(this.#camera, node, this.#size));
  }

  pick(point: readonly [number, number]): Picked {
    const isDrawn = this.#look?.isDrawn ?? ((): boolean => true);
    if (this.#shown === undefined) return undefined;
    this.#picker ??= new Picker(this.#shown.picture);
    return this.#picker.at(worldOf(this.#camera, point, this.#size), this.#camera.zoom, isDrawn);
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#still);
    this.#drawing.removeEventListener("webglcontextlost", this.#lost);
    this.#drawing.removeEventListener("webglcontextrestored", this.#restored);
  }

  readonly #lost = (event: Event): void => event.preventDefault();

  /** The graphics card forgot everything. */
  readonly #restored = (): void => {
    this.#renderer = GlRenderer.on(this.#drawing);
    this.#sent = undefined;
    this.#request();
  };

  #isOpen(shown: Shown): boolean {
    return this.#mode === shown.picture.mode;
  }

  #box(): { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number } | undefined {
    const picture = this.#shown?.picture;
    return picture === undefined ? undefined : { left: 0, top: 0, right: picture.barEnd, bottom: picture.height };
  }

  #move(camera: Camera): void {
    this.#camera = camera;
    this.#movedAt = performance.now();
    clearTimeout(this.#still);
    this.#still = setTimeout(() => this.#request(), stillAfter);
    this.#request();
  }

  #request(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame((now) => {
      this.#frame = 0;
      this.#draw(now);
    });
  }

  #draw(now: number): void {
    const start = performance.now();
    const isMoving = start - this.#movedAt < stillAfter;
    this.#watchFrames(now, isMoving);
    const [shown, look] = [this.#shown, this.#look];
    if (shown === undefined || look === undefined) return;
    this.#upload(shown, look);
    const [red, green, blue] = ink(look.palette.surface, 1);
    this.#renderer?.draw({
      camera: this.#camera,
      size: this.#size,
      pixelRatio: devicePixelRatio,
      span:
        look.window === undefined
          ? [-2, 2 ** 25]
          : [minutesSince(shown.first, look.window.from), minutesSince(shown.first, look.window.to)],
      surface: [red / 255, green / 255, blue / 255],
      hasEdges: !(isMoving && this.#hidesEdges),
    });
    this.#overlay?.draw({ camera: this.#camera, size: this.#size, pixelRatio: devicePixelRatio });
    performance.measure(frameMeasure, { start, end: performance.now() });
    performance.clearMeasures(frameMeasure);
  }

  /** Where frames are slow while one moves, edges are left out until one stands still. */
  #watchFrames(now: number, isMoving: boolean): void {
    if (isMoving) {
      const took = now - this.#lastFrame;
      // A pause is no slow frame.
      if (took > slowFrame && took < 1_000) this.#slowFrames += 1;
      else this.#slowFrames = Math.max(0, this.#slowFrames - 1);
      if (this.#slowFrames >= slowFramesMax) this.#hidesEdges = true;
    }
    this.#lastFrame = now;
  }
}
