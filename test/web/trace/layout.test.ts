import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collapse, expand, noChoices, type Choices } from "../../../web/pages/trace/group/choices.ts";
import { usualLimits } from "../../../web/pages/trace/group/limits.ts";
import { viewOf } from "../../../web/pages/trace/group/view.ts";
import { axisAt, timeAxis, usualAxis } from "../../../web/pages/trace/layout/axis.ts";
import { bracketOf } from "../../../web/pages/trace/layout/brackets.ts";
import { chooseLabels, rankLabels, type Labelled } from "../../../web/pages/trace/layout/labels.ts";
import { pictureOf, type LayoutMode, type Picture } from "../../../web/pages/trace/layout/picture.ts";
import { pointOf } from "../../../web/pages/trace/layout/routes.ts";
import { ticksOf } from "../../../web/pages/trace/layout/ticks.ts";
import { shareClass, widthOf } from "../../../web/pages/trace/layout/widths.ts";
import type { Flow } from "../../../web/pages/trace/model/flow.ts";
import { indexFlow } from "../../../web/pages/trace/model/flow-index.ts";
import { randomFlow } from "./random-flow.ts";

function laidOut(flow: Flow, mode: LayoutMode, choices: Choices = noChoices): Picture {
  const index = indexFlow(flow);
  const view = viewOf(index, { choices, limits: usualLimits, noted: new Set() });
  return pictureOf(view, index, mode);
}

const modes = fc.constantFrom<LayoutMode>("time", "hop");

describe("a picture", () => {
  it("is the same for the same flow", () => {
    fc.assert(
      fc.property(randomFlow, modes, (flow, mode) => {
        expect(laidOut(flow, mode)).toEqual(laidOut(structuredClone(flow), mode));
      }),
    );
  });

  it("has no two marks that overlap", () => {
    fc.assert(
      fc.property(randomFlow, modes, (flow, mode) => {
        const { nodes } = laidOut(flow, mode);
        const lanes = Map.groupBy(nodes, ({ y }) => y);
        for (const lane of lanes.values()) {
          const sorted = lane.toSorted((left, right) => left.x - right.x);
          for (const [place, node] of sorted.slice(1).entries()) {
            const before = sorted[place];
            expect(node.x - (before?.x ?? 0)).toBeGreaterThanOrEqual((node.size + (before?.size ?? 0)) / 2);
          }
        }
        const ys = [...lanes.keys()].toSorted((left, right) => left - right);
        for (const [place, y] of ys.slice(1).entries()) expect(y - (ys[place] ?? 0)).toBeGreaterThan(28);
      }),
    );
  });

  it("by hop has no edge that goes left, by time none either", () => {
    fc.assert(
      fc.property(randomFlow, modes, (flow, mode) => {
        const { nodes, edges } = laidOut(flow, mode);
        for (const { source, target } of edges) {
          const width = (nodes[target]?.x ?? 0) - (nodes[source]?.x ?? 0);
          if (mode === "hop") expect(width).toBeGreaterThan(0);
          else expect(width).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it("moves nothing sideways when a group is opened", () => {
    fc.assert(
      fc.property(randomFlow, modes, (flow, mode) => {
        const before = laidOut(flow, mode);
        const groups = before.nodes.filter(({ id }) => /^(?:fan|peel|entity):/u.test(id));
        for (const { id } of groups) {
          const after = new Map(
            laidOut(flow, mode, expand(noChoices, id, true)).nodes.map((node) => [node.id, node.x]),
          );
          for (const node of before.nodes) {
            const x = after.get(node.id);
            // What stays of the group begins with another member.
            if (x !== undefined && !/^(?:fan|peel|entity|return):/u.test(node.id)) expect(x).toBeCloseTo(node.x, 6);
          }
        }
      }),
    );
  });

  it("moves nothing sideways when a node is collapsed", () => {
    fc.assert(
      fc.property(randomFlow, modes, fc.nat(10), (flow, mode, number) => {
        const before = laidOut(flow, mode);
        const after = new Map(
          laidOut(flow, mode, collapse(noChoices, `address:a${number}`)).nodes.map((node) => [node.id, node.x]),
        );
        for (const node of before.nodes) {
          const x = after.get(node.id);
          if (x !== undefined && !node.isReturn) expect(x).toBeCloseTo(node.x, 6);
        }
      }),
    );
  });

  it("keeps the largest child in its parent's lane", () => {
    const flow = flowOfThree();
    const { nodes } = laidOut(flow, "hop");
    const y = (label: string): number | undefined => nodes.find(({ id }) => id === `address:${label}`)?.y;
    expect(y("a2")).toBe(y("a1"));
    expect(y("a3")).toBeGreaterThan(y("a1") ?? 0);
  });
});

function flowOfThree(): Flow {
  const [flow] = fc.sample(
    randomFlow.filter(({ nodes }) => nodes.length > 3),
    1,
  );
  if (flow === undefined) throw new Error("no flow");
  const [node] = flow.nodes;
  const [edge] = flow.edges;
  if (node === undefined || edge === undefined) throw new Error("no flow");
  const nodes = [0, 1, 2, 3].map((number) => ({
    ...node,
    id: `address:a${number}`,
    label: `a${number}`,
    exit: undefined,
    entity: undefined,
  }));
  const pay = (source: number, target: number, amount: bigint): typeof edge => ({
    ...edge,
    id: `${source}-${target}`,
    source,
    target,
    amount,
    usd: amount,
    what: "payment",
  });
  return { nodes, edges: [pay(0, 1, 100n), pay(1, 3, 30n), pay(1, 2, 70n)] };
}

describe("the time axis", () => {
  it("is monotone, keeps instants apart, and cuts empty spells", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000_000), { minLength: 1, maxLength: 200 }), (times) => {
        const axis = timeAxis(times, usualAxis);
        for (const [place, x] of axis.places.slice(1).entries()) expect(x).toBeGreaterThan(axis.places[place] ?? 0);
        expect(axis.places).toHaveLength(axis.times.length);
        for (const [place, time] of axis.times.entries())
          expect(axisAt(axis, time)).toBeCloseTo(axis.places[place] ?? 0, 6);
      }),
    );
  });

  it("cuts a spell of years between two busy weeks, and nothing else", () => {
    const day = 86_400;
    const week = (start: number): readonly number[] =>
      Array.from({ length: 30 }, (_, hour) => start + hour * (day / 4));
    const axis = timeAxis([...week(0), ...week(900 * day)], usualAxis);
    expect(axis.cuts).toHaveLength(1);
    expect(axis.cuts[0]?.to).toBe(900 * day);
  });

  it("does not cut what is evenly spread", () => {
    expect(timeAxis([0, 1_000, 2_000, 3_000, 4_000], usualAxis).cuts).toEqual([]);
  });

  it("has ticks in order and apart", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1_400_000_000, max: 1_700_000_000 }), { minLength: 1, maxLength: 60 }),
        (times) => {
          const ticks = ticksOf(timeAxis(times, usualAxis), 120);
          expect(ticks.length).toBeGreaterThan(0);
          for (const [place, { x }] of ticks.slice(1).entries())
            expect(x - (ticks[place]?.x ?? 0)).toBeGreaterThanOrEqual(120);
        },
      ),
    );
  });
});

describe("an edge", () => {
  it("is as wide as the root of its part of the theft", () => {
    expect(widthOf(100, 100)).toBe(12);
    expect(widthOf(25, 100)).toBe(6);
    expect(widthOf(500, 100)).toBe(12);
    expect(widthOf(0, 100)).toBe(1.5);
    expect(widthOf(1, 0)).toBe(1.5);
  });

  it("begins and ends at its marks, whatever its route", () => {
    fc.assert(
      fc.property(randomFlow, modes, (flow, mode) => {
        const { nodes, edges } = laidOut(flow, mode);
        for (const { source, target, route } of edges) {
          const [from, to] = [pointOf(route, 0), pointOf(route, 1)];
          expect(from[0]).toBeCloseTo(nodes[source]?.x ?? 0);
          expect(from[1]).toBeCloseTo(nodes[source]?.y ?? 0);
          expect(to[0]).toBeCloseTo(nodes[target]?.x ?? 0);
          expect(to[1]).toBeCloseTo(nodes[target]?.y ?? 0);
        }
      }),
    );
  });

  it("has a class of tainted share", () => {
    expect([undefined, 0, 0.1, 0.11, 0.5, 0.99, 1].map(shareClass)).toEqual([
      "unknown",
      "none",
      "to10",
      "to50",
      "to50",
      "below100",
      "all",
    ]);
  });
});

describe("labels", () => {
  const plain: Labelled = { isOrigin: false, isGroup: false, isEntity: false, exitPart: 0, weight: 1 };
  const nodes: readonly Labelled[] = [
    plain,
    { ...plain, isOrigin: true },
    { ...plain, exitPart: 0.02, isEntity: true },
    { ...plain, isGroup: true },
    { ...plain, isEntity: true },
    ...Array.from({ length: 60 }, (_, place): Labelled => ({ ...plain, weight: 1_000 - place })),
  ];
  const view = {
    width: 10_000,
    height: 10_000,
    at: (node: number): readonly [number, number] => [node * 100 + 1, 10],
    forced: new Set<number>(),
    isDrawn: () => true,
  };
  const labels = rankLabels(nodes);

  it("come by zoom", () => {
    expect(chooseLabels(labels, { ...view, zoom: 0.4 })).toEqual([1, 2, 3]);
    expect(chooseLabels(labels, { ...view, zoom: 1 }).slice(0, 4)).toEqual([1, 2, 3, 4]);
    expect(chooseLabels(labels, { ...view, zoom: 1 })).toHaveLength(44);
    expect(chooseLabels(labels, { ...view, zoom: 1.6 })).toHaveLength(nodes.length);
  });

  it("have a cell of the screen each, what is forced first", () => {
    const crowded = { ...view, at: (): readonly [number, number] => [50, 10], zoom: 2 };
    expect(chooseLabels(labels, crowded)).toEqual([1]);
    expect(chooseLabels(labels, { ...crowded, forced: new Set([4, 0]) })).toEqual([4]);
    expect(chooseLabels(labels, { ...view, zoom: 0.1, forced: new Set([0, 4]) })).toEqual([0, 4, 1, 2, 3]);
  });

  it("are not drawn off the screen or outside the window of time", () => {
    expect(chooseLabels(labels, { ...view, zoom: 2, at: () => [-1, 5] })).toEqual([]);
    expect(chooseLabels(labels, { ...view, zoom: 2, isDrawn: (node) => node === 3 })).toEqual([3]);
  });
});

describe("a bracket", () => {
  it("spans least to most, and is partial where not all reach it", () => {
    const range = { low: 50n, high: 200n, amount: 100n, reachedBy: 7, policies: 7 };
    expect(bracketOf(range)).toEqual({ low: 0.25, at: 0.5, high: 1, isPartial: false });
    expect(bracketOf({ ...range, reachedBy: 3 })?.isPartial).toBe(true);
    expect(bracketOf({ ...range, policies: 1 })).toBeUndefined();
    expect(bracketOf({ ...range, high: 0n })).toBeUndefined();
  });
});
