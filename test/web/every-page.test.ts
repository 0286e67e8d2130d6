import { expect, it } from "vitest";
import { samples } from "../../web/pages/screen/samples.ts";
import { describePages, expectAccessible, expectReflow, layoutShift, locales, narrow, onPage } from "./pages.ts";

const [first] = samples;
const thief = "0xa7ff197c8a5051040de8cdfdc94968034abbad75";

/** Every page with something on it, and what stands on it once it is there. */
const pages = [
  { name: "losses", path: "/losses", sign: "table" },
  { name: "incidents", path: "/incidents", sign: "table" },
  { name: "incident", path: "/incidents/2018-01-25-coincheck", sign: ".figures" },
  { name: "simulated incident", path: "/incidents/2024-06-10-simulated-northwind", sign: ".panel" },
  { name: "actor", path: "/actors/lazarus-group", sign: "h1" },
  { name: "published figures", path: "/published/elliptic-nikkei-2023", sign: "h1" },
  { name: "screen, empty", path: "/screen", sign: ".samples" },
  { name: "screen, flagged", path: `/screen?q=${first.subject}&chain=ethereum`, sign: ".verdict.flagged" },
  { name: "screen, clear", path: "/screen?q=0x1f382ce19c026655faceba0e0f09ce2753840bcf", sign: ".verdict.clear" },
  { name: "screen, unknown", path: "/screen?q=0x00000000219ab540356cbb839cbe05303d7705fa", sign: ".verdict.unknown" },
  { name: "address", path: `/address/ethereum/${thief}`, sign: ".panel table" },
  {
    name: "address that was not seen",
    path: "/address/ethereum/0x00000000219ab540356cbb839cbe05303d7705fa",
    sign: ".notice.unknown",
  },
  { name: "cluster", path: "/clusters/bitcoin:bc1qgmpef6sgj3gq0a7xgzevy8xpjv5r5xsrkyuhhj", sign: "table" },
  { name: "ledger", path: "/ledger", sign: "table" },
  { name: "no page", path: "/nowhere", sign: "h1" },
] as const;

/** A page that is not there is answered as such, which the browser's console repeats. */
const missing = /status of 404/u;

describePages("every page", () => {
  for (const locale of locales) {
    it.each(pages)(`$name is accessible in both themes (${locale})`, async ({ path, sign }) => {
      await onPage(
        path,
        async (page) => {
          await page.locator(sign).first().waitFor();
          expect(await page.evaluate(() => document.documentElement.lang)).toBe(locale);
          await expectAccessible(page);
          await page.emulateMedia({ colorScheme: "dark" });
          await expectAccessible(page);
        },
        { locale, expected: missing },
      );
    });
  }

  it.each(pages)("$name fits a window of 320 px, and nothing jumps", async ({ path, sign }) => {
    await onPage(
      path,
      async (page) => {
        await page.locator(sign).first().waitFor();
        await page.waitForLoadState("networkidle");
        await expectReflow(page);
      },
      { size: narrow, expected: missing },
    );
    await onPage(
      path,
      async (page) => {
        await page.locator(sign).first().waitFor();
        await page.waitForLoadState("networkidle");
        expect(await layoutShift(page)).toBe(0);
      },
      { expected: missing },
    );
  });
});
