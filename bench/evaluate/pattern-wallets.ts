import { LedgerReader, type ChainReader } from "../../src/ledger/reader.ts";
import { outputsShape } from "../../src/ledger/shapes.ts";
import { commingling } from "../../src/trace/patterns/commingling.ts";
import { findPatterns } from "../../src/trace/patterns/find.ts";
import { graphOf } from "../../src/trace/patterns/graph-of.ts";
import { usualRules, type PatternName, type PatternRules } from "../../src/trace/patterns/pattern.ts";
import { peelChains } from "../../src/trace/patterns/peel-chain.ts";
import { isRound } from "../../src/trace/patterns/round-amounts.ts";
import type { TaintGraph } from "../../src/trace/patterns/taint-graph.ts";
import { runTrace } from "../../src/trace/run.ts";
import { noLimits } from "../../src/trace/trace.ts";
import { victimReturns } from "../../src/trace/patterns/victim-return.ts";
import { UtxoChain } from "../chain/utxo.ts";
import { Random } from "../chain/random.ts";
import { ledgerOf } from "./memory-ledger.ts";

/** Found rightly, found wrongly, and how many there truly are. */
export type TruthCounts = { right: number; wrong: number; truly: number };

/** What ordinary payments show, in which nobody launders anything. */
export type OrdinaryResults = {
  readonly traces: number;
  readonly visited: number;
  /** Of traces: how many show a pattern; and how many findings there are in all. */
  readonly shown: ReadonlyMap<PatternName, { readonly traces: number; readonly findings: number }>;
  /** Chains whose rest stays in one wallet, by the largest part that may be peeled off, in percent. */
  readonly peels: ReadonlyMap<number, TruthCounts>;
  /** Round outputs that pay another wallet. */
  readonly round: TruthCounts;
  /** Payments to a wallet that the origin came from; right and wrong by its addresses. */
  readonly returned: TruthCounts;
  /** By hops: of pairs of outputs that have nothing to do with each other, how many met; with exchanges as stops and without. */
  readonly met: readonly {
    readonly hops: number;
    readonly pairs: number;
    readonly stopped: number;
    readonly open: number;
  }[];
};

/** Wallets of exchanges, deposits and hot ones, have the first numbers. */
const exchangeWallets = 24;
const peelPercents = [50, 25, 10];
const hopsOfMeetings = [3, 6, 12];

/** Makes a chain with known wallets, traces outputs of ordinary users by fifo and looks for patterns. */
export async function evaluateOrdinary(transactions: number, traces: number): Promise<OrdinaryResults> {
  const wallets: number[] = [];
  const onWallets = (of: readonly number[]): void => void wallets.push(...of);
  const chain = new UtxoChain({ seed: "patterns", transactions, onWallets, transactionsPerBlock: 50 });
  const store = await ledgerOf(chain.blocks());
  const ledger = new LedgerReader(store, "in memory");
  const [reader] = ledger.chains;
  if (reader === undefined) throw new Error("evaluate: an empty ledger");
  const found = new Ordinary(reader, wallets).run(traces);
  ledger.close();
  await store.close();
  return found;
}

class Ordinary {
  readonly #reader: ChainReader;
  readonly #wallets: readonly number[];
  readonly #walletOf = new Map<number, number>();
  readonly #exchanges = new Set<number>();
  readonly #random = new Random("patterns/origins");

  constructor(reader: ChainReader, wallets: readonly number[]) {
    this.#reader = reader;
    this.#wallets = wallets;
    const outputs = reader.table(outputsShape);
    for (let output = 0; output < outputs.count; output += 1) {
      const owner = outputs.value("owner", output) - 1;
      this.#walletOf.set(owner, wallets[output] ?? -1);
      if ((wallets[output] ?? -1) < exchangeWallets) this.#exchanges.add(owner);
    }
  }

  run(traces: number): OrdinaryResults {
    const shown = new Map<PatternName, { traces: number; findings: number }>();
    const peels = new Map(peelPercents.map((percent) => [percent, { right: 0, wrong: 0, truly: 0 }]));
    const round = { right: 0, wrong: 0, truly: 0 };
    const returned = { right: 0, wrong: 0, truly: 0 };
    let visited = 0;
    for (let trace = 0; trace < traces; trace += 1) {
      const origin = this.#origin();
      const graph = this.#trace(origin, 30, "stopped");
      // A payer's own change is no theft from him.
      if (this.#robbed(graph).has(this.#wallets[origin] ?? -1)) {
        trace -= 1;
        continue;
      }
      visited += graph.nodes;
      const patterns = findPatterns(graph, usualRules, new Set());
      for (const [pattern, list] of Map.groupBy(patterns, (one) => one.pattern)) {
        const count = shown.get(pattern) ?? { traces: 0, findings: 0 };
        shown.set(pattern, { traces: count.traces + 1, findings: count.findings + list.length });
      }
      for (const [peelPercent, counts] of peels) this.#countPeels(graph, { ...usualRules, peelPercent }, counts);
      this.#countRound(graph, round);
      this.#countReturns(graph, returned);
    }
    const met = hopsOfMeetings.map((hops) => this.#met(hops, Math.ceil(traces / 4)));
    return { traces, visited, shown, peels, round, returned, met };
  }

  /** An output of a user, in the first half of the chain. */
  #origin(): number {
    for (;;) {
      const output = this.#random.below(this.#wallets.length >> 1);
      if ((this.#wallets[output] ?? -1) >= exchangeWallets) return output;
    }
  }

  #trace(origin: number, hopsMax: number, exchanges: "stopped" | "open"): TaintGraph {
    const stop = { entity: "exchange", category: "exchange" };
    const names = exchanges === "open" ? undefined : this.#exchangeNames();
    const trace = runTrace(this.#reader, {
      origins: [origin],
      policy: "fifo",
      stops: names === undefined ? undefined : (address) => (names.has(address) ? stop : undefined),
      limits: { ...noLimits, hopsMax, budget: 5_000 },
      swaps: "on",
      price: () => undefined,
      hubTransfers: undefined,
    });
    return graphOf(this.#reader, trace);
  }

  #names: ReadonlySet<string> | undefined;
  #exchangeNames(): ReadonlySet<string> {
    if (this.#names !== undefined) return this.#names;
    const graph = this.#trace(this.#origin(), 0, "open");
    this.#names = new Set([...this.#exchanges].map((owner) => graph.address(owner) ?? ""));
    return this.#names;
  }

  /** The wallet that pays at a node: that of its first tainted input. */
  #payer(graph: TaintGraph, node: number): number {
    return this.#walletOf.get(graph.payers(node)[0] ?? -1) ?? -1;
  }

  #countPeels(graph: TaintGraph, rules: PatternRules, counts: TruthCounts): void {
    const truly = this.#trueChains(graph, rules.peelHops);
    counts.truly += truly.length;
    const all = peelChains(graph, rules);
    for (const { evidence } of all) {
      const ids = new Set(evidence.map(({ txid }) => txid));
      // Right where one wallet made every one of its transactions.
      if (truly.some((chain) => [...ids].every((id) => chain.has(id)))) counts.right += 1;
      else counts.wrong += 1;
    }
  }

  /** Runs of transactions in which one wallet spends its change again and again, alone and with one payment each. */
  #trueChains(graph: TaintGraph, least: number): readonly ReadonlySet<string>[] {
    const changeOf = (node: number): number => {
      const payments = graph.payments(node);
      if (payments.length !== 2 || graph.ins(node).length === 0) return -1;
      const payer = this.#payer(graph, node);
      const own = payments.filter(({ receiver }) => this.#walletOf.get(receiver) === payer);
      return own.length === 1 ? (own[0]?.edge ?? -1) : -1;
    };
    const next = new Map<number, number>();
    for (let node = 0; node < graph.nodes; node += 1) {
      const change = changeOf(node);
      const target = change < 0 ? -1 : graph.target(change);
      if (target >= 0 && graph.inputs(target) === 1 && changeOf(target) >= 0) next.set(node, target);
    }
    const inside = new Set(next.values());
    return [...next.keys()].flatMap((head) => {
      if (inside.has(head)) return [];
      const ids = new Set<string>();
      for (let node: number | undefined = head; node !== undefined; node = next.get(node)) {
        ids.add(graph.txid(graph.outs(node)[0] ?? 0));
      }
      return ids.size >= least ? [ids] : [];
    });
  }

  #countRound(graph: TaintGraph, counts: TruthCounts): void {
    for (let node = 0; node < graph.nodes; node += 1) {
      const payments = graph.payments(node);
      if (graph.ins(node).length === 0 || payments.length < 2) continue;
      const payer = this.#payer(graph, node);
      const round = payments.filter(({ value }) => isRound(value, usualRules));
      for (const { receiver, edge } of payments)
        if (edge >= 0 && this.#walletOf.get(receiver) !== payer) counts.truly += 1;
      if (round.length === payments.length) continue;
      for (const { receiver, edge } of round) {
        if (edge < 0) continue;
        if (this.#walletOf.get(receiver) === payer) counts.wrong += 1;
        else counts.right += 1;
      }
    }
  }

  #countReturns(graph: TaintGraph, counts: TruthCounts): void {
    const robbed = this.#robbed(graph);
    const found = new Set(
      victimReturns(graph, new Set()).flatMap(({ to, evidence }) => evidence.map(({ txid }) => `${txid} ${to}`)),
    );
    for (let edge = 0; edge < graph.edges; edge += 1) {
      const source = graph.source(edge);
      if (source < 0) continue;
      const isReturn =
        !robbed.has(this.#payer(graph, source)) && robbed.has(this.#walletOf.get(graph.receiver(edge)) ?? -2);
      if (isReturn) counts.truly += 1;
      if (!found.has(`${graph.txid(edge)} ${graph.address(graph.receiver(edge))}`)) continue;
      if (isReturn) counts.right += 1;
      else counts.wrong += 1;
    }
  }

  /** The wallets that the origin came from. */
  #robbed(graph: TaintGraph): ReadonlySet<number> {
    return new Set([...graph.robbed].map((owner) => this.#walletOf.get(owner) ?? -1));
  }

  #met(hops: number, pairs: number): OrdinaryResults["met"][number] {
    const counts = { stopped: 0, open: 0 };
    for (let pair = 0; pair < pairs; pair += 1) {
      const [one, other] = [this.#origin(), this.#origin()];
      // What one wallet had before does have to do with each other.
      if (this.#wallets[one] === this.#wallets[other]) continue;
      for (const exchanges of ["stopped", "open"] as const) {
        const met = commingling(this.#trace(one, hops, exchanges), this.#trace(other, hops, exchanges));
        if (met.length > 0) counts[exchanges] += 1;
      }
    }
    return { hops, pairs, ...counts };
  }
}
