import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findReferences } from "../../src/trace/origin.ts";
import { commingling } from "../../src/trace/patterns/commingling.ts";
import { findPatterns } from "../../src/trace/patterns/find.ts";
import { graphOf } from "../../src/trace/patterns/graph-of.ts";
import { usualRules, type PatternRules } from "../../src/trace/patterns/pattern.ts";
import type { TaintGraph } from "../../src/trace/patterns/taint-graph.ts";
import { accountPolicies, policies, type Policy } from "../../src/trace/policy.ts";
import { runTrace } from "../../src/trace/run.ts";
import { noLimits, type Trace } from "../../src/trace/trace.ts";
import type { ChainReader } from "../../src/ledger/reader.ts";
import { randomOf } from "../ledger/random-chain.ts";
import { modelMeetings, modelPatterns, type Taint } from "../reference/trace-patterns.ts";
import { withLedger } from "./ledger-of.ts";
import { randomAccounts } from "./random-accounts.ts";
import { randomUtxo } from "./random-utxo.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 40);

/** Low enough for small random chains to have all of them. */
const lowRules: PatternRules = {
  ...usualRules,
  peelHops: 2,
  peelPercent: 45,
  fanOut: 2,
  fanIn: 2,
  roundDigits: 1,
  roundZeros: 1,
  dormantSeconds: 2_400,
};

type Traced = { readonly trace: Trace; readonly graph: TaintGraph; readonly taint: Taint };

function traced(reader: ChainReader, refs: readonly string[], policy: Policy, stops: ReadonlySet<string>): Traced {
  const trace = runTrace(reader, {
    origins: findReferences(reader, refs),
    policy,
    stops: (address) => (stops.has(address) ? { entity: address, category: "exchange" } : undefined),
    limits: noLimits,
    swaps: "on",
    price: () => undefined,
    hubTransfers: undefined,
  });
  const amounts = new Map<string, bigint>();
  for (const { source, ref, amount } of trace.flows()) if (source.startsWith("tx:")) amounts.set(ref, amount);
  const exits = new Set([...trace.exits()].map(({ ref }) => ref));
  return { trace, graph: graphOf(reader, trace), taint: { amounts, origins: new Set(refs), exits } };
}

const text = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? String(one) : one));

describe("patterns on random chains of outputs", () => {
  it("are what the definitions say, under every policy; and so is where two thefts met", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000_000), fc.constantFrom("none", "mixed"), async (seed, unseen) => {
        const chain = randomUtxo({ seed, chain: "bitcoin", blocks: 14, unseen, scale: 10n });
        const random = randomOf(seed + 1);
        const some = (): readonly string[] => [
          ...new Set(Array.from({ length: 1 + random(3) }, () => chain.refs[random(chain.refs.length)] ?? "")),
        ];
        const [one, other] = [some(), some()];
        const stops = new Set(chain.addresses.slice(0, random(3)));
        const victims = new Set(chain.addresses.slice(4, 4 + random(3)));
        const times = chain.blocks.flatMap(({ transactionCount, time }) =>
          Array.from({ length: transactionCount }, () => time),
        );
        const transactions = chain.model.map((transaction, at) => ({ ...transaction, time: times[at] ?? 0 }));
        await withLedger(chain.blocks, 5, (reader) => {
          for (const policy of policies) {
            const [first, second] = [traced(reader, one, policy, stops), traced(reader, other, policy, stops)];
            const found = findPatterns(first.graph, lowRules, victims).map(({ evidence, ...rest }) => {
              const { pattern, address, amount, count, seconds, to } = rest;
              return text({ pattern, address, amount, count, seconds, to, evidence: evidence.map(({ txid }) => txid) });
            });
            const expected = modelPatterns(transactions, first.taint, lowRules, victims).map(
              ({ pattern, address, count, seconds, amount, to, evidence }) =>
                text({ pattern, address, amount, count, seconds, to, evidence }),
            );
            expect([policy, found.toSorted()]).toEqual([policy, expected.toSorted()]);
            for (const { pattern } of modelPatterns(transactions, first.taint, lowRules, victims)) seen.add(pattern);
            const met = commingling(first.graph, second.graph).map(({ kind, place, sides }) =>
              text({
                kind,
                place,
                amounts: sides.map(({ amounts }) => [...amounts.values()].reduce((sum, amount) => sum + amount, 0n)),
                counts: sides.map(({ count }) => count),
              }),
            );
            const meetings = modelMeetings(transactions, first.taint, second.taint).filter(
              ({ place }) => !stops.has(place),
            );
            expect([policy, met.toSorted()]).toEqual([policy, meetings.map(text).toSorted()]);
            for (const { kind } of meetings) seen.add(`met in ${kind}`);
          }
        });
      }),
      { numRuns: runs },
    );
    // Input in which nothing happens would prove nothing.
    expect([...seen].toSorted()).toEqual([
      "dormancy",
      "fan-in",
      "fan-out",
      "met in address",
      "met in transaction",
      "peel-chain",
      "round-amounts",
      "victim-return",
    ]);
  });
});

describe("where thefts met on random ledgers of accounts", () => {
  it("is every address that received funds of both by different transfers", async () => {
    let meetings = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000_000), async (seed) => {
        const made = randomAccounts({ seed, blocks: 24, scale: 1_000n });
        const random = randomOf(seed + 1);
        const some = (): readonly string[] =>
          Array.from({ length: made.refs.length === 0 ? 0 : 3 }, () => made.refs[random(made.refs.length)] ?? "");
        const [one, other] = [some(), some()];
        const stops = new Set(made.addresses.slice(0, random(2)));
        await withLedger(made.blocks, 4, (reader) => {
          for (const policy of accountPolicies) {
            const [first, second] = [traced(reader, one, policy, stops), traced(reader, other, policy, stops)];
            const met = commingling(first.graph, second.graph).map(({ place, sides: [left, right] }) => ({
              place,
              amounts: [left, right].map(({ amounts }) => Object.fromEntries(amounts)),
            }));
            const expected = made.addresses.flatMap((address) => {
              const [left, right] = [receipts(first.trace, address), receipts(second.trace, address)];
              if (stops.has(address) || left.refs === "" || right.refs === "" || left.refs === right.refs) return [];
              return [{ place: address, amounts: [left.amounts, right.amounts] }];
            });
            const byPlace = (a: { place: string }, b: { place: string }): number => (a.place < b.place ? -1 : 1);
            expect([policy, met.toSorted(byPlace)]).toEqual([policy, expected.toSorted(byPlace)]);
            meetings += met.length;
          }
        });
      }),
      { numRuns: runs },
    );
    expect(meetings).toBeGreaterThan(runs);
  });
});

/** What an address received that is tainted, by the flow graph: changes of form are no receipts. */
function receipts(trace: Trace, address: string): { readonly refs: string; readonly amounts: object } {
  const exits = new Set([...trace.exits()].map(({ ref }) => ref));
  const refs = new Set<string>();
  const amounts: Record<string, bigint> = {};
  for (const { source, target, ref, asset, amount } of trace.flows()) {
    if (target !== `address:${address}` || source === target || exits.has(ref)) continue;
    refs.add(ref);
    amounts[asset] = (amounts[asset] ?? 0n) + amount;
  }
  return { refs: [...refs].toSorted().join(" "), amounts };
}
