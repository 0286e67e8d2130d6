import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collapse, expand, noChoices, toggleGrouped, type Choices } from "../../web/pages/trace/group/choices.ts";
import { usualLimits } from "../../web/pages/trace/group/limits.ts";
import { viewOf, type View } from "../../web/pages/trace/group/view.ts";
import { addSums, type AssetSum, type Flow } from "../../web/pages/trace/model/flow.ts";
import { indexFlow } from "../../web/pages/trace/model/flow-index.ts";
import { makeFlow, randomFlow, type Moved } from "./random-flow.ts";

const limits = usualLimits;
const noted = new Set<string>();

function fan(children: number, more: readonly Moved[] = []): Flow {
  const theft: Moved = { from: 0, to: 1, time: 10, amount: 1_000_000n };
  const paid = Array.from({ length: children }, (_, place): Moved => ({
    from: 1,
    to: place + 2,
    time: 20 + place,
    amount: BigInt(1_000 - place),
  }));
  return makeFlow([theft, ...paid, ...more], new Set(), new Set());
}

function totals(lists: Iterable<readonly AssetSum[]>): string {
  return addSums([...lists])
    .map(({ asset, amount }) => `${asset} ${amount}`)
    .join();
}

function viewed(flow: Flow, choices: Choices = noChoices, most = limits): View {
  return viewOf(indexFlow(flow), { choices, limits: most, noted });
}

describe("gathering", () => {
  const choices = fc.record({
    opened: fc.dictionary(
      fc.constantFrom(
        "fan:address:a1~1",
        "fan:address:a0~1",
        "entity:exchange:Exchange 0",
        "peel:address:a1",
        "rest:hop:1",
        "rest:hop:2",
      ),
      fc.integer({ min: 1, max: 2 }),
    ),
    collapsed: fc.array(
      fc.nat(40).map((number) => `address:a${number}`),
      { maxLength: 4 },
    ),
    grouped: fc.array(
      fc.nat(40).map((number) => `address:a${number}`),
      { maxLength: 3 },
    ),
  });
  const most = fc.record({ nodes: fc.integer({ min: 1, max: 60 }), edges: fc.integer({ min: 0, max: 80 }) });

  it("loses nothing: what rests, what ended, what moved", () => {
    fc.assert(
      fc.property(randomFlow, choices, most, (flow, chosen, limit) => {
        const view = viewed(flow, chosen, limit);
        const { nodes } = flow;
        expect(totals(view.nodes.map(({ rests }) => rests))).toBe(totals(nodes.map(({ rests }) => rests)));
        expect(totals(view.nodes.map(({ exits }) => exits))).toBe(
          totals(nodes.flatMap(({ exit, received }) => (exit === undefined ? [] : [received]))),
        );
        const inside = flow.edges.filter(({ source, target }) => view.placeOf[source] === view.placeOf[target]);
        expect(totals([...view.edges.map(({ sums }) => sums), ...inside.map((edge) => [edge])])).toBe(
          totals(flow.edges.map((edge) => [edge])),
        );
        expect(view.nodes.reduce((sum, { count }) => sum + count, 0)).toBe(nodes.length);
        for (const [place, { received, paid }] of view.nodes.entries()) {
          expect(totals([received])).toBe(
            totals(view.edges.filter(({ target }) => target === place).map(({ sums }) => sums)),
          );
          expect(totals([paid])).toBe(
            totals(view.edges.filter(({ source }) => source === place).map(({ sums }) => sums)),
          );
        }
      }),
    );
  });

  it("gives the same view of the same flow", () => {
    fc.assert(
      fc.property(randomFlow, choices, (flow, chosen) => {
        expect(viewed(flow, chosen)).toEqual(viewed(structuredClone(flow), chosen));
      }),
    );
  });

  it("keeps to its limits", () => {
    fc.assert(
      fc.property(randomFlow, fc.integer({ min: 3, max: 20 }), (flow, nodes) => {
        const groups = new Set(viewed(flow, noChoices, { nodes: 0, edges: 1_000 }).nodes.map(({ id }) => id)).size;
        const view = viewed(flow, noChoices, { nodes: nodes + groups, edges: 1_000 });
        expect(view.nodes.filter(({ kind }) => kind !== "rest").length).toBeLessThanOrEqual(nodes + groups);
        expect(view.shownPart).toBeGreaterThanOrEqual(0);
        expect(view.shownPart).toBeLessThanOrEqual(1.000001);
      }),
    );
  });

  it("names nodes once", () => {
    fc.assert(
      fc.property(randomFlow, choices, most, (flow, chosen, limit) => {
        const ids = viewed(flow, chosen, limit).nodes.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });
});

describe("a fan", () => {
  it("of twelve is shown, of thirteen grouped down to five", () => {
    expect(viewed(fan(12)).nodes).toHaveLength(14);
    const view = viewed(fan(13));
    expect(view.nodes).toHaveLength(2 + 5 + 1);
    const group = view.nodes.find(({ kind }) => kind === "fan");
    expect(group?.id).toBe("fan:address:a1~1");
    expect(group?.count).toBe(8);
    expect(totals([group?.rests ?? []])).toBe(
      `A ${Array.from({ length: 8 }, (_, place) => 995 - place).reduce((a, b) => a + b, 0)}`,
    );
  });

  it("is opened fifty at a time, and closed", () => {
    const flow = fan(214 + 5);
    const opened = expand(noChoices, "fan:address:a1~1", true);
    expect(viewed(flow).nodes.find(({ kind }) => kind === "fan")?.count).toBe(214);
    expect(viewed(flow, opened).nodes.find(({ kind }) => kind === "fan")?.count).toBe(164);
    expect(viewed(flow, expand(opened, "fan:address:a1~1", true)).nodes.find(({ kind }) => kind === "fan")?.count).toBe(
      114,
    );
    expect(collapse(opened, "fan:address:a1~1")).toEqual(noChoices);
  });

  it("that the limits took gives fifty more at a time, the largest first, until none is left", () => {
    const chain = Array.from({ length: 180 }, (_, place): Moved => ({
      from: place,
      to: place + 1,
      time: 10 + place,
      amount: BigInt(1_000 - place),
    }));
    const flow = makeFlow(chain, new Set(), new Set());
    const few = { nodes: 10, edges: 1_000 };
    let choices: Choices = noChoices;
    let before = viewed(flow, choices, few);
    for (let round = 0; before.hiddenNodes > 0; round += 1) {
      expect(round).toBeLessThan(200);
      const rest = before.nodes.find(({ kind }) => kind === "rest");
      choices = expand(choices, rest?.id ?? "", true);
      const after = viewed(flow, choices, few);
      expect(after.hiddenNodes).toBe(Math.max(0, before.hiddenNodes - Math.min(50, rest?.count ?? 0)));
      before = after;
    }
    expect(before.nodes.some(({ kind }) => kind === "rest")).toBe(false);
  });

  it("keeps exits of 1%, the tagged and the noted", () => {
    const flow = fan(40);
    const tagged = makeFlow(
      flow.edges.map(({ source, target, time, amount }) => ({
        from: source,
        to: target,
        time,
        amount: target === 30 ? 20_000n : target === 31 ? 9n : amount,
      })),
      new Set([30, 31]),
      new Set([20]),
    );
    const view = viewOf(indexFlow(tagged), { choices: noChoices, limits, noted: new Set(["address:a25"]) });
    const single = new Set(view.nodes.filter(({ kind }) => kind !== "fan").map(({ id }) => id));
    expect(["address:a20", "address:a25"].every((id) => single.has(id))).toBe(true);
    // The two exits of one service are one entity, which is large.
    expect(single.has("address:a30")).toBe(true);
    expect(single.has("address:a31")).toBe(false);
  });

  it("of a group is a group again", () => {
    const onward = Array.from({ length: 40 }, (_, place): Moved => ({
      from: place + 2,
      to: 100 + place,
      time: 900 + place,
      amount: BigInt(1_000 - place),
    }));
    const view = viewed(fan(40, onward));
    expect(view.nodes.filter(({ kind }) => kind === "fan").map(({ id }) => id)).toEqual([
      "fan:address:a1~1",
      "fan:address:a1~2",
    ]);
  });

  it("of few is grouped by hand", () => {
    const grouped = toggleGrouped(noChoices, "address:a1");
    // Who is sanctioned stays in sight.
    expect(viewed(fan(4), grouped).nodes.map(({ count, isSanctioned }) => [count, isSanctioned])).toEqual([
      [1, false],
      [1, false],
      [3, false],
      [1, true],
    ]);
    expect(toggleGrouped(grouped, "address:a1")).toEqual(noChoices);
  });
});

describe("a peel chain", () => {
  const chain = (hops: number): Flow =>
    makeFlow(
      [
        { from: 900, to: 0, time: 1, amount: 1_000n },
        ...Array.from({ length: hops }, (_, hop): readonly Moved[] => [
          { from: hop, to: 100 + hop, time: hop + 2, amount: 5n },
          { from: hop, to: hop + 1, time: hop + 2, amount: BigInt(900 - hop * 5) },
        ]).flat(),
      ],
      new Set(),
      new Set(),
    );
  it("of five hops is one node, of four is not", () => {
    // The first hop is the origin itself, which is never gathered.
    expect(viewed(chain(5)).nodes.some(({ kind }) => kind === "peel")).toBe(false);
    const peel = viewed(chain(6)).nodes.find(({ kind }) => kind === "peel");
    expect(peel?.count).toBe(5);
    expect(peel?.main.label).toBe("a1");
  });
});

describe("a collapsed node", () => {
  it("takes in what came of it alone", () => {
    const flow = makeFlow(
      [
        { from: 0, to: 1, time: 1, amount: 100n },
        { from: 1, to: 2, time: 2, amount: 60n },
        { from: 1, to: 3, time: 3, amount: 40n },
        { from: 2, to: 4, time: 4, amount: 60n },
        { from: 4, to: 5, time: 5, amount: 30n },
        { from: 3, to: 5, time: 6, amount: 40n },
      ],
      new Set(),
      new Set(),
    );
    const view = viewed(flow, collapse(noChoices, "address:a2"));
    expect(view.nodes.map(({ main, count }) => [main.label, count])).toEqual([
      ["a0", 1],
      ["a1", 1],
      ["a2", 2],
      ["a3", 1],
      ["a5", 1],
    ]);
    expect(expand(collapse(noChoices, "address:a2"), "address:a2", false)).toEqual(noChoices);
  });
});
