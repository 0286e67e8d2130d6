/** Pages on paper: whole, light, without controls, with what they rest on at their foot. */
import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { describePages, onPage, web } from "./pages.ts";

/** What is left of A4 between the margins, in pixels of 1/96 inch. */
const sheet = { width: 703, height: 1016 } as const;
const address = "0x7f187548e72c95bfdbac5be0d65c04ef9f496a0c";
const trace = "/trace?incident=2024-06-10-simulated-northwind&chain=ethereum";

/** Each kind of page, and what must be there before it is printed. */
const kinds: readonly (readonly [name: string, path: string, sign: string])[] = [
  ["losses", "/losses?actor=all&by=year", ".losses-table table"],
  ["incidents", "/incidents?q=bithumb", "tbody tr"],
  ["incident", "/incidents/2024-06-10-simulated-northwind", ".flow-bar"],
  ["actor", "/actors/lazarus-group", "table"],
  ["published", "/published/elliptic-nikkei-2023", "table"],
  ["trace", trace, "canvas"],
  ["trace, list", `${trace}&view=list`, '[role="treegrid"] [role="row"]'],
  ["screen", `/screen?q=${address}&chain=ethereum&direction=deposit`, ".verdict .says"],
  ["address", `/address/ethereum/${address}`, ".panel table"],
  ["ledger", "/ledger", "table"],
];

/** What must not be on paper: whatever is pressed or written into; and what is cut off at the sheet's edge. */
async function misprints(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const isSeen = (element: Element): boolean => element.checkVisibility() && element.getClientRects().length > 0;
    const name = (element: Element): string => `${element.tagName} ${element.outerHTML.slice(0, 140)}`;
    const controls = [...document.querySelectorAll("input, select, textarea, button, nav, dialog")]
      .filter(isSeen)
      // A figure or a name that can be pressed stays, as its text.
      .filter((one) => !one.matches(".exact, .sort, .cell, .unplaced, :is(td, th, dd, li) > .link"))
      .map((one) => `a control: ${name(one)}`);
    const cut = [...document.querySelectorAll("main table, main .figure, main p, main svg, main [role=row]")]
      .filter(isSeen)
      .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
      .map((one) => `cut off: ${name(one)}`);
    const closed = [...document.querySelectorAll("main details > :not(summary)")]
      .filter((one) => !isSeen(one) && one.closest('[role="toolbar"]') === null)
      .map((one) => `not opened: ${name(one)}`);
    return [...controls, ...cut, ...closed];
  });
}

describePages("on paper", () => {
  describe.each(kinds)("%s", (_, path, sign) => {
    it("has no controls, is cut nowhere, all opened, and says at its foot what it rests on", async () => {
      await onPage(
        path,
        async (page) => {
          await page.locator(sign).first().waitFor({ state: "attached" });
          await page.waitForLoadState("networkidle");
          await page.emulateMedia({ media: "print" });
          await expect.poll(async () => misprints(page)).toEqual([]);
          const foot = page.locator(".print-foot");
          expect(await foot.isVisible()).toBe(true);
          const ledger = (await (await page.request.get(`${web.url}/v1/ledger`)).json()) as {
            readonly register: string;
          };
          const text = (await foot.textContent()) ?? "";
          for (const told of [`${web.url}${path}`, ledger.register, "Ethereum 700, 2024-07-02 04:00 UTC (simulated)"]) {
            expect(text).toContain(told);
          }
          for (const [option, value] of new URL(`${web.url}${path}`).searchParams) {
            expect(text).toContain(`${option} ${value}`);
          }
          // Light, whatever the reader's theme.
          const colours = await page.evaluate(() => [
            getComputedStyle(document.documentElement).backgroundColor,
            getComputedStyle(document.querySelector("h1") ?? document.body).color,
          ]);
          expect(colours).toEqual(["rgb(255, 255, 255)", "rgb(22, 27, 34)"]);
          expect((await page.pdf({ preferCSSPageSize: true })).subarray(0, 5).toString()).toBe("%PDF-");
        },
        { theme: "dark", size: sheet },
      );
    });
  });

  it("shows on a screen neither foot nor what is meant for paper", async () => {
    await onPage("/losses", async (page) => {
      await page.locator(".losses-table table").waitFor();
      expect(await page.locator(".print-foot").isVisible()).toBe(false);
      expect(await page.locator(".print-only").first().isVisible()).toBe(false);
    });
  });

  it("tells each source's address, each transaction whole, and a trace's digest", async () => {
    await onPage(
      "/incidents/2024-06-10-simulated-northwind",
      async (page) => {
        await page.locator(".flow-bar").nth(1).waitFor();
        await page.emulateMedia({ media: "print" });
        const whole = page.getByText("0x011aeb64474454fc1f5557587d8ad41c042b6681babfc2ce1ae3ff0bd6940d4e");
        expect(await whole.first().isVisible()).toBe(true);
        const digests = await page.locator(".flow .print-only").allTextContents();
        expect(digests.length).toBe(2);
        for (const digest of digests) expect(digest).toMatch(/^SHA-256 of the trace: [0-9a-f]{64}$/u);
      },
      { size: sheet },
    );
    await onPage("/incidents/2018-01-25-coincheck", async (page) => {
      await page.locator("a.web").first().waitFor();
      await page.emulateMedia({ media: "print" });
      const after = await page
        .locator("a.web")
        .first()
        .evaluate((link) => getComputedStyle(link, "::after").content);
      expect(after).toContain("https://");
    });
  });
});
