/**
 * `npm run pictures`: draws the pages as the documents show them, into `docs/pictures`. They show the register's losses and the
 * simulated ledger, so that they come out alike wherever they are drawn; letters are those of npm packages.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { chromium, type Page } from "playwright-core";
import { startDemoInBrowser } from "../test/web/browser/demo-in-browser.ts";

type Picture = {
  readonly name: string;
  readonly path: string;
  readonly locale: "en" | "ja";
  readonly theme: "light" | "dark";
  /** What must be there before it is drawn. */
  readonly sign: string;
};

const trace = "/trace?incident=2024-06-10-simulated-northwind&chain=ethereum";
const screen = "/screen?q=0x7f187548e72c95bfdbac5be0d65c04ef9f496a0c&chain=ethereum&direction=deposit";

const pictures: readonly Picture[] = [
  { name: "losses", path: "/losses", locale: "en", theme: "light", sign: "svg title" },
  { name: "trace", path: trace, locale: "en", theme: "light", sign: "canvas" },
  { name: "screen", path: screen, locale: "en", theme: "light", sign: ".verdict" },
  { name: "screen-ja", path: screen, locale: "ja", theme: "dark", sign: ".verdict" },
];

const folder = path.resolve(import.meta.dirname, "../docs/pictures");
const size = { width: 1280, height: 720 };

async function draw(page: Page, { name, sign }: Picture): Promise<void> {
  await page.locator(sign).first().waitFor({ state: "attached", timeout: 60_000 });
  await page.waitForLoadState("networkidle");
  // Graphs are laid out and drawn after their data have come.
  await page.waitForTimeout(1_500);
  const png = await page.screenshot({ animations: "disabled" });
  writeFileSync(path.join(folder, `${name}.png`), png);
  process.stdout.write(`${name}.png: ${Math.round(png.length / 1_000)} kB\n`);
}

mkdirSync(folder, { recursive: true });
const { browser, url, close } = await startDemoInBrowser();
try {
  const connected = await chromium.connect(browser.wsEndpoint());
  for (const picture of pictures) {
    const { locale, theme: colorScheme } = picture;
    const context = await connected.newContext({ viewport: size, locale, colorScheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    await page.goto(`${url}${picture.path}`);
    await draw(page, picture);
    await context.close();
  }
} finally {
  await close();
}
