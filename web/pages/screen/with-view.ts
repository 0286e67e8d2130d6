import type { Screening } from "../../data/screenings.ts";

/** A screening with what shows it: asked for at once, so that neither waits for the other. */
export type Shown = { readonly screening: Screening; readonly view: typeof import("./verdict-view.tsx") };

export async function withView(asked: Promise<Screening>): Promise<Shown> {
  const [screening, view] = await Promise.all([asked, import("./verdict-view.tsx")]);
  return { screening, view };
}
