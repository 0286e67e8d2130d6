import type { TaggedEntity } from "../../tags/entity.ts";
import type { Stop } from "../stops.ts";
import type { Flow, Trace } from "../trace.ts";
import { worthOfHolding } from "../worth/sums.ts";
import type { ExactWorth, Valuer } from "../worth/valuer.ts";
import { addAmount, type AssetSum } from "./amounts.ts";
import { EdgeColumns } from "./edge-columns.ts";
import type { TraceSteps } from "./steps.ts";

/**
 * What a node is. `output`: one whose owner has no address. `mint`: where the chain creates value; `fee`: what is paid to
 * the chain. Of those that a limit gathers, `group`.
 */
export const nodeKinds = ["transaction", "address", "output", "mint", "fee", "group"] as const;
export type NodeKind = (typeof nodeKinds)[number];

/** A node of the flow graph. Sums are of what the trace follows, tainted or, as `value`, whole. */
export type FlowNode = {
  readonly id: string;
  readonly kind: NodeKind;
  /** The transaction's id, the address, or the output's reference. */
  readonly label: string;
  /** The service at which the trace ends. */
  exit: Stop | undefined;
  /** Who is there by the ledger's tags, whether or not the trace ends there. */
  readonly tagged: TaggedEntity | undefined;
  isOrigin: boolean;
  /** Unix seconds of the first and last tainted movement. */
  first: number;
  last: number;
  /** Transactions between it and an origin, by the shortest way. */
  hop: number;
  readonly received: AssetSum[];
  readonly paid: AssetSum[];
  /** What has not moved on; an amount that has none, as under `poison`, is left out and counts in `resting`. */
  readonly rests: AssetSum[];
  resting: number;
  /** How many nodes it stands for. */
  members: number;
};

/** An edge of the flow graph: a tainted amount that moved; of outputs into the output, and out of it. */
export type FlowEdge = Flow & {
  /** Its place among the graph's edges, from 0. */
  readonly id: number;
  readonly step: number;
  readonly hop: number;
  readonly what: "origin" | "payment" | "swap";
  /** The whole output or transfer. */
  readonly value: bigint;
};

export type FlowOptions = {
  readonly valuer: Valuer;
  /** Who is at an address; undefined: nobody is asked. */
  readonly entityAt: ((address: string) => TaggedEntity | undefined) | undefined;
  /** Told of each edge in turn, with what it was worth. */
  readonly onEdge: (edge: FlowEdge, worth: ExactWorth) => void;
};

/** The flow graph of a trace, nodes in the order of their first edge, edges in chain order. */
export class FlowGraph {
  readonly steps: TraceSteps;
  readonly nodes: FlowNode[] = [];
  readonly edges = new EdgeColumns();
  readonly #trace: Trace;
  readonly #options: FlowOptions;
  readonly #places = new Map<string, number>();

  /** Cost: once over the trace; memory for each node, and some 80 bytes an edge. */
  constructor(steps: TraceSteps, trace: Trace, options: FlowOptions) {
    this.#trace = trace;
    this.#options = options;
    this.steps = steps;
    this.#addEdges();
    this.#addEnds();
  }

  /** An edge by its place. */
  edge(id: number): FlowEdge {
    const { source, target, asset, amount, value, step, hop, height, time } = this.edges.at(id);
    const [from, to] = [this.nodes[source] as FlowNode, this.nodes[target] as FlowNode];
    const { ref, txid } = this.steps.names(step);
    return {
      id,
      step,
      hop,
      source: from.id,
      target: to.id,
      what: this.steps.what(step),
      asset,
      amount,
      value,
      ref,
      // Of outputs an edge that leads into a transaction is a spending, and is made by that.
      txid: to.kind === "transaction" ? to.label : txid,
      height,
      time,
    };
  }

  #addEdges(): void {
    const { steps } = this;
    const isUtxo = this.#trace.model === "utxo";
    let step = -1;
    let id = 0;
    for (const flow of this.#trace.flows()) {
      // Of outputs the second edge of a step is its spending.
      const isSpending = isUtxo && !flow.source.startsWith("tx:");
      if (!isSpending) step += 1;
      const hop = steps.hops(step) + (isSpending ? 1 : 0);
      this.#addEdge({ ...flow, id, step, hop, what: steps.what(step), value: steps.value(step) });
      id += 1;
    }
  }

  #addEdge(edge: FlowEdge): void {
    const { asset, amount, value, time } = edge;
    const worth = this.#options.valuer.worth(asset, amount, time);
    const part = { asset, amount, value, moved: worth.moved };
    const [from, to] = [this.#place(edge.source, edge), this.#place(edge.target, edge)];
    const [source, target] = [this.nodes[from] as FlowNode, this.nodes[to] as FlowNode];
    // A change of form is paid in another asset than it is received in.
    if (edge.what !== "swap") addAmount(source.paid, part);
    addAmount(target.received, part);
    // Of outputs an origin is the edge into the output, not the one that spends it.
    if (edge.what === "origin" && target.kind !== "transaction") target.isOrigin = true;
    this.edges.add({ ...edge, source: from, target: to });
    this.#options.onEdge(edge, worth);
  }

  #place(id: string, { time, hop }: FlowEdge): number {
    const known = this.#places.get(id);
    if (known !== undefined) {
      const node = this.nodes[known] as FlowNode;
      node.first = time < node.first ? time : node.first;
      node.last = time > node.last ? time : node.last;
      node.hop = hop < node.hop ? hop : node.hop;
      return known;
    }
    const { kind, label } = partsOf(id);
    const tagged = kind === "address" ? this.#options.entityAt?.(label) : undefined;
    this.#places.set(id, this.nodes.length);
    this.nodes.push({ ...emptyNode(id, kind, label), tagged, first: time, last: time, hop, members: 1 });
    return this.nodes.length - 1;
  }

  #addEnds(): void {
    const trace = this.#trace;
    const nodeAt = (address: string | null, ref: string | undefined): FlowNode | undefined =>
      this.nodes[this.#places.get(address === null ? `ref:${ref ?? ""}` : `address:${address}`) ?? -1];
    for (const { address, ref, entity, category } of trace.exits()) {
      const node = nodeAt(address, ref);
      if (node !== undefined) node.exit = { entity, category };
    }
    for (const holding of trace.holdings()) {
      const { address, ref, asset, amount } = holding;
      const node = nodeAt(address, ref);
      if (node === undefined) continue;
      node.resting += 1;
      if (amount === undefined) continue;
      const { moved } = worthOfHolding(trace, this.#options.valuer, holding);
      addAmount(node.rests, { asset, amount, value: undefined, moved });
    }
  }
}

/** A node that stands for nothing yet. */
export function emptyNode(id: string, kind: NodeKind, label: string): FlowNode {
  return {
    id,
    kind,
    label,
    exit: undefined,
    tagged: undefined,
    isOrigin: false,
    first: 0,
    last: 0,
    hop: 0,
    received: [],
    paid: [],
    rests: [],
    resting: 0,
    members: 0,
  };
}

function partsOf(id: string): { readonly kind: NodeKind; readonly label: string } {
  const colon = id.indexOf(":");
  const [head, label] = [id.slice(0, colon), id.slice(colon + 1)];
  if (head === "tx") return { kind: "transaction", label };
  if (head === "ref") return { kind: "output", label };
  if (head === "nobody") return { kind: label === "mint" ? "mint" : "fee", label };
  return { kind: "address", label };
}
