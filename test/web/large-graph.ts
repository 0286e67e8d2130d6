import type { AnswerOf, Contract } from "../../web/data/api.ts";

type Graph = AnswerOf<Contract["getTraceGraph"]>;
type Sum = Graph["nodes"][number]["received"][number];

const chain = "eip155:1";
const asset = `${chain}/slip44:60`;
const childrenMax = 9;

/**
 * A graph as the server answers it, with so many nodes and edges: a tree of fans that are not grouped, and edges that join it.
 *
 * @param entity - The name of every seventh leaf, a service.
 */
export function largeGraph(nodeCount: number, edgeCount: number, entity = "Exchange"): Graph {
  const parents = Array.from({ length: nodeCount }, (_, place) => Math.floor((place - 1) / childrenMax));
  const joins = Array.from(
    { length: Math.max(0, edgeCount - nodeCount + 1) },
    (_, place): readonly [number, number] => {
      const from = (place * 7) % (nodeCount - 2);
      return [from, from + 1 + ((place * 13) % Math.min(500, nodeCount - from - 1))];
    },
  );
  const pairs = [...parents.slice(1).map((parent, place): readonly [number, number] => [parent, place + 1]), ...joins];
  pairs.sort(([, left], [, right]) => left - right);
  const isLeaf = (place: number): boolean => place * childrenMax + 1 >= nodeCount;
  // A service pays nobody.
  const isExit = (place: number): boolean => isLeaf(place) && place % 7 === 0;
  const kept = pairs.filter(([from]) => !isExit(from));
  const edges = kept.map(([from, to], id): Graph["edges"][number] => edgeOf({ from, to, id }));
  return {
    chain,
    model: "account",
    policy: "fifo",
    result: { sha256: "0".repeat(64), tip: null },
    shown: null,
    nodes: parents.map((_, place): Graph["nodes"][number] =>
      nodeOf(place, { isExit: isExit(place), isLeaf: isLeaf(place), entity }),
    ),
    edges,
    gathered: [],
  } as unknown as Graph;
}

function address(place: number): string {
  return `0x${place.toString(16).padStart(8, "0").repeat(5)}`;
}

function sum(amount: number): Sum {
  const usd = `${amount * 3}.00`;
  return {
    asset,
    amount: String(amount),
    value: String(amount * 2),
    count: 1,
    // As the API names it.
    // eslint-disable-next-line unicorn/no-thenable
    usd: { then: usd, atTheft: usd, now: usd },
  };
}

function time(place: number): string {
  return `${new Date(1_700_000_000_000 + place * 600_000).toISOString().slice(0, 19)}Z`;
}

type Is = { readonly isExit: boolean; readonly isLeaf: boolean; readonly entity: string };

function nodeOf(place: number, { isExit, isLeaf, entity }: Is): Graph["nodes"][number] {
  const amount = 1_000_000 - place;
  return {
    id: `address:${address(place)}`,
    kind: "address",
    address: address(place),
    transaction: null,
    label: address(place),
    entity: isExit ? `${entity}${place % 100 === 0 ? "" : ` ${place}`}` : null,
    category: isExit ? "exchange" : null,
    isExit,
    isOrigin: place === 1,
    tag: null,
    hop: Math.floor(Math.log(Math.max(1, place)) / Math.log(childrenMax)),
    first: time(place),
    last: time(place),
    received: [sum(amount)],
    paid: isLeaf ? [] : [sum(amount)],
    rests: isLeaf && !isExit ? [sum(amount)] : [],
    holdings: isLeaf && !isExit ? 1 : 0,
    share: "500000",
    members: 1,
  };
}

function edgeOf({
  from,
  to,
  id,
}: {
  readonly from: number;
  readonly to: number;
  readonly id: number;
}): Graph["edges"][number] {
  return {
    ...sum(1_000_000 - to),
    value: String((1_000_000 - to) * 2),
    id,
    from: `address:${address(from)}`,
    to: `address:${address(to)}`,
    what: id === 0 ? "origin" : "payment",
    step: id,
    hop: 0,
    share: "500000",
    transaction: `0x${id.toString(16).padStart(64, "0")}`,
    ref: `0x${id.toString(16).padStart(64, "0")}:0`,
    block: id,
    time: time(to),
  };
}

/** The largest nodes of such a graph, the others gathered to one, as the server answers where it is asked for no more. */
export function largestOf(graph: Graph, most: number): Graph {
  const group = "group:hop:1";
  const kept = new Set(graph.nodes.slice(0, most).map(({ id }) => id));
  const rest = graph.nodes.slice(most);
  const [first] = rest;
  if (first === undefined) return graph;
  const [amount] = first.received;
  const inside = (id: string): string => (kept.has(id) ? id : group);
  const crossing = graph.edges.filter(
    ({ from, to }) => inside(from) !== inside(to) && !(kept.has(from) && kept.has(to)),
  );
  const node = {
    ...first,
    id: group,
    kind: "group" as const,
    address: null,
    label: group,
    entity: null,
    category: null,
    isExit: false,
    received: amount === undefined ? [] : [amount],
    members: rest.length,
  };
  return {
    ...graph,
    shown: {
      nodes: most,
      ofNodes: graph.nodes.length,
      ofEdges: graph.edges.length,
      share: "900000",
      ends: [],
      usd: null,
      usdShown: null,
      leftOut: { edges: 0, amounts: [] },
    },
    nodes: [...graph.nodes.slice(0, most), node],
    edges: graph.edges.filter(({ from, to }) => kept.has(from) && kept.has(to)),
    gathered: crossing.map(({ from, to, hop, time: at, asset: of, amount: moved, value, usd }) => ({
      from: inside(from),
      to: inside(to),
      hop,
      first: at,
      last: at,
      asset: of,
      amount: moved,
      value,
      count: 1,
      usd,
    })),
  };
}
