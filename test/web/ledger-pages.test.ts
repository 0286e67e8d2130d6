import { expect, it } from "vitest";
import { samples } from "../../web/pages/screen/samples.ts";
import { describePages, everywhere, expectAccessible, expectReflow, layoutShift, narrow, onPage } from "./pages.ts";

const [first] = samples;
const theft = "cfc4cba39363a1e5f80e48e697eaa9ae6e7156b357e82f390267fdcb0924d626";
const stolen = "0x011aeb64474454fc1f5557587d8ad41c042b6681babfc2ce1ae3ff0bd6940d4e";
const thief = "0xa7ff197c8a5051040de8cdfdc94968034abbad75";

/** The pages of the ledger with something on them, and what stands on each once it is there. */
const pages = [
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
  { name: "transaction of outputs", path: `/tx/bitcoin/${theft}`, sign: ".beside table" },
  { name: "transaction of accounts", path: `/tx/ethereum/${stolen}`, sign: ".panel table" },
] as const;

/** Colours are the theme's and texts the language's: each of them once. */
const eachOnce = everywhere.filter(({ locale, theme }) => (locale === "en") === (theme === "light"));

describePages("the pages of the ledger", () => {
  for (const { locale, theme } of eachOnce) {
    it.each(pages)(`$name: nothing that axe finds (${locale}, ${theme})`, async ({ path, sign }) => {
      await onPage(
        path,
        async (page) => {
          await page.locator(sign).first().waitFor();
          expect(await page.evaluate(() => document.documentElement.lang)).toBe(locale);
          await expectAccessible(page);
        },
        { locale, theme },
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
      { size: narrow },
    );
    await onPage(path, async (page) => {
      await page.locator(sign).first().waitFor();
      await page.waitForLoadState("networkidle");
      expect(await layoutShift(page)).toBe(0);
    });
  });
});
