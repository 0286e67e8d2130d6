import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChainReader } from "../../src/ledger/reader.ts";
import { FlowGraph, type FlowEdge } from "../../src/trace/flow/graph.ts";
import { GraphLimiter } from "../../src/trace/flow/limited.ts";
import { TraceSteps } from "../../src/trace/flow/steps.ts";
import { weighing } from "../../src/trace/flow/weights.ts";
import { findReferences } from "../../src/trace/origin.ts";
import { accountPolicies, policies, type Policy } from "../../src/trace/policy.ts";
import { runTrace } from "../../src/trace/run.ts";
import { noLimits, type Trace } from "../../src/trace/trace.ts";
import { Valuer } from "../../src/trace/worth/valuer.ts";
import { withLedger } from "./ledger-of.ts";
import { randomAccounts } from "./random-accounts.ts";
import { randomUtxo } from "./random-utxo.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 40);

type Sums = Map<string, bigint>;
const add = (sums: Sums, key: string, amount: bigint): void => void sums.set(key, (sums.get(key) ?? 0n) + amount);

function traced(reader: ChainReader, refs: readonly string[], policy: Policy, stops: ReadonlySet<string>): Trace {
  return runTrace(reader, {
    origins: findReferences(reader, refs),
    policy,
    stops: (address) => (stops.has(address) ? { entity: `of ${address}`, category: "exchange" } : undefined),
    limits: noLimits,
    swaps: "on",
    price: () => undefined,
    hubTransfers: undefined,
  });
}

/** What must hold of any trace's graph and of any limit. */
function check(reader: ChainReader, trace: Trace, [nodesMost, edgesMost]: readonly [number, number]): void {
  const valuer = new Valuer(new Map(), trace);
  const edges: FlowEdge[] = [];
  const graph = new FlowGraph(new TraceSteps(reader, trace), trace, {
    valuer,
    entityAt: undefined,
    onEdge: (edge) => void edges.push(edge),
  });
  const { nodes } = graph;

  // The edges are the trace's flows, and each belongs to its step.
  const flows = [...trace.flows()];
  expect(edges.map(({ source, target, ref, amount }) => ({ source, target, ref, amount }))).toEqual(
    flows.map(({ source, target, ref, amount }) => ({ source, target, ref, amount })),
  );
  for (const edge of edges) {
    expect(graph.edge(edge.id)).toEqual(edge);
    const step = graph.steps.at(edge.step);
    expect([step.ref, step.amount, step.asset]).toEqual([edge.ref, edge.amount, edge.asset]);
    expect(edge.amount <= edge.value || edge.what === "swap").toBe(true);
  }

  // Each step's way is the trace's own.
  for (const { id } of [...trace.exits(), ...trace.holdings()]) {
    const way = [];
    for (let step = id; step >= 0; step = graph.steps.parent(step)) way.push(graph.steps.at(step).ref);
    expect(way.toReversed()).toEqual(trace.path(id).map(({ ref }) => ref));
  }

  // Exits and what rests lie in its nodes.
  const [wanted, found]: [Sums, Sums] = [new Map(), new Map()];
  for (const { asset, amount } of trace.holdings()) if (amount !== undefined) add(wanted, asset, amount);
  for (const node of nodes) for (const { asset, amount } of node.rests) add(found, asset, amount);
  expect(found).toEqual(wanted);
  const services = new Set(
    [...trace.exits()].map(({ address, ref }) => (address === null ? `ref:${ref}` : `address:${address}`)),
  );
  expect(new Set(nodes.flatMap(({ id, exit }) => (exit === undefined ? [] : [id])))).toEqual(services);

  // Within a limit nothing is lost: every edge is shown, gathered or told as left out.
  const weigh = weighing(trace, valuer);
  const limit = { nodes: nodesMost, edges: edgesMost };
  const limiter = new GraphLimiter(graph, { weigh, moved: () => undefined });
  const limited = limiter.limited(limit);
  // What is asked before does not matter, nor what comes after.
  const smaller = limiter.limited({ nodes: 1, edges: 1 });
  expect(limiter.limited(limit)).toEqual(limited);
  expect(new GraphLimiter(graph, { weigh, moved: () => undefined }).limited({ nodes: 1, edges: 1 })).toEqual(smaller);
  const [whole, parts]: [Sums, Sums] = [new Map(), new Map()];
  let count = limited.leftOut.edges;
  for (const { asset, amount } of edges) add(whole, asset, amount);
  for (const { asset, amount } of limited.edges) add(parts, asset, amount);
  for (const { sum } of limited.gathered) {
    add(parts, sum.asset, sum.amount);
    count += sum.count;
  }
  for (const { asset, amount } of limited.leftOut.amounts) add(parts, asset, amount);
  expect(parts).toEqual(whole);
  expect(count + limited.edges.length).toBe(edges.length);
  expect(limited.edges.length + limited.gathered.length).toBeLessThanOrEqual(edgesMost);
  const single = limited.nodes.filter(({ kind }) => kind !== "group");
  expect(single.length).toBe(Math.min(nodesMost, nodes.length));
  expect(limited.nodes.reduce((sum, { members }) => sum + members, 0)).toBe(nodes.length);
  const ids = new Set(limited.nodes.map(({ id }) => id));
  expect(
    [...limited.edges, ...limited.gathered].every(({ source, target }) => ids.has(source) && ids.has(target)),
  ).toBe(true);
  // None that is left out is larger than one that is shown.
  const weight = ({ received, paid }: (typeof nodes)[number]): bigint => {
    const of = (sums: typeof received): bigint =>
      sums.reduce((sum, { asset, amount }) => sum + weigh(asset, amount), 0n);
    return of(received) > of(paid) ? of(received) : of(paid);
  };
  const shown = new Set(single.map(({ id }) => id));
  const most = nodes
    .filter(({ id }) => !shown.has(id))
    .reduce((sum, one) => (weight(one) > sum ? weight(one) : sum), 0n);
  expect(single.every((one) => one.isOrigin || weight(one) >= most)).toBe(true);
}

const limits = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 60 }));

describe("the flow graph of a trace", () => {
  it("on chains of outputs: is the trace, and a limit loses nothing of it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000_000), fc.constantFrom(...policies), limits, async (seed, policy, limit) => {
        const chain = randomUtxo({ seed, chain: "bitcoin", blocks: 10, unseen: "mixed", scale: 10n });
        await withLedger(chain.blocks, 4, (reader) => {
          const refs = chain.refs.slice(seed % 5, (seed % 5) + 3);
          check(reader, traced(reader, refs, policy, new Set(chain.addresses.slice(0, 2))), limit);
        });
      }),
      { numRuns: runs },
    );
  });
  it("on chains of accounts likewise", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1_000_000_000),
        fc.constantFrom(...accountPolicies),
        limits,
        async (seed, policy, limit) => {
          const chain = randomAccounts({ seed, blocks: 12, scale: 10n });
          await withLedger(chain.blocks, 4, (reader) => {
            const refs = chain.refs.slice(seed % 5, (seed % 5) + 2);
            check(reader, traced(reader, refs, policy, new Set(chain.addresses.slice(0, 1))), limit);
          });
        },
      ),
      { numRuns: runs },
    );
  });
});
