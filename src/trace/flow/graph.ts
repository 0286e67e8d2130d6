import type { TaggedEntity } from "../../tags/entity.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import type { Flow, Trace } from "../trace.ts";
import { worthOfHolding } from "../worth/sums.ts";
import type { Valuer } from "../worth/valuer.ts";
import { addAmount, type AssetSum } from "./amounts.ts";
import { TraceSteps } from "./steps.ts";
import type { Stop } from "../stops.ts";

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
  readonly members: number;
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
};

/** The flow graph of a trace, nodes in the order of their first edge, edges in chain order. */
export class FlowGraph {
  readonly steps: TraceSteps;
  readonly #trace: Trace;
  readonly #options: FlowOptions;
  readonly #nodes = new Map<string, FlowNode>();

  /** Cost: once over the trace; memory for each node. */
  constructor(reader: ChainReader, trace: Trace, options: FlowOptions) {
    this.#trace = trace;
    this.#options = options;
    this.steps = new TraceSteps(reader, trace);
    for (const edge of this.edges()) this.#addEdge(edge);
    this.#addEnds();
  }

  nodes(): Iterable<FlowNode> {
    return this.#nodes.values();
  }

  get size(): number {
    return this.#nodes.size;
  }

  /** Edges are made anew each time. */
  *edges(): Iterable<FlowEdge> {
    const { steps } = this;
    const isUtxo = this.#trace.model === "utxo";
    let step = -1;
    let id = 0;
    for (const flow of this.#trace.flows()) {
      // Of outputs the second edge of a step is its spending.
      const isSpending = isUtxo && !flow.source.startsWith("tx:");
      if (!isSpending) step += 1;
      yield {
        ...flow,
        id,
        step,
        hop: steps.hops(step) + (isSpending ? 1 : 0),
        what: steps.what(step),
        value: steps.value(step),
      };
      id += 1;
    }
  }

  #addEdge(edge: FlowEdge): void {
    const { asset, amount, value, time } = edge;
    const part = { asset, amount, value, moved: this.#options.valuer.worth(asset, amount, time).moved };
    const source = this.#node(edge.source, edge);
    const target = this.#node(edge.target, edge);
    // A change of form is paid in another asset than it is received in.
    if (edge.what !== "swap") addAmount(source.paid, part);
    addAmount(target.received, part);
    // Of outputs an origin is the edge into the output, not the one that spends it.
    if (edge.what === "origin" && target.kind !== "transaction") target.isOrigin = true;
  }

  #node(id: string, { time, hop }: FlowEdge): FlowNode {
    const known = this.#nodes.get(id);
    if (known !== undefined) {
      known.first = time < known.first ? time : known.first;
      known.last = time > known.last ? time : known.last;
      known.hop = hop < known.hop ? hop : known.hop;
      return known;
    }
    const { kind, label } = partsOf(id);
    const node: FlowNode = {
      id,
      kind,
      label,
      exit: undefined,
      tagged: kind === "address" ? this.#options.entityAt?.(label) : undefined,
      isOrigin: false,
      first: time,
      last: time,
      hop,
      received: [],
      paid: [],
      rests: [],
      resting: 0,
      members: 1,
    };
    this.#nodes.set(id, node);
    return node;
  }

  #addEnds(): void {
    const trace = this.#trace;
    for (const { address, ref, entity, category } of trace.exits()) {
      const node = this.#nodes.get(placeOf(address, ref));
      if (node !== undefined) node.exit = { entity, category };
    }
    for (const holding of trace.holdings()) {
      const { address, ref, asset, amount } = holding;
      const node = this.#nodes.get(placeOf(address, ref));
      if (node === undefined) continue;
      node.resting += 1;
      if (amount === undefined) continue;
      const { moved } = worthOfHolding(trace, this.#options.valuer, holding);
      addAmount(node.rests, { asset, amount, value: undefined, moved });
    }
  }
}

function placeOf(address: string | null, ref: string | undefined): string {
  return address === null ? `ref:${ref ?? ""}` : `address:${address}`;
}

function partsOf(id: string): { readonly kind: NodeKind; readonly label: string } {
  const colon = id.indexOf(":");
  const [head, label] = [id.slice(0, colon), id.slice(colon + 1)];
  if (head === "tx") return { kind: "transaction", label };
  if (head === "ref") return { kind: "output", label };
  if (head === "nobody") return { kind: label === "mint" ? "mint" : "fee", label };
  return { kind: "address", label };
}
