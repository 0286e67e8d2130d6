import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { UtxoBlock } from "../../src/chains/block.ts";
import type { ChainReader } from "../../src/ledger/reader.ts";
import { findReferences } from "../../src/trace/origin.ts";
import { policies, type Policy } from "../../src/trace/policy.ts";
import type { Stop } from "../../src/trace/stops.ts";
import { noLimits, type Limits } from "../../src/trace/trace.ts";
import { traceUtxo, type UtxoTrace } from "../../src/trace/utxo/utxo-trace.ts";
import { reachOf } from "../../src/trace/utxo/reach.ts";
import { UtxoView } from "../../src/trace/utxo/utxo-view.ts";
import { randomOf } from "../ledger/random-chain.ts";
import {
  modelUtxoTrace,
  type ModelBeyond,
  type ModelReceived,
  type ModelTrace,
  type ModelTransaction,
} from "../reference/trace-utxo.ts";
import { withLedger } from "./ledger-of.ts";
import { randomUtxo } from "./random-utxo.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 60);

/** What words hold at most: so little that numbers pass it, as those of a chain of 2^32 outputs pass theirs; or all. */
const wordsTo = [8, 40, 0xffff_ffff] as const;

type Told = ModelTrace & ModelReceived & ModelBeyond;

/** What both say, in one form. */
function told(trace: UtxoTrace): Told {
  const [total] = trace.totals;
  const holdings = new Map<string, bigint>();
  for (const { ref, amount } of trace.holdings()) holdings.set(ref ?? "", amount ?? 0n);
  return {
    origin: total?.origin ?? 0n,
    fees: total?.fees ?? 0n,
    holdings,
    beyond: beyondOf(trace),
    exits: new Map([...trace.exits()].map(({ ref, amount }) => [ref, amount])),
    received: new Map(
      [...trace.flows()].flatMap(({ target, ref, amount }) => (target.startsWith("tx:") ? [] : [[ref, amount]])),
    ),
  };
}

/** What lies behind limits, by output; what the trace says of its limits is the sum of that. */
function beyondOf(trace: UtxoTrace): Map<string, bigint> {
  const found = new Map<string, bigint>();
  const sums = new Map<string, { amount: bigint; count: number }>();
  for (const { ref, amount = 0n, limit } of trace.holdings()) {
    if (limit === undefined) continue;
    found.set(`${limit} ${ref}`, amount);
    const { amount: before = 0n, count = 0 } = sums.get(limit) ?? {};
    sums.set(limit, { amount: before + amount, count: count + 1 });
  }
  expect(new Map(trace.limits.map(({ limit, amount, count }) => [limit, { amount, count }]))).toEqual(sums);
  return found;
}

const byKey = ([left]: readonly [string, bigint], [right]: readonly [string, bigint]): number =>
  left < right ? -1 : 1;

const sorted = (trace: Told): object => ({
  beyond: [...trace.beyond].filter(([, amount]) => amount > 0n).toSorted(byKey),
  origin: trace.origin,
  fees: trace.fees,
  holdings: [...trace.holdings].filter(([, amount]) => amount > 0n).toSorted(byKey),
  exits: [...trace.exits].toSorted(byKey),
  received: [...trace.received].filter(([, amount]) => amount > 0n).toSorted(byKey),
});

describe("a trace on a chain of outputs", () => {
  it("is what the model says, under every policy, whatever the limits and the batches", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1_000_000_000),
        fc.constantFrom("none", "known", "unknown", "mixed"),
        fc.constantFrom(1n, 1_000n, 2n ** 40n),
        fc.record({
          batch: fc.integer({ min: 1, max: 12 }),
          words: fc.constantFrom(...wordsTo),
          limit: fc.constantFrom<Partial<Limits>>(
            {},
            {},
            { hopsMax: 0 },
            { hopsMax: 1 },
            { hopsMax: 3 },
            { amountMin: 7n },
            { amountMin: 9_000n },
            { budget: 0 },
            { budget: 4 },
            { hopsMax: 4, amountMin: 5n, budget: 9 },
          ),
          isUntil: fc.boolean(),
        }),
        async (seed, unseen, scale, { batch, words, limit, isUntil }) => {
          const chain = scale > 1_000n && seed % 2 === 0 ? "dogecoin" : "bitcoin";
          const { blocks, model, refs, addresses } = randomUtxo({ seed, chain, blocks: 12, unseen, scale });
          const random = randomOf(seed + 1);
          const origins = new Set(Array.from({ length: 1 + random(4) }, () => refs[random(refs.length)] ?? ""));
          const stops = new Set(addresses.slice(0, random(4)));
          const last = heightsOf(blocks, model, origins).at(-1) ?? 0;
          const until = isUntil ? last + random((blocks.at(-1)?.height ?? 0) - last + 1) : undefined;
          const transactions = heightsOf(blocks, model).filter((height) => height <= (until ?? Infinity)).length;
          await withLedger(blocks, batch, (reader) => {
            const numbers = findReferences(reader, [...origins]);
            const view = new UtxoView(reader, { wordsTo: words });
            for (const policy of policies) {
              const rule = (address: string): Stop | undefined =>
                stops.has(address) ? { entity: address, category: "exchange" } : undefined;
              const request = { origins: numbers, policy, stops: rule, limits: { ...noLimits, ...limit, until } };
              const trace = traceUtxo(reader, request, { view });
              const limits = { ...limit, transactions };
              const expected = modelUtxoTrace(model, { origins, policy, stops, limits });
              expect([policy, limits, sorted(told(trace))]).toEqual([policy, limits, sorted(expected)]);
              assertSound(policy, trace);
              const isFree = stops.size === 0 && Object.keys(limit).length === 0 && until === undefined;
              if (policy === "poison" && isFree) assertReach(reader, trace, numbers, view);
            }
          });
        },
      ),
      { numRuns: runs },
    );
  });
});

/** The height of each transaction, or of those that make some outputs. */
function heightsOf(
  blocks: readonly UtxoBlock[],
  model: readonly ModelTransaction[],
  made?: ReadonlySet<string>,
): readonly number[] {
  const heights = blocks.flatMap(({ height, transactionCount }) =>
    Array.from({ length: transactionCount }, () => height ?? 0),
  );
  const isMade = ({ txid, outputs }: ModelTransaction): boolean =>
    outputs.some((_, at) => made?.has(`${txid}:${at}`) !== false);
  return heights.filter((_, at) => isMade(model[at] as ModelTransaction));
}

/** Reach is what poison visits, but for the transactions that create the origins. */
function assertReach(reader: ChainReader, trace: UtxoTrace, origins: readonly number[], view: UtxoView): void {
  const spent = new Set<string>();
  for (const { target } of trace.flows()) if (target.startsWith("tx:")) spent.add(target);
  for (const generationsMax of [0, 3, Infinity]) {
    expect(reachOf(reader, origins, view, { generationsMax }).transactions).toBe(spent.size);
  }
}

/** What holds of every trace whatever the model says: conservation, and paths that lead from an origin. */
function assertSound(policy: Policy, trace: UtxoTrace): void {
  const [total] = trace.totals;
  const [holdings, exits] = [[...trace.holdings()], [...trace.exits()]];
  const sum = [...holdings, ...exits].reduce((all, { amount }) => all + (amount ?? 0n), 0n);
  if (policy !== "poison") expect(sum + (total?.fees ?? 0n)).toBe(total?.origin);
  const origins = new Set(trace.origins.map(({ ref }) => ref));
  for (const { id, ref } of [...holdings, ...exits]) {
    const path = trace.path(id);
    expect(origins.has(path[0]?.ref ?? "")).toBe(true);
    expect(path.at(-1)?.ref).toBe(ref);
    expect(path.every(({ amount }) => amount > 0n)).toBe(true);
  }
}
