/** The Trace page in a browser, on the demonstration's simulated theft. */
import type { Download, Page } from "playwright-core";
import { expect, it } from "vitest";
import { simulatedIncident } from "../../src/demo/texts.ts";
import { describePages, everywhere, expectAccessible, expectReflow, narrow, onPage } from "./pages.ts";
import { largeGraph } from "./large-graph.ts";

const trace = `/trace?incident=${simulatedIncident}&chain=ethereum`;
const graph = '[role="application"]';
const list = '[role="treegrid"]';

/** Waits until the picture or the list is there. */
async function shown(page: Page, what = graph): Promise<void> {
  await page.locator(what).waitFor({ timeout: 60_000 });
}

function queryOf(page: Page): URLSearchParams {
  return new URL(page.url()).searchParams;
}

async function pressAll(page: Page, keys: readonly string[]): Promise<void> {
  await page.locator(graph).focus();
  for (const key of keys) await page.keyboard.press(key);
}

describePages("the Trace page", () => {
  it("begins with an incident, transactions or an address, and says what is wrong with what is typed", async () => {
    await onPage("/trace", async (page) => {
      await page.getByRole("button", { name: "Trace" }).nth(1).click();
      await page.getByRole("alert").getByText("Give what to trace.").waitFor();
      await page.getByLabel("Outputs or transfers").fill("not a reference");
      await page.getByRole("alert").getByText("Not a reference: not.").waitFor();
      await page.getByRole("combobox", { name: /^Incident/u }).selectOption(simulatedIncident);
      await page.getByRole("button", { name: "Trace" }).first().click();
      await shown(page);
      expect(queryOf(page).get("incident")).toBe(simulatedIncident);
      expect(await page.getByText(/reached services, .* rests/u).count()).toBe(1);
    });
  });

  it("says unknown, and no sum, of what rests by poison, which tells no amount on accounts", async () => {
    await onPage(`${trace}&policy=poison`, async (page) => {
      await shown(page);
      await page.getByText(/reached services, unknown rests/u).waitFor();
      await page.getByText(/shown: unknown of value/u).waitFor();
      const rests = page.locator(".trace-panel li", { hasText: "rests" });
      expect(await rests.count()).toBeGreaterThan(0);
      expect([...new Set(await rests.locator(".figure").allInnerTexts())].join()).toMatch(/^\?\s*unknown\s*rests$/u);
      await rests.first().getByRole("button").click();
      await page.getByRole("term").getByText("Rests here").waitFor();
    });
  });

  it("walks, opens, notes and takes back by keys alone, and keeps it over a reload", async () => {
    await onPage(trace, async (page) => {
      await shown(page);
      await pressAll(page, ["ArrowRight", "ArrowRight"]);
      const selected = queryOf(page).get("sel");
      expect(selected).toMatch(/^(?:address|peel|fan|entity):/u);
      await pressAll(page, ["n"]);
      await expect.poll(async () => page.locator("textarea:focus").count()).toBe(1);
      await page.keyboard.type("seen before");
      await page.keyboard.press("Escape");
      await page.locator(`${graph}:focus`).waitFor();
      await page.getByText("noted").waitFor();
      await page.keyboard.press("t");
      await expect.poll(() => queryOf(page).get("layout")).toBe("hop");
      await page.reload();
      await shown(page);
      expect(queryOf(page).get("sel")).toBe(selected);
      expect(await page.locator("textarea").inputValue()).toBe("seen before");
      await pressAll(page, ["Escape"]);
      expect(queryOf(page).get("sel")).toBeNull();
    });
  });

  it("undoes and does again", async () => {
    await onPage(trace, async (page) => {
      await shown(page);
      await pressAll(page, ["ArrowRight", "c"]);
      await page.getByRole("button", { name: "Undo" }).and(page.locator(":enabled")).waitFor();
      await pressAll(page, ["Control+z"]);
      await page.getByRole("button", { name: "Redo" }).and(page.locator(":enabled")).waitFor();
      expect(await page.getByRole("button", { name: "Undo" }).isDisabled()).toBe(true);
      await pressAll(page, ["Control+Shift+Z"]);
      await page.getByRole("button", { name: "Undo" }).and(page.locator(":enabled")).waitFor();
    });
  });

  it("goes back to the policy before, with what was selected", async () => {
    await onPage(trace, async (page) => {
      await shown(page);
      await pressAll(page, ["ArrowRight", "]"]);
      await expect.poll(() => queryOf(page).get("policy")).toBe("lifo");
      await shown(page);
      const selected = queryOf(page).get("sel");
      await page.goBack();
      await shown(page);
      expect(queryOf(page).get("policy")).toBeNull();
      expect(queryOf(page).get("sel")).toBe(selected);
    });
  });

  it("follows the ways to where value ended", async () => {
    await onPage(trace, async (page) => {
      await shown(page);
      await page.getByRole("button", { name: /Mixer/u }).first().click();
      await page.getByRole("button", { name: /Follow a path/u }).click();
      await page.getByText(/path 1 of [0-9]+, [0-9.]+% of value/u).waitFor();
      expect(queryOf(page).get("path")).toMatch(/^1:/u);
    });
  });

  it("lists what it draws, with the same selection and the same keys", async () => {
    await onPage(`${trace}&view=list`, async (page) => {
      await shown(page, list);
      const first = page.getByRole("row").nth(1);
      await first.focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      expect(queryOf(page).get("sel")).not.toBeNull();
      await page.keyboard.press("n");
      await expect.poll(async () => page.locator("textarea:focus").count()).toBe(1);
      await page.locator('[role="row"][tabindex="0"]').focus();
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("ArrowLeft");
      expect(await page.locator('[role="row"]:focus').getAttribute("aria-level")).toBe("1");
      await page.keyboard.press("l");
      await shown(page);
    });
  });

  it("has no fault that axe finds: start, graph and list, in each language and theme", async () => {
    for (const { locale, theme } of everywhere) {
      for (const [path, what] of [
        ["/trace", "form"],
        [`${trace}&compare=on`, graph],
        [`${trace}&view=list`, list],
      ] as const) {
        await onPage(
          path,
          async (page) => {
            await shown(page, what === "form" ? "form.trace-start >> nth=0" : what);
            await expectAccessible(page);
          },
          { locale, theme },
        );
      }
    }
  }, 240_000);

  it("fits a window of 320 pixels as a list", async () => {
    await onPage(
      `${trace}&view=list`,
      async (page) => {
        await shown(page, list);
        await expectReflow(page);
      },
      { size: narrow },
    );
  });
});

describePages("a trace's files", () => {
  it("carry origin, policy, block, digest, and that they are simulated", async () => {
    await onPage(trace, async (page) => {
      await shown(page);
      for (const [button, wanted] of [
        ["SVG", [simulatedIncident, "FIFO", "SIMULATED DATA", "SHA-256"]],
        ["GraphML", [`origin: ${simulatedIncident}`, "policy: fifo", "simulated: true", "digest: "]],
        ["GEXF", [`origin: ${simulatedIncident}`, "policy: fifo", "simulated: true"]],
        ["CSV", [",origin,policy,stops,tip,digest,simulated", `,${simulatedIncident},fifo,`]],
        ["JSON", [`"origin":"${simulatedIncident}"`, '"simulated":true', '"nodes":']],
      ] as const) {
        const text = await download(page, button);
        for (const part of wanted) expect(text).toContain(part);
      }
      const png = await download(page, "PNG", "latin1");
      expect(png.slice(1, 4)).toBe("PNG");
      expect(png).toContain(`iTXtDescription\0\0\0\0\0origin: ${simulatedIncident}; policy: fifo; `);
    });
  });

  it("of notes are saved, opened, and refused where they are of another trace", async () => {
    await onPage(trace, async (page) => {
      await shown(page);
      await pressAll(page, ["ArrowRight", "n"]);
      await page.locator("textarea:focus").fill("a note");
      await page.keyboard.press("Escape");
      await page.getByText("Notes", { exact: true }).click();
      const [saved] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: /Save notes/u }).click(),
      ]);
      const text = await contentOf(saved);
      expect(JSON.parse(text)).toMatchObject({ schema: "fundtrail/trace-notes", version: 1 });
      const open = async (content: string): Promise<void> =>
        page
          .locator('input[type="file"]')
          .setInputFiles({ name: "notes.json", mimeType: "application/json", buffer: Buffer.from(content) });
      await open(text);
      await page.getByText("Notes opened.").last().waitFor();
      await open(text.replace(/"trace": "[^"]+"/u, '"trace": "0"'));
      await page.getByText("These notes are of another trace.").last().waitFor();
      await open("{}");
      await page.getByText("Not a file of notes").last().waitFor();
    });
  });
});

async function download(page: Page, button: string, encoding: BufferEncoding = "utf8"): Promise<string> {
  await page.getByText("Export", { exact: true }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button, exact: true }).click(),
  ]);
  return contentOf(file, encoding);
}

async function contentOf(file: Download, encoding: BufferEncoding = "utf8"): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of await file.createReadStream()) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString(encoding);
}

describePages("a large trace", () => {
  it("of 10,000 nodes is drawn, and moving the camera sends nothing but the camera", async () => {
    await onPage(
      trace,
      async (page) => {
        await shown(page);
        await page
          .getByText(/5,000 more|shown: [0-9.]+% of value/u)
          .first()
          .waitFor();
        const uploads = await page.evaluate(async () => {
          let count = 0;
          const { prototype } = WebGL2RenderingContext;
          const own = Object.getOwnPropertyDescriptor(prototype, "bufferData") ?? {};
          const counted = new Proxy(own.value as () => void, {
            apply: (target, of, given) => {
              count += 1;
              Reflect.apply(target, of, given);
            },
          });
          Object.defineProperty(prototype, "bufferData", { ...own, value: counted });
          const canvas = document.querySelector('[role="application"]');
          for (let step = 0; step < 10; step += 1) {
            canvas?.dispatchEvent(
              new WheelEvent("wheel", {
                deltaY: step % 2 === 0 ? 90 : -60,
                clientX: 400,
                clientY: 500,
                bubbles: true,
                cancelable: true,
              }),
            );
            await new Promise((resolve) => void requestAnimationFrame(resolve));
          }
          Object.defineProperty(prototype, "bufferData", own);
          return count;
        });
        expect(uploads).toBe(0);
        await page.getByRole("button", { name: "List" }).click();
        await shown(page, list);
        expect(Number(await page.locator(list).getAttribute("aria-rowcount"))).toBeGreaterThan(10_000);
        // Only what is in sight is in the document.
        expect(await page.getByRole("row").count()).toBeLessThan(120);
      },
      { before: async (page) => answerGraph(page, largeGraph(10_000, 15_000)) },
    );
  }, 120_000);

  it("takes labels from a chain for text, whatever they are", async () => {
    const nasty = `<img src=x onerror="document.title='broken'"><script>document.title='broken'</script>`;
    await onPage(
      trace,
      async (page) => {
        await shown(page);
        await page.getByRole("button", { name: nasty }).first().click();
        expect(await page.locator(".trace-side img, .trace-side script").count()).toBe(0);
        const svg = await download(page, "SVG");
        expect(svg).not.toContain("<img");
        expect(svg).not.toContain("<script");
        expect(svg).toContain("&#60;img");
        expect(await page.title()).not.toContain("broken");
      },
      { before: async (page) => answerGraph(page, largeGraph(30, 40, nasty)) },
    );
  });
});

/** Answers the page with another graph, and nothing beside it. */
async function answerGraph(page: Page, answer: object): Promise<void> {
  const body = JSON.stringify(answer);
  await page.route(/\/v1\/traces\/[^/]+\/graph\?size=/u, async (route) =>
    route.fulfill({ body, contentType: "application/json" }),
  );
}
