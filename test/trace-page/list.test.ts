import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collapse, noChoices } from "../../web/pages/trace/group/choices.ts";
import { usualLimits } from "../../web/pages/trace/group/limits.ts";
import { viewOf, type View } from "../../web/pages/trace/group/view.ts";
import { inWindow } from "../../web/pages/trace/draw/marks.ts";
import { pictureOf } from "../../web/pages/trace/layout/picture.ts";
import { rowsOf } from "../../web/pages/trace/list/rows.ts";
import { indexFlow } from "../../web/pages/trace/model/flow-index.ts";
import { Walk } from "../../web/pages/trace/model/walk.ts";
import { randomFlow } from "./random-flow.ts";
import type { Flow } from "../../web/pages/trace/model/flow.ts";

function viewed(flow: Flow, collapsed: readonly string[] = []): View {
  const choices = collapsed.reduce((before, id) => collapse(before, id), noChoices);
  return viewOf(indexFlow(flow), { choices, limits: usualLimits, noted: new Set() });
}

const all = (): boolean => true;

describe("the list", () => {
  it("has every movement and everything that rests that the graph has, once", () => {
    fc.assert(
      fc.property(randomFlow, fc.array(fc.nat(20), { maxLength: 3 }), (flow, numbers) => {
        const view = viewed(
          flow,
          numbers.map((number) => `address:a${number}`),
        );
        const ids = rowsOf(view, new Set(), all).map(({ id }) => id);
        const wanted = [
          ...view.edges.flatMap(({ id, sums }) => sums.map(({ asset }) => `${id} ${asset}`)),
          ...view.nodes.flatMap(({ id, rests }) => rests.map(({ asset }) => `rests ${id} ${asset}`)),
        ];
        expect(ids.toSorted()).toEqual(wanted.toSorted());
      }),
    );
  });

  it("has within a window of time what the graph has, also below what came before it", () => {
    fc.assert(
      fc.property(randomFlow, fc.nat(90), fc.nat(30), (flow, from, length) => {
        const index = indexFlow(flow);
        const view = viewed(flow);
        const picture = pictureOf(view, index, "time");
        const timeAt = (place: number): number => flow.edges[place % Math.max(1, flow.edges.length)]?.time ?? 0;
        const times = [timeAt(from), timeAt(from + length)].toSorted((left, right) => left - right);
        const drawn = inWindow(view, picture, { from: times[0] ?? 0, to: times[1] ?? 0 });
        const isNodeDrawn = new Set(
          picture.nodes.flatMap(({ place, isReturn }, at) => (drawn.nodes[at] === 1 && !isReturn ? [place] : [])),
        );
        // A mark of what comes back stands for the node to which it comes.
        for (const [at, { place }] of picture.edges.entries())
          if (drawn.edges[at] === 1) isNodeDrawn.add(view.edges[place]?.target ?? -1);
        const ids = rowsOf(view, new Set(), (edge) => drawn.edges[edge] === 1).map(({ id }) => id);
        const wanted = [
          ...view.edges.flatMap(({ id, sums }, at) =>
            drawn.edges[at] === 1 ? sums.map(({ asset }) => `${id} ${asset}`) : [],
          ),
          ...view.nodes.flatMap(({ id, rests }, place) =>
            isNodeDrawn.has(place) ? rests.map(({ asset }) => `rests ${id} ${asset}`) : [],
          ),
        ];
        expect(ids.toSorted()).toEqual(wanted.toSorted());
      }),
    );
  });

  it("is a tree: levels rise by one, places and siblings are counted", () => {
    fc.assert(
      fc.property(randomFlow, (flow) => {
        const rows = rowsOf(viewed(flow), new Set(), all);
        for (const [at, row] of rows.entries()) {
          const before = rows[at - 1];
          expect(row.level).toBeLessThanOrEqual((before?.level ?? 0) + 1);
          expect(row.place).toBeGreaterThanOrEqual(1);
          expect(row.place).toBeLessThanOrEqual(row.siblings);
          if (before !== undefined && row.level > before.level) expect(before.isOpen).toBe(true);
        }
      }),
    );
  });

  it("hides what is below a closed row, and nothing else", () => {
    fc.assert(
      fc.property(randomFlow, fc.nat(30), (flow, at) => {
        const view = viewed(flow);
        const open = rowsOf(view, new Set(), all);
        const row = open[at % Math.max(1, open.length)];
        if (row === undefined) return;
        const closed = rowsOf(view, new Set([row.id]), all);
        const start = open.indexOf(row);
        const end = open.findIndex(({ level }, place) => place > start && level <= row.level);
        const below = open.slice(start + 1, end < 0 ? open.length : end);
        expect(closed.map(({ id }) => id)).toEqual(open.filter((one) => !below.includes(one)).map(({ id }) => id));
      }),
    );
  });
});

describe("the arrow keys", () => {
  it("lead to a child and back, and along all siblings", () => {
    fc.assert(
      fc.property(randomFlow, (flow) => {
        const view = viewed(flow);
        const walk = new Walk(view);
        for (const place of view.nodes.keys()) {
          const child = walk.child(place);
          if (child !== undefined) expect(walk.parent(child)).toBe(place);
          const siblings = [child ?? -1];
          for (let next = child; next !== undefined; next = walk.sibling(next, 1))
            if (next !== child) siblings.push(next);
          const children = view.parents.flatMap((parent, at) => (parent === place ? [at] : []));
          if (child !== undefined) expect(new Set(siblings)).toEqual(new Set(children));
        }
      }),
    );
  });
});
