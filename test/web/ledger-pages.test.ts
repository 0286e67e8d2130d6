import { expect, it } from "vitest";
import { samples } from "../../web/pages/screen/samples.ts";
import { describePages, everywhere, expectAccessible, expectReflow, layoutShift, narrow, onPage } from "./pages.ts";

const [first] = samples;
const theft = "cfc4cba39363a1e5f80e48e697eaa9ae6e7156b357e82f390267fdcb0924d626";
const stolen = "0x011aeb64474454fc1f5557587d8ad41c042b6681babfc2ce1ae3ff0bd6940d4e";
const thief = "0xa7ff197c8a5051040de8cdfdc94968034abbad75";

type Shown = { readonly name: string; readonly path: string; readonly sign: string; readonly expected?: RegExp };

/** The pages of the ledger with something on them, and what stands on each once it is there. */
const pages: readonly Shown[] = [
  { name: "screen, empty", path: "/screen", sign: ".samples" },
  { name: "screen, flagged", path: `/screen?q=${first.subject}&chain=ethereum`, sign: ".verdict.flagged" },
  { name: "screen, clear", path: "/screen?q=0x1f382ce19c026655faceba0e0f09ce2753840bcf", sign: ".verdict.clear" },
  { name: "screen, unknown", path: "/screen?q=0x00000000219ab540356cbb839cbe05303d7705fa", sign: ".verdict.unknown" },
  {
    name: "screen, refused",
    path: "/screen?q=0x2A11db9b5AB01342c4ace9F68951bf4D02FcFf76",
    sign: ".error",
    expected: /400/u,
  },
  { name: "screen, a record that is gone", path: "/screen/S-none", sign: ".error", expected: /404/u },
  {
    name: "transaction that was not seen",
    path: `/tx/bitcoin/${"f".repeat(64)}`,
    sign: ".notice.unknown",
    expected: /404/u,
  },
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
];

describePages("the pages of the ledger", () => {
  for (const { locale, theme } of everywhere) {
    it.each(pages)(`$name: nothing that axe finds (${locale}, ${theme})`, async ({ path, sign, expected }) => {
      await onPage(
        path,
        async (page) => {
          await page.locator(sign).first().waitFor();
          expect(await page.evaluate(() => document.documentElement.lang)).toBe(locale);
          await expectAccessible(page);
        },
        { locale, theme, ...(expected === undefined ? {} : { expected }) },
      );
    });
  }

  it.each(pages)("$name fits a window of 320 px, and nothing jumps", async ({ path, sign, expected }) => {
    const more = expected === undefined ? {} : { expected };
    await onPage(
      path,
      async (page) => {
        await page.locator(sign).first().waitFor();
        await page.waitForLoadState("networkidle");
        await expectReflow(page);
      },
      { size: narrow, ...more },
    );
    await onPage(
      path,
      async (page) => {
        await page.locator(sign).first().waitFor();
        await page.waitForLoadState("networkidle");
        expect(await layoutShift(page)).toBe(0);
      },
      more,
    );
  });

  it("a list's results have nothing that axe finds, and fit 320 px", async () => {
    for (const { locale, theme } of everywhere) {
      await onPage(
        "/screen",
        async (page) => {
          await page.locator("textarea").fill([...samples.map(({ subject }) => subject), "no address"].join("\n"));
          await page.locator(".screen-form button[type=submit]").click();
          await page.locator("tbody tr").nth(samples.length).waitFor();
          await expectAccessible(page);
          await expectReflow(page);
        },
        { locale, theme, size: narrow },
      );
    }
  });

  it("in forced colours verdicts, chips and notices keep an edge and their signs", async () => {
    await onPage(
      `/screen?q=${first.subject}&chain=ethereum`,
      async (page) => {
        await page.locator(".verdict.flagged .sign").first().waitFor();
        for (const one of [".verdict", ".chip", ".screen-form textarea", ".verdict .button"]) {
          const width = await page
            .locator(one)
            .first()
            .evaluate((element) => getComputedStyle(element).borderTopWidth);
          expect([one, Number.parseFloat(width) > 0]).toEqual([one, true]);
        }
        await page.keyboard.press("Tab");
        const outline = await page.evaluate(
          () => getComputedStyle(document.activeElement ?? document.body).outlineStyle,
        );
        expect(outline).not.toBe("none");
      },
      { context: { forcedColors: "active" } },
    );
  });
});
