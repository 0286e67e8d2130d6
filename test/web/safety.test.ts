/** What is not ours is shown as text, keys reach everything, and nothing that has the focus is hidden. */
import { expect, it } from "vitest";
import type { Page } from "playwright-core";
import { samples } from "../../web/pages/screen/samples.ts";
import { describePages, onPage, themes } from "./pages.ts";
import { flagged } from "./verdicts.ts";

const [theft] = samples;
const evil = `"><img src=x onerror="globalThis.broken=1"><script>globalThis.broken=1</script>{{7*7}}javascript:alert(1)`;
const deposit = "0x7f187548e72c95bfdbac5be0d65c04ef9f496a0c";

async function expectUntouched(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  expect(await page.evaluate(() => "broken" in globalThis)).toBe(false);
  expect(await page.locator("img[src=x], main script").count()).toBe(0);
}

describePages("text of others", () => {
  it("in tags is text, and an address of theirs that is no web address is nothing to click", async () => {
    await onPage(
      `/address/ethereum/${deposit}`,
      async (page) => {
        await page.getByText(evil).first().waitFor();
        await expectUntouched(page);
        expect(await page.locator("a[href^='javascript:' i]").count()).toBe(0);
      },
      {
        before: async (page) =>
          void (await page.route("**/addresses/*/tags", async (route) => {
            const answer = await route.fetch();
            const body = (await answer.json()) as { tags: { label: string; category: string; source: object }[] };
            for (const tag of body.tags) {
              Object.assign(tag, { label: evil, category: evil });
              tag.source = { name: evil, url: "javascript:globalThis.broken=1", date: evil };
            }
            await route.fulfill({ json: body });
          })),
      },
    );
  });

  it("in a verdict is text, on the page and in its copy", async () => {
    await onPage(
      `/screen?q=${theft.subject}`,
      async (page) => {
        await page.locator(".says").getByText(evil).waitFor();
        await expectUntouched(page);
      },
      {
        before: async (page) => {
          const facts = flagged.facts.map((fact) => ({ ...fact, name: evil, sources: [evil], category: evil }));
          const matches = flagged.matches.map((match) => ({ ...match, rule: evil, reason: evil }));
          const verdict = { ...flagged, facts, matches, missing: [{ gap: "price", what: evil, mend: evil }] };
          const json = { id: "S1", at: "2026-01-01T00:00:00Z", sha256: "", asked: {}, verdict };
          await page.route("**/v1/screenings", async (route) => route.fulfill({ json }));
        },
      },
    );
  });

  it("in the page's own address is text", async () => {
    const texts = encodeURIComponent(evil);
    for (const path of [
      `/screen?q=${texts}`,
      `/address/ethereum/${texts}`,
      `/tx/bitcoin/${texts}`,
      `/clusters/${texts}`,
    ]) {
      await onPage(path, expectUntouched, { expected: /status of 4\d\d/u });
    }
  });

  it("cannot be run, for the policy allows nothing inline and nothing from elsewhere", async () => {
    await onPage(
      "/ledger",
      async (page) => {
        await page.locator("tbody tr").first().waitFor();
        await page.evaluate(() => {
          const script = document.createElement("script");
          script.textContent = "globalThis.broken = 1";
          document.body.append(script);
        });
        await expectUntouched(page);
      },
      { expected: /Content Security Policy/u },
    );
  });
});

/** Whatever has the focus, and what stands where its middle is: they must be one, or one within the other. */
async function hiddenFocus(page: Page): Promise<string | undefined> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body) return undefined;
    const box = focused.getBoundingClientRect();
    const [x, y] = [box.left + Math.min(box.width, 400) / 2, box.top + Math.min(box.height, 60) / 2];
    if (y < 0 || y > innerHeight) return `${focused.outerHTML.slice(0, 100)} is outside of the window`;
    const seen = document.elementFromPoint(x, y);
    if (seen === null || focused.contains(seen) || seen.contains(focused)) return undefined;
    return `${focused.outerHTML.slice(0, 100)} is behind ${seen.outerHTML.slice(0, 100)}`;
  });
}

describePages("by keys alone", () => {
  it.each([
    `/screen?q=${theft.subject}`,
    `/address/ethereum/${deposit}`,
    "/clusters/bitcoin:bc1qgmpef6sgj3gq0a7xgzevy8xpjv5r5xsrkyuhhj",
  ])("everything on %s is reached in order, and nothing hides what has the focus", async (path) => {
    await onPage(path, async (page) => {
      await page.locator("table").first().waitFor();
      await page.waitForLoadState("networkidle");
      const found: (string | undefined)[] = [];
      for (let presses = 0; presses < 60; presses += 1) {
        await page.keyboard.press("Tab");
        found.push(await hiddenFocus(page));
      }
      for (let presses = 0; presses < 30; presses += 1) {
        await page.keyboard.press("Shift+Tab");
        found.push(await hiddenFocus(page));
      }
      expect(found.filter((one) => one !== undefined)).toEqual([]);
    });
  });

  it("screens a subject and opens what it says: no pointer", async () => {
    await onPage("/screen", async (page) => {
      await page.locator(".samples").waitFor();
      await page.getByRole("textbox", { name: "Address, transaction" }).focus();
      await page.keyboard.insertText(theft.subject);
      await page.keyboard.press("Enter");
      await page.locator(".verdict").waitFor();
      const record = page.getByRole("link", { name: "Record" });
      for (let presses = 0; presses < 30; presses += 1) {
        await page.keyboard.press("Tab");
        if (await record.evaluate((link) => link === document.activeElement)) break;
      }
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: "Record" }).waitFor();
    });
  });

  it.each(themes)("what has the focus has a ring (%s)", async (theme) => {
    await onPage(
      "/ledger",
      async (page) => {
        // What the page does with the focus when it begins is done by then.
        await page.locator("main table").first().waitFor();
        await page.keyboard.press("Tab");
        await page.keyboard.press("Tab");
        const ring = await page.evaluate(() => {
          const style = getComputedStyle(document.activeElement ?? document.body);
          return [style.outlineStyle, style.outlineWidth, style.outlineOffset];
        });
        expect(ring).toEqual(["solid", "2px", "2px"]);
      },
      { theme },
    );
  });
});
