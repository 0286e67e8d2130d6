/** What fresh traces say of every origin, in the words of the taint index: the slow model that the index is compared with. */
import { expect } from "vitest";
import type { ChainReader } from "../../../src/ledger/reader.ts";
import { AccountTrace } from "../../../src/trace/account/account-trace.ts";
import { runTrace } from "../../../src/trace/run.ts";
import { tagStops } from "../../../src/trace/tag-stops.ts";
import { findOrigins } from "../../../src/trace/taint/origins.ts";
import { directHops, type TaintRecord } from "../../../src/trace/taint/tainted.ts";
import { TaintReader } from "../../../src/trace/taint/taint-reader.ts";
import { noLimits } from "../../../src/trace/trace.ts";
import { UtxoTrace } from "../../../src/trace/utxo/utxo-trace.ts";
import { fates } from "../../../src/trace/utxo/trail.ts";

import { basisFrom, type Given } from "./story.ts";

type Sum = {
  amount: bigint;
  direct: bigint;
  held: bigint | undefined;
  count: number;
  hops: number;
  first: number;
  last: number;
  largest: number;
};

/** All that an index says. */
export type Said = {
  readonly records: Record<string, readonly TaintRecord[]>;
  readonly owners: Record<string, Sum>;
  readonly transactions: Record<string, Sum>;
};

type Traced = {
  readonly records: readonly TaintRecord[];
  /** By owner and asset; undefined where the policy has no amounts. */
  readonly held: (owner: number, asset: number) => bigint | undefined;
};

/** @param given - As the index was given it. */
export function freshlySaid(reader: ChainReader, { tags, incidents, policies, price }: Given): Said {
  const said: Said = { records: {}, owners: {}, transactions: {} };
  for (const { origin, rows } of findOrigins(reader, { incidents, tags }).found) {
    for (const policy of policies) {
      const trace = runTrace(reader, {
        origins: rows,
        policy,
        stops: tagStops(tags, reader.chain, "forward"),
        limits: noLimits,
        swaps: reader.model === "account" ? "on" : "off",
        price,
        hubTransfers: undefined,
      });
      const { records, held } = trace instanceof UtxoTrace ? ofOutputs(trace) : ofTransfers(trace as AccountTrace);
      const name = `${policy} ${origin.key}`;
      said.records[name] = records;
      const most = directHops(origin, reader);
      for (const [record, one] of records.entries()) {
        const { owner, asset, transaction } = one;
        if (owner >= 0 || reader.model === "utxo") {
          add(said.owners, `${name} ${owner} ${asset}`, { records, record, one, most, held: held(owner, asset) });
        }
        if (transaction >= 0) {
          add(said.transactions, `${name} ${transaction} ${asset}`, { records, record, one, most, held: undefined });
        }
      }
    }
  }
  return said;
}

/** The same of an index. */
export function indexSaid(index: TaintReader, reader: ChainReader): Said {
  const said: Said = { records: {}, owners: {}, transactions: {} };
  for (const { number, policy, origin } of index.state.strands) {
    said.records[`${policy} ${origin.key}`] = [...index.records(number)];
  }
  const { counts } = reader.state;
  for (let owner = -1; owner < (counts.owners ?? counts.accounts ?? 0); owner += 1) {
    for (const { strand, asset, ...sum } of index.ofOwner(owner)) {
      said.owners[`${strand.policy} ${strand.origin.key} ${owner} ${asset}`] = sum;
    }
  }
  for (let transaction = 0; transaction < (counts.transactions ?? 0); transaction += 1) {
    for (const { strand, asset, ...sum } of index.ofTransaction(transaction)) {
      said.transactions[`${strand.policy} ${strand.origin.key} ${transaction} ${asset}`] = sum;
    }
  }
  return said;
}

function add(
  sums: Record<string, Sum>,
  key: string,
  by: {
    readonly records: readonly TaintRecord[];
    readonly record: number;
    readonly one: TaintRecord;
    readonly most: number;
    readonly held: bigint | undefined;
  },
): void {
  const { row, amount, hops } = by.one;
  const known = sums[key];
  const direct = hops <= by.most ? amount : 0n;
  if (known === undefined) {
    sums[key] = { amount, direct, held: by.held, count: 1, hops, first: row, last: row, largest: by.record };
    return;
  }
  if (amount > (by.records[known.largest]?.amount ?? 0n)) known.largest = by.record;
  known.amount += amount;
  known.direct += direct;
  known.count += 1;
  known.hops = Math.min(known.hops, hops);
  known.last = row;
}
function ofOutputs({ parts: { trail, attribution, view } }: UtxoTrace): Traced {
  const held = new Map<number, bigint>();
  const records = Array.from({ length: trail.records }, (_, record): TaintRecord => {
    const row = trail.outputs[record] as number;
    const [owner, amount] = [view.owner(row) - 1, attribution.amountOf(record)];
    if (trail.fates[record] !== fates.spent) held.set(owner, (held.get(owner) ?? 0n) + amount);
    return {
      row,
      transaction: trail.transactions[trail.madeBy[record] as number] as number,
      owner,
      asset: 0,
      amount,
      hops: trail.hops[record] as number,
      parent: trail.parents[record] as number,
    };
  });
  return { records, held: (owner) => held.get(owner) ?? 0n };
}

function ofTransfers({ parts: { walk, view, stops }, policy }: AccountTrace): Traced {
  const records = walk.records.map(({ row, to, asset, amount, hops, parent }): TaintRecord => ({
    row,
    transaction: view.transaction(row),
    owner: to,
    asset,
    amount,
    hops,
    parent,
  }));
  const held = (owner: number, asset: number): bigint | undefined => {
    if (policy === "poison") return undefined;
    if (stops.of(owner) === undefined) return walk.states.get(owner)?.lots.get(asset)?.taint ?? 0n;
    return records.reduce((sum, one) => (one.owner === owner && one.asset === asset ? sum + one.amount : sum), 0n);
  };
  return { records, held };
}

/** Compares an index, which must be current, with fresh traces; how many sums by owner. */
export function expectFresh(reader: ChainReader, given: Given): number {
  const index = TaintReader.open(reader, basisFrom(given));
  if (!(index instanceof TaintReader)) throw new Error(`test: the index is ${index}`);
  expect(index.standing).toEqual({ kind: "current", blocksBehind: 0, changed: [] });
  const [own, fresh] = [indexSaid(index, reader), freshlySaid(reader, given)];
  expect(own.records).toEqual(fresh.records);
  expect(own.owners).toEqual(fresh.owners);
  expect(own.transactions).toEqual(fresh.transactions);
  return Object.keys(own.owners).length;
}
