/**
 * `npm run bench -- pages [RUNS]`: on loopback and the simulated ledger, how long each page takes to its first useful view, how much
 * script it loads, its longest task and how far it shifts; how long a verdict takes from its answer to the frame that shows it; then, of
 * a trace of 10,000 nodes and 15,000 edges, how long each stage takes to its first drawing, the longest task meanwhile, and the script
 * that a move of the camera costs.
 */
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { startDemoInBrowser } from "../test/web/browser/demo-in-browser.ts";

type Measured = { readonly name: string; readonly path: string; /** What is useful of it. */ readonly sign: string };

const trace = "/trace?incident=2024-06-10-simulated-northwind&chain=ethereum";
const pages: readonly Measured[] = [
  { name: "losses", path: "/losses", sign: "table tbody tr" },
  { name: "incidents", path: "/incidents", sign: "table tbody tr" },
  { name: "incident", path: "/incidents/2018-01-25-coincheck", sign: ".figures" },
  { name: "trace, list", path: `${trace}&view=list`, sign: '[role="treegrid"] [role="row"]' },
  { name: "trace, graph", path: trace, sign: '[role="application"] canvas' },
  {
    name: "screen",
    path: "/screen?q=0x2a11db9b5ab01342c4ace9f68951bf4d02fcff76&chain=ethereum",
    sign: ".verdict .says",
  },
  { name: "address", path: "/address/ethereum/0x7f187548e72c95bfdbac5be0d65c04ef9f496a0c", sign: ".panel table" },
  { name: "ledger", path: "/ledger", sign: "table tbody tr" },
];
const built = path.resolve(import.meta.dirname, "../dist/web");
const [nodes, edges, moves] = [10_000, 15_000, 60];

/** Prints the medians of some runs, each in a browser context of its own, so with an empty cache. */
export async function pagesBench([runs = 5]: readonly number[]): Promise<void> {
  const { browser, url, close } = await startDemoInBrowser();
  try {
    const connected = await chromium.connect(browser.wsEndpoint());
    for (const page of pages) await firstView(connected, url, page, runs);
    await verdictTimes(connected, url, runs);
    const body = await largeAnswer();
    for (let run = 0; run < 3; run += 1) await largeTrace(connected, url, body);
    await cameraMoves(connected, url, body);
  } finally {
    await close();
  }
}

async function firstView(
  browser: Browser,
  url: string,
  { name, path: at, sign }: Measured,
  runs: number,
): Promise<void> {
  const times: number[] = [];
  let [gzip, longest, shift] = [0, 0, 0];
  for (let run = 0; run < runs; run += 1) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: "en" });
    const page = await context.newPage();
    await page.addInitScript(`(${watchFor})(${JSON.stringify(sign)})`);
    await page.goto(`${url}${at}`);
    await page.locator(sign).first().waitFor({ state: "attached", timeout: 60_000 });
    // The page's own policy forbids to wait by an expression.
    await page.waitForTimeout(200);
    times.push(Number(await page.evaluate("globalThis.usefulAt")));
    await page.waitForLoadState("networkidle");
    gzip = await scriptBytes(page);
    const seen = (await page.evaluate("globalThis.seen")) as { readonly longest: number; readonly shift: number };
    [longest, shift] = [Math.max(longest, seen.longest), Math.max(shift, seen.shift)];
    await context.close();
  }
  times.sort((left, right) => left - right);
  const median = times[runs >> 1] ?? 0;
  process.stdout.write(
    `pages: ${name}: first useful view ${median.toFixed(0)} ms (${runs} runs, ` +
      `${times[0]?.toFixed(0)}–${times.at(-1)?.toFixed(0)}), script ${(gzip / 1_000).toFixed(0)} kB gzip, ` +
      `${longest === 0 ? "no task over 50 ms" : `longest task ${longest.toFixed(0)} ms`}, layout shift ${shift.toFixed(4)}\n`,
  );
}

/** From a screening's answer to the frame with its verdict: with an empty cache, and of the next one on the same page. */
async function verdictTimes(browser: Browser, url: string, runs: number): Promise<void> {
  const subjects = [
    "0x2a11db9b5ab01342c4ace9f68951bf4d02fcff76",
    "0x1f382ce19c026655faceba0e0f09ce2753840bcf",
  ] as const;
  const times: readonly number[][] = [[], []];
  for (let run = 0; run < runs; run += 1) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: "en" });
    const page = await context.newPage();
    await page.addInitScript(`(${watchVerdicts})()`);
    for (const [number, subject] of subjects.entries()) {
      if (number === 0) await page.goto(`${url}/screen?q=${subject}`);
      else {
        await page.locator("textarea").fill(subject);
        await page.keyboard.press("Enter");
      }
      await page.locator(`.verdict.${number === 0 ? "flagged" : "clear"}`).waitFor();
      await page.waitForTimeout(200);
      times[number]?.push(Number(await page.evaluate("globalThis.verdictMs")));
    }
    await context.close();
  }
  for (const [number, name] of ["the first, nothing kept", "the next on the page"].entries()) {
    const all = (times[number] ?? []).toSorted((left, right) => left - right);
    process.stdout.write(
      `pages: verdict after its answer, ${name}: ${all[runs >> 1]?.toFixed(0)} ms ` +
        `(${runs} runs, ${all[0]?.toFixed(0)}–${all.at(-1)?.toFixed(0)})\n`,
    );
  }
}

/** Runs in the page: notes the time from the end of a screening's answer to the frame in which its verdict stands. */
const watchVerdicts = `function () {
  let shown;
  const look = () => {
    const says = document.querySelector(".verdict .says")?.textContent;
    if (says !== undefined && says !== shown) {
      const [last] = performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/v1/screenings")).slice(-1);
      if (last !== undefined && last.responseEnd > 0) {
        shown = says;
        globalThis.verdictMs = performance.now() - last.responseEnd;
      }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}`;

/** Runs in the page: notes the time of the frame in which something first stands on it, the longest task, and what moved. */
const watchFor = `function (sign) {
  const seen = (globalThis.seen = { longest: 0, shift: 0 });
  const watch = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  // Tasks under 50 ms are not told.
  watch("longtask", ({ duration }) => (seen.longest = Math.max(seen.longest, duration)));
  watch("layout-shift", ({ value }) => (seen.shift += value));
  const look = () => {
    if (document.querySelector(sign) === null) requestAnimationFrame(look);
    else globalThis.usefulAt = performance.now();
  };
  requestAnimationFrame(look);
}`;

/** Of all scripts that a page has loaded, as `gzip` packs them. */
async function scriptBytes(page: Page): Promise<number> {
  const names = (await page.evaluate(
    "performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname).filter((name) => name.endsWith('.js'))",
  )) as readonly string[];
  return [...new Set(names)]
    .map((name) => path.join(built, `${name}.gz`))
    .filter((file) => existsSync(file))
    .reduce((sum, file) => sum + statSync(file).size, 0);
}

async function largeAnswer(): Promise<string> {
  // Its types are those of the pages, which know a document.
  const fixture = (await import(new URL("../test/web/large-graph.ts", import.meta.url).href)) as {
    readonly largeGraph: (nodes: number, edges: number) => object;
  };
  return JSON.stringify(fixture.largeGraph(nodes, edges));
}

/** Milliseconds since the page was asked for. */
type Stages = { readonly marks: Readonly<Record<string, number>>; readonly longest: number };

async function largeTrace(browser: Browser, url: string, body: string): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: "en" });
  const page = await context.newPage();
  await page.route(/\/v1\/traces\/[^/]+\/graph\?size=/u, async (route) =>
    route.fulfill({ body, contentType: "application/json" }),
  );
  await page.addInitScript(`(${watchStages})()`);
  await page.goto(`${url}${trace}`);
  await page.locator('[role="application"] canvas').first().waitFor({ timeout: 120_000 });
  await page.waitForTimeout(3_000);
  const { marks, longest } = (await page.evaluate("globalThis.stages")) as Stages;
  const between = (from: string, to: string): string => `${((marks[to] ?? 0) - (marks[from] ?? 0)).toFixed(0)} ms`;
  process.stdout.write(
    `pages: trace of ${nodes} nodes and ${edges} edges: first drawing after ${marks["frame"]?.toFixed(0)} ms; graph of ` +
      `${(body.length / 1e6).toFixed(1)} MB asked for and there ${between("asked", "open")}, read ${between("read", "group")}, ` +
      `grouped and laid out ${between("group", "draw")}, handed over ${between("draw", "shown")}, first frame ` +
      `${between("shown", "frame")}; longest task ${longest.toFixed(0)} ms\n`,
  );
  await context.close();
}

/** Runs in the page: notes when each stage of a trace's picture began, and the longest task. */
const watchStages = `function () {
  const stages = { marks: {}, longest: 0 };
  globalThis.stages = stages;
  const mark = (name) => { stages.marks[name] ??= performance.now(); };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) stages.longest = Math.max(stages.longest, duration);
  }).observe({ type: "longtask", buffered: true });
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) {
      if (name.includes("graph?size=")) stages.marks.asked ??= startTime;
    }
  }).observe({ type: "resource", buffered: true });
  new PerformanceObserver((list) => {
    for (const { name, startTime, duration } of list.getEntries()) {
      if (name === "fundtrail-frame") stages.marks.frame ??= startTime + duration;
    }
  }).observe({ type: "measure" });
  const Own = globalThis.Worker;
  globalThis.Worker = class extends Own {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => mark(data.kind === "stage" ? data.stage : data.kind));
    }
    postMessage(message, transferred) {
      mark(message.kind);
      super.postMessage(message, transferred);
    }
  };
}`;

async function cameraMoves(browser: Browser, url: string, body: string): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: "en" });
  const page = await context.newPage();
  await page.route(/\/v1\/traces\/[^/]+\/graph\?size=/u, async (route) =>
    route.fulfill({ body, contentType: "application/json" }),
  );
  await page.goto(`${url}${trace}`);
  await page.locator('[role="application"] canvas').first().waitFor({ timeout: 120_000 });
  await page.waitForTimeout(3_000);
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable");
  const scriptMs = async (): Promise<number> => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "ScriptDuration")?.value ?? 0) * 1_000;
  };
  const before = await scriptMs();
  const frames = Number(await page.evaluate(`(${moveCamera})(${moves})`));
  const spent = (await scriptMs()) - before;
  const renderer = String(await page.evaluate(rendererName));
  process.stdout.write(
    `pages: trace of ${nodes} nodes and ${edges} edges: ${(spent / moves).toFixed(2)} ms of script a camera move ` +
      `(${moves} moves), ${frames.toFixed(1)} frames/s, drawn by ${renderer}\n`,
  );
  await context.close();
}

/** Runs in the page: turns the wheel once a frame; answers how many frames a second came of it. */
const moveCamera = `async function (moves) {
  const canvas = document.querySelector('[role="application"]');
  const box = canvas.getBoundingClientRect();
  const [clientX, clientY] = [box.left + box.width / 2, box.top + box.height / 2];
  const began = performance.now();
  for (let move = 0; move < moves; move += 1) {
    const deltaY = move % 2 === 0 ? 40 : -40;
    canvas.dispatchEvent(new WheelEvent("wheel", { deltaY, clientX, clientY, bubbles: true, cancelable: true }));
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return (moves * 1000) / (performance.now() - began);
}`;

const rendererName = `(() => {
  const gl = document.createElement("canvas").getContext("webgl2");
  const info = gl?.getExtension("WEBGL_debug_renderer_info");
  return gl === null ? "no WebGL" : gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
})()`;
