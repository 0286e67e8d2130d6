import { parseUsd } from "../../../base/usd.ts";
import { addSums, type AssetSum, type Exit, type Flow, type FlowEdge, type FlowNode, type Tag } from "./flow.ts";
import type { GraphAnswer } from "./answers.ts";

type NodeAnswer = GraphAnswer["nodes"][number];
type EdgeAnswer = GraphAnswer["edges"][number];
type GatheredAnswer = GraphAnswer["gathered"][number];
type SumAnswer = NodeAnswer["received"][number];

/** What was paid to the chain is told in sums; a mark that everything pays would hide the rest. */
const feeId = "nobody:fee";

/** A flow of what the API answers: amounts become integers, dollars cents, those of the day of the theft. */
export function readGraph({
  nodes: answered,
  edges,
  gathered,
}: Pick<GraphAnswer, "nodes" | "edges" | "gathered">): Flow {
  const kept = answered.filter(({ id }) => id !== feeId);
  const places = new Map(kept.map(({ id }, place) => [id, place]));
  const ends = ({
    from,
    to,
  }: {
    readonly from: string;
    readonly to: string;
  }): readonly [number, number] | undefined => {
    const [source, target] = [places.get(from), places.get(to)];
    return source === undefined || target === undefined ? undefined : [source, target];
  };
  const moved = edges.flatMap((edge): readonly FlowEdge[] => {
    const at = ends(edge);
    return at === undefined ? [] : [edgeOf(edge, at)];
  });
  const joined = gathered.flatMap((edge): readonly FlowEdge[] => {
    const at = ends(edge);
    return at === undefined ? [] : [gatheredOf(edge, at)];
  });
  // Gathered ones have their place by their first movement.
  const all = joined.length === 0 ? moved : [...moved, ...joined].toSorted((left, right) => left.time - right.time);
  return withSwaps({ nodes: kept.map(nodeOf), edges: all });
}

/** A change of form leaves and reaches the same account: it gets a mark of its own, one for each asset that it gave. */
function withSwaps({ nodes, edges }: Flow): Flow {
  const marks = new Map<string, FlowNode>();
  const places = new Map<string, number>();
  const turned = edges.map((edge): FlowEdge => {
    const owner = nodes[edge.source];
    if (edge.source !== edge.target || edge.what !== "swap" || owner === undefined) return edge;
    const id = `swap:${owner.id}>${edge.asset}`;
    const place = places.get(id) ?? nodes.length + places.size;
    places.set(id, place);
    const before = marks.get(id);
    marks.set(id, {
      ...owner,
      id,
      kind: "swap",
      isOrigin: false,
      exit: undefined,
      entity: undefined,
      category: undefined,
      tags: [],
      isSanctioned: false,
      first: Math.min(before?.first ?? edge.time, edge.time),
      last: Math.max(before?.last ?? edge.time, edge.time),
      received: addSums([before?.received ?? [], [edge]]),
      paid: [],
      rests: [],
      resting: 0,
    });
    return { ...edge, target: place };
  });
  return places.size === 0 ? { nodes, edges } : { nodes: [...nodes, ...marks.values()], edges: turned };
}

function nodeOf(node: NodeAnswer): FlowNode {
  const { tag } = node;
  const exit: Exit | undefined = node.isExit ? { entity: node.entity ?? "", category: node.category ?? "" } : undefined;
  const tags: readonly Tag[] =
    tag === null
      ? []
      : [
          {
            entity: tag.entity,
            category: tag.category ?? undefined,
            confidence: tag.confidence,
            isDisputed: tag.isDisputed,
          },
        ];
  const category = node.category ?? undefined;
  return {
    id: node.id,
    kind: node.kind,
    label: node.label,
    isOrigin: node.isOrigin,
    exit,
    entity: node.entity ?? undefined,
    category,
    tags,
    isSanctioned: category === "sanction" || tag?.category === "sanction",
    isHub: exit?.category === "hub",
    hop: node.hop,
    first: secondsOf(node.first),
    last: secondsOf(node.last),
    received: node.received.map(sumOf),
    paid: node.paid.map(sumOf),
    rests: node.rests.map(sumOf),
    resting: node.holdings,
    share: partOf(node.share),
    members: node.members,
  };
}

function edgeOf(edge: EdgeAnswer, [source, target]: readonly [number, number]): FlowEdge {
  return {
    id: String(edge.id),
    source,
    target,
    what: edge.what,
    step: edge.step,
    asset: edge.asset,
    amount: BigInt(edge.amount),
    value: BigInt(edge.value),
    usd: centsOf(edge.usd.atTheft),
    time: secondsOf(edge.time),
    block: edge.block,
    txid: edge.transaction,
    ref: edge.ref,
    count: 1,
  };
}

function gatheredOf(edge: GatheredAnswer, [source, target]: readonly [number, number]): FlowEdge {
  return {
    ...sumOf(edge),
    id: `${edge.from}>${edge.to}`,
    source,
    target,
    what: "payment",
    step: undefined,
    time: secondsOf(edge.first),
    block: undefined,
    txid: undefined,
    ref: undefined,
    count: edge.count,
  };
}

function sumOf({ asset, amount, value, usd }: SumAnswer): AssetSum {
  return {
    asset,
    amount: BigInt(amount),
    value: value === null ? undefined : BigInt(value),
    usd: centsOf(usd.atTheft),
  };
}

function centsOf(usd: string | null): bigint | undefined {
  return usd === null ? undefined : parseUsd(usd);
}

/** Millionths as a part of 1. */
function partOf(share: string | null): number | undefined {
  return share === null ? undefined : Math.min(1, Number(share) / 1_000_000);
}

/** Unix seconds of an instant of the API. */
export function secondsOf(iso: string): number {
  return Date.parse(iso) / 1_000;
}
