import fc from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { palettes } from "../../../web/pages/trace/draw/palette.ts";
import { drawSvg, type SvgWords } from "../../../web/pages/trace/draw/svg.ts";
import { noChoices } from "../../../web/pages/trace/group/choices.ts";
import { usualLimits } from "../../../web/pages/trace/group/limits.ts";
import { viewOf } from "../../../web/pages/trace/group/view.ts";
import { rankLabels } from "../../../web/pages/trace/layout/labels.ts";
import { pictureOf } from "../../../web/pages/trace/layout/picture.ts";
import type { Flow } from "../../../web/pages/trace/model/flow.ts";
import { indexFlow } from "../../../web/pages/trace/model/flow-index.ts";
import { randomFlow } from "./random-flow.ts";

const nasty = `<script>alert(1)</script>"'&]]>\u0000\u{1F4A3}<img src=x onerror=alert(1)>`;

function svgOf(flow: Flow, text: string): string {
  const index = indexFlow(flow);
  const view = viewOf(index, { choices: noChoices, limits: usualLimits, noted: new Set() });
  const picture = pictureOf(view, index, "time");
  const words: SvgWords = {
    title: text,
    facts: [text, "policy fifo"],
    simulated: text,
    textOf: (place) => ({
      name: text,
      detail: text,
      bracket: place === 0 ? { low: 0.1, at: 0.5, high: 1, isPartial: true, text } : undefined,
    }),
    barNote: text,
    ticks: [{ x: 0, text }],
    cuts: [{ x: 9, text }],
    lang: "en",
  };
  const labels = rankLabels(
    picture.nodes.map(({ place }) => ({
      isOrigin: place === 0,
      isGroup: false,
      isEntity: false,
      exitPart: 0,
      weight: 1,
    })),
  );
  return drawSvg(view, picture, { palette: palettes.light, labels, words, strength: undefined, window: undefined });
}

/** The names of elements and attributes, and all text. @throws Where it is not well formed. */
function parsed(svg: string): { readonly names: ReadonlySet<string>; readonly text: string } {
  const names = new Set<string>();
  let text = "";
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    names.add(name);
    for (const attribute of Object.keys(attributes)) names.add(`@${attribute}`);
  });
  parser.on("text", (piece) => {
    text += piece;
  });
  parser.write(svg).close();
  return { names, text };
}

describe("SVG", () => {
  it("is well formed, whatever its texts are, and has nothing but what we draw", () => {
    fc.assert(
      fc.property(randomFlow, fc.oneof(fc.constant(nasty), fc.string({ unit: "binary" })), (flow, text) => {
        const { names } = parsed(svgOf(flow, text));
        const allowed = new Set(["svg", "title", "desc", "rect", "text", "g", "path", "line", "circle"]);
        expect([...names].filter((name) => !name.startsWith("@") && !allowed.has(name))).toEqual([]);
        expect([...names].filter((name) => /^@(?:on|style|href|xlink)/iu.test(name))).toEqual([]);
      }),
    );
  });

  it("has the same bytes for the same flow", () => {
    fc.assert(
      fc.property(randomFlow, (flow) => {
        expect(svgOf(flow, "a")).toBe(svgOf(structuredClone(flow), "a"));
      }),
    );
  });

  it("says what it shows: origin, policy, simulated", () => {
    const [flow] = fc.sample(randomFlow, 1);
    expect(flow).toBeDefined();
    const { text } = parsed(svgOf(flow as Flow, "SIMULATED DATA"));
    expect(text).toContain("SIMULATED DATA");
    expect(text).toContain("policy fifo");
  });
});
