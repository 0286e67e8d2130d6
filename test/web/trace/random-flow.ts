import fc from "fast-check";
import { addSums, type Flow, type FlowEdge, type FlowNode } from "../../../web/pages/trace/model/flow.ts";

type Drawn = {
  readonly hops: readonly {
    readonly from: number;
    readonly to: number;
    readonly amount: number;
    readonly gap: number;
    readonly priced: boolean;
  }[];
  readonly exits: readonly number[];
  readonly tags: readonly number[];
  readonly shape: "any" | "fan" | "chain" | "peel";
};

/** Flows of up to some dozens of nodes: any, wide fans, long chains, peel chains; with cycles, services, unknown prices. */
export const randomFlow: fc.Arbitrary<Flow> = fc
  .record({
    hops: fc.array(
      fc.record({
        from: fc.nat(40),
        to: fc.nat(40),
        amount: fc.integer({ min: 1, max: 1_000_000 }),
        gap: fc.oneof(fc.nat(600), fc.nat(5_000_000)),
        priced: fc.boolean(),
      }),
      { minLength: 1, maxLength: 90 },
    ),
    exits: fc.array(fc.nat(40), { maxLength: 8 }),
    tags: fc.array(fc.nat(40), { maxLength: 4 }),
    shape: fc.constantFrom("any", "fan", "chain", "peel"),
  })
  .map(flowOf);

function flowOf({ hops, exits, tags, shape }: Drawn): Flow {
  const pairs = hops.map(({ from, to }, place): readonly [number, number] => {
    if (shape === "fan") return [place % 7 === 0 ? 0 : from % 3, place + 3];
    if (shape === "chain") return [place, place + 1];
    if (shape === "peel") return place % 2 === 0 ? [place / 2, 100 + place] : [(place - 1) / 2, (place - 1) / 2 + 1];
    return [from, to];
  });
  let time = 1_500_000_000;
  const moved = pairs.map(([from, to], place) => {
    const hop = hops[place];
    time += hop?.gap ?? 0;
    const isPeel = shape === "peel" && place % 2 === 0;
    return { from, to, time, amount: BigInt(isPeel ? 1 : (hop?.amount ?? 1) + 10), priced: hop?.priced ?? true };
  });
  return makeFlow(
    moved.filter(({ from, to }) => from !== to),
    new Set(exits.filter((one) => !moved.some(({ from }) => from === one))),
    new Set(tags),
  );
}

export type Moved = {
  readonly from: number;
  readonly to: number;
  readonly time: number;
  readonly amount: bigint;
  readonly priced?: boolean;
};

/** A flow of movements between numbered addresses; the first one is the theft. */
export function makeFlow(moved: readonly Moved[], exits: ReadonlySet<number>, tags: ReadonlySet<number>): Flow {
  const numbers = [...new Set(moved.flatMap(({ from, to }) => [from, to]))];
  const places = new Map(numbers.map((number, place) => [number, place]));
  const edges = moved.map(({ from, to, time, amount, priced = true }, place): FlowEdge => ({
    id: String(place),
    source: places.get(from) ?? 0,
    target: places.get(to) ?? 0,
    what: place === 0 ? "origin" : "payment",
    step: place,
    asset: "A",
    amount,
    value: amount * 2n,
    usd: priced ? amount * 100n : undefined,
    time,
    block: place,
    txid: `t${place}`,
    ref: `t${place}:0`,
    count: 1,
  }));
  const nodes = numbers.map((number, place) =>
    nodeOf(number, edges, { place, isExit: exits.has(number), isTagged: tags.has(number) }),
  );
  return { nodes, edges };
}

type NodeIs = { readonly place: number; readonly isExit: boolean; readonly isTagged: boolean };

function nodeOf(number: number, edges: readonly FlowEdge[], { place, isExit, isTagged }: NodeIs): FlowNode {
  const into = edges.filter(({ target }) => target === place);
  const out = edges.filter(({ source }) => source === place);
  const times = [...into, ...out].map(({ time }) => time);
  const exit = isExit ? { entity: `Exchange ${number % 2}`, category: "exchange" } : undefined;
  return {
    id: `address:a${number}`,
    kind: "address",
    label: `a${number}`,
    isOrigin: into.some(({ what }) => what === "origin"),
    exit,
    entity: exit?.entity,
    category: exit?.category,
    tags: isTagged ? [{ entity: "Somebody", category: undefined, confidence: "low", isDisputed: false }] : [],
    isSanctioned: number === 5,
    isHub: false,
    hop: 0,
    first: Math.min(...times),
    last: Math.max(...times),
    received: addSums(into.map((edge) => [edge])),
    paid: addSums(out.map((edge) => [edge])),
    rests: out.length === 0 && !isExit ? addSums(into.map((edge) => [edge])) : [],
    resting: out.length === 0 && !isExit ? 1 : 0,
    share: 0.5,
    members: 1,
  };
}
