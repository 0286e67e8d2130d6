/** From an incident to an exit, and what the list has beside the graph: on the demonstration's simulated thefts. */
import { expect, it } from "vitest";
import { simulatedIncident } from "../../src/demo/texts.ts";
import { noChoices } from "../../web/pages/trace/group/choices.ts";
import { usualLimits } from "../../web/pages/trace/group/limits.ts";
import { rowsOf } from "../../web/pages/trace/list/rows.ts";
import type { GraphAnswer, Job } from "../../web/pages/trace/model/answers.ts";
import { indexFlow } from "../../web/pages/trace/model/flow-index.ts";
import { addSums, type AssetSum } from "../../web/pages/trace/model/flow.ts";
import { readGraph } from "../../web/pages/trace/model/read-graph.ts";
import { show } from "../../web/pages/trace/state/show.ts";
import { everWritten, noteTexts } from "./trace-texts.ts";
import { describePages, narrow, onPage, web, wide } from "./pages.ts";

const graph = '[role="application"]';
const list = '[role="treegrid"]';
const trace = `/trace?incident=${simulatedIncident}&chain=ethereum`;

/** The graph of a trace of the demonstration, as the server answers it. */
async function graphOf(asked: object): Promise<GraphAnswer> {
  const started = await fetch(`${web.url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(asked),
  });
  let job = (await started.json()) as Job;
  expect(started.status).toBe(202);
  while (job.ended === null) {
    await new Promise((resolve) => void setTimeout(resolve, 50));
    job = (await (await fetch(`${web.url}/v1/traces/${job.id}`)).json()) as Job;
  }
  return (await (await fetch(`${web.url}/v1/traces/${job.id}/graph?size=10000`)).json()) as GraphAnswer;
}

/** Base units; of dollars whether they are known, since each row's are rounded to cents by itself. */
function totals(lists: readonly (readonly AssetSum[])[]): Readonly<Record<string, string>> {
  const told = (usd: bigint | undefined): string => (usd === undefined ? "no price" : "priced");
  return Object.fromEntries(addSums(lists).map(({ asset, amount, usd }) => [asset, `${amount} ${told(usd)}`]));
}

describePages("from an incident to an exit", () => {
  it("leads its page's link to the trace, the trace to a named service, the path's steps to the transaction", async () => {
    await onPage(`/incidents/${simulatedIncident}`, async (page) => {
      await page.getByRole("link", { name: "Trace", exact: true }).and(page.locator("main *")).first().click();
      await page.locator(graph).waitFor({ timeout: 60_000 });
      expect(new URL(page.url()).searchParams.get("incident")).toBe(simulatedIncident);
      const exit = page.locator(".trace-panel li", { hasText: "reaches a service" }).first().getByRole("button");
      const name = await exit.innerText();
      await exit.click();
      await page.getByRole("heading", { name }).waitFor();
      await page.getByRole("button", { name: /Follow a path/u }).click();
      const steps = page.locator(".trace-steps li");
      await steps.last().waitFor();
      // Each step goes on where the one before it ended.
      const ends = await steps
        .locator("span[title*='→']")
        .evaluateAll((spans) => spans.map((span) => (span.getAttribute("title") ?? "").split(" → ")));
      expect(ends.length).toBeGreaterThan(1);
      for (const [at, [from]] of ends.slice(1).entries()) expect(from).toBe(ends[at]?.[1]);
      const link = steps.last().getByRole("link");
      const txid = (await link.getAttribute("href"))?.split("/").at(-1) ?? "";
      await link.click();
      await page.waitForURL(new RegExp(`/tx/[^/]+/${txid}$`, "u"));
      // The exit's address is among the transaction's receivers.
      await page
        .locator(`main [title="${ends.at(-1)?.[1]}"], main a[href*="${ends.at(-1)?.[1]}"]`)
        .first()
        .waitFor();
      await page.goBack();
      await steps.last().waitFor();
      expect(await page.getByRole("heading", { name }).count()).toBe(1);
    });
  });
});

describePages("the list", () => {
  it("has every movement, every amount, every end of the graph: all chains, several policies, forward", async () => {
    for (const asked of [
      { chain: "ethereum", incident: simulatedIncident },
      { chain: "ethereum", incident: simulatedIncident, policy: "haircut" },
      { chain: "ethereum", incident: simulatedIncident, policy: "lifo", swaps: "off" },
      { chain: "bitcoin", incident: simulatedIncident },
      { chain: "bitcoin", incident: simulatedIncident, policy: "tiho" },
      { chain: "bitcoin", incident: simulatedIncident, policy: "poison" },
    ]) {
      const index = indexFlow(readGraph(await graphOf(asked)));
      const { view, picture } = show(index, { choices: noChoices, noted: [], mode: "time", most: usualLimits.nodes });
      const rows = rowsOf(view, new Set(), () => true);
      const listed = new Set(rows.flatMap(({ edge }) => (edge === undefined ? [] : [edge])));
      const touched = new Set(rows.flatMap(({ from, to }) => (to === undefined ? [from] : [from, to])));
      const of = (kinds: readonly string[]): readonly (readonly AssetSum[])[] =>
        rows.filter(({ kind }) => kinds.includes(kind)).map(({ sum }) => [sum]);
      expect(picture.edges.length).toBeGreaterThan(5);
      expect({
        asked,
        notListed: picture.edges.filter(({ place }) => !listed.has(place)).map(({ id }) => id),
        notNamed: picture.nodes.filter(({ place }) => !touched.has(place)).map(({ id }) => id),
        rests: totals(of(["holding"])),
        exits: totals(of(["exit"])),
        moved: totals(of(["origin", "payment", "swap", "exit", "return"])),
      }).toEqual({
        asked,
        notListed: [],
        notNamed: [],
        rests: totals(view.nodes.map(({ rests }) => rests)),
        exits: totals(view.nodes.map(({ exits }) => exits)),
        moved: totals(view.edges.map(({ sums }) => sums)),
      });
    }
  });

  it("has as many rows in the page, and the notes that the graph has", async () => {
    const index = indexFlow(readGraph(await graphOf({ chain: "ethereum", incident: simulatedIncident })));
    const { view } = show(index, { choices: noChoices, noted: [], mode: "time", most: usualLimits.nodes });
    await onPage(trace, async (page) => {
      await page.locator(graph).waitFor({ timeout: 60_000 });
      await page.locator(graph).focus();
      for (const key of ["ArrowRight", "ArrowRight", "n"]) await page.keyboard.press(key);
      await page.locator("textarea:focus").fill("seen before");
      await page.keyboard.press("Escape");
      await page.keyboard.press("l");
      await page.locator(list).waitFor();
      expect(await page.locator(list).getAttribute("aria-rowcount")).toBe(
        String(rowsOf(view, new Set(), () => true).length + 1),
      );
      expect(await page.locator(`${list} [role="row"]`, { hasText: "✎" }).count()).toBeGreaterThan(0);
    });
  });
});

describePages("what is written on the canvas", () => {
  it("ends within it: in a wide and in a narrow window, in both languages, wherever one looks", async () => {
    for (const { size, locale } of [
      { size: wide, locale: "en" },
      { size: narrow, locale: "ja" },
    ] as const) {
      await onPage(
        `${trace}&compare=on`,
        async (page) => {
          await page.locator(graph).waitFor({ timeout: 60_000 });
          await page.locator(graph).focus();
          for (const key of [
            "+",
            "+",
            "f",
            "Shift+ArrowRight",
            "Shift+ArrowRight",
            "+",
            "+",
            "+",
            "Shift+ArrowRight",
          ]) {
            await page.keyboard.press(key);
            await page.waitForTimeout(60);
          }
          const written = await everWritten(page);
          const cut = written.filter(
            ({ text, left, right, width }) => text !== "∥" && (left < -0.5 || right > width + 0.5),
          );
          expect(written.length).toBeGreaterThan(20);
          expect(cut).toEqual([]);
        },
        { size, locale, before: noteTexts },
      );
    }
  });
});
