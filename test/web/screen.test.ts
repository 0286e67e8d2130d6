import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { samples } from "../../web/pages/screen/samples.ts";
import { describePages, expectAccessible, onPage, wide } from "./pages.ts";
import { clear, exposure, flagged, unknown } from "./verdicts.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-screen-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const [theft] = samples;
const of = (text: (typeof samples)[number]["text"]) => samples.find((one) => one.text === text)?.subject ?? "";

/** Answers screenings with a verdict of the test's own. */
async function answering(page: Page, verdict: object): Promise<void> {
  const answer = { id: "S1", at: "2026-01-01T00:00:00Z", sha256: "", asked: {}, verdict };
  await page.route("**/v1/screenings", async (route) => route.fulfill({ json: answer }));
}

describePages("screening", () => {
  it("takes a paste to verdict, reason and path within one window, and from there to its record", async () => {
    await onPage("/screen", async (page) => {
      await page.getByRole("textbox", { name: "Address, transaction" }).fill(theft.subject);
      await page.keyboard.press("Enter");
      const verdict = page.locator(".verdict.flagged");
      await verdict.waitFor();
      expect(await verdict.locator(".says").textContent()).toMatch(
        /^[\d.]+% \(\$[^)]+\) of what this address received comes from the Northwind Exchange theft \(2024-06-10\), \d+ hops? back, FIFO\. Rule theft-10 v\d+\.$/u,
      );
      expect(await verdict.locator(".path li").last().textContent()).toMatch(/^this .* ETH$/u);
      const box = await verdict.boundingBox();
      expect((box?.y ?? 0) + (box?.height ?? wide.height)).toBeLessThan(wide.height);
      expect(new URL(page.url()).search).toBe(`?q=${theft.subject}&direction=deposit`);
      await verdict.getByRole("link", { name: "Record" }).click();
      await page.getByRole("heading", { level: 1, name: "Record" }).waitFor();
      await page.locator(".verdict.flagged").waitFor();
      await page.goBack();
      await page.locator(".verdict.flagged").waitFor();
      expect(await page.getByRole("textbox", { name: "Address, transaction" }).inputValue()).toBe(theft.subject);
    });
  });

  it("says all three verdicts, each with its sign and its word, in both languages", async () => {
    const words = { sampleTheft: "該当あり", sampleClear: "該当なし", sampleAbsent: "判定不可" } as const;
    for (const [text, word] of Object.entries(words)) {
      const subject = of(text as keyof typeof words);
      await onPage(
        `/screen?q=${subject}`,
        async (page) => {
          const heading = page.locator(".verdict h2");
          await heading.getByText(word).waitFor();
          expect(await heading.locator("> .sign").count()).toBe(1);
        },
        { locale: "ja" },
      );
    }
  });

  it("copies its text with one key, which can be turned off, and which is a letter where one types", async () => {
    await onPage(
      `/screen?q=${theft.subject}`,
      async (page) => {
        const clipboard = async (): Promise<string> => page.evaluate(async () => navigator.clipboard.readText());
        await page.locator(".verdict").waitFor();
        await page.evaluate(async () => navigator.clipboard.writeText("before"));
        await page.getByRole("textbox", { name: "Address, transaction" }).press("c");
        expect(await clipboard()).toBe("before");
        await page.getByRole("heading", { level: 1 }).click();
        await page.keyboard.press("c");
        await page.getByText("Copied", { exact: true }).waitFor({ state: "attached" });
        expect(await clipboard()).toMatch(/^Simulated data[^\n]+\nFlagged\. /u);
        expect((await clipboard()).toLowerCase()).toContain(theft.subject);
        await page.keyboard.press("?");
        await page.getByRole("checkbox", { name: /Single keys/u }).uncheck();
        await page.keyboard.press("Escape");
        await page.evaluate(async () => navigator.clipboard.writeText("before"));
        await page.getByRole("heading", { level: 1 }).click();
        await page.keyboard.press("c");
        await page.waitForTimeout(50);
        expect(await clipboard()).toBe("before");
      },
      { context: { permissions: ["clipboard-read", "clipboard-write"] } },
    );
  });

  it("screens a list in its order, never puts it into the address, and gives all of it as CSV", async () => {
    await onPage("/screen", async (page) => {
      const list = samples.map(({ subject }) => subject);
      await page.locator("textarea").fill(["address,note", ...list, "=cmd()", list[0]].join("\n"));
      await page.getByRole("button", { name: `Screen ${list.length + 1} items` }).click();
      await page.getByRole("heading", { name: `${list.length + 1} of ${list.length + 1} screened` }).waitFor();
      expect(page.url()).not.toContain("0x");
      expect(await page.locator(".counts").textContent()).toBe("4 flagged · 2 clear · 1 cannot say · 1 failed");
      const rows = await page
        .locator("tbody th span[title]")
        .evaluateAll((all) => all.map((one) => one.getAttribute("title")));
      expect(rows).toEqual([...list, "=cmd()"]);
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "CSV" }).click(),
      ]);
      const file = path.join(scratch, "list.csv");
      await download.saveAs(file);
      const lines = readFileSync(file, "utf8").trimEnd().split("\r\n");
      expect(lines).toHaveLength(list.length + 2);
      expect(lines[0]).toMatch(/^subject,chain,direction,verdict,/u);
      expect(lines.at(-1)).toMatch(/^'=cmd\(\),.*failed/u);
      expect(lines[1]).toMatch(/,simulated$/u);
    });
  });

  it("shows a bar once an answer takes its time, and no verdict of before", async () => {
    await onPage(
      `/screen?q=${theft.subject}`,
      async (page) => {
        const bar = page.locator("main .loading .bar");
        await bar.waitFor();
        expect(await page.locator(".verdict").count()).toBe(0);
        await page.locator(".verdict").waitFor();
        await bar.waitFor({ state: "detached" });
      },
      {
        before: async (page) => {
          await page.route("**/v1/screenings", async (route) => {
            await new Promise((resolve) => void setTimeout(resolve, 3_000));
            await route.continue();
          });
        },
      },
    );
  });

  it("invents nothing where the server refuses or does not answer", async () => {
    await onPage(
      `/screen?q=${theft.subject}`,
      async (page) => {
        await page.getByText("The server does not answer. Run `npm start`.").waitFor();
        expect(await page.locator(".verdict").count()).toBe(0);
      },
      {
        before: async (page) => void (await page.route("**/v1/screenings", async (route) => route.abort())),
        expected: /ERR_FAILED/u,
      },
    );
    await onPage(
      "/screen?q=0x2A11db9b5AB01342c4ace9F68951bf4D02FcFf76",
      async (page) => {
        await page.getByRole("alert").getByText("Wrong checksum: copy the address again.").waitFor();
        expect(await page.locator(".verdict").count()).toBe(0);
      },
      { expected: /status of 400/u },
    );
  });

  it("lets two addresses that shorten alike be told apart", async () => {
    await onPage(
      `/screen?q=${theft.subject}`,
      async (page) => {
        const way = page.locator(".path");
        await way.getByRole("button", { name: "steps" }).click();
        const shown = await way
          .locator("a")
          .evaluateAll((all) =>
            all.map((one) => [one.getAttribute("title"), one.querySelector(".short")?.textContent] as const),
          );
        expect(new Set(shown.map(([whole]) => whole)).size).toBe(new Set(shown.map(([, short]) => short)).size);
        expect(await way.getByText("look-alike").count()).toBe(2);
        await expectAccessible(page);
      },
      {
        before: async (page) => {
          const more = exposure.path[0];
          const longer = more === undefined ? exposure.path : [more, more, ...exposure.path, more];
          await answering(page, { ...flagged, facts: [{ ...exposure, path: longer }, ...flagged.facts.slice(1)] });
        },
      },
    );
  });

  it("leads from a transaction to the trace of all that it pays, on both kinds of chain", async () => {
    const transactions = [
      { chain: "bitcoin", txid: "cfc4cba39363a1e5f80e48e697eaa9ae6e7156b357e82f390267fdcb0924d626" },
      { chain: "ethereum", txid: "0x011aeb64474454fc1f5557587d8ad41c042b6681babfc2ce1ae3ff0bd6940d4e" },
    ];
    for (const { chain, txid } of transactions) {
      await onPage(`/screen?q=${txid}&chain=${chain}`, async (page) => {
        const verdict = page.locator(".verdict");
        await verdict.getByRole("link", { name: "Trace", exact: true }).click();
        await page.getByRole("treegrid").or(page.getByRole("application")).or(page.locator("table")).first().waitFor();
        expect(new URL(page.url()).search).toBe(`?origin=${txid}&chain=${chain}&backward=on`);
        expect(await page.getByRole("alert").count()).toBe(0);
      });
    }
  });

  it("never takes what was not searched for clean", async () => {
    const nothing = { ...clear, checked: { ...clear.checked, incidents: 0, origins: 0 } };
    await onPage(
      `/screen?q=${theft.subject}`,
      async (page) => {
        await page.getByText("Unknown: exposures were not searched. That does not mean clean.").waitFor();
      },
      { before: async (page) => answering(page, nothing) },
    );
    const unplaced = { ...clear, checked: { ...clear.checked, unplaced: ["2020-09-25-kucoin"] } };
    await onPage(
      `/screen?q=${theft.subject}`,
      async (page) => {
        await page.getByText("None found to block 700: 45 thefts and entities were followed.").waitFor();
        await page.getByText("1 theft that may concern this chain is not followed").click();
        await page.getByText("2020-09-25-kucoin").waitFor();
      },
      { before: async (page) => answering(page, unplaced) },
    );
  });

  it("in Japanese says everything in Japanese: verdicts, reasons, gaps, methods, errors", async () => {
    const all = {
      ...flagged,
      matches: flagged.matches.slice(0, 1),
      missing: unknown.missing,
      accepted: unknown.missing,
    };
    const shown = [
      { subject: theft.subject, sign: ".verdict.flagged", before: async () => Promise.resolve() },
      { subject: of("sampleAbsent"), sign: ".verdict.unknown", before: async () => Promise.resolve() },
      { subject: theft.subject, sign: ".verdict.flagged", before: async (page: Page) => answering(page, all) },
      // A wrong checksum, another chain's address, and no address at all.
      { subject: "0x2A11db9b5AB01342c4ace9F68951bf4D02FcFf76", sign: ".error" },
      { subject: "LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1&chain=bitcoin", sign: ".error" },
      { subject: "hello", sign: ".error" },
    ];
    for (const { subject, sign, before } of shown) {
      await onPage(
        `/screen?q=${subject}`,
        async (page) => {
          await page.locator(sign).waitFor();
          const texts = await page.locator("main").evaluate((main) => {
            const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
            const found: string[] = [];
            for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
              if (node.parentElement?.closest("code, textarea, .samples") === null) found.push(node.textContent ?? "");
            }
            return found;
          });
          expect(texts.length).toBeGreaterThan(10);
          // Three words in a row are a sentence, but in names and commands.
          const names =
            /Fundtrail demonstration|Northwind Exchange|Meridian Exchange deposit|fundtrail [a-z]+ [a-z]+/gu;
          const english = texts.filter((text) => /[a-z]{2,} [a-z]{2,} [a-z]{2,}/iu.test(text.replaceAll(names, "")));
          expect(english).toEqual([]);
        },
        {
          locale: "ja",
          ...(before === undefined ? {} : { before }),
          ...(sign === ".error" ? { expected: /status of 40\d/u } : {}),
        },
      );
    }
  });

  it("shows a list's failures and its end in words, and what came before stands", async () => {
    const line = { index: 0, id: "S1", at: "2026-01-01T00:00:00Z", sha256: "", asked: {}, verdict: clear };
    const problem = { code: "LEDGER_DAMAGED", status: 503, detail: "see the log", reason: null, values: {} };
    const lines = [line, { index: -1, problem }].map((one) => JSON.stringify(one)).join("\n");
    await onPage(
      "/screen",
      async (page) => {
        await page.locator("textarea").fill([theft.subject, of("samplePart")].join("\n"));
        await page.getByRole("button", { name: "2件を照合" }).click();
        await page
          .getByRole("alert")
          .getByText(/^台帳が壊れています。/u)
          .waitFor();
        expect(await page.locator("tbody tr").count()).toBe(1);
        expect(await page.locator(".counts").textContent()).toBe("該当あり0・該当なし1・判定不可0・失敗0");
      },
      {
        locale: "ja",
        before: async (page) =>
          void (await page.route("**/v1/screenings/batch", async (route) =>
            route.fulfill({ body: `${lines}\n`, contentType: "application/x-ndjson" }),
          )),
      },
    );
  });
});
