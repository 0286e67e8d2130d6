/** The Trace page while it runs, when it is stopped, too large, touched, without colours of its own. */
import type { BrowserContext, Page, Route } from "playwright-core";
import { expect, it } from "vitest";
import { simulatedIncident } from "../../src/demo/texts.ts";
import type { Job } from "../../web/pages/trace/model/answers.ts";
import { largeGraph, largestOf } from "./large-graph.ts";
import { describePages, everywhere, expectAccessible, onPage, web } from "./pages.ts";
import { noteTexts, writtenTexts, type Written } from "./trace-texts.ts";

const graph = '[role="application"]';
const list = '[role="treegrid"]';
const trace = `/trace?incident=${simulatedIncident}&chain=ethereum`;
const jobPath = /\/v1\/traces\/[-0-9a-f]+(?:\/events)?$/u;

async function shown(page: Page, what = graph): Promise<void> {
  await page.locator(what).waitFor({ timeout: 60_000 });
}

async function jobs(): Promise<readonly Job[]> {
  const { traces } = (await (await fetch(`${web.url}/v1/traces`)).json()) as { readonly traces: readonly Job[] };
  return traces;
}

/** Has the server busy with so many traces, which take it some seconds. */
async function occupy(count: number): Promise<readonly string[]> {
  const asked = { chain: "ethereum", incident: simulatedIncident, compare: "on", patterns: "on" };
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const answer = await fetch(`${web.url}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...asked, hopsMax: 500 + at }),
    });
    ids.push(((await answer.json()) as Job).id);
  }
  return ids;
}

async function cancel(ids: readonly string[]): Promise<void> {
  for (const id of ids) await fetch(`${web.url}/v1/traces/${id}`, { method: "DELETE" });
}

describePages("a trace that is stopped", () => {
  it("leaves nothing behind, stays stopped over reload and Back, and can be asked again", async () => {
    const busy = await occupy(12);
    const asked = `${trace}&hops-max=4321`;
    const own = async (): Promise<readonly Job[]> =>
      (await jobs()).filter(({ asked: { hopsMax } }) => hopsMax === 4321);
    try {
      await onPage(asked, async (page) => {
        await page.getByText("Waiting for another trace").first().waitFor();
        await page.getByRole("button", { name: "Stop", exact: true }).click();
        await page.getByText("Stopped.").waitFor();
        expect((await own()).map(({ state }) => state)).toEqual(["cancelled"]);
        await page.reload();
        await page.getByText("Stopped.").waitFor();
        await page.getByRole("link", { name: "Another trace" }).click();
        await page.locator("form.trace-start").first().waitFor();
        await page.goBack();
        await page.getByText("Stopped.").waitFor();
        // Neither of them began it anew.
        expect(await own()).toHaveLength(1);
        await cancel(busy);
        await page.getByRole("button", { name: "Trace again" }).click();
        await shown(page);
        await page.reload();
        await shown(page);
        expect((await own()).map(({ state }) => state).toSorted()).toEqual(["cancelled", "done"]);
      });
    } finally {
      await cancel(busy);
    }
  });

  it("offers what it had come to as a trace of its own, which says that it is a part", async () => {
    await onPage(
      trace,
      async (page) => {
        await page.getByText("Tracing: 1,234,567 receipts looked at").first().waitFor();
        await page.getByText(/65 transactions visited · [0-9]+ s/u).waitFor();
        await page.getByRole("button", { name: "Stop", exact: true }).click();
        await page.getByRole("link", { name: "Trace the first 65 transactions" }).click();
        await page.unroute(jobPath);
        await page.getByText("A part only: the first 65 transactions of the trace.").waitFor();
        await shown(page);
        expect(new URL(page.url()).searchParams.get("budget")).toBe("65");
        expect(await page.getByText(/^Limit met \(budget\)/u).count()).toBeGreaterThan(0);
        await page.goBack();
        await shown(page);
        expect(await page.getByText("A part only").count()).toBe(0);
      },
      { before: keepRunning },
    );
  });
});

/** Has every trace run on until it is stopped; the streams of its events break off after each. */
async function keepRunning(page: Page): Promise<void> {
  let isStopped = false;
  await page.route(jobPath, async (route) => {
    const request = route.request();
    isStopped ||= request.method() === "DELETE";
    const job = await jobAt(route);
    const told: Job = {
      ...job,
      state: isStopped ? "cancelled" : "running",
      ended: isStopped ? job.created : null,
      result: null,
      progress: { addresses: 1_234_567, transactions: 65 },
    };
    const text = JSON.stringify(told);
    await (request.url().endsWith("/events")
      ? route.fulfill({ body: `id: 1\nevent: trace\ndata: ${text}\n\n`, contentType: "text/event-stream" })
      : route.fulfill({ body: text, contentType: "application/json" }));
  });
}

async function jobAt(route: Route): Promise<Job> {
  const url = route
    .request()
    .url()
    .replace(/\/events$/u, "");
  return (await (await fetch(url)).json()) as Job;
}

/** Answers the page with a trace of 160 nodes, of which it gets the largest 100 unless it asks for all. */
async function fewNodes(page: Page): Promise<void> {
  const whole = largeGraph(160, 200);
  await page.route(/\/v1\/traces\/[^/]+\/graph\?/u, async (route) => {
    const answer = route.request().url().endsWith("whole=on") ? whole : largestOf(whole, 100);
    await route.fulfill({ body: JSON.stringify(answer), contentType: "application/json" });
  });
}

describePages("a trace that is too large to draw whole", () => {
  it("says what is drawn and where the rest is, and loads all where that is asked for", async () => {
    await onPage(
      trace,
      async (page) => {
        await shown(page);
        await page.getByText(/^160 nodes, [0-9]+ edges: the 100 largest nodes are drawn/u).waitFor();
        await page.getByText(/shown: [0-9.]+% of value/u).waitFor();
        await page.getByRole("button", { name: "List", exact: true }).click();
        await shown(page, list);
        const part = Number(await page.locator(list).getAttribute("aria-rowcount"));
        await page.getByRole("button", { name: "Load all nodes" }).click();
        await page.getByRole("button", { name: "Only the largest" }).waitFor();
        await shown(page, list);
        expect(Number(await page.locator(list).getAttribute("aria-rowcount"))).toBeGreaterThan(part);
        await page.reload();
        await page.getByRole("button", { name: "Only the largest" }).click();
        await page.getByText(/the 100 largest nodes are drawn/u).waitFor();
      },
      { before: fewNodes },
    );
  });
});

describePages("each state of the page", () => {
  it("has no fault that axe finds: running, stopped, partial, too large, failed; in each language and theme", async () => {
    for (const { locale, theme } of everywhere) {
      await onPage(
        trace,
        async (page) => {
          await page.locator(".trace-progress button").waitFor();
          await expectAccessible(page);
          await page.locator(".trace-progress button").click();
          await page.locator(".empty a").waitFor();
          await expectAccessible(page);
          await page.unroute(jobPath);
          await page.locator(".empty a").click();
          await shown(page);
          await expectAccessible(page);
        },
        { locale, theme, before: keepRunning },
      );
      await onPage(
        trace,
        async (page) => {
          await page.locator(".trace-large button").waitFor();
          await expectAccessible(page);
        },
        { locale, theme, before: fewNodes },
      );
      await onPage(
        "/trace?origin=0x1:0&chain=ethereum",
        async (page) => {
          await page.getByRole("alert").waitFor();
          await expectAccessible(page);
        },
        { locale, theme, expected: /status of 4/u },
      );
    }
  }, 240_000);

  it("can be read in forced colours: the canvas keeps its own surface below its own text", async () => {
    for (const theme of ["light", "dark"] as const) {
      await onPage(
        trace,
        async (page) => {
          await shown(page);
          await expectAccessible(page);
          const colour = await page.locator(graph).evaluate((element) => getComputedStyle(element).backgroundColor);
          expect(colour).toBe(theme === "light" ? "rgb(255, 255, 255)" : "rgb(24, 30, 38)");
        },
        { theme, context: { forcedColors: "active" } },
      );
    }
  });
});

describePages("an export's picture", () => {
  it("cuts no text, in either language, however long a service's name is", async () => {
    const names = {
      en: "EXCHANGE of a name SO LONG THAT IT RUNS OUT of a picture that ends where its marks end, and more (Mww@%)",
      ja: "とても長い名前の暗号資産交換業者".repeat(5),
    } as const;
    for (const locale of ["en", "ja"] as const) {
      const body = JSON.stringify(largeGraph(30, 40, names[locale]));
      await onPage(
        trace,
        async (page) => {
          await shown(page);
          await page.locator(".trace-menu summary").last().click();
          const [file] = await Promise.all([
            page.waitForEvent("download"),
            page.getByRole("button", { name: "SVG", exact: true }).click(),
          ]);
          const pieces: Buffer[] = [];
          for await (const piece of await file.createReadStream()) pieces.push(piece as Buffer);
          const svg = Buffer.concat(pieces).toString("utf8");
          expect(svg).toContain(names[locale].slice(0, 12));
          expect(await beyondSvg(page.context(), svg)).toEqual([]);
        },
        {
          locale,
          before: async (page) => {
            await page.route(/\/v1\/traces\/[^/]+\/graph\?size=/u, async (route) =>
              route.fulfill({ body, contentType: "application/json" }),
            );
          },
        },
      );
    }
  });
});

/** The texts of an SVG that run out of it. */
async function beyondSvg(context: BrowserContext, svg: string): Promise<readonly string[]> {
  const page = await context.newPage();
  await page.setContent(`<!doctype html><body style="margin:0">${svg}`);
  const found = await page.evaluate(() => {
    const whole = document.querySelector("svg")?.getBoundingClientRect();
    const texts = [...document.querySelectorAll("svg text")];
    if (whole === undefined || texts.length < 10) return ["no picture"];
    return texts.flatMap((text) => {
      const { left, right, bottom } = text.getBoundingClientRect();
      return left < whole.left || right > whole.right || bottom > whole.bottom ? [text.textContent] : [];
    });
  });
  await page.close();
  return found;
}

describePages("by touch", () => {
  it("one finger moves the picture, two zoom it, a tap selects", async () => {
    await onPage(
      trace,
      async (page) => {
        await shown(page);
        const box = await page.locator(graph).boundingBox();
        const [left, top] = [box?.x ?? 0, box?.y ?? 0];
        const session = await page.context().newCDPSession(page);
        const touch = async (type: string, ...points: readonly (readonly [number, number])[]): Promise<void> => {
          await session.send("Input.dispatchTouchEvent", {
            type: type as "touchStart",
            touchPoints: points.map(([x, y], id) => ({ x: left + x, y: top + y, id })),
          });
        };
        const settled = async (): Promise<readonly Written[]> => {
          await page.waitForTimeout(400);
          return writtenTexts(page);
        };
        // Names near the middle of the gestures, which stay in sight; above them is the axis.
        const names = (await settled())
          .filter(({ text, y }, _, all) => y > 60 && all.filter((one) => one.text === text).length === 1)
          .toSorted((one, two) => Math.abs(one.left - 250) - Math.abs(two.left - 250));
        const [first] = names;
        const other = names.find(({ left: at }) => Math.abs(at - (first?.left ?? 0)) > 60);
        expect(other).toBeDefined();
        await touch("touchStart", [500, 300]);
        for (const x of [490, 470, 440]) await touch("touchMove", [x, 320]);
        await touch("touchEnd");
        const moved = await settled();
        const at = (texts: readonly Written[], text = ""): Written | undefined =>
          texts.findLast((one) => one.text === text);
        expect((at(moved, first?.text)?.left ?? 0) - (first?.left ?? 0)).toBeLessThan(-40);
        const width = (texts: readonly Written[]): number =>
          Math.abs((at(texts, first?.text)?.left ?? 0) - (at(texts, other?.text)?.left ?? 0));
        const wide = width(moved);
        await touch("touchStart", [200, 300], [300, 300]);
        for (const by of [20, 40, 60]) await touch("touchMove", [200 - by / 2, 300], [300 + by / 2, 300]);
        await touch("touchEnd");
        expect(width(await settled())).toBeGreaterThan(wide * 1.3);
        // The names stand beside their marks.
        await page.getByRole("button", { name: "Fit" }).click();
        const last = (await settled()).filter(({ y }) => y > 60);
        for (const { left: x, y } of last.slice(0, 8)) {
          await touch("touchStart", [x - 10, y + 8]);
          await touch("touchEnd");
          if (new URL(page.url()).searchParams.get("sel") !== null) break;
        }
        expect(new URL(page.url()).searchParams.get("sel")).not.toBeNull();
      },
      { context: { hasTouch: true }, before: noteTexts },
    );
  });
});

describePages("by keyboard alone", () => {
  it("reaches everything without a trap: single keys only on the canvas, what has the focus is in sight", async () => {
    await onPage(trace, async (page) => {
      await shown(page);
      // Outside the canvas a letter does nothing (2.1.4).
      await page.locator("h1").click();
      for (const key of ["t", "l", "m", "]"]) await page.keyboard.press(key);
      expect(new URL(page.url()).search).toBe(new URL(`${web.url}${trace}`).search);
      await page.keyboard.press("Control+Home");
      const seen = new Set<string>();
      for (let step = 0; step < 90; step += 1) {
        await page.keyboard.press("Tab");
        const focus = await page.evaluate(() => {
          const element = document.activeElement;
          if (element === null || element === document.body) return undefined;
          const { left, top, width, height } = element.getBoundingClientRect();
          const middle = document.elementFromPoint(left + width / 2, top + height / 2);
          const isSeen =
            middle !== null &&
            (element.contains(middle) ||
              middle.contains(element) ||
              middle.closest("label")?.contains(element) === true);
          const name = element.getAttribute("aria-label") ?? element.textContent.trim().slice(0, 30);
          return { name: `${element.tagName} ${name}`, isSeen };
        });
        if (focus === undefined) break;
        expect(focus).toMatchObject({ isSeen: true });
        seen.add(focus.name);
      }
      const wanted = [
        /^DIV Flow of the trace/u,
        /Zoom in/u,
        /Pan left/u,
        /^SUMMARY Legend/u,
        /^INPUT/u,
        /^SUMMARY Export/u,
      ];
      expect(wanted.filter((one) => ![...seen].some((name) => one.test(name)))).toEqual([]);
    });
  });
});
