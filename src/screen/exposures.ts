import { parseUsd, scaleUsd, type Usd } from "../base/usd.ts";
import { addressOf, txidOf } from "../clusters/owners.ts";
import type { ChainReader } from "../ledger/reader.ts";
import type { PriceTable } from "../prices/price-table.ts";
import { priceRule } from "../trace/price-rule.ts";
import type { UnitPrice } from "../trace/account/swap.ts";
import { directHops, type Tainted, type TaintRecord } from "../trace/taint/tainted.ts";
import type { TaintReader } from "../trace/taint/taint-reader.ts";
import type { Exposure, Fact, Path, Whole } from "./fact.ts";
import type { Payment, Payments } from "./payments.ts";
import { indexPolicies, type IndexPolicy } from "./words.ts";

const oneDollar = parseUsd("1");
const daySeconds = 86_400;
/** Steps of a path that are told, from its end. */
const stepsMax = 64;
/** Receipts before and after the largest one among which those of one transaction are looked for. */
const reachOfSearch = 4_096;
/** So many prices are kept. */
const pricesMax = 65_536;

/** What exposures are made of. */
type Parts = {
  readonly reader: ChainReader;
  readonly taint: TaintReader;
  readonly payments: Payments;
  readonly prices: PriceTable;
};

type TaintFact = Omit<Fact, "party">;

/** Reads from the taint index what came from which origin. */
export class Exposures {
  readonly #parts: Parts;
  readonly #price: (asset: string, time: number) => UnitPrice | undefined;
  readonly #prices = new Map<string, UnitPrice | undefined>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#price = priceRule(parts.prices);
  }

  /** Of all that an owner received. */
  ofOwner(owner: number): readonly TaintFact[] {
    const { taint, payments } = this.#parts;
    const wholes = new Map<number, Whole>();
    return taint.ofOwner(owner).flatMap((one) => {
      const whole = wholes.get(one.asset) ?? payments.received(owner, one.asset);
      wholes.set(one.asset, whole);
      return this.#fact(one, whole);
    });
  }

  /**
   * Of payments of transactions, which are `all` that these pay, or some.
   *
   * @returns The facts, and the names of origins of which it cannot be said to which of the payments their value came.
   */
  ofPayments(
    transactions: readonly number[],
    payments: readonly Payment[],
    all: "all" | "some",
  ): { readonly facts: readonly TaintFact[]; readonly unplaced: readonly string[] } {
    const { taint } = this.#parts;
    const wholes = new Map<number, Whole>();
    for (const { asset, amount } of payments)
      wholes.set(asset, { kind: "exact", amount: (wholes.get(asset)?.amount ?? 0n) + amount });
    const rows = new Set(payments.map(({ row }) => row));
    const facts: TaintFact[] = [];
    const unplaced = new Set<string>();
    for (const transaction of transactions) {
      for (const found of taint.ofTransaction(transaction)) {
        const own = all === "all" ? found : this.#within(found, transaction, rows);
        if (own === "unknown") unplaced.add(found.strand.origin.name);
        else if (own !== undefined)
          facts.push(...this.#fact(own, wholes.get(own.asset) ?? { kind: "exact", amount: own.amount }));
      }
    }
    return { facts, unplaced: [...unplaced] };
  }

  /** The part of a transaction's taint that came to some of its rows. Its receipts lie near the largest of them in the trail. */
  #within(all: Tainted, transaction: number, rows: ReadonlySet<number>): Tainted | undefined | "unknown" {
    const { taint, reader } = this.#parts;
    const { strand, asset, largest, count } = all;
    const found: { readonly at: number; readonly record: TaintRecord }[] = [];
    let seen = 0;
    for (let distance = 0; seen < count && distance <= reachOfSearch; distance += 1) {
      for (const at of distance === 0 ? [largest] : [largest - distance, largest + distance]) {
        if (at < 0 || at >= strand.records) continue;
        const record = taint.record(strand.number, at);
        if (record.transaction !== transaction || record.asset !== asset || record.amount === 0n) continue;
        seen += 1;
        if (rows.has(record.row)) found.push({ at, record });
      }
    }
    if (seen < count) return "unknown";
    return summed(all, found, directHops(strand.origin, reader));
  }

  #fact(one: Tainted, whole: Whole): readonly TaintFact[] {
    const { reader, payments } = this.#parts;
    const { origin, policy, number } = one.strand;
    if (!isIndexPolicy(policy)) return [];
    // On accounts an entity's own payments are the origin; on outputs what it was paid is.
    const more = origin.kind === "tag" && reader.model === "account" ? 1 : 0;
    const [asset, last] = [payments.assetText(one.asset), payments.timeOfRow(one.last)];
    const exposure: Exposure = {
      policy,
      asset,
      amount: one.amount,
      direct: one.direct,
      held: one.held,
      whole,
      usd: this.#dollars(asset, last),
      receipts: one.count,
      hops: one.hops + more,
      first: payments.timeOfRow(one.first),
      last,
      path: () => this.#path(number, one.largest),
    };
    const { key, name, actor, category, confidence, sources, date } = origin;
    const methods = [policy];
    return [{ evidence: "exposure", origin: key, name, actor, category, confidence, sources, methods, date, exposure }];
  }

  #dollars(asset: string, time: number): ((amount: bigint) => Usd) | undefined {
    const key = `${asset} ${(time - (time % daySeconds)) / daySeconds}`;
    let price = this.#prices.get(key);
    if (price === undefined && !this.#prices.has(key)) {
      if (this.#prices.size >= pricesMax) this.#prices.clear();
      price = this.#price(asset, time);
      this.#prices.set(key, price);
    }
    if (price === undefined) return undefined;
    const { numerator, denominator } = price;
    return (amount) => scaleUsd(oneDollar, amount * numerator, denominator);
  }

  #path(strand: number, record: number): Path {
    const { taint, reader, payments } = this.#parts;
    const found: TaintRecord[] = [];
    let at = record;
    for (; at >= 0 && found.length < stepsMax; at = found.at(-1)?.parent ?? -1) found.push(taint.record(strand, at));
    const steps = found.toReversed().map(({ transaction, owner, asset, amount, row }) => ({
      txid: transaction < 0 ? null : txidOf(reader, transaction),
      address: owner < 0 ? null : addressOf(reader, owner),
      asset: payments.assetText(asset),
      amount,
      time: payments.timeOfRow(row),
    }));
    return { steps, skipped: at < 0 ? 0 : taint.record(strand, at).hops + 1 };
  }
}

/** Receipts of a transaction as one; undefined where there are none. */
function summed(
  of: Tainted,
  found: readonly { readonly at: number; readonly record: TaintRecord }[],
  mostHops: number,
): Tainted | undefined {
  const [first] = found;
  if (first === undefined) return undefined;
  const sum = (records: typeof found): bigint => records.reduce((total, { record }) => total + record.amount, 0n);
  const rows = found.map(({ record }) => record.row);
  return {
    ...of,
    amount: sum(found),
    direct: sum(found.filter(({ record }) => record.hops <= mostHops)),
    held: undefined,
    count: found.length,
    hops: Math.min(...found.map(({ record }) => record.hops)),
    first: Math.min(...rows),
    last: Math.max(...rows),
    largest: found.reduce((most, one) => (one.record.amount > most.record.amount ? one : most), first).at,
  };
}

function isIndexPolicy(policy: string): policy is IndexPolicy {
  return (indexPolicies as readonly string[]).includes(policy);
}
