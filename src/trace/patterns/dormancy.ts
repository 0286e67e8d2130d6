import { evidenceOf, taintOfEdges, type Pattern, type PatternRules } from "./pattern.ts";
import type { TaintGraph } from "./taint-graph.ts";

/**
 * Dormancy: tainted value that rested for long, and then moved or rests until the ledger's end.
 *
 * Rule: between an output's creation and its spending, or between an account's last tainted receipt or payment of an asset
 * and its next tainted payment, lie at least `dormantSeconds`; what has not moved since is measured to the ledger's last
 * block. What reached a stop, or lies beyond a limit, is not looked at. `docs/methods/dormancy.md`.
 *
 * Cost: linear in the trace.
 */
export function dormancies(graph: TaintGraph, rules: PatternRules): readonly Pattern[] {
  const found: Pattern[] = [];
  const least = rules.dormantSeconds;
  const rested: Rested = (edges, seconds, woken, amount) => {
    const [first] = edges;
    if (seconds < least || first === undefined) return;
    const [to] = woken;
    found.push({
      pattern: "dormancy",
      address: graph.address(graph.receiver(first)),
      asset: graph.asset(first),
      amount,
      count: edges.length,
      seconds,
      to: to === undefined ? null : graph.address(graph.receiver(to)),
      evidence: evidenceOf(graph, [...edges, ...woken]),
    });
  };
  for (let node = 0; node < graph.nodes; node += 1) {
    if (graph.model === "utxo") restOfOutputs(graph, node, rested);
    else restOfAccount(graph, node, rested);
  }
  for (let edge = 0; edge < graph.edges; edge += 1) {
    const isUtxoRest = graph.model === "utxo" && graph.fate(edge) === "rests";
    if (isUtxoRest) rested([edge], graph.end - graph.time(edge), [], graph.amount(edge));
  }
  return found;
}

/** Told of each rest: what came before it, how long it was, what ended it, and how much rested. */
type Rested = (edges: readonly number[], seconds: number, woken: readonly number[], amount: bigint) => void;

/** The outputs that a transaction spends, those of one owner together. */
function restOfOutputs(graph: TaintGraph, node: number, rested: Rested): void {
  const out = graph.outs(node)[0];
  if (out === undefined) return;
  const byOwner = Map.groupBy(Array.from(graph.ins(node)), (edge) => graph.receiver(edge));
  for (const edges of byOwner.values()) {
    // What came last rested the shortest.
    const last = edges.reduce((latest, edge) => (graph.time(edge) > latest ? graph.time(edge) : latest), 0);
    rested(edges, graph.time(out) - last, [out], taintOfEdges(graph, edges));
  }
}

/** The gaps between an account's tainted receipts and payments. */
function restOfAccount(graph: TaintGraph, node: number, rested: Rested): void {
  const [ins, outs] = [graph.ins(node), graph.outs(node)];
  let [next, before] = [0, -1];
  const received: number[] = [];
  for (let at = 0; at < outs.length; at += 1) {
    const out = outs[at] as number;
    for (; next < ins.length && (ins[next] as number) < out; next += 1) {
      received.push(ins[next] as number);
      before = graph.time(ins[next] as number);
    }
    const time = graph.time(out);
    if (before >= 0) rested(received, time - before, [out], graph.amount(out));
    before = time;
  }
  const held = graph.held(node);
  if (held === undefined) return;
  for (; next < ins.length; next += 1) {
    received.push(ins[next] as number);
    before = graph.time(ins[next] as number);
  }
  rested(received, graph.end - before, [], held);
}
