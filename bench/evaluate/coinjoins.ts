import { coinjoinNames } from "../../src/clusters/coinjoin/detectors.ts";
import { transactionOf } from "../../src/clusters/owners.ts";
import { ownerOfInputs } from "./inputs.ts";
import { Random } from "../chain/random.ts";
import { COINBASE_MATURITY, UtxoChain } from "../chain/utxo.ts";
import { clustered, ledgerOf } from "./memory-ledger.ts";
import { drawSample, grantsMax, planOf, sampleKinds, totalOf, type Sample, type SampleKind } from "./mixed-samples.ts";

/** Of each kind of sample how often each detector named it; `none` where no detector did. */
export type CoinjoinCounts = ReadonlyMap<SampleKind, ReadonlyMap<string, number>>;
/** Pairs of inputs' owners that multi-input joined, by whether they were of one participant. */
export type PairCounts = { readonly right: number; readonly wrong: number; readonly missed: number };

/** Draws samples of every kind, puts them on chains, and asks the detectors; then joins inputs with and without them. */
export async function evaluateCoinjoins(
  each: number,
): Promise<{ readonly counts: CoinjoinCounts; readonly guarded: PairCounts; readonly unguarded: PairCounts }> {
  const counts = new Map<SampleKind, Map<string, number>>();
  const pairs = { guarded: { right: 0, wrong: 0, missed: 0 }, unguarded: { right: 0, wrong: 0, missed: 0 } };
  for (const [number, samples] of chainsOf(each).entries()) {
    const plan = planOf(samples, `evaluate ${number}`, COINBASE_MATURITY + 1);
    const chain = new UtxoChain({
      seed: number,
      transactions: Number.POSITIVE_INFINITY,
      transactionsPerBlock: 0,
      blocks: COINBASE_MATURITY + 2,
      plan,
    });
    const store = await ledgerOf(chain.blocks());
    const txids = chain.plannedTxids();
    for (const way of ["guarded", "unguarded"] as const) {
      const rules = ["multi-input", ...(way === "guarded" ? coinjoinNames : [])];
      await clustered(store, rules, (reader, clusters) => {
        for (const [at, sample] of samples.entries()) {
          const transaction = transactionOf(reader, txids.get(`sample-${at}`) ?? "") ?? -1;
          if (way === "guarded") count(counts, sample.kind, clusters.coinjoin(transaction) ?? "none");
          const ids = ownerOfInputs(reader, transaction).map((owner) => clusters.clusterOf(owner).id);
          countPairs(pairs[way], sample, ids);
        }
      });
    }
    await store.close();
  }
  return { counts, ...pairs };
}

/** The samples, in chains that can pay for them. */
function chainsOf(each: number): readonly (readonly Sample[])[] {
  const random = new Random("evaluate coinjoins");
  const chains: Sample[][] = [[]];
  let total = 0;
  for (const kind of Object.keys(sampleKinds) as SampleKind[]) {
    for (let drawn = 0; drawn < each;) {
      const sample = drawSample(kind, random);
      const cost = totalOf(sample);
      // What no chain can pay for is drawn again.
      if (cost > grantsMax) continue;
      drawn += 1;
      if (total + cost > grantsMax) {
        chains.push([]);
        total = 0;
      }
      chains.at(-1)?.push(sample);
      total += cost;
    }
  }
  return chains;
}

function count(counts: Map<SampleKind, Map<string, number>>, kind: SampleKind, name: string): void {
  const row = counts.get(kind) ?? new Map<string, number>();
  counts.set(kind, row.set(name, (row.get(name) ?? 0) + 1));
}

function countPairs(
  into: { right: number; wrong: number; missed: number },
  { inputs }: Sample,
  ids: readonly number[],
): void {
  for (let one = 0; one < inputs.length; one += 1) {
    for (let other = one + 1; other < inputs.length; other += 1) {
      const isJoined = ids[one] === ids[other];
      const isTrue = inputs[one]?.participant === inputs[other]?.participant;
      if (isJoined && isTrue) into.right += 1;
      else if (isJoined) into.wrong += 1;
      else if (isTrue) into.missed += 1;
    }
  }
}
