import type { Page } from "playwright-core";

/** A text that a page has written on one of its canvases, in pixels from its left and its top. */
export type Written = {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly y: number;
  /** Of the canvas. */
  readonly width: number;
};

/** Has a page note what it writes on its canvases; since each frame begins with a cleared canvas, of the last frame. */
export async function noteTexts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const all: Written[] = [];
    let last: Written[] = [];
    Object.assign(globalThis, { writtenEver: all, writtenLast: () => last });
    const { prototype } = CanvasRenderingContext2D;
    const before = (
      name: "fillText" | "clearRect",
      act: (context: CanvasRenderingContext2D, given: never) => void,
    ): void => {
      const own = Object.getOwnPropertyDescriptor(prototype, name) ?? {};
      const value = new Proxy(own.value as () => void, {
        apply: (target, context: CanvasRenderingContext2D, given) => {
          act(context, given as never);
          Reflect.apply(target, context, given);
        },
      });
      Object.defineProperty(prototype, name, { ...own, value });
    };
    before("clearRect", () => {
      last = [];
    });
    before("fillText", (context, [text, x, y]: readonly [string, number, number]) => {
      const { width } = context.measureText(text);
      const left = context.textAlign === "center" ? x - width / 2 : x;
      const one = { text, left, right: left + width, y, width: context.canvas.clientWidth };
      all.push(one);
      last.push(one);
    });
  });
}

/** Of the last frame. */
export async function writtenTexts(page: Page): Promise<readonly Written[]> {
  return page.evaluate(() =>
    (globalThis as unknown as { readonly writtenLast: () => readonly Written[] }).writtenLast(),
  );
}

/** Of all frames. */
export async function everWritten(page: Page): Promise<readonly Written[]> {
  return page.evaluate(() => (globalThis as unknown as { readonly writtenEver: readonly Written[] }).writtenEver);
}
