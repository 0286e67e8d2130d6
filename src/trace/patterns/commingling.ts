import { evidenceOf, type Evidence } from "./pattern.ts";
import type { TaintGraph } from "./taint-graph.ts";

/** One theft's funds at a place where they met those of another. */
export type MeetingSide = {
  /** Tainted base units, by asset. */
  readonly amounts: ReadonlyMap<string, bigint>;
  /** The first transaction and the last that brought them, or that made what was spent. */
  readonly first: Evidence;
  readonly last: Evidence;
  /** How many outputs or transfers they are. */
  readonly count: number;
};

/** Where the funds of two thefts met. */
export type Meeting = {
  /** A transaction that spends funds of both, or an address that received funds of both. */
  readonly kind: "transaction" | "address";
  /** The transaction's id, or the address. */
  readonly place: string;
  /** When both had come: the transaction, or the later of the two first receipts. */
  readonly at: Evidence;
  readonly sides: readonly [MeetingSide, MeetingSide];
};

/**
 * Where the funds of two thefts came together in one hand.
 *
 * Rule: a transaction spends outputs with the first theft's funds and others with the second's; or an address, which is no
 * stop, received funds of both. Where the very same outputs or transfers carry both, they met before, and that is no new
 * meeting. `docs/methods/commingling.md`.
 *
 * Cost: linear in both traces.
 *
 * @param first - And `second`: traces on one ledger.
 * @returns In the order of `at`; at the same time transactions before addresses.
 */
export function commingling(first: TaintGraph, second: TaintGraph): readonly Meeting[] {
  const found = [
    ...(first.model === "utxo" ? meetings(first, second, "transaction") : []),
    ...meetings(first, second, "address"),
  ];
  return found.toSorted((left, right) => {
    if (left.at.time !== right.at.time) return left.at.time - right.at.time;
    if (left.kind !== right.kind) return left.kind === "transaction" ? -1 : 1;
    return left.place < right.place ? -1 : left.place > right.place ? 1 : 0;
  });
}

function meetings(first: TaintGraph, second: TaintGraph, kind: Meeting["kind"]): readonly Meeting[] {
  const groups = kind === "transaction" ? bySpender : byReceiver;
  const [ofFirst, ofSecond] = [groups(first), groups(second)];
  const found: Meeting[] = [];
  for (const [key, edges] of ofFirst) {
    const others = ofSecond.get(key);
    if (others === undefined || areSame(first, edges, second, others)) continue;
    const sides = [sideOf(first, edges), sideOf(second, others)] as const;
    if (kind === "address") {
      const later = sides[0].first.time >= sides[1].first.time ? sides[0].first : sides[1].first;
      const place = first.address(first.receiver(edges[0] as number));
      if (place !== null) found.push({ kind, place, at: later, sides });
      continue;
    }
    const at = spentAt(first, edges[0] as number) ?? spentAt(second, others[0] as number);
    // All that both brought may have become fees.
    if (at !== undefined) found.push({ kind, place: at.txid, at, sides });
  }
  return found;
}

/** Edges by the transaction that spends them. */
function bySpender(graph: TaintGraph): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, readonly number[]>();
  for (let node = 0; node < graph.nodes; node += 1) {
    const ins = graph.ins(node);
    if (ins.length > 0) found.set(graph.nodeTransaction(node), Array.from(ins));
  }
  return found;
}

/** Edges by who received them; what reached a stop, and what only changed its form, is left out. */
function byReceiver(graph: TaintGraph): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  for (let edge = 0; edge < graph.edges; edge += 1) {
    const receiver = graph.receiver(edge);
    const fate = graph.fate(edge);
    if (receiver < 0 || fate === "exit" || fate === "fee" || graph.isSwap(edge) || graph.isStop(receiver)) continue;
    const known = found.get(receiver);
    if (known === undefined) found.set(receiver, [edge]);
    else known.push(edge);
  }
  return found;
}

/** Whether it is the same outputs or transfers that carry both. */
function areSame(first: TaintGraph, edges: readonly number[], second: TaintGraph, others: readonly number[]): boolean {
  const rows = new Set(edges.map((edge) => first.row(edge)));
  const otherRows = new Set(others.map((edge) => second.row(edge)));
  return rows.size === otherRows.size && [...rows].every((row) => otherRows.has(row));
}

function sideOf(graph: TaintGraph, edges: readonly number[]): MeetingSide {
  const amounts = new Map<string, bigint>();
  for (const edge of edges) {
    const asset = graph.asset(edge);
    amounts.set(asset, (amounts.get(asset) ?? 0n) + graph.amount(edge));
  }
  const byRow = edges.toSorted((left, right) => graph.row(left) - graph.row(right));
  const of = (edge: number | undefined): Evidence => evidenceOf(graph, [edge as number])[0] as Evidence;
  return {
    amounts,
    first: of(byRow[0]),
    last: of(byRow.at(-1)),
    count: new Set(edges.map((edge) => graph.row(edge))).size,
  };
}

/** The transaction that spends an edge; undefined where nothing tainted came out of it. */
function spentAt(graph: TaintGraph, edge: number): Evidence | undefined {
  const out = graph.outs(graph.target(edge))[0];
  return out === undefined ? undefined : evidenceOf(graph, [out])[0];
}
