/** What tests of the pages are written with: a page of the browser in a language, a theme and a size, that must stay clean. */
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, describe, expect, inject } from "vitest";
import type { Web } from "./setup.ts";

const provided = inject("web");

/** Where browser and server are; not to be read where there are none, which {@link describePages} sees to. */
export const web = provided as Web;

/** Tests of the pages: skipped where the machine can have no browser. */
export const describePages = typeof provided === "string" ? describe.skip : describe;

export const themes = ["light", "dark"] as const;
export const locales = ["en", "ja"] as const;
/** What a page must fit into. */
export const wide = { width: 1280, height: 720 } as const;
export const narrow = { width: 320, height: 640 } as const;

export type Opened = {
  readonly theme?: (typeof themes)[number];
  readonly locale?: (typeof locales)[number];
  readonly size?: { readonly width: number; readonly height: number };
  /** Another server than the one that all share. */
  readonly url?: string;
  readonly context?: BrowserContextOptions;
  /** Runs before the page is gone to: for what stands in the browser or in the way of requests. */
  readonly before?: (page: Page) => Promise<void>;
  /** Faults that the test brings about itself, as they are reported. */
  readonly expected?: RegExp;
};

let connected: Promise<Browser> | undefined;
afterAll(async () => {
  await (await connected)?.close();
  connected = undefined;
});

/**
 * Opens a path in a new context and hands the page to a test.
 *
 * Whatever the page reports (an uncaught error, a line of the console, a breach of its policy, a file or an answer that
 * fails) fails the test, unless `expected` allows for it. Nothing beyond the server may be asked for.
 */
export async function onPage(
  path: string,
  test: (page: Page) => Promise<void>,
  { theme = "light", locale = "en", size = wide, url = web.url, context = {}, before, expected }: Opened = {},
): Promise<void> {
  connected ??= chromium.connect(web.browser);
  const browser = await connected;
  const opened = await browser.newContext({
    viewport: size,
    colorScheme: theme,
    locale,
    reducedMotion: "reduce",
    timezoneId: "UTC",
    ...context,
  });
  try {
    const page = await opened.newPage();
    page.setDefaultTimeout(30_000);
    const faults = faultsOf(page, url);
    await before?.(page);
    await page.goto(`${url}${path}`);
    await test(page);
    const unexpected = faults.filter((fault) => expected?.test(fault) !== true);
    expect(unexpected, `faults on ${path}`).toEqual([]);
  } finally {
    await opened.close();
  }
}

function faultsOf(page: Page, url: string): readonly string[] {
  const faults: string[] = [];
  page.on("pageerror", (error) => void faults.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const asked = request.url();
    if (!asked.startsWith(url) && !asked.startsWith("blob:")) faults.push(`asked elsewhere: ${asked}`);
  });
  return faults;
}

/** Each language in each theme, for `it.each(everywhere)("… ($locale, $theme)", …)`. */
export const everywhere = locales.flatMap((locale) => themes.map((theme) => ({ locale, theme })));

/** Fails on whatever axe finds against WCAG 2.2 AA, and against its own good practice. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      (node) => `${id}: ${help}: ${node.html.slice(0, 200)}${node.failureSummary?.replaceAll(/\s+/gu, " ") ?? ""}`,
    ),
  );
  expect(found).toEqual([]);
}

/** Fails where the page is wider than the window: WCAG 1.4.10. */
export async function expectReflow(page: Page): Promise<void> {
  const { scroll, client, widest } = await page.evaluate(() => {
    const root = document.documentElement;
    const isScrolled = (element: Element): boolean => {
      for (let at = element.parentElement; at !== null; at = at.parentElement) {
        if (/auto|scroll|hidden|clip/u.test(getComputedStyle(at).overflowX)) return true;
      }
      return false;
    };
    const beyond = [...document.querySelectorAll("body *")].filter(
      (element) => element.getBoundingClientRect().right > root.clientWidth + 1 && !isScrolled(element),
    );
    const names = beyond.slice(0, 5).map((element) => element.outerHTML.slice(0, 120));
    return { scroll: root.scrollWidth, client: root.clientWidth, widest: names };
  });
  expect({ isWider: scroll > client, widest }).toEqual({ isWider: false, widest: [] });
}

/** The sum of layout shifts since the page began; to be called before anything is clicked. */
export async function layoutShift(page: Page): Promise<number> {
  return page.evaluate(async () => {
    await new Promise((resolve) => void setTimeout(resolve, 100));
    return new Promise<number>((resolve) => {
      let sum = 0;
      const observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) sum += (entry as PerformanceEntry & { readonly value: number }).value;
      });
      observer.observe({ type: "layout-shift", buffered: true });
      setTimeout(() => {
        observer.disconnect();
        resolve(sum);
      }, 50);
    });
  });
}
